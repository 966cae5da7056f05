# Two administrators at the same time: nobody's change is lost silently. And nobody types a secret twice.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Digest::SHA qw(sha256_hex);
use Test::More;

use AFP::Site;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $site = AFP::Site->new->start;
my $acme = $site->connect('acme');
my ($one, $other) = map { $site->page('acme') } 1 .. 2;

sub stored { return $site->dbh->selectrow_hashref('SELECT * FROM afp_tenant WHERE company = ?', undef, 'acme') }
sub note_at { my ($page, $field) = @_; my $note = $page->dom->at("#$field-note"); return $note ? $note->all_text =~ s/\s+/ /gr : '' }
sub open_both { $_->settings for $one, $other; return }

# What the page says of a secret that is stored.
sub fingerprint { my ($secret) = @_; return substr sha256_hex($secret), 0, 8 }
sub stored_as { my ($secret) = @_; return 'Stored: fingerprint ' . fingerprint($secret) . ',' }

# ---- both change the same field ----

open_both();
$one->fill('Status' => 'Phone Screen')->press('Save');
is $one->posted->code, 303, 'the first one saves';
$other->fill('Status' => 'Interview')->press('Save');
is $other->code, 422, 'the second one is told';
like $other->dom->at('title')->text, qr/^Not saved/, 'in the title';
like $other->dom->at('[role="alert"]')->all_text, qr/Somebody else saved meanwhile.*nothing is lost/s, 'and on top';
is_deeply [map { $_->attr('href') } $other->dom->find('[role="alert"] a')->each], ['#status'], 'with the way to the field';
like note_at($other, 'status'), qr/Somebody else saved meanwhile: Phone Screen\./, 'which shows the other value';
like $other->dom->at('#status')->attr('aria-describedby'), qr/\bstatus-note\b/, 'and is described by it';
is $other->value('Status'), 'Interview', 'and still holds his own';
is stored()->{status}, 'Phone Screen', 'nothing was overwritten';
$other->press('Save');
is $other->posted->code, 303, 'saving once more';
is stored()->{status}, 'Interview', 'decides it';

# ---- each changes another field ----

open_both();
$one->fill('Status' => 'Screening')->press('Save');
$other->fill('Language of invitations' => 'fr-FR')->press('Save');
is $other->code, 422, "a save that would undo the other's is told, too";
is $other->value('Status'), 'Screening', "the field holds the other's value";
like note_at($other, 'status'), qr/Changed by somebody else while you were editing\. It was: Interview/, 'and says what it was';
is $other->value('Language of invitations'), 'fr-FR', 'his own change is there';
is note_at($other, 'locale'), '', 'without a note';
$other->press('Save');
is_deeply [@{ stored() }{qw(status locale)}], ['Screening', 'fr-FR'], 'saving once more keeps both';

# ---- what is no conflict ----

open_both();
$one->fill('Status' => 'Same')->press('Save');
$other->fill('Status' => 'Same')->press('Save');
is $other->posted->code, 303, 'who wanted the same is not bothered';
open_both();
$one->press('Generate a new token')->press('Generate a new token');
$other->fill('Status' => 'Later')->press('Save');
is $other->posted->code, 303, 'nor by a change that the form does not hold';
open_both();
$one->press('Pause')->press('Pause');
$other->fill('Status' => 'Paused')->press('Save');
is $other->posted->code, 303, 'nor by a pause';
is_deeply [@{ stored() }{qw(state status)}], ['paused', 'Paused'], 'which stays';
$one->open->press('Resume')->press('Resume');

# ---- secrets ----

