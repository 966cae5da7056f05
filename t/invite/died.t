# Children that die, leases that are lost, a server that stops: never a second invitation.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', limit => 0);
my $number = 0;

sub posted { my ($email) = @_; return grep { $_->{body} =~ /\Q$email\E/ } posts($site, $acme) }

# An application whose invitation is on the way now: the call has this fault.
sub on_the_way
{
    my (%fault) = @_;
    my $email = 'way' . ++$number . '@example.test';
    my $application = applicant($site, $acme, email => $email);
    $sandbox->fault(api => 'assessfirst', method => 'POST', path => 'send-invitation', %fault);
    trigger($site, $acme, $application);
    wait_until(sub { posted($email) }, 10) or diag 'no call was made';
    return ($application->{id}, $email);
}

# Lets leases of the dead run out now.
sub expire
{
    $site->dbh->do(q{UPDATE afp_follow_up SET due_at = ? WHERE state = 'leased'}, undef, now_us());
    return;
}

sub kill_children
{
    $site->server->kill_child($_) for $site->server->children;
    wait_until(sub { $site->server->answers }, 20);
    return;
}

# Waits until a worker has found, at the end of its run, that the application's follow-up is another's.
sub lost_lease
{
    my ($application_id) = @_;
    my ($id) = $site->dbh->selectrow_array(q{SELECT id FROM afp_follow_up WHERE application_id = ? AND kind = 'invite'}
        . q{ UNION SELECT id FROM afp_finished WHERE application_id = ? AND kind = 'invite'}, undef, ($application_id) x 2);
    return $site->server->wait_log(qr/AFP0310: .*follow-up \Q$id\E /, 20);
}

subtest 'killed while AssessFirst worked on the invitation: found by the look-up' => sub {
    my ($id, $email) = on_the_way(do => 'process_then_delay', delay => 15);
    kill_children();
    is $site->invitation($id)->{state}, 'sending', '*sending* was committed before the call';
    expire();
    is $site->finished($id, seconds => 40)->{result}, 'invited', 'invited';
    is scalar(posted($email)), 1, 'sent once';
};

subtest 'killed before AssessFirst had it: sent once more' => sub {
    my ($id, $email) = on_the_way(do => 'close', delay => 15);
    kill_children();
    expire();
    is $site->finished($id, seconds => 40)->{result}, 'invited', 'invited';
    is scalar(posted($email)), 2, 'sent twice';
    is scalar(grep { $_->{email} eq $email } $site->invitations($acme)), 1, 'recorded once';
};

subtest 'killed before anything was sent: just tried again' => sub {
    my $email = 'early@example.test';
    my $application = applicant($site, $acme, email => $email);
    $sandbox->fault(api => 'pinpoint', path => "/applications/$application->{id}", delay => 15);
    trigger($site, $acme, $application);
    wait_until(sub { reads($site, $acme, $application->{id}) }, 10);
    kill_children();
    expire();
    is $site->finished($application->{id}, seconds => 40)->{result}, 'invited', 'invited';
    is scalar(posted($email)), 1, 'sent once';
};

subtest 'stopped in the middle of the call: uncertain, and found after the start' => sub {
    my ($id, $email) = on_the_way(do => 'process_then_delay', delay => 15);
    ok $site->server->stop, 'the server stops';
    is $site->invitation($id)->{state}, 'uncertain', 'it is noted as uncertain';
    is(($site->open_follow_ups($id))[0]{state}, 'ready', 'the lease is given back');
    $site->server->start;
    is $site->finished($id, seconds => 40)->{result}, 'invited', 'invited';
    is scalar(posted($email)), 1, 'sent once';
};

subtest 'a graceful restart lets the call finish' => sub {
    my ($id, $email) = on_the_way(do => 'process_then_delay', delay => 2);
    $site->server->graceful;
    my $end = $site->finished($id);
    is $end->{result}, 'invited', 'invited';
    # Prefork does not tell its children that a restart is graceful: there the look-up finds it.
    is $end->{attempts}, 1, 'at the first try' if $site->server->mpm ne 'prefork';
    is scalar(posted($email)), 1, 'sent once';
};

subtest 'who lost his lease before sending sends nothing' => sub {
    my $email = 'stolen@example.test';
    my $application = applicant($site, $acme, email => $email);
    $sandbox->fault(api => 'pinpoint', path => "/applications/$application->{id}", delay => 4);
    trigger($site, $acme, $application);
    wait_until(sub { reads($site, $acme, $application->{id}) }, 10);
    $site->dbh->do(q{UPDATE afp_follow_up SET lease = ?, due_at = ? WHERE application_id = ?}, undef,
        'f' x 32, now_us() + 600e6, $application->{id});
    ok lost_lease($application->{id}), 'he learns of it';
    is scalar(posted($email)), 0, 'nothing was sent';
    is $site->invitation($application->{id}), undef, 'and nothing noted';
    is(($site->open_follow_ups($application->{id}))[0]{lease}, 'f' x 32, 'the other\'s lease is untouched');
    expire();
    is $site->finished($application->{id})->{result}, 'invited', 'the next owner sends';
    is scalar(posted($email)), 1, 'once';
};

subtest 'who lost his lease while sending changes nothing, and nobody sends again' => sub {
    my ($id, $email) = on_the_way(do => 'process_then_delay', delay => 6);
    expire();
    ok wait_until(sub { $site->invitation($id)->{state} eq 'uncertain' }, 10), 'the next owner finds it uncertain';
    is $site->finished($id, seconds => 20)->{result}, 'invited', 'until the look-up';
    ok lost_lease($id), 'who sent it learns that his lease is lost';
    is $site->rows('afp_finished', 'application_id = ?', $id), 1, 'it has one end';
    is scalar(posted($email)), 1, 'sent once';
};

done_testing;
