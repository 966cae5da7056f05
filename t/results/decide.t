# The model that the job says decides; what the profile says when nobody could be invited.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Results;

my $none = "Don't use a predictive model";
my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', limit => 0);
my $number = 0;

sub company { return connected($site, 'company' . ++$number, limit => 0, @_) }
sub models { my ($tenant, @models) = @_; return @{ $sandbox->account(token => $tenant->{token}, @models ? (models => \@models) : ())->{models} } }

# The end of the invite follow-up, with everything after it done.
sub tried
{
    my ($tenant, %option) = @_;
    my $candidate = candidate($site, $tenant, %option);
    trigger($site, $tenant, { id => $candidate->{id}, job_id => $candidate->{job_id} });
    my $end = $site->finished($candidate->{id});
    idle($site, $candidate->{id});
    return ($candidate, $end);
}

subtest 'no selection: nobody is invited, and Pinpoint is not written to' => sub {
    my $since = $sandbox->last_call_number;
    my ($candidate, $end) = tried($acme, model => undef);
    is $end->{result}, 'skipped', 'skipped';
    like $end->{reason}, qr/Nothing is selected/, 'with the reason';
    is_deeply [writes_of($site, $acme, 'pinpoint', $since)], [], 'nothing is written';
    is assessment($site, $candidate), undef, 'there is no assessment';
};

subtest 'other reasons are no more written than that' => sub {
    my $since = $sandbox->last_call_number;
    my ($candidate, $end) = tried($acme, rejected_at => 1);
    is $end->{result}, 'skipped', 'a rejected application is skipped';
    is_deeply [writes_of($site, $acme, 'pinpoint', $since)], [], 'nothing is written';
};

subtest 'the no-model choice: progress and link, and no scores' => sub {
    my $candidate = invited($site, $acme, model => $none);
    is status_of($site, $candidate), 'Invited', 'invited';
    my $played = progress($site, $candidate, finish => ['swipe']);
    read_now($site, $candidate);
    is_deeply profile($site, $candidate),
        { 'AssessFirst status' => 'In progress 1/3', 'AssessFirst results' => $played->{url} }, 'progress and link';
    # Whatever AssessFirst may give.
    $sandbox->candidate(token => $acme->{token}, uuid => $played->{uuid}, extra => { adequacy => { swipe => 50, global => 60 } });
    progress($site, $candidate, finish => 'all');
    read_now($site, $candidate);
    is_deeply profile($site, $candidate),
        { 'AssessFirst status' => 'Completed', 'AssessFirst results' => $played->{url} }, 'still no scores when complete';
    is_deeply [notes($site, $candidate)], ["AssessFirst assessment completed.\nResults: $played->{url}"], 'nor in the comment';
};

subtest 'a model that does not exist: nothing sent, one comment' => sub {
    my $tenant = company();
    my ($sales, $developer) = models($tenant);
    models($tenant, $developer);
    my ($candidate, $end) = tried($tenant);
    is $end->{result}, 'skipped', 'skipped';
    like $end->{reason}, qr/no predictive model named "Sales Executive", which is selected on job/, 'with the reason';
    is scalar($site->invitations($tenant)), 0, 'nothing was sent';
    is status_of($site, $candidate), 'Failed: the predictive model of the job does not exist at AssessFirst', 'the profile says so';
    my @notes = notes($site, $candidate);
    is scalar @notes, 1, 'and one comment';
    like $notes[0], qr/^No AssessFirst invitation was sent: the predictive model .* select another one/, 'with what to do';
    ok wait_until(sub { grep { $_ eq 'Sales Executive' } @{ model_field($site, $tenant)->{options} } and
        $site->rows('afp_option', q{option_text = 'Sales Executive' AND vanished = 1 AND company_uuid = ?}, $tenant->{uuid}) }, 10),
        'the text stays an option of that job, known as one whose model vanished';

    trigger($site, $tenant, { id => $candidate->{id}, job_id => $candidate->{job_id} }, triggered_at => time + 5);
    $site->finished($candidate->{id}, count => 2);
    idle($site, $candidate->{id});
    is scalar(notes($site, $candidate)), 1, 'a second trigger adds no second one';

    $sandbox->job(key => $tenant->{key}, id => $candidate->{job_id}, model => 'Developer');
    again_row($site, $tenant, $candidate->{id});
    is $site->finished($candidate->{id}, count => 3)->{result}, 'invited', 'with another model the candidate is invited';
    idle($site, $candidate->{id});
    is status_of($site, $candidate), 'Invited', 'and the profile says that';
};

