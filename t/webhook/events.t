# Which events start something, and what becomes of the others.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);

use AFP::Process qw(wait_until);
use AFP::Site;
use AFP::Wire;

my $site = AFP::Site->new(ports => ['named'], outside => <<'CONF');
<VirtualHost 127.0.0.1:@PORT_named@>
    PinpointSite named.example
    PinpointWebhookURL https://named.example/integrations/webhook/pinpoint
    PinpointPageOrigin http://127.0.0.1:@PORT_named@
    PinpointEvent new-application candidate_arrived "Application Reborn"
    PinpointEvent stage-changed application_created
</VirtualHost>
CONF
my $server = $site->start->server;
my $acme = $site->connect('acme');
my $beta = $site->connect('beta', status => 'Phone Screen');

my $number = 1000;
sub deliver
{
    my ($tenant, $event, %header) = @_;
    my $answer = $site->deliver($tenant, AFP::Site::body($tenant, ++$number, event => $event), %header);
    return ($answer, $answer->code < 400 ? AFP::Wire::json($answer) : undef);
}

sub follow_ups { return $site->rows('afp_follow_up', 'application_id = ?', $number) + $site->rows('afp_finished', 'application_id = ?', $number) }
sub row { return $site->dbh->selectrow_hashref('SELECT * FROM afp_delivery WHERE application_id = ?', undef, $number) }

# ---- the trigger ----

for my $case (
    [$acme, 'application_created'], [$acme, 'Application.Created'], [$acme, 'new application'],
    [$beta, 'application_stage_changed'], [$beta, 'application_moved'], [$beta, 'application-stage-updated']) {
    my ($tenant, $event) = @$case;
    my ($answer, $said) = deliver($tenant, $event);
    is $answer->code, 202, "\"$event\" is the trigger of $tenant->{company}";
    is $answer->content_type, 'application/json', 'the answer is JSON';
    is $said->{status}, 'accepted', 'that says it is accepted';
    is $said->{delivery}, row()->{id}, 'and names the delivery';
    is row()->{ignored}, '', 'which is not ignored';
    is follow_ups(), 1, 'and has one follow-up';
}

# ---- not this tenant's trigger ----

for my $case (
    [$acme, 'application_stage_changed', qr/status is empty/], [$beta, 'application_created', qr/Phone Screen/],
    [$acme, 'application_hired', qr/application_hired/], [$acme, 'job_created', qr/job_created/],
    [$acme, 'application_comment_created', qr/never invites/]) {
    my ($tenant, $event, $why) = @$case;
    my ($answer, $said) = deliver($tenant, $event);
    is $answer->code, 200, "\"$event\" starts nothing for $tenant->{company}";
    is $answer->content_type, 'application/json', 'the answer is JSON';
    is $said->{status}, 'ignored', 'that says it is ignored';
    like $said->{reason}, $why, 'and why';
    is row()->{ignored}, $said->{reason}, 'the delivery is stored with that reason';
    is row()->{event}, $event, 'and its event';
    is follow_ups(), 0, 'and has no follow-up';
}
is $site->deliver($acme, '{"event":"job_created"}')->code, 200, 'an event that starts nothing needs no application';
is $site->deliver($beta, '{"event":"application_moved","data":{}}')->code, 422, 'the trigger does';
sleep 3; # notices are written once a second
is $site->rows('afp_notice'), 0, 'known events raise no notice';

# ---- events of applications that nobody knows ----

my ($answer, $said) = deliver($acme, 'application_transmogrified');
is $answer->code, 200, 'an unknown event of an application is not refused';
is $said->{status}, 'ignored', 'but ignored';
is row()->{ignored}, $said->{reason}, 'and stored';
sub notices
{
    return $site->dbh->selectall_arrayref('SELECT code, words FROM afp_notice WHERE company_uuid = ?', undef, $acme->{uuid});
}
sub names { my ($name) = @_; return wait_until(sub { my ($notice) = @{ notices() }; $notice && $notice->[1] eq $name }, 10) }
ok names('application_transmogrified'), 'a notice tells the administrator by its name';
is notices()->[0][0], 'unknown-event', 'what it is';

