# The whole activity, a page at a time: found by state and application, and what is done with all that
# match.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);
use URI ();

use AFP::Process qw(wait_until);
use AFP::Site;

my $site = AFP::Site->new->start;
$site->server->allow_log(qr/AFP03\d\d/, qr/AFP02\d\d/);
my $acme = $site->connect('acme');
my $beta = $site->connect('beta');
my $page = $site->page('acme');
my $dbh = $site->dbh;
my $now = int(time * 1_000_000);

# Paused, so that what is tried again only waits.
$page->open->press('Pause');
$page->press('Pause') if $page->code == 200 && $page->has_button('Pause') && $page->text !~ /State: Paused/;
like $page->open->text, qr/State: Paused/, 'a company that is paused';

# A finished follow-up that ended this many minutes ago; the id is the number in hex.
sub add_finished
{
    my ($number, $result, %option) = @_;
    $dbh->do('INSERT INTO afp_finished (id, company_uuid, kind, result, delivery_id, application_id, job_id,'
            . ' occurrence, anyway, attempts, created_at, finished_at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, 1, 1, ?, ?)',
        undef, sprintf('%032x', $number), ($option{tenant} // $acme)->{uuid}, $option{kind} // 'invite', $result, '',
        $option{application} // $number, '7', $option{at} // $now - ($option{minutes} // $number) * 60_000_000,
        $option{reason} // 'because');
    return;
}

sub view { my (%query) = @_; my $uri = URI->new($page->url); $uri->query_form(%query); return $page->open($uri) }
sub list { my (%query) = @_; return view(view => 'activity', %query) }

# The rows of the list: [application, state, why, buttons].
sub rows
{
    return map {
        [map { $_->all_text =~ s/\s+/ /gr =~ s/^ | $//gr } $_->find('th, td.result, td.words, td.does')->each]
    } $page->dom->find('.scroll tbody tr')->each;
}

sub applications { return map { $_->[0] } rows() }

sub follow
{
    my ($text) = @_;
    my ($link) = grep { $_->all_text =~ /^\s*\Q$text\E\s*$/ } $page->dom->find('main a')->each;
    return $link && $page->open(URI->new_abs($link->attr('href'), $page->url));
}

# ---- pages -------------------------------------------------------------------------------------

list();
is $page->code, 200, 'the activity has a view of its own';
like $page->text, qr/Nothing yet/, 'which says what will appear';
is $page->dom->at('nav.tabs [aria-current]')->all_text, 'Activity', 'and is one of the tabs';

my %state = (0 => 'invited', 1 => 'skipped', 2 => 'dead', 3 => 'uncertain');
add_finished($_, $state{ $_ % 4 }) for 1 .. 120;
add_finished(999, 'dead', tenant => $beta);

list();
is_deeply [applications()], [1 .. 50], 'the newest come first, fifty on a page';
ok !$page->dom->at('a[rel="prev"]'), 'there are none before';
follow('Older');
is_deeply [applications()], [51 .. 100], 'older ones follow';
follow('Older');
is_deeply [applications()], [101 .. 120], 'to the end';
ok !$page->dom->at('a[rel="next"]'), 'where there are none behind';
follow('Newer');
is_deeply [applications()], [51 .. 100], 'and back';
add_finished(500, 'invited', minutes => 0);
follow('Newer');
is_deeply [applications()], [1 .. 50], 'to what was seen there, whatever came meanwhile';
follow('Newer');
is_deeply [applications()], [500, 1 .. 49], 'which is at the beginning';
follow('Older');
follow('Newest');
is_deeply [applications()], [500, 1 .. 49], 'to which one may go at once';

# ---- states ------------------------------------------------------------------------------------

my %shown = (invited => 'Invited', skipped => 'Skipped', failed => 'Failed', uncertain => 'Uncertain');
for my $name (sort keys %shown) {
    list(state => $name);
    is_deeply [sort { $a <=> $b } grep { $_ != 500 } applications()],
        [grep { $state{ $_ % 4 } eq ($name eq 'failed' ? 'dead' : $name) } 1 .. 120], "all that are $name are found";
    is_deeply [grep { $_->[1] ne $shown{$name} } rows()], [], 'and no others';
    is $page->dom->at('option[selected]')->attr('value'), $name, 'the form says what was asked for';
}
list(state => 'waiting');
like $page->text, qr/Nothing like that happened/, 'nothing is said where there is nothing';
for my $odd ('dead', 'everything', "'; DROP TABLE afp_finished; --") {
    list(state => $odd);
    is scalar(rows()), 50, "$odd is no state: everything is shown";
    unlike $page->html, qr/DROP TABLE/, 'and it is not repeated' if $odd =~ /DROP/;
}
list(before => $_) for 'nonsense', '5-' . '0' x 31, "1-' OR 1=1 --", '99999999999999999999-' . 'a' x 32;
is scalar(rows()), 50, 'what is no place in the list is its beginning';

# ---- applications ------------------------------------------------------------------------------

add_finished(600, 'skipped', application => 42, minutes => 1000, reason => 'an old reason');
list(application => 42);
is_deeply [applications()], [42, 42], 'an application is found';
is_deeply [map { $_->[1] } rows()], ['Failed', 'Skipped'], 'with everything that happened to it';
like $page->dom->at('#answer')->all_text, qr/^Not invited$/, 'and it says whether the candidate was invited';
list(application => 42, state => 'skipped');
is_deeply [map { $_->[2] } rows()], ['an old reason'], 'also together with a state';
list(application => ' https://acme.pinpointhq.com/admin/jobs/7/applications/42?tab=1 ');
is scalar(rows()), 2, 'by the address that it has in Pinpoint';
list(application => 999);
is scalar(rows()), 0, 'another company is not looked at';
like $page->text, qr/Nothing is known of this application/, 'it is not known here';

for my $odd ('Ada', '42; DROP', '"><script>alert(1)</script>', '1' x 21) {
    list(application => $odd);
    is $page->code, 200, 'what is no application';
    like $page->text, qr/Error: Enter the number of an application/, 'is answered with what to enter';
    is $page->dom->at('#application')->attr('value'), $odd, 'and is still there to correct';
    is $page->dom->at('#application')->attr('aria-invalid'), 'true', 'marked';
    my $mistake = $page->dom->at('[role="alert"][autofocus] a');
    is $mistake && $mistake->attr('href'), '#application', 'and told on top, with the way to it';
    like $page->dom->at('title')->text, qr/^Error: Activity/, 'and in the title';
    is scalar(rows()), 0, 'without a list';
    unlike $page->html =~ s{<script src=[^>]*></script>}{}r, qr/<script/, 'and comes out as text';
}
$page->open($page->url . '?view=activity&application=1&application=2');
is $page->code, 200, 'a parameter that is there twice';
is $page->dom->at('nav.tabs [aria-current]')->all_text, 'Overview', 'asks for nothing';

# ---- hostile words -----------------------------------------------------------------------------

my $hostile = q{</td><script>alert("1")</script> & 'so' <svg onload=x>};
add_finished(700, 'skipped', minutes => -1, reason => $hostile);
$dbh->do('INSERT INTO afp_delivery (id, company_uuid, digest, event, application_id, job_id, triggered_at, received_at,'
        . ' length, ignored, guards) VALUES (?, ?, ?, ?, ?, ?, 1, ?, 1, ?, 1)',
    undef, 'e' x 32, $acme->{uuid}, 'e' x 64, '<b>event</b>', '701', '', $now + 120_000_000, $hostile);
$dbh->do('INSERT INTO afp_ignored (id, company_uuid, received_at) VALUES (?, ?, ?)', undef, 'e' x 32, $acme->{uuid}, $now + 120_000_000);
for my $address ("?view=activity", '?view=application&application=701', '?view=application&application=700') {
    $page->open($page->url . $address);
    like $page->text, qr/\Q$hostile\E/, 'hostile words are shown as they are';
    unlike $page->html =~ s{<style>.*?</style>|<script src=[^>]*></script>}{}sgr, qr/<script|<b>|onload=x>(?!.*&)/, 'and are nothing but words';
    is $page->dom->find('svg [onload], svg script')->size, 0, 'in pictures as well';
}

# ---- numbers -----------------------------------------------------------------------------------

my $day = 86_400_000_000;
$now = int(time * 1_000_000);
$dbh->do('INSERT INTO afp_day (company_uuid, day, result, number) VALUES (?, ?, ?, ?)',
    undef, $acme->{uuid}, $now - $now % $day - $_->[0] * $day, $_->[1], $_->[2])
    for [0, 'invited', 12], [0, 'skipped', 3], [1, 'dead', 2], [1, 'uncertain', 1], [13, 'invited', 1234];
list();
my %tile = map { $_->at('dt')->all_text => $_->at('dd')->all_text } $page->dom->find('.tiles > div')->each;
is $tile{'Sent today'}, 12, 'it says how many were sent today';
is $tile{Failed}, 30, 'and how many failed';
my @table = map { [map { $_->all_text } $_->find('th, td')->each] } $page->dom->find('table.numbers tbody tr')->each;
is scalar @table, 14, 'the chart has fourteen days, and a table of them';
is_deeply [@{ $table[0] }[1 .. 3]], [12, 3, 0], 'today first';
is_deeply [@{ $table[1] }[1 .. 3]], [0, 0, 3], 'then yesterday';
is $table[13][1], 1234, 'to the beginning';
my @bars = map { $_->attr('height') } $page->dom->at('svg.chart')->find('rect.sent')->each;
is_deeply \@bars, [90, 2], 'bars are as high as their numbers, and never too low to be seen';
is $page->dom->find('svg.chart:not([aria-hidden])')->size, 0, 'the picture is not read aloud: the table is';
$page->open($page->dom->at('.tiles a[href*="failed"]')->attr('href') =~ s{^/[^?]*}{$page->url}er);
is $page->dom->at('option[selected]')->attr('value'), 'failed', 'a number leads to what it counts';

# ---- all that failed ---------------------------------------------------------------------------

list(state => 'invited');
ok !$page->has_button('Try all again'), 'what did not fail is not tried again';
list(state => 'failed', application => 42);
$page->press('Try all again');
like $page->text, qr/Try 1 failed item again/, 'all that match are counted before they are tried again';
is $site->rows('afp_follow_up', "application_id = '42'"), 0, 'nothing was done yet';
my @confirmation = map { $_->attr('name') => $_->attr('value') } $page->dom->find('form input, form button[name]')->each;
my $target = URI->new_abs($page->dom->at('main form')->attr('action'), $page->url);
$page->press('Try 1 failed item again');
is $page->posted->code, 303, 'after the confirmation';
like $page->posted->header('Location'), qr/\?view=activity&state=failed&application=42$/, 'it leads back to what was seen';
like $page->text, qr/What had failed is being tried again/, 'and says what is done';
is $site->rows('afp_follow_up', "application_id = '42'"), 1, 'it is tried again';
is scalar(rows()), 0, 'and is no failure any more';
$page->agent->post($target, \@confirmation);
like $page->open->text, qr/Nothing was done/, 'the same confirmation does not count twice';

list(state => 'failed');
$page->press('Try all again');
like $page->text, qr/Try 29 failed items again/, 'the others are counted';
# Later by any clock: the database may have another one.
add_finished(800, 'dead', at => int((time + 60) * 1_000_000));
$page->press('Try 29 failed items again');
is $site->rows('afp_follow_up', "application_id <> '' AND company_uuid = '$acme->{uuid}'"), 30, 'and tried again';
is_deeply [applications()], [800], 'but not what failed after they were counted';
$dbh->do('UPDATE afp_finished SET finished_at = ? WHERE application_id = ?', undef, $now, '800');
is $site->rows('afp_finished', "result = 'dead' AND company_uuid = '$beta->{uuid}'"), 1, 'nor what failed for others';
$page->press('Try all again');
$page->agent->post($page->url . '?view=activity&state=failed',
    [map { $_->attr('name') => $_->attr('name') eq 'until' ? "1' OR" : $_->attr('value') } $page->dom->find('main form input, main form button[name]')->each]);
like $page->open->text, qr/Nothing was done/, 'a confirmation that does not say what was counted is none';

# ---- all that was ignored ----------------------------------------------------------------------

$dbh->do('DELETE FROM afp_ignored');
$dbh->do(q{DELETE FROM afp_delivery WHERE ignored <> ''});
$site->deliver($acme, AFP::Site::body($acme, 5000 + $_, event => 'application_stage_changed')) for 1 .. 3;
$site->deliver($acme, AFP::Site::body($acme, 5010, event => 'job_created'));
list(state => 'ignored');
is_deeply [sort { $a <=> $b } applications()], [5001 .. 5003, 5010], 'what was not the trigger is ignored';
$page->press('Decide again');
like $page->text, qr/it is still not your trigger/, 'decided again by the same settings it still is';
is $site->rows('afp_ignored'), 4, 'so nothing changes';

$page->settings->fill(Status => 'Phone Screen')->press('Save');
list(state => 'ignored', application => 5002);
$page->press('Decide again');
like $page->posted->header('Location'), qr/application=5002/, 'after a change of the settings';
like $page->text, qr/what is your trigger now is being worked off/, 'one is decided again';
is $site->rows('afp_follow_up', "application_id = '5002'"), 1, 'and gets its follow-up';
is $site->rows('afp_ignored'), 3, 'it is ignored no longer';

list(state => 'ignored');
$page->press('Decide all again');
like $page->text, qr/Decide 3 ignored webhooks again/, 'all of them are counted';
like $page->text, qr/The oldest arrived on \d+ \w+ \d{4}/, 'with their age';
is $site->rows('afp_ignored'), 3, 'nothing was done yet';
$page->press('Decide 3 ignored webhooks again');
like $page->text, qr/what is your trigger now is being worked off/, 'after the confirmation they are decided';
is_deeply [applications()], [5010], 'what never is a trigger stays';
is $site->rows('afp_follow_up', "application_id IN ('5001', '5002', '5003')"), 3, 'the others have follow-ups';

my $changes = $page->open($page->url . '?view=changes')->text;
like $changes, qr/acme \Q$_\E/, "among the changes stands: $_"
    for '29 items tried again', '1 item tried again', '1 ignored webhook decided again', '3 ignored webhooks decided again';

# ---- without a connection ----------------------------------------------------------------------

$page->settings->press('Disconnect')->press('Disconnect');
list();
is $page->code, 200, 'a disconnected company';
is_deeply [$page->dom->find('nav.tabs a')->map('all_text')->each], ['Overview', 'Activity', 'Changes'], 'keeps its lists, without settings';
is $page->dom->at('nav.tabs [aria-current]')->all_text, 'Activity', 'which it can read';
ok applications() > 10, 'with what happened';
for my $state ('', 'failed', 'ignored') {
    list(state => $state);
    ok !$page->has_button($_), "but has no button \"$_\"" for 'Try all again', 'Decide all again', 'Try again', 'Decide again', 'Send again', 'Invite anyway';
}
my ($failed) = $dbh->selectrow_array(q{SELECT id FROM afp_finished WHERE result = 'dead' AND company_uuid = ?}, undef, $acme->{uuid});
my ($ignored) = $dbh->selectrow_array('SELECT id FROM afp_ignored WHERE company_uuid = ?', undef, $acme->{uuid});
sub open_ones { return $site->rows('afp_follow_up', 'company_uuid = ?', $acme->{uuid}) }
my $open = open_ones();
my ($token) = map { $_->attr('value') } $page->open->dom->at('input[name="token"]');
for my $action ('try-all-again', 'decide-all-again', "decide-again:$ignored", "try-again:$failed", "invite-anyway:$failed", "send-again:$failed",
    "refresh:$failed", 'synchronise', 'refresh-all') {
    $page->agent->post($page->url, [token => $token, action => $action, confirmed => 'yes', until => $now]);
    like $page->open->text, qr/Nothing was done/, "$action: nothing is done";
}
is open_ones(), $open, 'in fact';

done_testing;
