# The database does not answer, or not in time: the API says so, and when to come back.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Time::HiRes qw(time);
use Test::More;

use AFP::Databases;
use AFP::Invite;
use AFP::Site;

my $databases = AFP::Databases->new(kind => 'pgsql', own => 1);
my $site = AFP::Site->new(databases => $databases)->start;
my $server = $site->server;
$server->allow_log(qr/AFP0[13]\d\d/);
my $acme = connected($site, 'acme'); # so that nothing else holds what is locked below
my $api = $site->api($acme);
is $api->get('settings')->code, 200, 'the API works';

sub is_unavailable
{
    my ($method, $path, $body, @headers) = @_;
    my $began = time;
    is $api->call($method, $path, $body, @headers)->code, 503, "$method $path: 503";
    ok time - $began < 15, 'soon enough: ' . (time - $began) . ' s';
    like $api->response->header('Retry-After'), qr/^\d+$/, 'and when to come back';
    unlike $api->response->content, qr/pgsql|PostgreSQL|afp_|SELECT/i, 'without the machinery';
    return;
}

# ---- slow ----

my $dbh = $site->dbh;
$dbh->begin_work;
$dbh->do('LOCK TABLE afp_tenant, afp_finished IN ACCESS EXCLUSIVE MODE');
is_unavailable(GET => 'settings');
is_unavailable(GET => 'deliveries?state=failed');
is_unavailable(POST => 'pause');
my $stranger = $site->api({ api_token => 'afp_' . '0' x 64 });
ok $stranger->get('settings')->code =~ /^(?:401|503)$/, 'who is not known is refused, or told to come back';
$dbh->rollback;
ok wait_until(sub { $api->get('settings')->code == 200 }, 20), 'it works again by itself';
is $api->json->{state}, 'connected', 'and nothing has happened';

# ---- not there ----

$dbh->disconnect;
$databases->stop;
is_unavailable(GET => 'status');
is_unavailable(PATCH => 'settings', { status => 'x' }, 'If-Match' => '*');
is_unavailable(DELETE => 'applications/11');
is $api->get('openapi.json')->code, 200, 'the description is there all the same';
is $api->get('nowhere')->code, 404, 'so is what is not there';
$databases->start;
ok wait_until(sub { $api->get('settings')->code == 200 }, 20), 'it works again by itself';
is $api->json->{status}, '', 'and nothing has happened';

done_testing;
