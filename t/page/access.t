# Who may see the page, and whose page.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Site;

my $site = AFP::Site->new(
    ports => ['off'],
    config => <<'CONF',
ErrorDocument 403 "the site's own words"
ErrorDocument 405 "the site's own words"
<Location /forgotten>
    SetHandler assessfirst-pinpoint-marketplace
</Location>
<Location /team>
    SetHandler assessfirst-pinpoint-marketplace
    AuthType Basic
    AuthName company
    AuthUserFile "@DIR@/users"
    Require valid-user
    PinpointCompany "%{tolower:%{REMOTE_USER}} and co"
</Location>
<Location /empty>
    SetHandler assessfirst-pinpoint-marketplace
    AuthType Basic
    AuthName company
    AuthUserFile "@DIR@/users"
    Require valid-user
    PinpointCompany "%{reqenv:NOBODY_SETS_THIS}"
</Location>
<Location /odd>
    SetHandler assessfirst-pinpoint-marketplace
    AuthType Basic
    AuthName company
    AuthUserFile "@DIR@/users"
    Require valid-user
    PinpointCompany "%{unescape:%{HTTP:X-Company}}"
</Location>
CONF
    outside => <<'CONF');
<VirtualHost 127.0.0.1:@PORT_off@>
    ServerName off.example
    PinpointEngine off
</VirtualHost>
CONF
my $server = $site->server;
my $acme = $site->page('acme');
my $other = $site->page('other');
$site->start;

sub at { my ($page, $path) = @_; return $page->open($server->url($path)) }

# ---- without a user, without a company ----

my $answer = $server->get('/marketplace/pinpoint');
is $answer->code, 401, 'httpd asks for the password that the site requires';
$answer = $server->get('/forgotten');
is $answer->code, 403, 'where the site forgot Require, nobody gets in';
like $answer->decoded_content, qr/Sign in first/, 'with words of our own';
unlike $answer->decoded_content, qr/the site's own words/, 'which no ErrorDocument replaces';
$answer = $server->post('/forgotten', 'action=generate', 'Content-Type' => 'application/x-www-form-urlencoded');
is $answer->code, 403, 'nor with a form';
is eval { $site->rows('afp_tenant') } // 0, 0, 'and nothing happened';

is at($acme, '/empty')->code, 403, 'a user of no company is refused';
like $acme->text, qr/belongs to no company/, 'and told so';
for my $company ('%0aacme', 'a%00cme', '%ff', 'a' x 256, '%20%09') {
    is $acme->agent->get($server->url('/odd'), 'X-Company' => $company)->code, 403,
        'a company that is no plain text of at most 255 bytes is refused';
}
is $acme->agent->get($server->url('/odd'), 'X-Company' => 'caf%c3%a9 %3cb%3e')->code, 200, 'UTF-8 is plain text';
like $acme->agent->get($server->url('/odd'), 'X-Company' => 'caf%c3%a9 %3cb%3e')->decoded_content,
    qr/Company caf\x{e9} &lt;b&gt;,/, 'and is escaped';

# ---- methods ----

for my $method (qw(PUT DELETE PATCH OPTIONS)) {
    my $refused = $acme->agent->request(HTTP::Request->new($method, $server->url('/marketplace/pinpoint')));
    is $refused->code, 405, "$method is refused";
    is $refused->header('Allow'), 'GET, HEAD, POST', 'with what is allowed';
}
my $head = $acme->agent->head($server->url('/marketplace/pinpoint'));
is $head->code, 200, 'HEAD answers';
is $head->content, '', 'without a page';

# ---- each his own ----

my $tenant = $site->connect('acme', status => 'Phone Screen');
like $other->open->text, qr/Company other, signed in as other .*State: Not connected/,
    'another company sees its own page';
unlike $other->html, qr/$tenant->{uuid}|Phone Screen|\Q****acme\E/, 'and nothing of the first';
like at($other, '/team')->text, qr/Company other and co, signed in as other/,
    'a <Location> has a PinpointCompany of its own';

my $application = $site->application($tenant, stage_name => 'Elsewhere');
$site->deliver($tenant, AFP::Site::body($tenant, $application->{id}, job_id => $application->{job_id}));
my $finished = $site->finished($application->{id});
is $finished->{result}, 'skipped', 'the first company has an entry';
$site->connect('other');
my $before = $site->rows('afp_follow_up') + $site->rows('afp_finished', "application_id <> ''");
my ($token) = $other->open->html =~ /name="token" value="([^"]+)"/;
my $posted = $other->agent->post($server->url('/marketplace/pinpoint'),
    [token => $token, action => 'invite-anyway', id => $finished->{id}]);
is $posted->code, 303, 'the other company cannot press its button';
like $other->open->text, qr/Nothing was done/, 'and is told so';
is $site->rows('afp_follow_up', "application_id <> ''") + $site->rows('afp_finished', "application_id <> ''"), 1,
    'and nothing was done';

# ---- switched off ----

is $acme->agent->get($server->url('/marketplace/pinpoint', 'off'))->code, 404, 'without the engine there is no page';

# ---- no PinpointCompany at all ----

my $bare = AFP::Site->new(sandbox => $site->sandbox, site => 'bare.example');
my $text = $bare->server->{text} =~ s/^PinpointCompany.*\n//mr;
$bare->server->configure($text);
my $page = $bare->page('acme');
$bare->start;
$bare->server->expect_log(qr/AFP0513/);
is $page->open->code, 403, 'without PinpointCompany nobody gets in';
like $page->text, qr/PinpointCompany/, 'and the page names the directive';

done_testing;
