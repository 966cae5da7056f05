# Many open invitations: budgets hold, the newest come first, and nobody waits for somebody else's.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use Time::HiRes qw(time);

use AFP::Results;

my $site = invite_site();
my $sandbox = $site->sandbox;

# The readings of a token: [time, candidate].
sub readings_of
{
    my ($token, $since) = @_;
    return map { [$_->{time}, $_->{path} =~ m{([^/]+)$}] } grep { $_->{method} eq 'GET' && $_->{path} =~ m{/candidate/}
        && $_->{headers}{'af-token'} eq $token } $sandbox->calls(api => 'assessfirst', since => $since);
}

# How many of these readings (application ids) are done: the sandbox's list of calls is long, and asking
# for it often would slow it down.
sub done { my (@ids) = @_; return $site->rows('afp_assessment', 'application_id IN (' . join(',', ('?') x @ids) . q{) AND polls > 1}, @ids) }

my $busy = connected($site, 'busy', limit => 0);
my @small = map { connected($site, "small$_", limit => 0) } 1 .. 9;
my ($shared, $sharing) = map { connected($site, $_, token => 'shared-token', limit => 0) } qw(shared sharing);

subtest 'one company\'s 400 do not delay the others\' one' => sub {
    $site->dbh->do('UPDATE afp_budget SET next_at = 0');
    my $since = $sandbox->last_call_number;
    $site->dbh->begin_work;
    my @old = map { due_reading($site, $busy, 20 * 86400) } 1 .. 250;
    my @new = map { due_reading($site, $busy, 60) } 1 .. 150;
    my @one = map { due_reading($site, $_, 86400) } @small;
    my $before = time;
    $site->dbh->commit;
    ok wait_until(sub { done(map { $_->{id} } @one) == @one }, 60), 'those of nine others are read';
    my $seconds = time - $before;
    cmp_ok $seconds, '<', 60, sprintf 'all of them after %.1f s, a poll interval is 300', $seconds;
    cmp_ok $site->rows('afp_follow_up', q{kind = 'read-results' AND company_uuid = ?}, $busy->{uuid}), '>', 100,
        'while the busy one\'s wait for their budget';

    $before = time;
    is invite($site, $busy, email => 'urgent@example.test')->{result}, 'invited', 'a new candidate of the busy one is invited';
    $seconds = time - $before;
    cmp_ok $seconds, '<', 20, sprintf 'after %.1f s: readings leave something of the budget', $seconds;

    wait_until(sub { done(map { $_->{id} } @new) >= 60 }, 120);
    my @readings = readings_of($busy->{token}, $since);
    my %is_new = map { $_->{uuid} => 1 } @new;
    is scalar(grep { $is_new{ $_->[1] } } @readings[0 .. 59]), 60, 'of the busy one\'s, the newest come first';
    my @calls = sort { $a <=> $b } map { $_->{time} } grep { $_->{headers}{'af-token'} eq $busy->{token} }
        $sandbox->calls(api => 'assessfirst', since => $since);
    for my $window (1, 5, 10, 20, 30) {
        my $most = most_in($window, @calls);
        cmp_ok $most, '<=', 30 + $window + 1, "never more than 30 and one each second in $window s ($most)";
    }
    is $site->rows('afp_follow_up', q{kind = 'read-results' AND company_uuid = ? AND attempts > 0 AND state = 'ready'}, $busy->{uuid}), 0,
        'waiting for the budget is no try';
    $site->dbh->do(q{DELETE FROM afp_follow_up WHERE company_uuid = ?}, undef, $busy->{uuid});
};

subtest 'nor where all of them share one token' => sub {
    $site->dbh->do('UPDATE afp_budget SET next_at = 0');
    my $since = $sandbox->last_call_number;
    $site->dbh->begin_work;
    due_reading($site, $shared, 60) for 1 .. 150;
    my $one = due_reading($site, $sharing, 86400);
    my $before = time;
    $site->dbh->commit;
    ok wait_until(sub { done($one->{id}) }, 60), 'the one is read';
    my $place = 0;
    for my $reading (readings_of('shared-token', $since)) {
        $place++;
        last if $reading->[1] eq $one->{uuid};
    }
    cmp_ok $place, '<', 40, "as number $place of 151";
    $site->dbh->do(q{DELETE FROM afp_follow_up WHERE company_uuid = ?}, undef, $shared->{uuid});
};

done_testing;
