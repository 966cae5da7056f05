# Candidates whose application is of no more interest are not read any more.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Results;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', limit => 0);

my %left = (
    deleted => [sub { $sandbox->remove(application => key => $acme->{key}, id => $_[0]{id}) }, 'the application was deleted in Pinpoint'],
    hired => [sub { $sandbox->application(key => $acme->{key}, id => $_[0]{id}, hired_at => 1) }, 'the candidate is hired already'],
    rejected => [sub { $sandbox->application(key => $acme->{key}, id => $_[0]{id}, rejected_at => 1) }, 'the application is rejected'],
    concealed => [sub { $sandbox->application(key => $acme->{key}, id => $_[0]{id}, concealed => 1) },
        'Pinpoint conceals who the candidate is (blind screening)'],
);

sub readings
{
    my ($candidate) = @_;
    my $id = $site->invitation($candidate->{id})->{candidate_id};
    return scalar grep { $_->{path} =~ m{/candidate/\Q$id\E} } $sandbox->calls(api => 'assessfirst');
}

for my $how (sort keys %left) {
    my ($leave, $reason) = @{ $left{$how} };

    subtest "$how meanwhile" => sub {
        my $candidate = invited($site, $acme);
        $leave->($candidate);
        read_now($site, $candidate);
        is assessment($site, $candidate)->{closed}, $reason, 'is noted as the reason';
        is_deeply [map { $_->{kind} } $site->open_follow_ups($candidate->{id})], [], 'and nothing is read any more';
        is readings($candidate), 1, 'after one reading';
        is $site->rows('afp_finished', q{application_id = ? AND result = 'dead'}, $candidate->{id}), 0, 'there is no dead letter';
    };

    subtest "$how while a result came" => sub {
        my $candidate = invited($site, $acme);
        my $played = progress($site, $candidate);
        progress($site, $candidate);
        $leave->($candidate);
        read_now($site, $candidate);
        if ($how ne 'deleted') {
            is status_of($site, $candidate), 'In progress 2/3', 'what is known is written';
        }
        is assessment($site, $candidate)->{closed}, $reason, 'the reason is noted with it';
        read_now($site, $candidate);
        is_deeply [map { $_->{kind} } $site->open_follow_ups($candidate->{id})], [], 'the waiting reading ends';
        is readings($candidate), 1, 'without asking AssessFirst again';
        is $site->rows('afp_finished', q{application_id = ? AND result = 'dead'}, $candidate->{id}), 0, 'there is no dead letter';
    };
}

subtest 'a Pinpoint that does not answer is no reason' => sub {
    my $candidate = invited($site, $acme);
    for my $status (500, 403, 429, 401) {
        $sandbox->fault(api => 'pinpoint', method => 'GET', path => "/applications/$candidate->{id}\$", status => $status);
        read_now($site, $candidate);
        is_deeply [map { "$_->{kind} $_->{state}" } $site->open_follow_ups($candidate->{id})], ['read-results ready'], "$status: read again later";
    }
    is assessment($site, $candidate)->{closed}, '', 'there is no reason';
};

subtest 'somebody who asks is answered all the same' => sub {
    my $candidate = invited($site, $acme);
    $sandbox->application(key => $acme->{key}, id => $candidate->{id}, rejected_at => 1);
    read_now($site, $candidate);
    is assessment($site, $candidate)->{closed}, 'the application is rejected', 'closed';
    $sandbox->application(key => $acme->{key}, id => $candidate->{id}, rejected_at => undef);
    progress($site, $candidate);
    my $id = wanted_now($site, $candidate, 'read-results');
    idle($site, $candidate->{id});
    is status_of($site, $candidate), 'Invited', 'a scheduled reading does not go on by itself';
    $id = again_row($site, $acme, $candidate->{id}, kind => 'read-results', due_at => now_us() + 3600e6);
    $site->dbh->do('UPDATE afp_follow_up SET priority = 1, due_at = ? WHERE id = ?', undef, now_us(), $id);
    ok wait_until(sub { status_of($site, $candidate) eq 'In progress 1/3' }, 15), 'one that somebody waits for does';
    is assessment($site, $candidate)->{closed}, '', 'and the schedule goes on';
};

done_testing;
