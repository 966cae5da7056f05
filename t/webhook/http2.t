# The same over HTTP/2, where a request has no connection of its own.
# matrix: alone

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Process qw(apxs slurp wait_until);
use AFP::Site;
use AFP::Wire;

my $module = apxs('libexecdir') . '/mod_http2.so';
plan skip_all => 'mod_http2 is not for prefork' if ($ENV{AFP_MPM} // 'event') eq 'prefork';
plan skip_all => 'mod_http2 or a curl that speaks HTTP/2 is not installed'
    unless -e $module && qx(curl --version) =~ /HTTP2/;

my $site = AFP::Site->new(config => <<"CONF");
LoadModule http2_module "$module"
Protocols h2c http/1.1
PinpointBodyLimit 4096
CustomLog "\@DIR\@/logs/answers" "%H %>s %D"
CONF
my $server = $site->start->server;
my $acme = $site->connect('acme', no_sandbox => 1);
my $number = 0;

# Sends what a shell command writes: (status, seconds, body). The first two as the server logs them:
# curl may lose an answer that comes before it has sent everything.
sub curl
{
    my ($command, $signature, @more) = @_;
    my $log = $server->dir . '/logs/answers';
    my $before = length slurp($log);
    my $more = join ' ', map { "'$_'" } @more;
    my $body = qx(($command) 2>/dev/null | curl -s --http2-prior-knowledge -m 20 -X POST -T - -H 'PINPOINT-HMAC-SHA256: $signature' $more '$acme->{url}' 2>&1);
    wait_until(sub { length slurp($log) > $before }, 10);
    my ($version, $code, $microseconds) = substr(slurp($log), $before) =~ /^(\S+) (\d+) (\d+)$/m or return ('none', 0, '');
    is $version, 'HTTP/2.0', 'over HTTP/2';
    return ($code, $microseconds / 1_000_000, $body);
}

sub body { return AFP::Site::body($acme, ++$number) }

my $body = body();
my $signature = AFP::Site::signature($acme, $body);
is((curl("printf %s '$body'", $signature))[0], 202, 'a delivery is taken');
is((curl("printf %s '$body'", $signature))[0], 200, 'and its repeat is a repeat');
my ($code, undef, $text) = curl("printf %s '$body'", 'x');
is $code, 401, 'a wrong signature is refused';
is AFP::Wire::json({ body => $text })->{status}, 401, 'with a problem as body';
is((curl("printf %s '$body'", $signature, '-H', 'Content-Encoding: gzip'))[0], 415, 'so is an encoding');
is((curl('head -c 20000 /dev/zero', $signature))[0], 413, 'and a body over the limit');
is((curl('head -c 20000 /dev/zero', $signature, '-H', 'Content-Length: 20000'))[0], 413, 'announced or not');

my $seconds;
($code, $seconds) = curl("printf '{'; sleep 7", $signature);
is $code, 408, 'a body that does not come is not waited for';
cmp_ok $seconds, '<', 5, 'while Pinpoint still listens';
($code, $seconds) = curl('for i in 1 2 3 4 5 6 7 8 9; do printf x; sleep 0.8; done', $signature);
is $code, 408, 'nor is one that drips';
cmp_ok $seconds, '<', 5, 'while Pinpoint still listens';
$body = body();
$signature = AFP::Site::signature($acme, $body);
is((curl("sleep 1; printf %s '$body'", $signature))[0], 202, 'a body within the time is taken');

done_testing;
