# Reading results at AssessFirst: when, in which shapes, and what failures do.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Results;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $number = 0;

# Goes on with another configuration; returns when no child of the former one is left.
sub reconfigure
{
    my ($config) = @_;
    $site->configure($config);
    $site->server->renew;
    return;
}

sub company { return connected($site, 'company' . ++$number, limit => 0, @_) }

my $acme = company();

sub reading { my ($candidate) = @_; return (grep { $_->{kind} eq 'read-results' } $site->open_follow_ups($candidate->{id}))[0] }

# Seconds until the next reading.
sub wait_of { my ($candidate) = @_; my $row = reading($candidate) or return; return ($row->{due_at} - now_us()) / 1e6 }

# Whether the next reading is due in more than $least and at most $most seconds. The database's clock, by
# which it is due, is measured: it may seem some milliseconds ahead of ours.
sub is_due_in
{
    my ($candidate, $least, $most, $name) = @_;
    my $wait;
    wait_until(sub { ($wait = wait_of($candidate) // 0) <= $most }, 0.5);
    ok $wait > $least && $wait <= $most, $name or diag $wait;
    return;
}

sub spoil
{
    my ($candidate, %fault) = @_;
    $sandbox->fault(api => 'assessfirst', credential => $candidate->{tenant}{token}, method => 'GET', path => '/candidate/', %fault);
    return;
}

subtest 'readings become rarer' => sub {
    my $candidate = invited($site, $acme);
    for my $minutes (5, 10, 20, 40, 60, 60) {
        is_due_in($candidate, ($minutes - 1) * 60, $minutes * 60, "the next one in $minutes minutes");
        read_now($site, $candidate);
    }
    my $at_age = sub {
        my ($days) = @_;
        $site->dbh->do('UPDATE afp_invitation SET sending_at = ? WHERE application_id = ?', undef,
            now_us() - $days * 86400e6, $candidate->{id});
        read_now($site, $candidate);
        return;
    };
    for my $case ([4, 6], [31, 24]) {
        $at_age->($case->[0]);
        is_due_in($candidate, ($case->[1] - 0.1) * 3600, $case->[1] * 3600, "after $case->[0] days every $case->[1] hours");
    }
    cmp_ok reading($candidate)->{priority}, '>', 10, 'behind those of newer invitations';
    $at_age->(91);
    is reading($candidate), undef, 'and after 90 days no more';
    is assessment($site, $candidate)->{closed}, 'the invitation is too old', 'with the reason';
};

subtest 'the schedule is the site\'s' => sub {
    reconfigure("$AFP::Invite::retry\n$AFP::Invite::timeout\nPinpointSchedule results=1");
    my $candidate = invited($site, $acme);
    progress($site, $candidate);
    ok wait_until(sub { status_of($site, $candidate) eq 'In progress 1/3' }, 30), 'read without being asked';
    progress($site, $candidate, finish => 'all');
    ok wait_until(sub { !$site->open_follow_ups($candidate->{id}) }, 30), 'until it is complete';
    reconfigure("$AFP::Invite::retry\n$AFP::Invite::timeout");
};

subtest 'all at once, by somebody who was tested before' => sub {
    my $candidate = invited($site, $acme);
    my $played = progress($site, $candidate, finish => 'all');
    read_now($site, $candidate);
    is_deeply profile($site, $candidate), {
        'AssessFirst status' => 'Completed', 'AssessFirst results' => $played->{url},
        (map { ("AssessFirst $_" => $played->{adequacy}{lc $_}) } qw(SWIPE DRIVE BRAIN)),
        'AssessFirst score' => $played->{adequacy}{global},
    }, 'everything is written at once';
    is reading($candidate), undef, 'and nothing is read any more';
};

subtest 'complete without its overall score it is read on, and the comment waits' => sub {
    my @candidates;
    for my $how ('comes', 'never comes', 'left') {
        my $candidate = invited($site, $acme);
        push @candidates, $candidate;
        $sandbox->candidate(token => $acme->{token}, email => $candidate->{email}, status => 'completed',
            finished => [qw(swipe drive brain)], adequacy => { swipe => 71 });
        # Older than the schedule's first days, which begin anew.
        $site->dbh->do('UPDATE afp_invitation SET sending_at = ? WHERE application_id = ?', undef, now_us() - 5 * 86400e6, $candidate->{id});
        read_now($site, $candidate);
        is_deeply [@{ profile($site, $candidate) }{'AssessFirst status', 'AssessFirst SWIPE'}], ['Completed', 71], 'what there is is written';
        is_deeply [notes($site, $candidate)], [], 'there is no comment';
        for my $minutes (5, 10) {
            is_due_in($candidate, ($minutes - 1) * 60, $minutes * 60, "the next one in $minutes minutes");
            read_now($site, $candidate);
        }
    }
    my ($comes, $never, $left) = @candidates;
    $sandbox->candidate(token => $acme->{token}, email => $comes->{email}, adequacy => { global => 74 });
    read_now($site, $comes);
    like +(notes($site, $comes))[0], qr/Score: 74/, 'with the score comes the comment';
    is reading($comes), undef, 'and nothing is read any more';

    $site->dbh->do('UPDATE afp_assessment SET polls = 25 WHERE application_id = ?', undef, $never->{id});
    $site->dbh->do(q{UPDATE afp_follow_up SET priority = 1 WHERE kind = 'read-results' AND application_id = ?}, undef, $never->{id});
    read_now($site, $never);
    is assessment($site, $never)->{polls}, 25, 'a reading that somebody waits for does not count';
    read_now($site, $never);
    is scalar(notes($site, $never)), 1, 'after a day it comes without';
    is reading($never), undef, 'and nothing is read any more';
    is assessment($site, $never)->{closed}, 'AssessFirst gave no overall score within a day', 'with the reason';

    $sandbox->application(key => $acme->{key}, id => $left->{id}, hired_at => 1);
    read_now($site, $left);
    is scalar(notes($site, $left)), 1, 'nor does it wait for somebody who is hired';
    is reading($left), undef, 'and nothing is read any more';
};

subtest 'VOICE has its field' => sub {
    my $tenant = company(models => [{ name => 'Voice', assessments => { swipe => 1, voice => 1 } }]);
    my $candidate = invited($site, $tenant, model => 'Voice');
    my $played = progress($site, $candidate, finish => ['voice']);
    read_now($site, $candidate);
    is status_of($site, $candidate), 'In progress 1/2', 'one of the two that the model wants';
    is profile($site, $candidate)->{'AssessFirst VOICE'}, $played->{adequacy}{voice}, 'with its score';
};

subtest 'who declines, and whose time runs out' => sub {
    for my $case (['decline', 'Declined'], ['expire', 'Expired']) {
        my $candidate = invited($site, $acme);
        progress($site, $candidate, $case->[0] => 1);
        read_now($site, $candidate);
        is_deeply profile($site, $candidate)->{'AssessFirst status'}, $case->[1], "the profile says $case->[1]";
        is reading($candidate), undef, 'nothing is read any more';
        is_deeply [notes($site, $candidate)], [], 'there is no comment';
    }
};

subtest 'nothing changed: nothing is written' => sub {
    my $candidate = invited($site, $acme);
    progress($site, $candidate);
    read_now($site, $candidate);
    my $since = $sandbox->last_call_number;
    read_now($site, $candidate);
    is_deeply [calls_of($site, $acme, 'pinpoint', $since)], ["GET /applications/$candidate->{id}"],
        'Pinpoint is only asked whether the application is still of interest';
    is reading($candidate)->{attempts}, 0, 'and the next reading waits';
};

subtest 'the first version of the API, with its names' => sub {
    my $tenant = company();
    $sandbox->account(token => $tenant->{token}, shapes => { results => 'v1', numbers => 'string' });
    my $candidate = invited($site, $tenant);
    my $played = progress($site, $candidate, finish => ['swipe']);
    my $since = $sandbox->last_call_number;
    read_now($site, $candidate);
    is status_of($site, $candidate), 'In progress 1/3', 'progress';
    is profile($site, $candidate)->{'AssessFirst SWIPE'}, $played->{adequacy}{swipe}, 'SHAPE is SWIPE, and a text is a number';
    is scalar(calls_of($site, $tenant, 'assessfirst', $since)), 3, 'candidate, user and adequacies';
    progress($site, $candidate, finish => 'all');
    read_now($site, $candidate);
    is status_of($site, $candidate), 'Completed', 'complete';
};

subtest 'a link to another host is not written' => sub {
    for my $url ('https://assessfirst.com.example/x', 'http://app.assessfirst.com/x', 'https://user@app.assessfirst.com/x',
        'javascript:alert(1)', 'https://evil.example/?https://app.assessfirst.com/') {
        my $candidate = invited($site, $acme);
        $sandbox->candidate(token => $acme->{token}, email => $candidate->{email}, finished => ['swipe'], url => $url,
            hide => ['reports']);
        read_now($site, $candidate);
        is status_of($site, $candidate), 'In progress 1/3', 'the status is';
        is profile($site, $candidate)->{'AssessFirst results'}, undef, "$url is not";
    }
};

subtest 'failures are tried again and change nothing' => sub {
    my %faults = (
        'a 500' => { status => 500 }, 'an HTML page' => { do => 'html502' }, 'HTML in a 200' => { status => 200, body => '<html>Log in</html>' },
        'an endless answer' => { do => 'endless', status => 200 }, 'half an answer' => { do => 'partial' },
        'a closed connection' => { do => 'close' }, 'bytes that are not HTTP' => { do => 'garbage' },
        'somebody else' => { status => 200, body => { data => { uuid => 'f' x 32, status => 'completed', adequacy => { global => 99 } } } },
        'an empty object' => { status => 200, body => {} },
    );
    for my $about (sort keys %faults) {
        my $candidate = invited($site, $acme);
        progress($site, $candidate);
        spoil($candidate, %{ $faults{$about} });
        make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id});
        ok wait_until(sub { (reading($candidate) // {})->{tried_for} || status_of($site, $candidate) ne 'Invited' }, 20), $about;
        ok read_until($site, $candidate, sub { status_of($site, $candidate) eq 'In progress 1/3' }), 'and then it is read';
        is reading($candidate)->{tried_for}, 0, 'which makes the tries forgotten';
    }
};

subtest 'a 429 stops the token, and the reading waits' => sub {
    my $tenant = company();
    my $candidate = invited($site, $tenant);
    progress($site, $candidate);
    # Again and again, so that it does not matter when this test looks.
    spoil($candidate, status => 429, headers => { 'Retry-After' => 2 }, times => 0);
    make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id});
    ok wait_until(sub { (reading($candidate) // {})->{reason} =~ /429/ }, 10), 'told to wait';
    $sandbox->clear_faults;
    ok wait_until(sub { status_of($site, $candidate) eq 'In progress 1/3' }, 10), 'and read then';
    my @times = map { $_->{time} } grep { $_->{method} eq 'GET' && $_->{path} =~ m{/candidate/} && $_->{headers}{'af-token'} eq $tenant->{token} }
        $sandbox->calls(api => 'assessfirst');
    cmp_ok scalar @times, '>', 1, 'by a further call';
    is scalar(grep { $times[$_] - $times[$_ - 1] < 1.9 } 1 .. $#times), 0, 'not before';
};

subtest 'a refusal is a dead letter of the reading, not of the invitation' => sub {
    my $candidate = invited($site, $acme);
    spoil($candidate, status => 422, body => { message => 'Not like this' });
    make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id});
    my $end = $site->finished($candidate->{id}, count => 2);
    is "$end->{kind} $end->{result}", 'read-results dead', 'a dead letter';
    is $end->{reason}, 'The candidate was invited, but the results cannot be read. AssessFirst answered 422: Not like this',
        'that says so';
    is $site->invitation($candidate->{id})->{state}, 'invited', 'the invitation is as it was';
    is status_of($site, $candidate), 'Invited', 'and so is the profile';
    progress($site, $candidate);
    wanted_now($site, $candidate, 'read-results');
    ok idle($site, $candidate->{id}), 'wanted again';
    is status_of($site, $candidate), 'In progress 1/3', 'it is read';
};

subtest 'a candidate whom AssessFirst does not know is read on, and given up when the invitation is old' => sub {
    my $candidate = invited($site, $acme);
    $sandbox->remove(candidate => token => $acme->{token}, email => $candidate->{email});
    for my $minutes (10, 20, 40, 60) {
        read_now($site, $candidate);
        is_due_in($candidate, ($minutes - 1) * 60, $minutes * 60, "the next one in $minutes minutes");
    }
    $site->dbh->do('UPDATE afp_invitation SET sending_at = ? WHERE application_id = ?', undef, now_us() - 2.9 * 86400e6, $candidate->{id});
    read_now($site, $candidate);
    ok reading($candidate), 'also nearly three days later';
    $site->dbh->do('UPDATE afp_invitation SET sending_at = ? WHERE application_id = ?', undef, now_us() - 3.1 * 86400e6, $candidate->{id});
    read_now($site, $candidate);
    is reading($candidate), undef, 'after three days no more';
    is assessment($site, $candidate)->{closed}, 'AssessFirst does not know the candidate', 'with the reason';
    is status_of($site, $candidate), 'Invited', 'the profile stays';

    $candidate = invited($site, $acme);
    $site->dbh->do('UPDATE afp_invitation SET sending_at = ? WHERE application_id = ?', undef, now_us() - 4 * 86400e6, $candidate->{id});
    spoil($candidate, status => 404, times => 2);
    $sandbox->fault(api => 'assessfirst', method => 'GET', path => '/user/', status => 404, times => 2);
    read_now($site, $candidate) for 1 .. 4;
    ok reading($candidate), 'one that is found in between is read on';
};

subtest 'an unknown id is looked up, and kept' => sub {
    my $tenant = company();
    $sandbox->account(token => $tenant->{token}, shapes => { invitation => 'no_id' });
    my $candidate = invited($site, $tenant);
    is $site->invitation($candidate->{id})->{candidate_id}, '', 'the answer to the invitation named none';
    my $played = progress($site, $candidate);
    $sandbox->fault(api => 'assessfirst', credential => $tenant->{token}, method => 'GET', path => '/candidates$', status => 200, body => { data => [] });
    read_now($site, $candidate);
    is $site->invitation($candidate->{id})->{candidate_id}, '', 'AssessFirst may not know the address yet';
    ok reading($candidate), 'it is asked again';
    read_now($site, $candidate);
    is $site->invitation($candidate->{id})->{candidate_id}, $played->{uuid}, 'then the id is known';
    is status_of($site, $candidate), 'In progress 1/3', 'and the results are read';
    my $lookups = lookups($site, $tenant);
    read_now($site, $candidate);
    is scalar(lookups($site, $tenant)), 2, 'nobody looks it up again';
    unlike $site->server->error_log, qr/\Q$candidate->{email}\E/, 'the address is in no log';
    my @rows = map { @$_ } map { @{ $site->dbh->selectall_arrayref("SELECT * FROM $_") } } qw(afp_invitation afp_assessment afp_written afp_follow_up);
    is scalar(grep { defined && /\@/ } @rows), 0, 'and in no row';
};

subtest 'nobody is looked up who is of no more interest, and rarer without an address' => sub {
    my $tenant = company();
    $sandbox->account(token => $tenant->{token}, shapes => { invitation => 'no_id' });
    my %left = (hired_at => 'the candidate is hired already', rejected_at => 'the application is rejected');
    for my $how (sort keys %left) {
        my $candidate = invited($site, $tenant);
        $sandbox->application(key => $tenant->{key}, id => $candidate->{id}, $how => 1);
        read_now($site, $candidate);
        is reading($candidate), undef, 'no reading waits';
        is assessment($site, $candidate)->{closed}, $left{$how}, "because $left{$how}";
    }
    my $candidate = invited($site, $tenant);
    $sandbox->application(key => $tenant->{key}, id => $candidate->{id}, email => undef);
    for my $minutes (10, 20) {
        read_now($site, $candidate);
        is_due_in($candidate, ($minutes - 1) * 60, $minutes * 60, "without an address the next one in $minutes minutes");
    }
    is scalar(lookups($site, $tenant)), 0, 'AssessFirst was not asked';
};

subtest 'a refused token holds readings as well' => sub {
    my $tenant = company();
    my $candidate = invited($site, $tenant);
    progress($site, $candidate);
    $sandbox->fault(api => 'assessfirst', credential => $tenant->{token}, status => 401, path => '/candidate/');
    make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id});
    ok wait_until(sub { (reading($candidate) // {})->{state} eq 'held' }, 10), 'held';
    make_due($site, q{kind = 'check-assessfirst' AND company_uuid = ?}, $tenant->{uuid});
    ok read_until($site, $candidate, sub { status_of($site, $candidate) eq 'In progress 1/3' }), 'and read when a check succeeds';
};

done_testing;
