# The calls that one AssessFirst token may make: 30 at once and one each second, 90 in any minute.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Digest::SHA qw(sha256_hex);
use Test::More;
use Time::HiRes qw(time sleep);

use AFP::Invite;
use AFP::Process qw(patience);

my $site = invite_site();
my $sandbox = $site->sandbox;

sub token_calls
{
    my ($token) = @_;
    return sort { $a <=> $b } map { $_->{time} }
        grep { ($_->{headers}{'af-token'} // '') eq $token } $sandbox->calls(api => 'assessfirst');
}

# The most calls in any window of this many seconds.
sub most_in
{
    my ($window, @times) = @_;
    my ($most, $first) = (0, 0);
    for my $i (0 .. $#times) {
        $first++ while $times[$i] - $times[$first] > $window;
        $most = $i - $first + 1 if $i - $first + 1 > $most;
    }
    return $most;
}

# So many calls were made just now, however fast this machine is.
sub spend
{
    my ($calls, $tenant) = @_;
    $site->dbh->do('UPDATE afp_budget SET next_at = ? WHERE token_digest = ?', undef,
        int((time + $calls) * 1e6), sha256_hex($tenant->{token}));
}

my $acme = connected($site, 'acme');
my ($left, $right) = map { connected($site, $_, token => 'shared-token') } qw(left right);
my $other = connected($site, 'other');

subtest '40 candidates at once stay within the budget, and nobody else waits for them' => sub {
    $sandbox->clear_calls;
    my @applications = map { applicant($site, $acme, email => "many$_\@example.test") } 1 .. 40;
    spend(20, $acme);
    trigger($site, $acme, $_) for @applications;
    wait_until(sub { $site->rows('afp_finished', "kind = 'invite' AND company_uuid = ?", $acme->{uuid}) >= 5 }, 20);
    my $waiting = $site->rows('afp_follow_up', "state = 'ready' AND company_uuid = ?", $acme->{uuid});
    cmp_ok $waiting, '>', 0, "$waiting wait in the table";

    my $before = time;
    my $end = invite($site, $other);
    is $end->{result}, 'invited', 'a company with another token is invited meanwhile';
    cmp_ok time - $before, '<', patience(3), 'at once: no worker sleeps';

    wait_until(sub { $site->rows('afp_finished', "kind = 'invite' AND company_uuid = ?", $acme->{uuid}) >= 40 }, 60);
    my @calls = token_calls($acme->{token});
    is scalar($site->invitations($acme)), 40, 'all of them are invited';
    is scalar @calls, 40 + scalar(grep { $_->{path} =~ /predictive-models/
        && $_->{headers}{'af-token'} eq $acme->{token} } $sandbox->calls(api => 'assessfirst')), 'once each';
    for my $window (1, 5, 10, 20) {
        my $most = most_in($window, @calls);
        cmp_ok $most, '<=', 30 + $window + 1, "never more than 30 and one each second in $window s ($most)";
    }
    my $tried = $site->rows('afp_finished', "kind = 'invite' AND company_uuid = ? AND attempts > 1", $acme->{uuid});
    is $tried, 0, 'waiting for the budget was no try';
    ok !(grep { ($_->{status} // 0) == 429 } $sandbox->calls(api => 'assessfirst')), 'AssessFirst never said 429';
};

subtest 'candidates who are not invited cost no budget' => sub {
    my $skipping = connected($site, 'skipping');
    my @applications = map { applicant($site, $skipping, rejected_at => 1) } 1 .. 40;
    trigger($site, $skipping, $_) for @applications;
    ok wait_until(sub { $site->rows('afp_finished', "kind = 'invite' AND company_uuid = ?", $skipping->{uuid}) >= 40 }, 15),
        '40 of them are skipped without waiting';
    is invite($site, $skipping)->{result}, 'invited', 'and the next candidate is invited';
};

subtest 'two companies with one token share its budget' => sub {
    $sandbox->clear_calls;
    my @applications = map { [$left, applicant($site, $left)], [$right, applicant($site, $right)] } 1 .. 20;
    trigger($site, @$_) for @applications;
    wait_until(sub { $site->invitations($left) >= 40 }, 40);
    my @calls = token_calls('shared-token');
    is scalar($site->invitations($left)), 40, 'all of them are invited';
    for my $window (1, 5, 10) {
        my $most = most_in($window, @calls);
        cmp_ok $most, '<=', 30 + $window + 1, "together never more than 30 and one each second in $window s ($most)";
    }
};

done_testing;
