# Who changed what: settings, secrets (never their values), states, tokens.
# matrix: database

use strict;
use utf8;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;

my $site = invite_site();
my $acme = connected($site, 'acme');
my $page = $site->page('acme');

# The rows of the list, newest first: what was done (of one moment, sorted).
sub changes
{
    return map { $_->at('.words')->text } $page->open("$page->{url}?view=changes")->dom->find('section tbody tr')->each;
}

# What the latest change added to the list.
my $seen = 0;
sub added
{
    my @all = changes();
    my $new = @all - $seen;
    $seen = @all;
    return [sort @all[0 .. $new - 1]];
}

sub asked { my ($button) = @_; return $page->press($button)->press($button) }

is_deeply added(), [sort 'API token generated', 'Connected', 'Tenant ID and subdomain: from (nothing) to acme',
    'API key: set', 'Webhook secret signature: set', 'AssessFirst API token: set'], 'connecting is told';
is $page->dom->at('section tbody td.result')->text, 'acme', 'with the user';
like $page->dom->at('section tbody td.time time')->attr('datetime'), qr/^\d{4}-\d\d-\d\dT/, 'and the time';

$page->settings->fill('Status' => 'Phone <b>Screen</b>', 'Language of invitations' => 'fr-FR', 'AssessFirst SWIPE' => 0)->press('Save');
is_deeply added(), ['Language of invitations: from en-US to fr-FR', 'Status: from (nothing) to Phone <b>Screen</b>',
    'What is written to Pinpoint: from AssessFirst status, AssessFirst score, AssessFirst SWIPE, AssessFirst DRIVE,'
    . ' AssessFirst BRAIN, AssessFirst VOICE, AssessFirst results, A comment when the assessment is complete to'
    . ' AssessFirst status, AssessFirst score, AssessFirst DRIVE, AssessFirst BRAIN, AssessFirst VOICE, AssessFirst results,'
    . ' A comment when the assessment is complete'], 'settings are told with before and after';
unlike $page->html, qr/<b>/, 'as text';

$page->settings->fill('API key' => 'canary-of-the-key', 'Webhook secret signature' => 'canary-of-the-secret')->press('Save');
is_deeply added(), ['API key: replaced', 'Former webhook secret signature: set', 'Webhook secret signature: replaced'],
    'of secrets only that they were replaced';
asked('Remove the former secret') if $page->settings;
is_deeply added(), ['Former webhook secret signature: removed'], 'or removed';
is scalar(grep { grep { defined && /canary|\Q$acme->{key}\E/ } @$_ } @{ $site->dbh->selectall_arrayref('SELECT * FROM afp_audit') }), 0,
    'no secret is in the trail';

$page->settings->press('Save');
is_deeply added(), [], 'what changes nothing is not told';

$page->settings;
asked('Pause');
is_deeply added(), ['Paused'], 'a pause is told';
$page->open;
asked('Resume');
is_deeply added(), ['Resumed'], 'its end';
$page->open->press('Test connection');
is_deeply added(), ['Connection tested'], 'and a test';

# ---- tokens ----

$page->settings->press('Revoke the token');
is $page->code, 200, 'to revoke the token asks first';
like $page->text, qr/Programs that use the token are refused at once/, 'and says what it means';
$page->press('Revoke the token');
like $page->text, qr/The API token was revoked/, 'then it is revoked';
like $page->text, qr/There is no token: it was revoked/, 'which the page goes on saying';
ok !$page->has_button('Revoke the token'), 'there is none to revoke';
is $site->dbh->selectrow_array('SELECT api_token_hash FROM afp_tenant'), '', 'its hash is gone';
is_deeply added(), ['API token revoked'], 'that is told';
$page->settings;
asked('Generate a new token');
like $page->html, qr/<code[^>]*id="api_token">afp_[0-9a-f]{64}</, 'another one can be generated';
is_deeply added(), ['API token generated'], 'that, too';

# ---- disconnecting ----

$page->settings->press('Disconnect')->fill('Also delete the custom fields' => 1)->press('Disconnect');
is_deeply added(), ['Disconnected, with the custom fields in Pinpoint to be deleted'], 'whether the fields go, too, is told';
$page->agent->default_header('Accept-Language' => 'fr');
is((changes())[0], 'Déconnecté, avec suppression demandée des champs personnalisés dans Pinpoint', 'in French as well');
$page->agent->default_header('Accept-Language' => 'en');

# ---- pages ----

$site->dbh->do('INSERT INTO afp_audit (id, company_uuid, at, who, action, what, former, present) VALUES (?, ?, ?, ?, ?, ?, ?, ?)', undef,
    sprintf('%032x', $_), $acme->{uuid}, $_, 'bob', 'changed', 'status', '', "number $_") for 1 .. 60;
my @pages;
$page->open("$page->{url}?view=changes");
while (1) {
    push @pages, [map { $_->at('.words')->text } $page->dom->find('section tbody tr')->each];
    my $older = $page->dom->find('a.button')->grep(sub { $_->text eq 'Older changes' })->first // last;
    $page->open(URI->new_abs($older->attr('href'), $page->{url}));
}
my @all = map { @$_ } @pages;
is scalar(@all), $seen + 60, 'page by page all changes are told';
is_deeply [map { scalar @$_ } @pages[0 .. $#pages - 1]], [(25) x $#pages], '25 on each';
is $all[-1], 'Status: from (nothing) to number 1', 'the oldest one last';
ok $page->dom->find('a.button')->grep(sub { $_->text eq 'Newest changes' })->first, 'from where a link leads back';
is $page->open("$page->{url}?view=changes&before=nonsense")->code, 200, 'an address that nobody made is no failure';

# ---- another company ----

my $globex = $site->connect('globex', no_sandbox => 1);
my $other = $site->page('globex')->open("$page->{url}?view=changes");
unlike $other->text, qr/Phone|number/, 'another company sees its own changes only';

done_testing;