# How often each child told it.
sub told
{
    my ($tenant, $name) = @_;
    my $log = $server->error_log;
    my %told;
    $told{$1}++ while $log
        =~ /\[assessfirst_pinpoint:notice\] \[pid (\d+)[^\n]*AFP0402: tenant \Q$tenant->{uuid}\E:[^\n]*"$name"[^\n]*PinpointEvent/g;
    return values %told;
}
is_deeply [told($acme, 'application_transmogrified')], [1], 'one line of the log tells the operator what to do';
is((deliver($acme, 'application_transmogrified'))[1]{status}, 'ignored', 'further ones are ignored as well') for 1 .. 9;
is row()->{event}, 'application_transmogrified', 'and stored';
is_deeply [grep { $_ > 1 } told($acme, 'application_transmogrified')], [], 'but not told again by the same child';
deliver($acme, 'application_vaporised');
ok names('application_vaporised'), 'the notice names the latest one';
is scalar @{ notices() }, 1, 'and no other';
like $site->page('acme')->open->text, qr/application_vaporised/, 'and is on the page';
is $site->rows('afp_notice', 'company_uuid = ?', $beta->{uuid}), 0, 'of this company only';

is((deliver($beta, "application_flood_$_"))[0]->code, 200, 'a company that sends ever new names is not refused') for 1 .. 30;
is_deeply [grep { $_ > 4 } told($beta, 'application_flood_\d+')], [], 'but does not fill the log';
ok wait_until(sub { $site->rows('afp_notice', 'company_uuid = ?', $beta->{uuid}) == 1 }, 10), 'and has one notice';

my $kind = $site->databases->kind;
if ($kind ne 'sqlite3') { # whose one writer stores the deliveries as well
    my $other = $site->database->dbh;
    $other->begin_work;
    $other->do($kind eq 'pgsql' ? 'LOCK TABLE afp_notice IN EXCLUSIVE MODE' : 'SELECT * FROM afp_notice FOR UPDATE');
    my $since = time;
    is((deliver($acme, 'application_petrified'))[0]->code, 200, 'where notices cannot be written now');
    cmp_ok time - $since, '<', 5, 'the answer comes while Pinpoint still waits';
    $other->rollback;
    ok names('application_petrified'), 'and the notice is written as soon as it can be';
}

# ---- Pinpoint's test event ----

my ($test) = $site->sandbox->test_event(url => $acme->{url}, secret => $acme->{secret}, event => 'application_created');
is $test->{status}, 202, 'a test event is taken like any other';

# ---- names that the operator adds ----

{
    my $named = AFP::Page->new($server->url($AFP::Site::page_path, 'named'), user => 'acme', password => 'password of acme')->open;
    $named->press('Generate a token');
    $named->fill('Tenant ID and subdomain' => 'acme', 'API key' => 'k' x 20, 'Webhook secret signature' => 'named-secret',
        'Status' => '', 'AssessFirst API token' => 't' x 20)->press('Save');
    my ($other) = $named->html =~ /company_uuid=([0-9a-f]{32})/;
    isnt $other, $acme->{uuid}, 'the same company on another site is another tenant';
    my %tenant = (secret => 'named-secret', status => '', uuid => $other,
        path => $server->url("$AFP::Site::webhook_path?company_uuid=$other", 'named'));
    for my $event ('candidate_arrived', 'Candidate Arrived', 'application.reborn') {
        is((deliver(\%tenant, $event))[0]->code, 202, "PinpointEvent makes \"$event\" a trigger");
    }
    ($answer, $said) = deliver(\%tenant, 'application_created');
    is $said->{status}, 'ignored', 'and decides before the module\'s own rules';
    is((deliver($acme, 'candidate_arrived'))[1]{status}, 'ignored', 'on its own site only');

    my $body = AFP::Site::body(\%tenant, ++$number);
    my $elsewhere = { %tenant, path => "$AFP::Site::webhook_path?company_uuid=$other" };
    is $site->deliver($elsewhere, $body)->code, 401, 'one site does not know another\'s tenants';
    is $site->deliver({ %$acme, path => $server->url($acme->{path}, 'named') }, AFP::Site::body($acme, $number))->code, 401,
        'nor the other way around';

    # As it stays from the time before the operator named it.
    my $insert = 'INSERT INTO afp_notice (company_uuid, code, words, first_at, last_at) VALUES (?, ?, ?, 1, 1)';
    $site->dbh->do($insert, undef, $other, 'unknown-event', 'Application Reborn');
    unlike $named->open->text, qr/Application Reborn/, 'once an event is named, its notice is no longer shown';
    $site->dbh->do('UPDATE afp_notice SET words = ? WHERE company_uuid = ?', undef, 'application_vaporised', $other);
    like $named->open->text, qr/application_vaporised/, 'another\'s is';
}

done_testing;
