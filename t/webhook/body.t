# How the body of a webhook is read: every framing of HTTP/1, the limit, and what stays of the
# connection.
# matrix: mpm

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Process qw(patience);
use AFP::Site;
use AFP::Wire;

my $limit = 4096;
my $site = AFP::Site->new(config => "PinpointBodyLimit $limit");
my $server = $site->start->server;
my $acme = $site->connect('acme', no_sandbox => 1);
my $path = $acme->{path};

my $number = 0;

# A body of this length that triggers; each is another application's.
sub body_of
{
    my ($length) = @_;
    my $body = AFP::Site::body($acme, ++$number);
    return $body . ' ' x ($length - length $body);
}

sub body { return AFP::Site::body($acme, ++$number) }
sub signed { return 'PINPOINT-HMAC-SHA256: ' . AFP::Site::signature($acme, $_[0]) }
sub wire { return AFP::Wire->new($server) }

sub chunks
{
    my ($body, $size) = @_;
    return join('', map { sprintf "%x\r\n%s\r\n", length, $_ } unpack "(a$size)*", $body) . "0\r\n\r\n";
}

sub chunked { my ($body) = @_; return wire()->head(POST => $path, 'Transfer-Encoding: chunked', signed($body)) }

# ---- the limit ----

is wire()->deliver($acme, body_of($limit))->answer->{code}, 202, 'a body of exactly the limit is taken';
{
    my $wire = wire()->deliver($acme, body_of($limit + 1));
    is $wire->answer->{code}, 413, 'one byte more is too much';
    ok $wire->is_closed, 'and closes the connection';
}
{
    my $wire = wire()->head(POST => $path, 'Content-Length: 1000000000000', signed('x'));
    my $answer = $wire->answer;
    is $answer->{code}, 413, 'a length far over the limit is refused';
    cmp_ok $answer->{seconds}, '<', patience(1), 'without waiting for any of it';
    is $answer->{headers}{connection}, 'close', 'and the connection is given up';
}
is wire()->deliver($acme, '')->answer->{code}, 400, 'an authentic empty body is no JSON';
{
    my $wire = wire()->head(POST => $path, signed(''));
    is $wire->answer->{code}, 400, 'nor is none at all';
}

# ---- chunks ----

for my $size (1, 7, 1000) {
    my $body = body();
    is chunked($body)->send(chunks($body, $size))->answer->{code}, 202, "chunks of $size bytes are taken";
}
{
    my $body = body_of($limit);
    is chunked($body)->send(chunks($body, 1000))->answer->{code}, 202, 'chunks up to the limit are taken';
    my $more = body_of($limit + 1);
    my $wire = chunked($more)->send(chunks($more, 1000));
    is $wire->answer->{code}, 413, 'chunks over the limit are counted and refused';
    ok $wire->is_closed, 'and close the connection';
}
{
    my $body = body();
    is chunked($body)->send(chunks($body, 50) =~ s/\r\n\r\n\z/\r\nX-Trailer: 1\r\n\r\n/r)->answer->{code},
        202, 'a trailer does not matter';
    is chunked($body)->send(sprintf "%x;name=value\r\n%s\r\n0\r\n\r\n", length $body, $body)->answer->{code},
        200, 'nor does an extension of a chunk';
}
for my $broken ("zz\r\nabc\r\n0\r\n\r\n", "-1\r\nabc\r\n0\r\n\r\n", "3\r\nabcdef\r\n0\r\n\r\n",
    "fffffffffffffffff\r\nabc\r\n0\r\n\r\n", "\r\n\r\n") {
    my $wire = chunked('abc')->send($broken);
    my $answer = $wire->answer;
    like $answer->{code}, $broken =~ /^f/ ? qr/^413/ : qr/^400/, 'broken chunks are refused: ' . $broken =~ s/[\r\n]+/ /gr;
    is $answer->{headers}{'content-type'}, 'application/problem+json', 'with a problem body';
    ok $wire->is_closed, 'and close the connection';
}
{
    my $body = body();
    my $wire = chunked($body)->send(sprintf "%x\r\n%s\r\n", length $body, $body)->end;
    my $answer = $wire->answer;
    is $answer->{code}, 400, 'chunks without an end are not a body';
    is $answer->{headers}{'content-type'}, 'application/problem+json', 'and the answer says so';
}
{
    my $rows = $site->rows('afp_delivery');
    my $body = body();
    my $wire = wire()->head(POST => $path, 'Transfer-Encoding: chunked', 'Content-Length: 3', signed($body))
        ->send(chunks($body, 10));
    my $answer = $wire->answer;
    ok $answer->{code} == 400 || $wire->is_closed,
        'both framings at once: refused, or the connection is not used again';
    $body = body();
    $answer = wire()->head(POST => $path, 'Transfer-Encoding: gzip', signed($body))->send($body)->answer;
    cmp_ok $answer->{code}, '>=', 400, 'a transfer encoding that is not chunked is refused';
    cmp_ok $site->rows('afp_delivery'), '<=', $rows + 1, 'and not stored';
}

