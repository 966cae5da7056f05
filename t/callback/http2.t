# The results location over HTTP/2, where a request has no connection of its own.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Process qw(apxs slurp);
use AFP::Results;

my $module = apxs('libexecdir') . '/mod_http2.so';
plan skip_all => 'mod_http2 or a curl that speaks HTTP/2 is not installed'
    unless -e $module && qx(curl --version) =~ /HTTP2/;

my $site = invite_site(config => <<"CONF");
LoadModule http2_module "$module"
Protocols h2c http/1.1
PinpointSchedule results=100000
CustomLog "\@DIR\@/logs/answers" "%H %>s"
CONF
my $acme = connected($site, 'acme');
my $ada = invited($site, $acme);
my $uuid = $site->invitation($ada->{id})->{candidate_id};

# The protocol and the status of a call with this body, as the server logs them: curl may lose an
# answer that comes before it has sent everything.
sub call
{
    my ($path, $body) = @_;
    my $url = $site->server->url($path);
    my $log = $site->server->dir . '/logs/answers';
    my $before = length slurp($log);
    my $line;
    qx(curl -s --http2-prior-knowledge -m 10 -o /dev/null -d '$body' '$url');
    # What was asked before over HTTP/1.1 may be logged only now.
    wait_until(sub { ($line) = substr(slurp($log), $before) =~ m{^(HTTP/2\S* .*)\n}m }, 10);
    return $line;
}

is call($acme->{results}, '{}'), 'HTTP/2.0 204', 'a call is taken';
is call($acme->{results}, 'x' x 70_000), 'HTTP/2.0 204', 'a large one as well';
is call($acme->{results} . 'x', '{}'), 'HTTP/2.0 404', 'a wrong token is refused';
progress($site, $ada);
is call($acme->{results}, qq({"uuid":"$uuid"})), 'HTTP/2.0 204', 'a candidate';
ok wait_until(sub { (status_of($site, $ada) // '') eq 'In progress 1/3' }, 15), 'is read';

done_testing;
