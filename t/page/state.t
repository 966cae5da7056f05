# The state line: needs attention, paused, disconnected, and the way back.
# matrix: database

use strict;
use utf8;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Digest::SHA qw(sha256_hex);
use MIME::Base64 qw(encode_base64);
use Test::More;

use AFP::Process qw(wait_until);
use AFP::Site;

my $site = AFP::Site->new(config => "PinpointRetry first=1 cap=1\nPinpointRetention digests=250000\n")->start;
my $server = $site->server;
$server->allow_log(qr/AFP03\d\d/, qr/AFP02\d\d/);
my $acme = $site->connect('acme');
my $page = $site->page('acme');

sub shows { my ($pattern, $seconds) = @_; return wait_until(sub { $page->open->text =~ $pattern }, $seconds // 15) }
sub tenant { return $site->dbh->selectrow_hashref('SELECT * FROM afp_tenant') }

sub deliver
{
    my ($application) = @_;
    my $body = AFP::Site::body($acme, $application->{id}, job_id => $application->{job_id});
    return $site->deliver($acme, $body)->code;
}

ok shows(qr/Pinpoint Works \(checked on \d.*AssessFirst Works \(checked on \d/), 'a new connection is checked';

# ---- a wrong signing secret ----

{
    my $body = AFP::Site::body($acme, 4711, event => 'job_created');
    my $says = qr/Webhooks for this company are refused: their signature does not fit .* The last one was refused \d+ s ago/;
    my $step = sub { $page->dom->at('#step-2 summary')->all_text };
    is $site->deliver({ %$acme, secret => 'that of another webhook' }, $body)->code, 401, 'a wrong secret is refused';
    ok shows(qr/State: Needs attention/), 'which the page says';
    like $page->text, $says, 'with what is wrong, and when it was seen last';
    like $page->text, qr/Compare the signing secret of the webhook in Pinpoint with the one in the settings/, 'and what to do';
    unlike $page->text, qr/Nothing is lost/, 'it does not say that what is refused waits';
    like $page->text, qr/Last webhook received None with a fitting signature yet/, 'nor that nothing came';
    is $page->dom->at('.state a.main')->attr('href'), '/marketplace/pinpoint?view=settings#signing_secret', 'with the way there';
    like $step->(), qr/Needs attention/, 'the step with the secret says it, too';
    my $api = $site->api($acme);
    $api->get('status');
    my $status = $api->json;
    is $status->{state}, 'needs-attention', 'and the API';
    is_deeply [map { $_->{code} } @{ $status->{notices} }], ['signature'], 'with its reason';
    my $french = $site->page('acme');
    $french->agent->default_header('Accept-Language' => 'fr');
    like $french->open->text, qr/Des webhooks .* refus.s\b.*Le dernier a .* il y a \d+ s/, 'in French, too';

    is $site->deliver($acme, $body)->code, 200, 'the right secret is taken';
    ok shows(qr/State: Connected/), 'and it is over';
    unlike $page->text, qr/Webhooks for this company are refused/, 'nothing is said of it';
    ok !$page->dom->at('#step-2'), 'nor is anything left to do';
}

# ---- needs attention ----

$site->sandbox->fault(api => 'pinpoint', path => '/', status => 401, times => 0,
    body => { errors => [{ detail => 'The key <b>"was"</b> revoked' }] });
my $application = $site->application($acme);
is deliver($application), 202, 'with a key that Pinpoint refuses webhooks are still accepted';
ok shows(qr/State: Needs attention/), 'the page says that it needs attention';
like $page->text, qr/Pinpoint refuses the API key \(since /, 'what is refused';
like $page->text, qr/Pinpoint answered 401: The key <b>"was"<\/b> revoked/, 'with Pinpoint\'s own words';
like $page->text, qr/Create a new key in Pinpoint/, 'and what to do';
is $page->dom->at('.state a.main')->attr('href'), '/marketplace/pinpoint?view=settings#api_key', 'with the way there';
like $page->text, qr/Pinpoint Refused: Pinpoint answered 401: .*\(since \d+ \w+ \d{4}, /, 'the connection says it, too';
like $page->text, qr/Nothing is lost/, 'and that nothing is lost';
ok shows(qr/$application->{id} Held back/), 'the application is held back';
$site->sandbox->clear_faults;
$site->press_checked($page->open, 'Test connection');
like $page->text, qr/The connection works/, 'it can be tested, and the page waits for what comes of it';
ok shows(qr/State: Connected/), 'and ends it when the key works again';
is $site->finished($application->{id})->{result}, 'invited', 'what was held back is sent';

# ---- being released ----

# As long as a large backlog is released. What is held without a reason is released, in a minute at
# most: held again for every look.
$site->dbh->do(<<'SQL', undef, 'f' x 32, $acme->{uuid});
INSERT INTO afp_follow_up (id, company_uuid, kind, state, due_at, lease, delivery_id, application_id,
    job_id, occurrence, anyway, attempts, missing, tried_for, created_at, reason, priority)
VALUES (?, ?, 'invite', 'held', 1, '', '', '987654', '', 1, 0, 0, 0, 0, 1, '', 0)
SQL
ok wait_until(sub {
    $site->dbh->do(q{UPDATE afp_follow_up SET state = 'held', lease = '', reason = '' WHERE id = ? AND state <> 'held'}, undef, 'f' x 32);
    $page->open->text =~ /987654 Held back .*?Goes on by itself shortly/;
}, 5), 'what nothing holds any more goes on shortly, which the page says';
like $page->text, qr/State: Connected/, 'and no more than that';
$site->dbh->do('DELETE FROM afp_follow_up WHERE id = ?', undef, 'f' x 32);

# ---- paused ----

$page->open->press('Pause');
is $page->code, 200, 'to pause asks first';
like $page->text, qr/nobody is invited and no result is written until you resume/, 'and says what it means';
is tenant()->{state}, 'connected', 'nothing has happened yet';
$page->press('Pause');
is $page->posted->code, 303, 'the connection can be paused';
like $page->text, qr/Paused: webhooks are stored, nothing is sent\. State: Paused/, 'which the page says';
ok !$page->has_button('Test connection'), 'there is nothing to check then';
sleep 2;
my $waiting = $site->application($acme);
is deliver($waiting), 202, 'webhooks are stored';
sleep 2;
is scalar $site->invitations($acme), 1, 'but nobody is invited';
like $page->open->text, qr/(?:Waiting|Held back) 1/, 'the page counts what waits';
like $page->text, qr/1 invitation is waiting and will be sent when you resume/, 'and says what will become of it';
$page->press('Resume');
like $page->text, qr/candidates are invited again\. 1 invitation is waiting/, 'to resume asks first, with what will be sent';
$page->press('Resume');
like $page->text, qr/Resumed: .* State: Connected/, 'the connection can be resumed';
is $site->finished($waiting->{id})->{result}, 'invited', 'and what waited is sent';

# ---- a new API token ----

my $old = tenant()->{api_token_hash};
$page->open->press('Generate a new token');
is $page->code, 200, 'a new token asks first';
like $page->text, qr/The token you have stops working at once/, 'and says what it means';
is tenant()->{api_token_hash}, $old, 'the old one still holds';
$page->press('Generate a new token');
my ($token) = $page->html =~ /(afp_[0-9a-f]{64})/;
is tenant()->{api_token_hash}, sha256_hex($token), 'after the confirmation the new one holds';
like $page->open->text, qr/State: Connected/, 'and the connection stays';
is tenant()->{company_uuid}, $acme->{uuid}, 'with its company_uuid';

# ---- disconnected ----

$page->open->press('Disconnect');
is $page->code, 200, 'to disconnect asks first';
my $kept = qr/What is held here of candidates stays: ids, states and scores, no names.*finished work and ignored webhooks for 90 days, digests of webhooks for 3 days.*You can erase/;
like $page->text, $kept, 'and says what happens to the data';
is tenant()->{state}, 'connected', 'nothing has happened yet';
$page->press('Disconnect');
like $page->text, qr/Disconnected\. The API key and all secrets were erased\. State: Disconnected/, 'then it is done';
like $page->text, $kept, 'what is kept is told';
$page->agent->default_header('Accept-Language' => 'fr');
like $page->open->text, qr/Ce qui est conservé ici sur les personnes candidates reste.*ignorés pendant 90 jours, les empreintes des webhooks pendant 3 jours/,
    'in French as well';
$page->agent->default_header('Accept-Language' => 'en');
$page->open;
my $row = tenant();
is $row->{$_}, '', "$_ is erased" for qw(api_key signing_secret former_secret assessfirst_token);
ok !$page->dom->at('#webhook_url'), 'the webhook URL is not shown any more';
ok !$page->field('API key'), 'nor the settings';
ok !$page->has_button($_), "there is no button \"$_\"" for 'Pause', 'Resume', 'Disconnect', 'Send again';
like $page->open("$page->{url}?view=changes")->text, qr/acme Disconnected/, 'who disconnected is told';
$page->open;
is $page->dom->at('#activity-card th a')->attr('href'), "/marketplace/pinpoint?view=application&application=$waiting->{id}", 'its applications';
like $page->open("$page->{url}?view=application&application=$waiting->{id}")->text, qr/Application $waiting->{id}.*Invited/, 'can still be looked up';
like $page->open("$page->{url}?view=settings")->text, qr/State: Disconnected/, 'settings there are none';
ok wait_until(sub { deliver($application) == 401 }, 10), 'webhooks are refused';
is $site->rows('afp_received'), 0, 'what came before counts no more';
for my $action (qw(pause resume check disconnect)) {
    my $form = $page->open->dom->at('input[name="token"]')->attr('value');
    is $page->agent->post($page->url, [token => $form, action => $action, confirmed => 'yes'])->code, 303, "$action:";
    like $page->open->text, qr/Nothing was done.* State: Disconnected/, 'from an old page it does nothing';
}

$page->open->press('Generate a token');
like $page->text, qr/State: Not connected/, 'a new token begins anew';
is tenant()->{company_uuid}, $acme->{uuid}, 'with the same company_uuid';
is $page->value('Tenant ID and subdomain'), 'acme', 'and the subdomain filled in';
$page->press('Save');
is $page->code, 422, 'the secrets are asked for again';
$page->fill('API key' => $acme->{key}, 'Webhook secret signature' => $acme->{secret},
    'AssessFirst API token' => $acme->{token})->press('Save');
like $page->text, qr/State: Waiting for your first event/, 'and the company is connected again, and waits for its first event';
unlike $page->settings->text, qr/Received on/, 'since nothing has arrived';
ok $page->open->dom->at('#step-4 details[open]'), 'so that the last step is to be done';
my $again = $site->application($acme);
ok wait_until(sub { deliver($again) == 202 }, 10), 'when the webhook is sent here again';
ok shows(qr/State: Connected/), 'the page says so';

# ---- a key of the site is lost ----

$server->expect_log(qr/AFP0110/);
$server->write_file('secret.keys', 'other:' . encode_base64('y' x 32, '') . "\n", 0600);
$server->renew;
ok shows(qr/State: Needs attention The stored secrets can no longer be read/), 'secrets that cannot be read are told';
my $sealed = tenant()->{api_key};
$page->press('Pause')->press('Pause');
is $page->code, 422, 'nothing is stored then';
like $page->text, qr/enter them once more first/, 'with the reason';
is tenant()->{api_key}, $sealed, 'so that nothing is lost if the key comes back';
$page->fill('API key' => $acme->{key}, 'Webhook secret signature' => $acme->{secret},
    'AssessFirst API token' => $acme->{token})->press('Save');
like $page->open->text, qr/State: Connected/, 'entering them again helps';
like tenant()->{api_key}, qr/^v1\.other\./, 'under the new key';

done_testing;
