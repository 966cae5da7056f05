# Stopping in the middle of calls: soon, without a crash, and nothing is done twice afterwards.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);

use AFP::Invite;

# httpd kills a child that is still there 9 seconds after it was told to end (AH00046).
my $httpd_patience = 9;

my $site = invite_site();
my $server = $site->server;
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', limit => 0);
my $beta = connected($site, 'beta', limit => 0);
my $number = 0;

sub posted { my ($email) = @_; return grep { $_->{body} =~ /\Q$email\E/ } posts($site) }

# An application whose call has this fault and is on the way now.
sub on_the_way
{
    my ($tenant, $fault) = @_;
    my $email = 'stop' . ++$number . '@example.test';
    my $application = applicant($site, $tenant, email => $email);
    my $is_read = $fault->{api} eq 'pinpoint';
    $sandbox->fault(path => $is_read ? "/applications/$application->{id}" : 'send-invitation',
        credential => $is_read ? $tenant->{key} : $tenant->{token}, %$fault);
    trigger($site, $tenant, $application);
    wait_until(sub { $is_read ? reads($site, $tenant, $application->{id}) : posted($email) }, 15)
        or die "no call was made\n";
    return ($application->{id}, $email);
}

sub stops_in_time
{
    my $since = time;
    ok $server->stop, 'the server ends';
    cmp_ok time - $since, '<', $httpd_patience, 'before httpd loses its patience';
    unlike $server->error_log, qr/AH0004[56]|AFP0331/, 'every thread ended by itself';
    is $site->rows('afp_follow_up', "state = 'leased'"), 0, 'no lease is left behind';
    return;
}

subtest 'while Pinpoint is slow' => sub {
    my @ways = map { [on_the_way($_, { api => 'pinpoint', delay => 18 })] } $acme, $acme, $beta, $beta;
    stops_in_time();
    for my $way (@ways) {
        my ($row) = $site->open_follow_ups($way->[0]);
        is $row->{state}, 'ready', 'the follow-up waits';
        cmp_ok $row->{due_at}, '<', now_us() + 5e6, 'and is due again soon';
    }
    is scalar(posts($site)), 0, 'nothing was sent';
    $sandbox->clear_faults;
    $server->start;
    for my $way (@ways) {
        is $site->finished($way->[0], seconds => 30)->{result}, 'invited', 'after the start it invites';
        is scalar(posted($way->[1])), 1, 'once';
    }
};

subtest 'while AssessFirst takes an invitation' => sub {
    my ($id, $email) = on_the_way($acme, { api => 'assessfirst', method => 'POST', do => 'process_then_delay', delay => 18 });
    stops_in_time();
    is $site->invitation($id)->{state}, 'uncertain', 'the invitation is uncertain';
    is(($site->open_follow_ups($id))[0]{state}, 'ready', 'its follow-up waits for the look-up');
    $server->start;
    is $site->finished($id, seconds => 30)->{result}, 'invited', 'which finds it';
    is scalar(posted($email)), 1, 'it was sent once';
    is scalar(grep { $_->{email} eq $email } $site->invitations($acme)), 1, 'and recorded once';
};

subtest 'while an invitation is on the way and lost' => sub {
    my ($id, $email) = on_the_way($beta, { api => 'assessfirst', method => 'POST', do => 'close', delay => 18 });
    stops_in_time();
    is $site->invitation($id)->{state}, 'uncertain', 'the invitation is uncertain';
    $server->start;
    is $site->finished($id, seconds => 30)->{result}, 'invited', 'it is sent once more after the look-up';
    is scalar(grep { $_->{email} eq $email } $site->invitations($beta)), 1, 'and recorded once';
};

subtest 'with a backlog' => sub {
    $sandbox->fault(api => 'pinpoint', path => '/applications/', delay => 0.3, times => 20);
    my @ids = map { my $application = applicant($site, $_); trigger($site, $_, $application) } ($acme, $beta) x 4;
    stops_in_time();
    my $open = $site->rows('afp_follow_up');
    cmp_ok $open, '>', 0, "$open follow-ups wait";
    $server->start;
    is $site->finished($_, seconds => 30)->{result}, 'invited', 'after the start each invites' for @ids;
    is $site->rows('afp_invitation'), 4 + 2 + 8, 'one invitation for each application';
};

subtest 'right after the start' => sub {
    for my $turn (1 .. 3) {
        $server->stop;
        my $application = applicant($site, $acme);
        $server->start;
        trigger($site, $acme, $application);
        stops_in_time();
        $server->start;
        is $site->finished($application->{id}, seconds => 30)->{result}, 'invited', 'what was accepted is done';
    }
};

done_testing;
