# Changing settings: masked secrets, validation, what is kept.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Digest::SHA qw(sha256_hex);
use Test::More;

use AFP::Process qw(wait_until);
use AFP::Site;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $site = AFP::Site->new(
    ports => ['token', 'domain'],
    config => "PinpointRetry first=1 cap=1\n",
    outside => <<'CONF');
<VirtualHost 127.0.0.1:@PORT_token@>
    ServerName token.example
    PinpointSite token.example
    PinpointWebhookURL https://token.example/integrations/webhook/pinpoint
    PinpointPageOrigin http://127.0.0.1:@PORT_token@
    AssessFirstToken "exec:/bin/cat @DIR@/token"
</VirtualHost>
<VirtualHost 127.0.0.1:@PORT_domain@>
    ServerName domain.example
    PinpointSite domain.example
    PinpointWebhookURL https://domain.example/integrations/webhook/pinpoint
    PinpointPageOrigin http://127.0.0.1:@PORT_domain@
    PinpointAPI https://{subdomain}.pinpointhq.com/api/v1
</VirtualHost>
CONF
$site->server->write_file('token', "token-of-the-site\n", 0600);
$site->start;

my $acme = $site->connect('acme', secret => 'first-signing-secret-1111');
my $page = $site->page('acme')->settings;
my $triggered = time;

# The settings of a company of the first site.
sub stored
{
    return $site->dbh->selectrow_hashref('SELECT * FROM afp_tenant WHERE company = ? AND site = ?', undef, $_[0], 'site.example');
}

# Whether every child answers so within the second or two that a change takes to reach all of them.
sub accepted
{
    my ($tenant, $application, $code) = @_;
    my $in_a_row = 0;
    return wait_until(sub {
        my $body = AFP::Site::body($tenant, $application, triggered_at => ++$triggered);
        $in_a_row = $site->deliver($tenant, $body)->code == $code ? $in_a_row + 1 : 0;
        return $in_a_row >= 10;
    }, 10);
}

# ---- secrets ----

for my $secret (@$acme{qw(key secret token)}) {
    unlike $page->html, qr/\Q$secret\E/, 'a secret is never shown again';
    my $fingerprint = substr sha256_hex($secret), 0, 8;
    like $page->text, qr/Stored: fingerprint $fingerprint, set on \d+ \w+ \d{4}, [\d:]+ UTC by acme\./,
        'but its fingerprint is, with who set it when';
}
is $page->value($_), '', "the field \"$_\" is empty"
    for 'API key', 'Webhook secret signature', 'AssessFirst API token';
my $row = stored('acme');
for my $column (qw(api_key signing_secret assessfirst_token)) {
    like $row->{$column}, qr/^v1\.first\./, "$column is encrypted in the database";
}

$page->fill('Status' => '  Phone Screen ')->press('Save');
like $page->text, qr/Saved/, 'settings can be changed with the secret fields left empty';
is $page->value('Status'), 'Phone Screen', 'the status is trimmed';
like $page->text, qr/Now: Application stage changed to .Phone Screen./, 'and its meaning shown';
$acme->{status} = 'Phone Screen';
my $application = $site->application($acme);
ok accepted($acme, $application->{id}, 202), 'the secrets still hold, and soon the new status decides everywhere';

$page->fill('Webhook secret signature' => 'second-signing-secret-2222')->press('Save');
my $fingerprint = substr sha256_hex('second-signing-secret-2222'), 0, 8;
like $page->text, qr/Stored: fingerprint $fingerprint/, 'a secret can be replaced';
sub former { my $part = $page->settings->dom->at('#former') or return ''; return $part->parent->all_text =~ s/\s+/ /gr }
like former(), qr/Stored: fingerprint \w{8}, set on .* by acme\. .*used/, 'the former one stays by default';
ok accepted($acme, 1, 202), 'and is still accepted';
ok wait_until(sub { former() =~ /Last used \d+ s ago/ }, 10), 'the page says when it was last used';
my %former = %$acme;
$acme->{secret} = 'second-signing-secret-2222';
ok accepted($acme, 2, 202), 'as is the new one';
is stored('acme')->{former_until}, 0, 'until it is removed';
ok wait_until(sub { $page->settings->text =~ /fingerprint $fingerprint[^.]*\. Last used/ }, 10), 'of the new one, too, it is said when it matched';

$page->settings->press('Remove the former secret');
is $page->code, 200, 'to remove it asks first';
like $page->text, qr/It was last used \d+ (?:s|min) ago/, 'with when it was last used';
ok accepted(\%former, 3, 202), 'nothing has happened yet';
$page->press('Remove the former secret');
like $page->text, qr/The former secret was removed/, 'then it is removed';
ok !$page->dom->at('#former'), 'and shown no more';
ok accepted(\%former, 4, 401), 'what it signed is refused';
ok accepted($acme, 5, 202), 'what the other one signed is not';

$page->settings->fill('Webhook secret signature' => 'third-signing-secret-3333',
    'When it is replaced, go on accepting the former secret' => 0)->press('Save');