open_both();
my $replacement = 'another-signing-secret-2222';
$one->fill('Webhook secret signature' => $replacement)->press('Save');
$other->fill('Status' => 'Kept')->press('Save');
is $other->posted->code, 303, 'a secret that was left empty stays what somebody else made it';
like $other->settings->text, qr/${\ stored_as('another-signing-secret-2222')}/, 'which it does';
open_both();
$one->fill('API key' => 'key-of-the-first-1111')->press('Save');
$other->fill('API key' => 'key-of-the-second-9999')->press('Save');
is $other->code, 422, 'two new keys are told';
like note_at($other, 'api_key'), qr/Somebody else saved meanwhile: fingerprint ${\ fingerprint('key-of-the-first-1111')}\. /,
    'with the fingerprint of the other one';
unlike note_at($other, 'api_key'), qr/1111/, 'of which no character is shown';
unlike $other->html, qr/key-of-the/, 'and neither key';
like $other->dom->at('#api_key-hint')->parent->all_text, qr/is kept, and not shown/, 'his own is kept';
$other->press('Save');
is $other->posted->code, 303, 'so that saving once more';
like $other->settings->text, qr/${\ stored_as('key-of-the-second-9999')}/, 'stores it without typing it again';

# ---- what is written to Pinpoint ----

open_both();
$one->fill('AssessFirst BRAIN' => 0)->press('Save');
$other->fill('AssessFirst VOICE' => 0)->press('Save');
is $other->code, 422, 'choices of both are told';
like $other->text, qr/Somebody else saved meanwhile: AssessFirst status, AssessFirst score, AssessFirst SWIPE, AssessFirst DRIVE, AssessFirst VOICE,/,
    'with what the other one ticked';
ok !exists $other->dom->at('#write_voice')->attr->{checked}, 'his own choice is there';
$other->press('Save');
is $other->posted->code, 303, 'and can be saved';

# ---- mistakes keep what was typed ----

$one->settings->fill('Tenant ID and subdomain' => 'not valid!', 'API key' => 'typed-once-only-7777')->press('Save');
is $one->code, 422, 'a mistake elsewhere';
unlike $one->html, qr/typed-once/, 'sends no secret back';
$one->fill('Tenant ID and subdomain' => 'acme')->press('Save');
is $one->posted->code, 303, 'and when it is corrected';
like $one->settings->text, qr/${\ stored_as('typed-once-only-7777')}/, 'the secret need not be typed again';
$one->settings->fill('Tenant ID and subdomain' => 'not valid!', 'API key' => 'first-thought-1212')->press('Save');
$one->fill('Tenant ID and subdomain' => 'acme', 'API key' => 'second-thought-3434')->press('Save');
like $one->settings->text, qr/${\ stored_as('second-thought-3434')}/, 'unless it is';

# ---- what the form remembers ----

my $form = $one->settings->dom;
my %hidden = map { $_->attr('name') => $_->attr('value') } $form->find('form.settings input[type="hidden"]')->each;
like $hidden{seen}, qr/^v1\.first\.[A-Za-z0-9+\/=]+$/, 'what the form remembers is sealed';
my %entered = (action => 'save', token => $hidden{token}, subdomain => 'acme', status => 'Blind', locale => 'fr-FR');
for my $seen ('', 'nonsense', $hidden{seen} =~ s/.{8}$//r, $site->page('acme')->agent ? 'v1.first.AAAA' : ()) {
    my $answer = $one->agent->post($one->url, { %entered, seen => $seen });
    is $answer->code, 422, 'a form that does not tell what its maker saw is compared with what is stored';
}
isnt stored()->{status}, 'Blind', 'and overwrites nothing';
$site->connect('beta');
my $beta = $site->page('beta')->settings;
my $foreign = $beta->dom->at('input[name="seen"]')->attr('value');
is $one->agent->post($one->url, { %entered, seen => $foreign })->code, 422, "another company's memory is none";

# ---- the API token ----

my $revoke = 'Revoke the token';
my $generate = 'Generate a new token';
sub generated { return ($_[0]->html =~ /(afp_[0-9a-f]{64})/)[0] }

