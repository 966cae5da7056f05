# One company's work does not stand in another's way; paused and gone companies' work waits.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use Time::HiRes qw(time sleep);

use AFP::Invite;
use AFP::Process qw(patience);

my $site = invite_site();
my $sandbox = $site->sandbox;
my ($busy, $small, $slow) = map { connected($site, $_, limit => 0) } qw(busy small slow);

# So many due follow-ups of a company (or of nobody), of applications that nobody knows.
sub seed
{
    my ($uuid, $count) = @_;
    my $dbh = $site->dbh;
    my $insert = $dbh->prepare('INSERT INTO afp_follow_up (id, company_uuid, kind, state, due_at, lease,'
        . ' delivery_id, application_id, job_id, occurrence, anyway, attempts, missing, tried_for, created_at, reason)'
        . q{ VALUES (?, ?, 'invite', 'ready', ?, '', '', ?, '', 1, 0, 0, 2, 0, ?, '')});
    my $due = now_us() - 3600e6;
    $dbh->begin_work;
    $insert->execute(sprintf('%032x', int(rand 2**40) * 10_000 + $_), $uuid, $due + $_, 7_000_000 + $_, $due) for 1 .. $count;
    $dbh->commit;
    return;
}

sub backlog { my ($uuid) = @_; return $site->rows('afp_follow_up', 'company_uuid = ?', $uuid) }

subtest 'a backlog of 2,000 does not delay another company\'s candidate' => sub {
    seed($busy->{uuid}, 2000);
    wait_until(sub { backlog($busy->{uuid}) < 1990 }, 20);
    for (1 .. 3) {
        my $before = time;
        is invite($site, $small)->{result}, 'invited', 'invited';
        my $seconds = time - $before;
        cmp_ok $seconds, '<', patience(3), sprintf 'in %.1f s', $seconds;
    }
    cmp_ok backlog($busy->{uuid}), '>', 0, 'before the backlog was worked off (' . backlog($busy->{uuid}) . ')';
    my $later = applicant($site, $small);
    $sandbox->fault(api => 'pinpoint', credential => $small->{key}, path => '/applications/', status => 500);
    trigger($site, $small, $later);
    is $site->finished($later->{id})->{attempts}, 2, 'a retry comes through as well';
    $site->dbh->do('DELETE FROM afp_follow_up WHERE company_uuid = ?', undef, $busy->{uuid});
};

subtest 'work that nobody here may do hides nobody\'s' => sub {
    seed(sprintf('%032x', $_), 2) for 1 .. 60;
    my $application = applicant($site, $small);
    $sandbox->fault(api => 'pinpoint', credential => $small->{key}, path => '/applications/', status => 500);
    trigger($site, $small, $application);
    is $site->finished($application->{id})->{attempts}, 2, 'behind 60 companies of another site';
    seed(sprintf('%032x', $_), 3) for 1 .. 60;
    $application = applicant($site, $small);
    $sandbox->fault(api => 'pinpoint', credential => $small->{key}, path => '/applications/', status => 500);
    trigger($site, $small, $application);
    is $site->finished($application->{id})->{attempts}, 2, 'with a long backlog too';
    $site->dbh->do(q{DELETE FROM afp_follow_up WHERE missing = 2});
};

subtest 'no more than two follow-ups of a company run at a time' => sub {
    $sandbox->clear_calls;
    $sandbox->fault(api => 'pinpoint', credential => $slow->{key}, path => '/applications/', do => 'pass', delay => 1, times => 0);
    my @applications = map { applicant($site, $slow) } 1 .. 8;
    trigger($site, $slow, $_) for @applications;
    is invite($site, $small)->{result}, 'invited', 'another company is served meanwhile';
    ok +(grep { $site->open_follow_ups($_->{id}) } @applications), 'while theirs are not through';
    $site->finished($_->{id}) for @applications;
    my @starts = sort { $a <=> $b } map { $_->{time} } grep { $_->{path} =~ m{/applications/\d+$}
        && $_->{headers}{'x-api-key'} eq $slow->{key} } $sandbox->calls(api => 'pinpoint');
    is scalar @starts, 8, 'eight reads, a second each';
    my $most = 0;
    for my $start (@starts) {
        my $running = grep { $_ <= $start && $_ > $start - 0.9 } @starts;
        $most = $running if $running > $most;
    }
    is $most, 2, 'two at a time';
    $sandbox->clear_faults;
};

subtest 'a paused company\'s deliveries are stored and its work waits' => sub {
    $site->page('small')->open->press('Pause')->press('Pause');
    my @applications = map { applicant($site, $small) } 1 .. 3;
    for my $application (@applications) {
        my ($attempt) = $site->webhook($small, application_id => $application->{id});
        is $attempt->{status}, 202, 'stored';
    }
    my $posts = () = posts($site, $small);
    sleep 2.5;
    is scalar($site->open_follow_ups($_->{id})), 1, 'waiting' for @applications;
    is scalar(posts($site, $small)), $posts, 'nothing is sent';
    $site->page('small')->open->press('Resume')->press('Resume');
    for my $application (@applications) {
        my $end = $site->finished($application->{id});
        is $end->{result}, 'invited', 'invited after the company resumed';
        is $end->{attempts}, 1, 'at the first try';
    }
};

subtest 'a kind of work that this module does not know waits for one that does' => sub {
    my $id = again_row($site, $small, '1', kind => 'written-by-a-newer-one');
    my $row;
    ok wait_until(sub { $row = $site->dbh->selectrow_hashref('SELECT * FROM afp_follow_up WHERE id = ?', undef, $id);
        $row->{attempts} == 1 && $row->{state} eq 'ready' }, 10), 'it is looked at once';
    cmp_ok $row->{due_at} - now_us(), '>', 40e6, 'and again a minute later';
    is invite($site, $small)->{result}, 'invited', 'it stands in nobody\'s way';
};

subtest 'a disconnected company sends nothing any more' => sub {
    my $application = applicant($site, $small);
    $sandbox->fault(api => 'pinpoint', credential => $small->{key}, path => '/applications/', status => 500, times => 0);
    trigger($site, $small, $application);
    wait_until(sub { (($site->open_follow_ups($application->{id}))[0] // {})->{attempts} }, 10);
    $site->page('small')->open->press('Disconnect')->press('Disconnect');
    $sandbox->clear_calls;
    # What reads the application just now meets the fault as well.
    ok wait_until(sub { (($site->open_follow_ups($application->{id}))[0] // { state => 'gone' })->{state} eq 'held' }, 10),
        'its work is held';
    $sandbox->clear_faults;
    is scalar(posts($site, $small)), 0, 'nothing is sent';
};

done_testing;