is former(), '', 'without the tick no former secret stays';
ok accepted($acme, 6, 401), 'and it is refused';
$acme->{secret} = 'third-signing-secret-3333';

# ---- errors ----

$page->open->fill('Tenant ID and subdomain' => 'https://acme.evil example/', 'Status' => "New\tbad",
    'API key' => 'canary with blanks', 'Webhook secret signature' => 'canary-of-the-secret')->press('Save');
is $page->code, 422, 'wrong values are refused';
like $page->text, qr/Nothing was saved/, 'at the top it is said that nothing was saved';
for my $field (qw(subdomain status api_key)) {
    my $link = $page->dom->at(qq{div[role="alert"] a[href="#$field"]});
    ok $link, "the summary leads to the field $field";
    my $error = $page->dom->at("#$field-error");
    ok $error, 'beside which the error stands';
    my ($words) = $error->all_text =~ /^Error: (.*)/;
    like $link->all_text, qr/\Q$words\E/, 'in the same words';
    my $input = $page->dom->at("#$field");
    is $input->attr('aria-invalid'), 'true', 'the field is marked';
    like $input->attr('aria-describedby'), qr/\b$field-error\b/, 'and described by its error';
}
like $page->dom->at('title')->text, qr/^Not saved/, 'the title says it as well';
is $page->value('Tenant ID and subdomain'), 'https://acme.evil example/', 'what was entered is kept';
is $page->value('Status'), "New\tbad" =~ s/\t/\x{fffd}/r, 'also the status';
unlike $page->html, qr/canary/, 'secrets are not sent back';
like $page->dom->at('#api_key-hint')->parent->all_text, qr/not shown again: enter it once more/, 'what is wrong is dropped';
like $page->dom->at('#signing_secret-hint')->parent->all_text, qr/is kept, and not shown/, 'what is right is kept';
is stored('acme')->{status}, 'Phone Screen', 'the stored settings stay as they were';
is stored('acme')->{state}, 'connected', 'the connection too';

my %subdomain = (
    'https://assess-first-sandbox.pinpointhq.com/admin' => 'assess-first-sandbox',
    'HTTPS://Acme.PinpointHQ.com' => 'acme',
    'acme.pinpointhq.com' => 'acme',
    ' acme ' => 'acme',
    'acme.pinpointhq.com:443/admin?x#y' => 'acme',
);
my $domain = $site->page('acme');
$domain->{url} = $site->server->url('/marketplace/pinpoint', 'domain');
$domain->open->press('Generate a token');
for my $entered (sort keys %subdomain) {
    $domain->open->fill('Tenant ID and subdomain' => $entered, 'API key' => 'k' x 20,
        'Webhook secret signature' => 's' x 20, 'AssessFirst API token' => 't' x 20)->press('Save');
    is $domain->value('Tenant ID and subdomain'), $subdomain{$entered}, "\"$entered\" is understood";
    like $domain->text, qr{Understood as https://$subdomain{$entered}\.pinpointhq\.com\.}, 'and shown';
}
for my $entered ('https://acme.evil.example/', 'https://pinpointhq.com.evil.example', 'evil.example',
    'https://acme.pinpointhq.com@evil.example/', 'https://evil.example\\.pinpointhq.com/', '127.0.0.1',
    'http://[::1]/', 'a.b.pinpointhq.com', 'https://evil.example#.pinpointhq.com',
    'https://evil.example?.pinpointhq.com', "acme\x{3002}pinpointhq.com", 'ftp://acme.pinpointhq.com',
    'localhost.', '-acme', '', 'a' x 64)
{
    $domain->open->fill('Tenant ID and subdomain' => $entered)->press('Save');
    if ($entered eq 'localhost.') {
        like $domain->text, qr{Understood as https://localhost\.pinpointhq\.com}, 'a label stays a label';
        next;
    }
    is $domain->code, 422, "\"$entered\" leads nowhere";
}
like stored('acme')->{subdomain} , qr/^acme$/, 'the other site\'s tenant is another';

# ---- a token for the whole vhost ----

my $shared = $site->page('acme');
$shared->{url} = $site->server->url('/marketplace/pinpoint', 'token');
$shared->open->press('Generate a token');
ok !$shared->field('AssessFirst API token'), 'with AssessFirstToken nobody is asked for a token';
$shared->fill('Tenant ID and subdomain' => 'acme', 'API key' => 'k' x 20,
    'Webhook secret signature' => 's' x 20)->press('Save');
like $shared->text, qr/\bSaved\b/, 'and the settings are complete without it';
unlike $shared->html, qr/token-of-the-site/, 'it is shown to nobody';

# ---- the language ----

is $page->open->value('Language of invitations'), 'en-US', 'invitations are in English by default';
$page->fill('Language of invitations' => 'pt-BR')->press('Save');
is stored('acme')->{locale}, 'pt-BR', 'or in another language';
$page->fill('Language of invitations' => 'xx-XX')->press('Save');
is $page->code, 422, 'one of those that are offered';

done_testing;