open_both();
$one->press($revoke);
$other->press($generate)->press($generate);
my $deployed = generated($other);
ok $deployed, 'while one is asked whether to revoke the token the other one makes another';
$one->press($revoke);
like $one->text, qr/Nothing was done: what you saw has changed meanwhile/, 'which is not what the answer was about';
is stored()->{api_token_hash}, sha256_hex($deployed), 'and goes on to work';
$one->settings->press($revoke)->press($revoke);
is stored()->{api_token_hash}, '', 'asked again, he can revoke it';

$one->settings->press($generate);
like $one->text, qr/There is no API token now/, 'where there is none, none stops working';
unlike $one->text, qr/The token you have/, 'and nobody is told so';
$other->settings->press($generate)->press($generate);
$deployed = generated($other);
$one->press($generate);
like $one->text, qr/Nothing was done/, 'nor is a token replaced that was not there when it was asked';
is stored()->{api_token_hash}, sha256_hex($deployed), 'it goes on to work';
$one->settings->press($generate);
like $one->text, qr/The token you have stops working at once/, 'now it would stop';
$other->settings->press($revoke)->press($revoke);
$one->press($generate);
like $one->text, qr/Nothing was done/, 'what was revoked meanwhile is not replaced unasked';
is stored()->{api_token_hash}, '', 'either';
$one->settings->press($generate)->press($generate);
ok generated($one), 'whoever asks anew gets one';

# ---- before the company is connected ----

my ($quick, $slow) = map { $site->page('theta')->open } 1 .. 2;
$quick->press('Generate a token');
$slow->press('Generate a token');
like $slow->text, qr/The token you have stops working at once/, 'a first token that somebody else was quicker to make is not replaced unasked';

my ($early, $late) = map { $site->page('gamma') } 1 .. 2;
$early->open->press('Generate a token');
$late->open;
$site->save_settings({ company => 'gamma', subdomain => 'gamma', key => 'k' x 20, secret => 's' x 20, token => 't' x 20, status => '' });
$late->fill('Tenant ID and subdomain' => 'delta', 'API key' => 'x' x 20, 'Webhook secret signature' => 'y' x 20,
    'AssessFirst API token' => 'z' x 20)->press('Save');
is $late->code, 422, 'who fills in the form while somebody else connects the company is told';
is $late->value('Tenant ID and subdomain'), 'delta', 'and sees his values';
like note_at($late, 'subdomain'), qr/: gamma\./, 'beside the others';

# ---- while somebody else disconnects it ----

{
    my ($gone, $typing) = map { $site->page('gamma')->settings } 1 .. 2;
    $gone->open->press('Disconnect')->press('Disconnect');
    $typing->fill('Tenant ID and subdomain' => 'epsilon', 'API key' => 'typed-meanwhile-4444', 'Webhook secret signature' => 'u' x 20,
        'AssessFirst API token' => 'v' x 20)->press('Save');
    is $typing->code, 422, 'who saves a company that was disconnected meanwhile is told';
    like $typing->dom->at('[role="alert"]')->all_text, qr/Somebody else disconnected meanwhile.*nothing that you typed is lost/s, 'on top';
    like $typing->text, qr/State: Disconnected/, 'with the state that it has now';
    is $typing->value('Tenant ID and subdomain'), 'epsilon', 'what was typed is still there';
    unlike $typing->html, qr/typed-meanwhile/, 'secrets are not sent back';
    my $row = sub { $site->dbh->selectrow_hashref('SELECT * FROM afp_tenant WHERE company = ?', undef, 'gamma') };
    is_deeply [@{ $row->() }{qw(state subdomain api_key)}], ['disconnected', 'gamma', ''], 'and nothing is saved';
    $gone->open->press('Generate a token');
    $typing->press('Save');
    is $typing->posted->code, 303, 'after a token was generated the form can be saved as it is';
    is_deeply [@{ $row->() }{qw(state subdomain)}], ['connected', 'epsilon'], 'and connects the company';
    like $typing->settings->text, qr/${\ stored_as('typed-meanwhile-4444')}/, 'with what was typed';
}

done_testing;
