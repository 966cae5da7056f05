# At most one invitation for an application, however many deliveries there are.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;

use AFP::Invite;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme');
my $staged = connected($site, 'staged', status => 'Phone Screen');

sub results
{
    my ($id) = @_;
    return map { "$_->[0]: $_->[1]" } @{ $site->dbh->selectall_arrayref(
        'SELECT result, reason FROM afp_finished WHERE application_id = ? ORDER BY finished_at', undef, $id) };
}

subtest 'a second trigger of one application is skipped' => sub {
    my $application = applicant($site, $acme);
    trigger($site, $acme, $application);
    is $site->finished($application->{id})->{result}, 'invited', 'the first one invites';
    trigger($site, $acme, $application, triggered_at => time + 5);
    my $end = $site->finished($application->{id}, count => 2);
    is $end->{result}, 'skipped', 'the second one does not';
    is $end->{reason}, 'Already invited with model Sales Executive', 'and names the model';
    is scalar(posts($site, $acme)), 1, 'one invitation';

    $sandbox->job(key => $acme->{key}, id => $application->{job_id}, model => 'Developer');
    trigger($site, $acme, $application, triggered_at => time + 10);
    $end = $site->finished($application->{id}, count => 3);
    is $end->{reason}, 'Already invited with model Sales Executive', 'whatever the job says now';
    is scalar(posts($site, $acme)), 1, 'still one invitation';
};

subtest 'without a model the reason says so' => sub {
    my $application = applicant($site, $acme, model => q{Don't use a predictive model});
    trigger($site, $acme, $application);
    $site->finished($application->{id});
    trigger($site, $acme, $application, triggered_at => time + 5);
    is $site->finished($application->{id}, count => 2)->{reason}, 'Already invited with no predictive model',
        'already invited with no predictive model';
};

subtest 'the events of one application may come in either order' => sub {
    $sandbox->clear_calls;
    for my $order ([qw(2000 1000)], [qw(1000 2000)]) {
        my $application = applicant($site, $staged, stage_name => 'Phone Screen');
        trigger($site, $staged, $application, triggered_at => 1700000000 + $_) for @$order;
        $site->finished($application->{id}, count => 2);
        is_deeply [sort map { /^(\w+)/ } results($application->{id})], [qw(invited skipped)],
            'one invites, the other is skipped';
    }
    is scalar(posts($site, $staged)), 2, 'one invitation for each';
};

subtest 'twenty deliveries for one application at once make one invitation' => sub {
    $sandbox->clear_calls;
    my $application = applicant($site, $acme);
    my @pids = map {
        my $n = $_;
        my $pid = fork // die "fork: $!";
        if (!$pid) {
            $site->deliver($acme, AFP::Site::body($acme, $application->{id},
                job_id => $application->{job_id}, triggered_at => 1700000000 + $n));
            POSIX::_exit(0);
        }
        $pid;
    } 1 .. 20;
    waitpid $_, 0 for @pids;
    my $stored = $site->rows('afp_delivery', 'application_id = ?', $application->{id});
    cmp_ok $stored, '>=', 2, "$stored of them were stored";
    $site->finished($application->{id}, count => $stored, seconds => 40);
    my @results = results($application->{id});
    is scalar(grep { /^invited/ } @results), 1, 'one invited';
    is scalar(grep { $_ eq 'skipped: Already invited with model Sales Executive' } @results), $stored - 1,
        'the others were skipped';
    is scalar(posts($site, $acme)), 1, 'AssessFirst was called once';
    is $site->rows('afp_invitation', 'application_id = ?', $application->{id}), 1, 'one row';
};

subtest 'one candidate on two jobs is invited for each' => sub {
    $sandbox->clear_calls;
    invite($site, $acme, email => 'both@example.test');
    invite($site, $acme, email => 'both@example.test', model => 'Developer');
    is scalar(posts($site, $acme)), 2, 'two applications, two invitations';
};

subtest 'one application number at two companies is two applications' => sub {
    $sandbox->clear_calls;
    $site->application($_, id => 4242, stage_name => 'Phone Screen') for $acme, $staged;
    trigger($site, $_, 4242) for $acme, $staged;
    $site->finished(4242, count => 2);
    is scalar(posts($site, $_)), 1, "invited by $_->{company}" for $acme, $staged;
};

subtest '"Send again" sends a second occurrence, once' => sub {
    $sandbox->clear_calls;
    my $end = invite($site, $acme);
    my $id = $end->{application_id};
    again_row($site, $acme, $id, occurrence => 2) for 1, 2;
    $site->finished($id, count => 3);
    is scalar(posts($site, $acme)), 2, 'two invitations in all, although the button was pressed twice';
    my @rows = @{ $site->dbh->selectall_arrayref(
        'SELECT occurrence, state FROM afp_invitation WHERE application_id = ? ORDER BY occurrence', undef, $id) };
    is_deeply [map { "@$_" } @rows], ['1 invited', '2 invited'], 'each occurrence has its row';
    trigger($site, $acme, $id, triggered_at => time + 20);
    is $site->finished($id, count => 4)->{reason}, 'Already invited with model Sales Executive',
        'a later trigger is skipped as before';
    is scalar(posts($site, $acme)), 2, 'without a call';
};

subtest '"Invite anyway" passes over stage, rejection, hiring and demo, and nothing else' => sub {
    for my $case ([stage_name => 'Interview'], [rejected_at => 1], [hired_at => 1], [is_demo => 1]) {
        my $end = invite($site, $staged, stage_name => 'Phone Screen', @$case);
        is $end->{result}, 'skipped', "@$case: skipped";
        again_row($site, $staged, $end->{application_id}, anyway => 1);
        is $site->finished($end->{application_id}, count => 2)->{result}, 'invited', 'invited anyway';
    }
    for my $case ([concealed => 1], [email => undef], [model => undef]) {
        my $end = invite($site, $staged, stage_name => 'Phone Screen', @$case);
        again_row($site, $staged, $end->{application_id}, anyway => 1);
        is $site->finished($end->{application_id}, count => 2)->{result}, 'skipped',
            "$case->[0]: nobody to invite, or nothing to invite with";
    }
    my $end = invite($site, $staged, stage_name => 'Phone Screen');
    again_row($site, $staged, $end->{application_id}, anyway => 1);
    is $site->finished($end->{application_id}, count => 2)->{reason},
        'Already invited with model Sales Executive', 'it does not send a second time';
};

done_testing;
