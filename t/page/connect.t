# A company connects Pinpoint on the marketplace page, and its candidates are invited.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Digest::SHA qw(sha256_hex);
use Test::More;

use AFP::Process qw(wait_until);
use AFP::Site;

my $site = AFP::Site->new->start;
my $page = $site->page('acme')->open;

is $page->code, 200, 'the page opens';
like $page->text, qr/State: Not connected/, 'a new company is not connected';
ok !$page->field('API key'), 'and sees no settings before it has a token';
ok !$page->field('Status'), 'nor a form';

# ---- the token ----

$page->press('Generate a token');
is $page->posted->code, 303, 'pressing the button redirects';
is $page->posted->header('Location'), '/marketplace/pinpoint', 'to the page itself';
is $page->code, 200, 'which opens';
my ($token) = $page->html =~ /<code[^>]*id="api_token">(afp_[0-9a-f]{64})</;
ok $token, 'and shows the API token';
like $page->text, qr/shown this one time only/, 'with the word that it is shown once';
my ($uuid) = $page->text =~ /\(company_uuid\) is ([0-9a-f]{32})/;
ok $uuid, 'and the company_uuid';

$page->open;
unlike $page->html, qr/\Q$token\E/, 'the next view does not show the token again';
my $row = $site->dbh->selectrow_hashref('SELECT * FROM afp_tenant WHERE company_uuid = ?', undef, $uuid);
is $row->{company}, 'acme', 'the tenant is stored for the company';
is $row->{api_token_hash}, sha256_hex($token), 'with the hash of the token';
ok !(grep { defined && /\Q$token\E/ } values %$row), 'and without the token itself';

# ---- the settings ----

$site->sandbox->company(key => 'pinpoint-key-of-acme');
$site->sandbox->account(token => 'assessfirst-token-of-acme', models => ['Sales Executive']);
like $page->text, qr/Set up in four steps.*create a key.*Create the webhook.*Fill in the settings.*final address/,
    'the four steps are on the page';
unlike $page->html, qr/\?company_uuid=/, 'the webhook URL is not shown before the settings are valid';

$page->fill(
    'Tenant ID and subdomain' => 'https://assess-first-sandbox.pinpointhq.com/admin',
    'API key' => 'pinpoint-key-of-acme',
    'Webhook secret signature' => 'signing-secret-of-acme',
    'Status' => '',
    'AssessFirst API token' => 'assessfirst-token-of-acme',
)->press('Save');
is $page->posted->code, 303, 'saving redirects';
like $page->text, qr/Saved\.(?: The check is still running[^.]*\.)? State: Waiting for your first event/, 'and the company waits for its first event';
like $page->text, qr/Paste this address into Pinpoint.s webhook/, 'with the text what to do next';
my $url = "https://site.example/integrations/webhook/pinpoint?company_uuid=$uuid";
is $page->dom->at('#webhook_url')->text, $url, 'and the webhook URL with its company_uuid';
is $page->value('Tenant ID and subdomain'), 'assess-first-sandbox', 'the subdomain is kept';
like $page->text, qr/Understood as the tenant assess-first-sandbox/, 'as it was understood';

ok wait_until(sub {
    $page->open->text =~ /Pinpoint Works \(checked on \d.* AssessFirst Works \(checked on \d/ }, 20),
    'both APIs are checked and work';

# ---- a candidate ----

my $acme = {
    company => 'acme', key => 'pinpoint-key-of-acme', token => 'assessfirst-token-of-acme',
    secret => 'signing-secret-of-acme', status => '', uuid => $uuid,
    path => "/integrations/webhook/pinpoint?company_uuid=$uuid",
    url => $site->server->url("/integrations/webhook/pinpoint?company_uuid=$uuid"),
};
like $page->text, qr/Last webhook received None yet/, 'no webhook was received yet';
my $application = $site->application($acme);
my ($attempt) = $site->webhook($acme, application_id => $application->{id}, job_id => $application->{job_id});
is $attempt->{status}, 202, 'a webhook is accepted';
is $site->finished($application->{id})->{result}, 'invited', 'the candidate is invited';
ok wait_until(sub { $page->open->text =~ /Last webhook received \d+ s ago/ }, 10),
    'the page says when the last webhook was received';
like $page->text, qr/$application->{id} Invited Invited with model Sales Executive/,
    'and what became of it';
like $page->text, qr/State: Connected/, 'from then on the company is connected';
unlike $page->html, qr/ada\.example|Ada/, 'without the candidate\'s name or e-mail';

done_testing;
