# Whatever comes to the results location is a hint: everything that can be read is answered with 204
# and does no harm.
# matrix: mpm

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);

use AFP::Process qw(patience);
use AFP::Site;
use AFP::Wire;

my $site = AFP::Site->new(ports => ['strict'], outside => <<'CONF');
RequestReadTimeout header=0 body=0
KeepAliveTimeout 60
<VirtualHost 127.0.0.1:@PORT_strict@>
    RequestReadTimeout header=2 body=2
</VirtualHost>
CONF
my $server = $site->start->server;
my $acme = $site->connect('acme', no_sandbox => 1);
my $path = $acme->{results};

sub wire { return AFP::Wire->new($server) }

# Posts a body: the answer, and whether the connection stays.
sub post
{
    my ($body, @lines) = @_;
    my $wire = wire()->head(POST => $path, 'Content-Length: ' . length $body, @lines)->send($body);
    return ($wire->answer, $wire);
}

# ---- what is taken ----

my %taken = (
    'an id' => '{"uuid":"7c9e6679"}',
    'a number' => '{"data":{"id":4711}}',
    'a text alone' => '"7c9e6679"',
    'null' => 'null',
    'an empty object' => '{}',
    'a list' => '["a","b",["c"]]',
    'nothing' => '',
    'a form' => 'uuid=7c9e6679&status=completed',
    'XML' => '<candidate uuid="7c9e6679"/>',
    'no UTF-8' => "{\"uuid\":\"\xff\xfe\"}",
    'NUL bytes' => "{\"uuid\":\"a\0b\"}\0\0",
    'half a document' => '{"uuid":"7c9e',
    'two documents' => '{"uuid":"a"}{"uuid":"b"}',
    'SQL' => q({"uuid":"' OR 1=1 --","id":"%s%n"}),
    'a thousand ids' => '[' . join(',', map { qq("id$_") } 1 .. 1000) . ']',
    'long ids' => '["' . 'x' x 60_000 . '"]',
    'a deep document' => '[' x 1000 . ']' x 1000,
    'many arrays' => '[' . '[],' x 21_000 . '1]',
    'a binary file' => join('', map { chr(ord('!') * $_ % 256) } 1 .. 60_000),
    'as much as may come' => '"' . 'x' x 65_534 . '"',
);
for my $what (sort keys %taken) {
    my ($answer, $wire) = post($taken{$what}, 'Content-Type: application/json');
    is $answer->{code}, 204, "$what: 204";
    is $wire->head(POST => $path, 'Content-Length: 2')->send('{}')->answer->{code}, 204, '... and the connection goes on';
}
for my $type ('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'nonsense', '') {
    is((post('{"uuid":"a"}', "Content-Type: $type"))[0]{code}, 204, "the type \"$type\" does not matter");
}
is((post("\x1f\x8b\x08 no gzip", 'Content-Encoding: gzip'))[0]{code}, 204, 'nor does an encoding');

# ---- too much ----

for my $length (65_537, 200_000) {
    my ($answer, $wire) = post('"' . 'x' x ($length - 2) . '"');
    is $answer->{code}, 204, "$length bytes say nothing either";
    ok $wire->is_closed, '... but end the connection';
}
{
    my $answer = wire()->head(POST => $path, 'Content-Length: 1000000000000')->answer;
    is $answer->{code}, 204, 'who announces far too much is not waited for';
    cmp_ok $answer->{seconds}, '<', patience(2), '... at all';
}
{
    my $wire = wire()->head(POST => $path, 'Transfer-Encoding: chunked');
    $wire->send(sprintf("%x\r\n%s\r\n", 10_000, 'x' x 10_000)) for 1 .. 8;
    is $wire->answer->{code}, 204, 'chunks are counted';
    ok $wire->is_closed, '... and end the connection as well';
}

# ---- framing ----

is wire()->head(POST => $path, 'Transfer-Encoding: chunked')->send("c\r\n{\"uuid\":\"a\"}\r\n0\r\n\r\n")->answer->{code},
    204, 'chunks are taken';
{
    my $wire = wire()->head(POST => $path, 'Expect: 100-continue', 'Content-Length: 2');
    ok $wire->read_until(sub { $wire->{buffer} =~ /\AHTTP\/1\.1 100 .*\r\n\r\n/s }, patience(3)), 'who asks first is told to go on';
    is $wire->send('{}')->answer->{code}, 204, '... and is taken';
}
{
    my $wire = wire()->head(POST => $path, 'Transfer-Encoding: chunked')->send("zz\r\nabc\r\n0\r\n\r\n");
    is $wire->answer->{code}, 400, 'broken chunks are refused';
    ok $wire->is_closed, '... and end the connection';
    is wire()->head(POST => $path, 'Content-Length: 20')->send('{}')->end->answer->{code}, 400,
        'so is a body that is cut short';
}

# ---- slowness ----

for my $what (['a body that never comes', ''], ['a byte a second', '{"uuid":"abc"}']) {
    my ($name, $bytes) = @$what;
    my $wire = wire()->head(POST => $path, 'Content-Length: 100');
    my $since = time;
    for my $byte (split //, $bytes) {
        $wire->send($byte);
        last if $wire->read_until(sub { length $wire->{buffer} }, 1);
    }
    is $wire->answer(12)->{code}, 408, "$name is not waited for";
    cmp_ok time - $since, '<', patience(6), '... longer than 4 seconds';
    ok $wire->is_closed, '... and ends the connection';
}
{
    my $wire = AFP::Wire->new($server, 'strict')->head(POST => $path, 'Content-Length: 100');
    is $wire->answer(12)->{code}, 408, 'mod_reqtimeout may be stricter';
}

unlike $server->error_log, qr/7c9e6679|' OR 1=1/, 'nothing of any body is logged';
is $site->rows('afp_follow_up', "kind = 'read-results'"), 0, 'and nobody is read who is not known';

done_testing;