subtest 'a renamed model is found by the text that the job holds' => sub {
    my $tenant = company();
    my ($sales, $developer) = models($tenant);
    # Another model has the name now: the text still means what it meant.
    models($tenant, { %$sales, name => 'Sales (Europe)' }, $developer, { uuid => 'e' x 32, name => 'Sales Executive',
        assessments => { swipe => 1 } });
    for my $synchronised (0, 1) {
        synchronise_now($site, $tenant) if $synchronised;
        my ($candidate, $end) = tried($tenant);
        is $end->{result}, 'invited', 'invited' . ($synchronised ? ' after a synchronisation' : '');
        is $site->invitation($candidate->{id})->{model_uuid}, $sales->{uuid}, 'with the model that was meant';
    }
};

subtest 'a model made a moment ago is found, and becomes an option' => sub {
    my $tenant = company();
    models($tenant, 'Sales Executive', 'Quite new');
    my ($candidate, $end) = tried($tenant, model => 'Quite new');
    is $end->{result}, 'invited', 'invited';
    ok wait_until(sub { $site->rows('afp_option', q{option_text = 'Quite new' AND stale = 0 AND company_uuid = ?}, $tenant->{uuid}) }, 10),
        'the synchronisation was hurried';
};

subtest 'the list of models changes between invitation and result' => sub {
    my $tenant = company(models => [{ name => 'Two only', assessments => { swipe => 1, drive => 1 } }, 'Other']);
    my $candidate = invited($site, $tenant, model => 'Two only');
    progress($site, $candidate);
    my ($two) = models($tenant);
    $sandbox->candidate(token => $tenant->{token}, email => $candidate->{email}, model => $two->{uuid});
    models($tenant, { %$two, name => 'Renamed' });
    synchronise_now($site, $tenant);
    read_now($site, $candidate);
    is status_of($site, $candidate), 'In progress 1/2', 'the questionnaires are those of the invitation';
    progress($site, $candidate);
    read_now($site, $candidate);
    is status_of($site, $candidate), 'Completed', 'and complete is complete';
    like +(notes($site, $candidate))[0], qr/^Model: Two only$/m, 'the comment names the model as it was';
    ok profile($site, $candidate)->{'AssessFirst score'}, 'with the score';
};

subtest 'what AssessFirst refuses stands on the profile' => sub {
    my $tenant = company();
    $sandbox->fault(api => 'assessfirst', credential => $tenant->{token}, method => 'POST', path => 'send-invitation', status => 422,
        body => { message => 'The address is not allowed' });
    my ($candidate, $end) = tried($tenant);
    is $end->{result}, 'dead', 'a dead letter';
    is status_of($site, $candidate), 'Failed: AssessFirst answered 422: The address is not allowed', 'with the reason';
    is_deeply [notes($site, $candidate)], [], 'without a comment';
    is scalar(grep { $_->{kind} eq 'read-results' } $site->open_follow_ups($candidate->{id})), 0, 'nobody is read';
    again_row($site, $tenant, $candidate->{id});
    is $site->finished($candidate->{id}, count => 2)->{result}, 'invited', 'replayed, it goes out';
    idle($site, $candidate->{id});
    is status_of($site, $candidate), 'Invited', 'and the profile says so';
};

subtest 'a long reason fits the field' => sub {
    my $tenant = company();
    $sandbox->fault(api => 'assessfirst', credential => $tenant->{token}, method => 'POST', path => 'send-invitation', status => 422,
        body => { message => "\x{e9}" x 900 });
    my ($candidate) = tried($tenant);
    like status_of($site, $candidate), qr/^Failed: AssessFirst answered 422: \x{e9}+\x{2026}$/, 'cut between characters';
};

subtest '"Send again" starts a new assessment' => sub {
    my $candidate = invited($site, $acme);
    progress($site, $candidate, finish => 'all');
    read_now($site, $candidate);
    my $before = profile($site, $candidate);
    is $before->{'AssessFirst status'}, 'Completed', 'complete';

    $sandbox->fault(api => 'assessfirst', credential => $acme->{token}, method => 'POST', path => 'send-invitation', status => 422);
    again_row($site, $acme, $candidate->{id}, occurrence => 2);
    is $site->finished($candidate->{id}, count => 2)->{result}, 'dead', 'sent again, and refused';
    idle($site, $candidate->{id});
    like status_of($site, $candidate), qr/^Failed: /, 'the profile says so';
    is profile($site, $candidate)->{'AssessFirst score'}, $before->{'AssessFirst score'}, 'the scores of before stay';

    again_row($site, $acme, $candidate->{id}, occurrence => 2);
    is $site->finished($candidate->{id}, count => 3)->{result}, 'invited', 'sent again';
    idle($site, $candidate->{id});
    is_deeply { map { $_ => profile($site, $candidate)->{$_} // '' } keys %$before },
        { (map { $_ => '' } keys %$before), 'AssessFirst status' => 'Invited' }, 'nothing of before is left';
    progress($site, $candidate, finish => 'all');
    read_now($site, $candidate);
    is_deeply profile($site, $candidate), $before, 'until the new results are there';
    is scalar(notes($site, $candidate)), 2, 'each has its comment';
};

done_testing;
