-- For wrk: sends each line of a file once, "<signature> <body>", over whatever connection is free.
--
--     wrk -t1 ... -s deliveries.lua <url> -- <file> <first line> <last line>
--
-- No response() here: wrk would build tables for every answer. Which answers were 202 stands in
-- httpd's access log; errors that only a client sees are counted at the end.

local deliveries = {}
local sent = 0

function init(arguments)
    local number, first, last = 0, tonumber(arguments[2]), tonumber(arguments[3])
    for line in io.lines(arguments[1]) do
        number = number + 1
        if number > last then break end
        if number >= first then deliveries[#deliveries + 1] = line end
    end
    wrk.method = 'POST'
    wrk.headers['Content-Type'] = 'application/json'
end

function request()
    sent = sent + 1
    local signature, body = string.match(deliveries[(sent - 1) % #deliveries + 1], '^(%S+) (.*)$')
    wrk.headers['PINPOINT-HMAC-SHA256'] = signature
    return wrk.format(nil, nil, nil, body)
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format('RESULT %d %d %d %d %d %d\n', summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), errors.status,
        errors.connect + errors.read + errors.write + errors.timeout))
end
