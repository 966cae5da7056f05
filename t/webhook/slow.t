# Bodies that come slowly or not at all: the answer comes before Pinpoint gives up after 5 seconds.
# matrix: mpm alone

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(sleep time);

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
my $body = AFP::Site::body($acme, 1);
my $signature = 'PINPOINT-HMAC-SHA256: ' . AFP::Site::signature($acme, $body);

# Sends the bytes one by one, so many seconds apart, until an answer comes; how long that took.
sub drip
{
    my ($wire, $bytes, $pause) = @_;
    my $since = time;
    for my $byte (split //, $bytes) {
        $wire->send($byte);
        last if $wire->read_until(sub { length $wire->{buffer} }, $pause);
    }
    my $answer = $wire->answer(12) // { code => 'none' };
    return ($answer, time - $since);
}

sub is_late
{
    my ($wire, $bytes, $pause, $name) = @_;
    subtest $name => sub {
        my ($answer, $seconds) = drip($wire, $bytes, $pause);
        is $answer->{code}, 408, 'the status says that it came too late';
        is $answer->{headers}{'content-type'}, 'application/problem+json', 'with a problem as body';
        cmp_ok $seconds, '<', 5, 'while Pinpoint still listens';
        cmp_ok $seconds, '>', 3, 'but not before 4 seconds';
        ok $wire->is_closed, 'and the connection is closed';
    };
    return;
}

my @length = ('Content-Length: ' . length $body, $signature);
my @chunked = ('Transfer-Encoding: chunked', $signature);
sub posted { return AFP::Wire->new($server)->head(POST => $acme->{path}, @_) }

is_late(posted(@length), '', 1, 'a body that never comes is not waited for');
is_late(posted(@length), $body, 1, 'a byte a second is too slow');
is_late(posted(@length), $body, 3.5, 'each byte does not buy another wait');
is_late(posted(@chunked), "5\r\n" . substr($body, 0, 5) . "\r\n1\r\n{", 1, 'so it is in chunks');
is_late(posted(@chunked), '0' x 20, 0.5, 'a chunk\'s length that never ends is too slow');
is_late(posted(@length, 'Expect: 100-continue'), '', 1, 'who asks first must go on in time as well');
is $site->rows('afp_delivery'), 0, 'nothing of all that is stored';

{
    my $wire = posted(@length);
    sleep 2;
    $wire->send(substr $body, 0, 10);
    sleep 1;
    is $wire->send(substr $body, 10)->answer->{code}, 202, 'a body within three seconds is in time';
    is $wire->deliver($acme, $body)->answer->{code}, 200, 'and its connection can be used again';
}
{
    # The four seconds are the request's, not the connection's.
    my $wire = AFP::Wire->new($server);
    is $wire->deliver($acme, $body)->answer->{code}, 200, 'a connection';
    sleep 4.5;
    is $wire->deliver($acme, $body)->answer->{code}, 200, 'may rest between requests';
}
{
    my $wire = AFP::Wire->new($server, 'strict')->head(POST => $acme->{path}, @length);
    my ($answer, $seconds) = drip($wire, $body, 0.5);
    is $answer->{code}, 408, 'mod_reqtimeout may be stricter';
    cmp_ok $seconds, '<', 4, 'and is heard';
    ok $wire->is_closed, 'and closes the connection';
}
# Whoever is refused by the head alone does not hold a thread with a slow body.
my @refused = (
    [400, POST => $AFP::Site::webhook_path],
    [405, PUT => $acme->{path}],
    [415, POST => $acme->{path}, 'Content-Encoding: gzip'],
    [413, POST => $acme->{path}, 'Content-Length: 1000000'],
);
for my $case (@refused) {
    my ($code, $method, $target, @lines) = @$case;
    @lines = ('Content-Length: 1000', @lines) unless $code == 413;
    my $wire = AFP::Wire->new($server)->head($method, $target, @lines);
    my ($answer, $seconds) = drip($wire, 'x' x 20, 0.5);
    is $answer->{code}, $code, "who is refused with $code by the head";
    cmp_ok $seconds, '<', patience(2), 'is told so before his body is complete';
}

done_testing;
