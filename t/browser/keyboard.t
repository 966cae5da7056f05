# The page by keyboard alone: every action is reached by Tab, in the order of the page, and can be seen
# to have the focus.
# matrix: unsanitized

use strict;
use utf8;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Browser;
use AFP::Results;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

my $site = invite_site();
my $beta = connected($site, 'beta');
my $ada = invited($site, $beta);
my $acme = { company => 'acme', secret => 'signing-secret-of-acme', key => 'pinpoint-key-of-acme', token => 'assessfirst-token-of-acme' };
$site->sandbox->company(key => $acme->{key});
$site->sandbox->account(token => $acme->{token}, limit => 100, models => ['Sales Executive']);

# ---- reaching everything ----

my $visit = AFP::Browser->new($site, company => 'beta');
for my $view ('', 'view=activity', 'view=settings', "view=application&application=$ada->{id}", 'view=changes') {
    for my $width (1280, 320) {
        my $name = ($view || 'overview') . " at $width";
        my $way = $visit->open($view)->stops($width);
        my @stops = @{ $way->{stops} };
        my $what = sub { return [map { "$_->{tag} " . ($_->{id} || $_->{name}) } @_] };
        cmp_ok scalar @stops, '>', 5, "$name: there is something to reach";
        is_deeply $what->(@stops), $what->(@{ $way->{expected} }), "$name: everything is reached, in the order of the page";
        is_deeply $what->(grep { !$_->{is_marked} } @stops), [], "$name: and is marked";
        is_deeply $what->(grep { !$_->{is_in_view} || $_->{is_covered} } @stops), [], "$name: and is in view";
    }
}
$visit->open->keys('Tab');
is $visit->focused->{name}, $visit->words('AFP_WORDS_SKIP'), 'the first stop leads past the top of the page';
$visit->keys('Enter');
is $visit->focused->{id}, 'main', 'to its main part';

# ---- connecting ----

$visit = AFP::Browser->new($site, company => 'acme');
$visit->open->tab_to('Generate a token')->keys(leads => 1, 'Enter');
like $visit->text, qr/afp_[0-9a-f]{64}/, 'a token is generated';
$visit->tab_to('Copy')->keys(shows => ['button', 'Copied'], 'Space');
like $visit->clipboard, qr/^afp_[0-9a-f]{64}$/, 'and copied';
$visit->tab_to('Tenant ID and subdomain')->keys(['acme'])->tab_to('API key')->keys([$acme->{key}])->keys(leads => 1, 'Enter');
is $visit->status, 422, 'Enter sends the form';
$visit->keys('Tab', 'Enter', [$acme->{secret}])->tab_to('Language of invitations')->keys('ArrowDown')
    ->tab_to('AssessFirst API token')->keys([$acme->{token}], 'Tab', 'Space')->tab_to('Save')->keys(leads => 1, 'Enter');
like $visit->text, $visit->pattern('State: %s', 'Waiting for your first event'), 'the company is connected';
my $tenant = $site->dbh->selectrow_hashref('SELECT * FROM afp_tenant WHERE company = ?', undef, 'acme');
is $tenant->{locale}, 'es-ES', 'with the language that was chosen';
unlike $tenant->{choices}, qr/status/, 'and without what was not';

# ---- and disconnecting ----

$visit->tab_to('Settings')->keys(leads => 1, 'Enter');
$visit->tab_to('Disconnect')->keys(leads => 1, 'Enter');
$visit->tab_to('Disconnect')->keys(leads => 1, 'Enter');
like $visit->text, $visit->pattern('State: %s', 'AFP_WORDS_STATE_DISCONNECTED'), 'and disconnected again';

done_testing;
