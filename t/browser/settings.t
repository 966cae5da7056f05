# The settings and the life of a connection in a real browser: secrets, checks, pause, changes, erasing
# and disconnecting.
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

my $site = invite_site(config => <<'CONF');
<Location /late.html>
    ForceType text/html
</Location>
<Location /marketplace/nobody>
    SetHandler assessfirst-pinpoint-marketplace
    AuthType Basic
    AuthName company
    AuthUserFile "@DIR@/users"
    Require valid-user
    PinpointCompany %{env:NOBODY}
</Location>
CONF
$site->server->allow_log(qr/AFP03\d\d/, qr/AFP02\d\d/);

# The settings as they were sent from a page that was open for too long.
sub write_late_form
{
    my ($company) = @_;
    my $token = AFP::Site::form_token($company, $company, time - 13 * 3600);
    $site->server->write_file('htdocs/late.html', <<"HTML");
<!DOCTYPE html>
<html lang="en">
<title>Late</title>
<link rel="icon" href="data:,">
<form method="post" action="$AFP::Site::page_path">
<input type="hidden" name="token" value="$token">
<input type="hidden" name="action" value="save">
<input type="hidden" name="subdomain" value="acme">
<input type="hidden" name="status" value="Late Stage">
<button>Send</button>
</form>
</html>
HTML
    return;
}

