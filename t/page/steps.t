# The guided way: four steps, how far each is, and what is kept on the way.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use MIME::Base64 qw(encode_base64);
use Test::More;

use AFP::Process qw(wait_until);
use AFP::Site;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $site = AFP::Site->new(
    ports => ['domain'],
    config => "PinpointRetry first=1 cap=1 missing=1\n",
    outside => <<'CONF');
<VirtualHost 127.0.0.1:@PORT_domain@>
    ServerName domain.example
    PinpointSite domain.example
    PinpointWebhookURL https://domain.example/integrations/webhook/pinpoint
    PinpointPageOrigin http://127.0.0.1:@PORT_domain@
    PinpointAPI https://{subdomain}.pinpointhq.com/api/v1
</VirtualHost>
CONF
my $server = $site->server;
$server->allow_log(qr/AFP03\d\d/, qr/AFP02\d\d/);
my $page = $site->page('acme');
$site->start;

# The four steps as "To do", "Done", "Needs attention" or "Received 4 s ago".
sub steps
{
    my ($in) = @_;
    return map { $_->at('summary .tag')->all_text =~ s/^\s+|\s+$//gr } $in->dom->find('.steps > li')->each;
}

# The numbers of the steps that are open.
sub open_steps
{
    my ($in) = @_;
    return map { $_->attr('id') =~ /(\d)/ } grep { exists $_->at('details')->attr->{open} } $in->dom->find('.steps > li')->each;
}

sub tenant { return $site->dbh->selectrow_hashref('SELECT * FROM afp_tenant WHERE company = ?', undef, 'acme') }

# ---- nothing yet ----

$page->open;
is_deeply [steps($page)], [('To do') x 4], 'before anything everything is to do';
is_deeply [open_steps($page)], [], 'and the steps are an overview';
$page->press('Generate a token');
is_deeply [open_steps($page)], [1, 2, 3], 'then what can be done is open';
like $page->text, qr/0 of 4 done/, 'with how far it is';
is $page->dom->at('.state a.main')->attr('href'), '#step-1', 'the first one is what to do next';
my $first = $page->dom->at('#step-1')->all_text;
like $first, qr/\b\Q$_\E read, write\b/, "it names the permission $_" for 'Application', 'Candidate', 'Comment', 'Custom Attributes', 'Job', 'User';
like $first, qr/Custom Field read, write, delete/, 'and that one may be deleted';
is $page->dom->at('#first_url')->text, 'https://site.example/integrations/webhook/pinpoint', 'the second shows the first address';
ok !$page->dom->at('#webhook_url'), 'the last one no address yet';
is $page->dom->find('.steps a[href^="https:"]')->size, 0, 'nothing leads to Pinpoint while it is not known which';

# ---- a draft ----

$page->fill('Tenant ID and subdomain' => 'https://acme.pinpointhq.com/admin', 'API key' => 'pinpoint-key-of-acme')
    ->press('Save and finish later');
is $page->posted->code, 303, 'what is there can be saved';
like $page->text, qr/Saved\. Come back whenever you like.* State: Not connected/, 'which connects nothing';
is_deeply [steps($page)], ['Done', ('To do') x 3], 'the first step is done';
is $page->dom->at('.state a.main')->attr('href'), '#step-2', 'the next is the second';
is $page->value('Tenant ID and subdomain'), 'acme', 'the subdomain is kept';
like $page->text, qr/Stored: fingerprint [0-9a-f]{8}, set on/, 'and the key';
is tenant()->{state}, 'created', 'the tenant is not connected';
my $uuid = tenant()->{company_uuid};
my $acme = { company => 'acme', secret => 'signing-secret-of-acme', status => '', uuid => $uuid, key => 'pinpoint-key-of-acme',
    token => 'assessfirst-token-of-acme', path => "/integrations/webhook/pinpoint?company_uuid=$uuid" };

$page->fill('Tenant ID and subdomain' => '127.0.0.1')->press('Save and finish later');
is $page->code, 422, 'what is wrong is refused in a draft, too';
$page->open->fill('Webhook secret signature' => $acme->{secret})->press('Save and finish later');
is_deeply [steps($page)], ['Done', 'Done', 'To do', 'To do'], 'the second step is done with the signing secret';
is $site->deliver($acme, AFP::Site::body($acme, 1))->code, 401, 'but its webhooks are refused until the settings are complete';
is $site->rows('afp_delivery'), 0, 'and not stored';
$page->press('Save');
is $page->code, 422, 'to connect, everything is needed';
is_deeply [map { $_->attr('href') } $page->dom->find('[role="alert"] a')->each], ['#assessfirst_token'], 'which says what is missing';

# ---- complete ----

$site->sandbox->company(key => $acme->{key});
$site->sandbox->account(token => $acme->{token}, limit => 100, models => ['Sales Executive']);
$page->fill('AssessFirst API token' => $acme->{token})->press('Save');
like $page->text, qr/Saved\.(?: The check is still running[^.]*\.)? State: Waiting for your first event/, 'then the company waits for its first event';
is_deeply [steps($page)], [('Done') x 3, 'To do'], 'three steps are done';
is_deeply [open_steps($page)], [4], 'the last is open';
is $page->dom->at('.state a.main')->attr('href'), '#step-4', 'and is what to do next';
is $page->dom->at('#webhook_url')->text, "https://site.example$acme->{path}", 'with the final address';
ok $page->dom->at('main')->attr('data-refresh') > 0, 'the page is renewed meanwhile';

# ---- the first event ----

# What another child knows may be a second old.
ok wait_until(sub { $site->deliver($acme, AFP::Site::body($acme, 1))->code == 202 }, 10), "Pinpoint's test event arrives";
is $site->finished(1)->{result}, 'skipped', 'and invites nobody';
my $live = $page->url . '?live=1';
ok wait_until(sub { $page->open($live)->text =~ /State: Connected Candidates are invited when they apply.*Last event received \d+ s ago/ }, 10),
    'which connects the company by itself';
like((steps($page))[3], qr/^Received \d+\x{a0}s ago$/, 'which a page that still shows the steps is told');
ok !$page->open->dom->at('.steps'), 'with every step done there is nothing to guide through';
$page->settings;
my @steps = steps($page);
like pop @steps, qr/^Received \d+\x{a0}(?:s|min) ago$/, 'the last step says when the first event came';
is_deeply \@steps, [('Done') x 3], 'as the others say that they are done';
is_deeply [open_steps($page)], [], 'they remain as a reference';

# ---- needs attention ----

$site->sandbox->fault(api => 'pinpoint', path => '/', status => 401, times => 0,
    body => { errors => [{ detail => 'Invalid API key' }] });
my @waiting = map { $site->application($acme) } 1 .. 3;
is $site->deliver($acme, AFP::Site::body($acme, $_->{id}, job_id => $_->{job_id}))->code, 202, 'a webhook' for @waiting;
ok wait_until(sub { ((steps($page->open))[0] // '') eq 'Needs attention' }, 15), 'a refused key brings the first step back';
ok wait_until(sub { $page->open->text =~ /Nothing is lost: 3 invitations are waiting and will be sent when the connection works again/ }, 15),
    'with what waits meanwhile';
is_deeply [open_steps($page)], [1], 'only that step is open';
$site->sandbox->clear_faults;
$page->press('Test connection');
ok wait_until(sub { $page->open->text =~ /State: Connected/ }, 15), 'until it works again';
is $site->finished($_->{id})->{result}, 'invited', 'what waited is sent' for @waiting;

$site->sandbox->fault(api => 'pinpoint', path => '/applications', status => 403, times => 0,
    body => { errors => [{ detail => 'Integration not enabled' }] });
my $blocked = $site->application($acme);
$site->deliver($acme, AFP::Site::body($acme, $blocked->{id}, job_id => $blocked->{job_id}));
ok wait_until(sub { $page->open->text =~ /Pinpoint refuses something that the API key should allow .*403: Integration not enabled/ }, 15),
    'a missing permission is told from a wrong key';
like $page->text, qr/1 invitation is waiting/, 'one waits';
$site->sandbox->clear_faults;
$page->press('Test connection');
is $site->finished($blocked->{id})->{result}, 'invited', 'until it is given';

# ---- links into Pinpoint ----

my $domain = $site->page('acme');
$domain->{url} = $server->url('/marketplace/pinpoint', 'domain');
$domain->open->press('Generate a token');
$domain->fill('Tenant ID and subdomain' => 'acme')->press('Save and finish later');
my @links = grep { /^https:/ } map { $_->attr('href') } $domain->dom->find('.steps a')->each;
is_deeply \@links, [('https://acme.pinpointhq.com/admin') x 2], 'once the subdomain is known the steps lead to that Pinpoint';
is_deeply [map { $_->attr('rel') } grep { $_->attr('href') =~ /^https:/ } $domain->dom->find('.steps a')->each],
    [('noopener noreferrer') x 2], 'which is not told where the administrator comes from';

# ---- a key of the site is lost ----

$server->expect_log(qr/AFP0110/);
$server->write_file('secret.keys', 'other:' . encode_base64('y' x 32, '') . "\n", 0600);
$server->renew;
ok wait_until(sub { $page->open->text =~ /State: Needs attention The stored secrets can no longer be read/ }, 15), 'lost secrets';
is_deeply [(steps($page))[0 .. 2]], ['Done', 'Done', 'Needs attention'], 'bring the third step back';
is $page->dom->at('.state a.main')->attr('href'), '/marketplace/pinpoint?view=settings#settings', 'with the way to the form';

done_testing;