# ---- lengths that are not true ----

{
    my $rows = $site->rows('afp_delivery');
    my $body = body();
    my $wire = wire()->head(POST => $path, 'Content-Length: ' . (10 + length $body), signed($body))->send($body)->end;
    my $answer = $wire->answer;
    is $answer->{code}, 400, 'a body that is cut short is not taken';
    is $answer->{headers}{'content-type'}, 'application/problem+json', 'and the answer says so';
    # httpd refuses these before it looks whose the request is, with a page of its own.
    for my $length ('5, 5', '-5', 'five') {
        is wire()->head(POST => $path, "Content-Length: $length", signed('12345'))->send('12345')->answer->{code},
            400, "a length of $length is refused";
    }
    is $site->rows('afp_delivery'), $rows, 'nothing of it is stored';
    $body = body();
    $wire = wire()->head(POST => $path, 'Content-Length: ' . length $body, signed($body))->send("${body}GET /else HTTP/1.1\r\nHost: x\r\n\r\n");
    is $wire->answer->{code}, 202, 'what is behind the body';
    is $wire->answer->{code}, 404, 'belongs to the next request';
}

# ---- HTTP/1.0, Expect ----

{
    my $body = body();
    my $wire = wire()->send("POST $path HTTP/1.0\r\nContent-Length: " . length($body) . "\r\n" . signed($body)
        . "\r\n\r\n$body");
    is $wire->answer->{code}, 202, 'HTTP/1.0 will do';
    ok $wire->is_closed, 'and gets its connection closed';
}
{
    my $body = body();
    my $wire = wire()->head(POST => $path, 'Expect: 100-continue', 'Content-Length: ' . length $body, signed($body));
    ok $wire->read_until(sub { $wire->{buffer} =~ /\AHTTP\/1\.1 100 .*\r\n\r\n/s }, 3), 'who asks first is told to go on';
    my $answer = $wire->send($body)->answer;
    is $answer->{code}, 202, 'and is taken';
    is $answer->{interim}, 1, 'told once';
}
my @refused = (
    [GET => $path, 405],
    [POST => $AFP::Site::webhook_path, 400],
    [POST => $path, 415, 'Content-Encoding: gzip'],
);
for my $case (@refused) {
    my ($method, $target, $code, @lines) = @$case;
    my $wire = wire()->head($method, $target, 'Expect: 100-continue', 'Content-Length: 100', @lines);
    my $answer = $wire->answer(6) // { code => 'none', interim => 0, seconds => 99 };
    is $answer->{code}, $code, "who asks first is refused with $code before he sends anything";
    is $answer->{interim}, 0, 'and is not told to go on';
}
{
    my $wire = wire()->head(POST => $path, 'Expect: 100-continue', 'Content-Length: 999999');
    my $answer = $wire->answer(6);
    is $answer->{code}, 413, 'who asks first with too much is refused';
    is $answer->{interim}, 0, 'and is not told to go on';
}

# ---- the connection afterwards ----

{
    my $wire = wire();
    my $body = body();
    is $wire->deliver($acme, $body)->answer->{code}, 202, 'on one connection: taken';
    is $wire->deliver($acme, $body)->answer->{code}, 200, 'repeated';
    is $wire->deliver({ %$acme, secret => 'wrong' }, $body)->answer->{code}, 401, 'refused for its signature';
    is $wire->head(GET => $path)->answer->{code}, 405, 'refused for its method';
    is $wire->head(POST => $path, 'Content-Encoding: br', 'Content-Length: 5')->send('12345')->answer->{code},
        415, 'refused for its encoding';
    is $wire->deliver($acme, '{"event":"application_created"}')->answer->{code}, 422, 'refused without an application';
    is $wire->deliver($acme, body())->answer->{code}, 202, 'and taken again';
}
{
    my $wire = wire();
    my ($first, $second) = (body(), body());
    my $head = sub { "POST $path HTTP/1.1\r\nHost: x\r\nContent-Length: " . length($_[0]) . "\r\n" . signed($_[0]) . "\r\n\r\n$_[0]" };
    $wire->send($head->($first) . $head->($second));
    is join(' ', map { $wire->answer->{code} } 1, 2), '202 202', 'two requests may come in one packet';
}

done_testing;