for my $visit (AFP::Browser->visits($site)) {
    my $name = $visit->name;
    my $acme = connected($site, $visit->company, status => 'Applied');
    my $ada = invited($site, $acme);

    # ---- the language ----

    my ($here, $other) = $visit->language eq 'en' ? ('English', 'Français') : ('Français', 'English');
    $visit->open('view=settings')->follow(\$other);
    is $visit->dom->at('html')->attr('lang'), $other eq 'English' ? 'en' : 'fr', "$name: the page speaks the other language, too";
    $visit->follow(\$here);
    is $visit->dom->at('html')->attr('lang'), $visit->language, "$name: and this one again";
    is $visit->address, '?view=settings', "$name: where one is";

    # ---- secrets ----

    $visit->open->follow('Settings');
    $visit->check('settings');
    $visit->fill('Webhook secret signature' => "second-secret-of-$name")->press('Save');
    like $visit->text, $visit->pattern('Saved.'), "$name: a secret is replaced";
    ok $visit->has(heading => 'Former webhook secret signature'), "$name: the former one stays";
    $visit->check('two-secrets');
    $visit->press('Remove the former secret');
    $visit->check('ask-remove');
    $visit->press('Remove the former secret');
    like $visit->text, $visit->pattern('AFP_WORDS_SAID_FORMER_REMOVED'), "$name: until it is removed";
    ok !$visit->has(heading => 'Former webhook secret signature'), "$name: and is shown no more";

    # ---- somebody else meanwhile ----

    $visit->open('view=settings');
    $site->page($visit->company)->settings->fill('Status' => 'Interview')->press('Save');
    $visit->fill('Status' => 'Aplied')->press('Save');
    is $visit->status, 422, "$name: what somebody else changed meanwhile is not lost";
    $visit->check('meanwhile');
    $visit->press('Save');
    like $visit->text, $visit->pattern('Saved.'), "$name: unless one wants that";
    $visit->check('no-such-stage');

    # ---- a key that is refused, a permission that is missing ----

    $site->press_checked($visit->fill('API key' => 'a-key-that-nobody-knows', 'Status' => 'Applied'), 'Save');
    like $visit->text, $visit->pattern('AFP_WORDS_SAID_KEY_REFUSED'), "$name: a key that Pinpoint refuses is told at once";
    $visit->check('key-refused');
    $visit->open;
    like $visit->text, $visit->pattern('State: %s', 'Needs attention'), "$name: and on the overview";
    $visit->check('attention');
    $visit->follow('Replace the API key');
    $site->press_checked($visit->fill('API key' => $acme->{key}), 'Save');
    $site->sandbox->company(key => $acme->{key}, deny => { comments => 'write', custom_fields => 'delete' });
    $site->press_checked($visit->open, 'Test connection');
    like $visit->text, $visit->pattern('AFP_WORDS_GRANT_MISSING'), "$name: a permission that is missing is named";
    $visit->check('permission-missing');
    $site->sandbox->company(key => $acme->{key}, deny => {});
    $site->press_checked($visit, 'Test connection');
    like $visit->text, $visit->pattern('AFP_WORDS_SAID_WORKS'), "$name: until it is given";
    $visit->check('tested');

    # ---- pause ----

    $visit->open('view=settings')->press('Pause');
    $visit->check('ask-pause');
    $visit->press('Pause');
    like $visit->text, $visit->pattern('State: %s', 'AFP_WORDS_STATE_PAUSED'), "$name: the connection is paused";
    trigger($site, { %$acme, secret => "second-secret-of-$name" }, applicant($site, $acme));
    $visit->open;
    like $visit->text, $visit->pattern('%s invitation is waiting and will be sent when you resume.', 1), "$name: what arrives waits";
    $visit->check('paused');
    $visit->press('Resume');
    $visit->check('ask-resume');
    $visit->press('Resume');
    like $visit->text, $visit->pattern('State: %s', 'AFP_WORDS_STATE_CONNECTED'), "$name: and is resumed";

    # ---- erasing ----

    $visit->open('view=settings')->press('Erase');
    is $visit->status, 422, "$name: nobody is nobody";
    is $visit->focused->{tag}, 'div', "$name: which is told where the focus is";
    $visit->check('erase-nobody');
    $visit->fill('Application id in Pinpoint' => $ada->{id})->press('Erase');
    $visit->fill(['Type %s to confirm', $ada->{id}] => 'no')->press('Erase a candidate’s data');
    $visit->check('ask-erase');
    $visit->fill(['Type %s to confirm', $ada->{id}] => $ada->{id})->press('Erase a candidate’s data');
    like $visit->text, $visit->pattern('AFP_WORDS_SAID_ERASED'), "$name: a candidate's data is erased";

    # ---- the API token ----

    $visit->press('Generate a new token');
    $visit->check('ask-generate');
    $visit->press('Generate a new token');
    like $visit->text, qr/afp_[0-9a-f]{64}/, "$name: another token can be had";
    $visit->press('Revoke the token');
    $visit->check('ask-revoke');
    $visit->press('Revoke the token');
    like $visit->text, $visit->pattern('AFP_WORDS_SAID_REVOKED'), "$name: and be revoked";

    # ---- a form that is too old, an event that is not known ----

    write_late_form($visit->company);
    $visit->open('/late.html')->press(\'Send');
    is $visit->status, 403, "$name: a form that was open for too long is refused";
    like $visit->text, $visit->pattern('AFP_WORDS_OPEN_TOO_LONG', 12), "$name: with the reason";
    is $visit->value('Status'), 'Late Stage', "$name: and what was typed";
    $visit->check('late');
    trigger($site, { %$acme, secret => "second-secret-of-$name" }, applicant($site, $acme), event => 'application_transmogrified');
    $visit->open;
    like $visit->text, qr/application_transmogrified/, "$name: an event that is not known is told";
    $visit->check('unknown-event');

    # ---- changes ----

    $visit->follow('Changes');
    ok $visit->says('AFP_WORDS_DEED_PAUSED') && $visit->says('AFP_WORDS_DEED_CHANGED', 'Status', 'Applied', 'Interview'), "$name: it is told who changed what";
    $visit->check('changes');

    # ---- the end ----

    $visit->open('view=settings')->press('Disconnect');
    $visit->check('ask-disconnect');
    $visit->press('Disconnect');
    like $visit->text, $visit->pattern('State: %s', 'AFP_WORDS_STATE_DISCONNECTED'), "$name: it is disconnected";
    $visit->check('disconnected');

    $visit->open('/marketplace/nobody');
    is $visit->status, 403, "$name: who acts for nobody is told";
    $visit->check('nobody');
}

done_testing;
