# What happened, in a real browser: the list, its filter, one application, and what can be done again.
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
$site->server->allow_log(qr/AFP03\d\d/, qr/AFP02\d\d/);
my $dbh = $site->dbh;
my $number = 0;

# A finished invitation that ended so many minutes ago; returns its application.
sub add_finished
{
    my ($tenant, $result, $minutes, $reason) = @_;
    my $application = 8_000_000 + ++$number;
    $dbh->do('INSERT INTO afp_finished (id, company_uuid, kind, result, delivery_id, application_id, job_id,'
            . ' occurrence, anyway, attempts, created_at, finished_at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, 3, 1, ?, ?)',
        undef, sprintf('%032x', $number), $tenant->{uuid}, 'invite', $result, '', $application, '7',
        now_us() - $minutes * 60_000_000, $reason);
    return $application;
}

sub rows { my ($visit) = @_; return $visit->dom->find('.scroll tbody tr')->size }

for my $visit (AFP::Browser->visits($site)) {
    my $name = $visit->name;
    my $acme = connected($site, $visit->company);
    my $action = sub { my ($button, $id) = @_; return ['AFP_WORDS_ACTION_APPLICATION', $button, $id] };

    # ---- nothing yet ----

    $visit->open->follow('All activity');
    like $visit->text, $visit->pattern('AFP_WORDS_ACTIVITY_EMPTY'), "$name: it says what will appear";
    $visit->check('activity-empty');

    # ---- everything that can happen ----

    my $ada = invited($site, $acme);
    $site->sandbox->progress(token => $acme->{token}, email => $ada->{email});
    read_now($site, $ada);
    my $bob = applicant($site, $acme, model => undef);
    trigger($site, $acme, $bob);
    is $site->finished($bob->{id})->{result}, 'skipped', "$name: somebody is not invited";
    $visit->open('view=settings')->press('Pause')->press('Pause');
    add_finished($acme, 'dead', 300 + $_, 'Given up after 3 tries. Pinpoint answered 503') for 1 .. 60;
    my $dead = add_finished($acme, 'dead', 20, "AssessFirst answered 422: \"Candidate\x{2019}s <b>address</b> is not valid\"");
    my $uncertain = add_finished($acme, 'uncertain', 30, 'It is not certain whether the candidate was invited: AssessFirst did not answer in 65 s. Ask AssessFirst or the candidate, then use "Send again" if needed');
    trigger($site, $acme, applicant($site, $acme));
    $site->deliver($acme, AFP::Site::body($acme, 9_000_000 + $number, event => 'application_stage_changed'));
    my $day = 86_400_000_000;
    my $today = now_us() - now_us() % $day;
    for ([0, 'invited', 12], [0, 'skipped', 3], [1, 'dead', 2], [1, 'uncertain', 1], [3, 'invited', 7], [4, 'skipped', 20], [13, 'invited', 34]) {
        my ($days, $result, $count) = @$_;
        $dbh->do('DELETE FROM afp_day WHERE company_uuid = ? AND day = ? AND result = ?', undef, $acme->{uuid}, $today - $days * $day, $result);
        $dbh->do('INSERT INTO afp_day (company_uuid, day, result, number) VALUES (?, ?, ?, ?)', undef, $acme->{uuid}, $today - $days * $day, $result, $count);
    }
    $visit->open;
    cmp_ok $visit->check('overview'), '<', 30_000, "$name: the overview is small, with all that it loads";
    $visit->follow('Activity');
    is rows($visit), 50, "$name: fifty rows are on a page";
    $visit->check('activity');
    $visit->follow('Older');
    ok $visit->has(link => 'Newer'), "$name: and older pages";
    $visit->check('activity-older');

    # ---- finding ----

    $visit->open('view=activity')->fill('State' => $visit->words('AFP_WORDS_RESULT_UNCERTAIN'))->press('Show');
    ok $visit->text =~ /\b$uncertain\b/ && $visit->text !~ /\b$dead\b/, "$name: the list can be filtered";
    $visit->fill('Application' => 'Ada Lovelace')->press('Show');
    like $visit->text, $visit->pattern('AFP_WORDS_FILTER_WRONG'), "$name: what is no application is told";
    is $visit->focused->{tag}, 'div', "$name: where the focus is";
    ok $visit->has(heading => 'There is a mistake'), "$name: which is on top";
    is $visit->value('Application'), 'Ada Lovelace', "$name: and what was typed is kept";
    $visit->check('search-wrong');
    $visit->fill('Application' => $bob->{id}, 'State' => $visit->words('AFP_WORDS_FILTER_ALL'))->press('Show');
    like $visit->text, $visit->pattern('AFP_WORDS_ANSWER_NOT_INVITED'), "$name: an application tells why its candidate was not invited";
    $visit->check('search');
    $visit->fill('Application' => 4711)->press('Show');
    like $visit->text, $visit->pattern('AFP_WORDS_ANSWER_UNKNOWN_WORDS'), "$name: also when nothing is known of it";
    $visit->check('search-unknown');

    # ---- one application ----

    $visit->open('view=activity')->follow(\$ada->{id}, within => '.scroll');
    is $visit->address, "?view=application&application=$ada->{id}", "$name: an application has a page of its own";
    $visit->check('application');
    $visit->press($action->('Send again', $ada->{id}));
    $visit->check('ask-send-again');
    $visit->follow('AFP_WORDS_NO_BACK');
    is $visit->address, "?view=application&application=$ada->{id}", "$name: a question can be answered with no";
    $visit->open('view=activity')->press($action->('Invite anyway', $bob->{id}));
    like $visit->text, $visit->pattern('AFP_WORDS_SAID_INVITING'), "$name: one who was skipped can be invited anyway";

    # ---- again ----

    $visit->open('view=activity')->press($action->('Try again', $dead));
    like $visit->text, $visit->pattern('AFP_WORDS_SAID_TRYING_AGAIN'), "$name: one can be tried again";
    $visit->open('view=activity')->fill('State' => $visit->words('AFP_WORDS_RESULT_FAILED'))->press('Show');
    $visit->check('activity-failed');
    $visit->press('Try all again');
    $visit->check('ask-try-all');
    $visit->press(['Try %s failed items again', 60]);
    like $visit->text, $visit->pattern('AFP_WORDS_SAID_TRYING_ALL'), "$name: and all that failed";
    $visit->open('view=activity&state=ignored')->press($action->('Decide again', 9_000_000 + $number));
    like $visit->text, $visit->pattern('AFP_WORDS_SAID_STILL_IGNORED'), "$name: what was ignored can be decided again";
    $visit->press('Decide all again');
    $visit->check('ask-decide-all');
    $visit->press(['Decide %s ignored webhook again', 1]);
    like $visit->text, $visit->pattern('AFP_WORDS_SAID_STILL_IGNORED'), "$name: and all that was";
    $visit->open('view=activity&state=waiting');
    $visit->check('activity-waiting');
}

done_testing;
