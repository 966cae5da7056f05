# Restarts under load: nothing is lost, nobody is turned away, work in progress goes on.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;
use AFP::Load;

# Old children that still work take room in the scoreboard beside the new ones.
my $site = invite_site(config => <<'CONF');
<IfModule !prefork.c>
    ServerLimit 16
</IfModule>
CONF
my $server = $site->server;
my $is_prefork = $server->mpm eq 'prefork';
my $acme = connected($site, 'acme', limit => 0);
my $busy = connected($site, 'busy', limit => 0);

sub codes
{
    my %count;
    $count{ $_->{code} }++ for @_;
    return \%count;
}

# The accepted ones among these are stored, each once.
sub is_stored
{
    my ($name, @sent) = @_;
    my %rows = map { $_->[0] => $_->[1] } @{ $site->dbh->selectall_arrayref(
        'SELECT application_id, count(*) FROM afp_delivery GROUP BY application_id') };
    my @wrong = grep { $_->{code} =~ /^2/ && ($rows{ $_->{application} } // 0) != 1 } @sent;
    is scalar @wrong, 0, $name;
    return;
}

# Waits until none of these processes is there any more.
sub have_ended
{
    my ($name, $seconds, @pids) = @_;
    ok wait_until(sub { my %now = map { $_ => 1 } $server->children; !grep { $now{$_} } @pids }, $seconds), $name
        or diag $server->log_tail;
    return;
}

sub slow
{
    my ($tenant, $seconds) = @_;
    my $application = applicant($site, $tenant);
    $site->sandbox->fault(api => 'pinpoint', path => "/applications/$application->{id}", delay => $seconds);
    trigger($site, $tenant, $application);
    wait_until(sub { reads($site, $tenant, $application->{id}) }, 15) or die "no call was made\n";
    return $application->{id};
}

subtest 'five graceful restarts in a row under load' => sub {
    my $load = AFP::Load->start($site, [$busy], clients => 3);
    my %old;
    ok $load->goes_on(20), 'deliveries are taken';
    for my $turn (1 .. 5) {
        $old{$_} = 1 for $server->children;
        $server->graceful;
        ok $load->goes_on(20), "and after restart $turn";
    }
    my @sent = $load->stop;
    is_deeply codes(@sent), { 202 => scalar @sent }, scalar(@sent) . ' deliveries were sent, and each was accepted'
        or diag explain [grep { $_->{code} != 202 } @sent];
    is_stored 'each is stored once', @sent;
    have_ended 'the children of the old generations are gone', 40, keys %old;
    is invite($site, $acme)->{result}, 'invited', 'the new generation invites';
};

subtest 'a graceful restart in the middle of slow calls' => sub {
    my @old = $server->children;
    my @ids = map { slow($acme, 2.5) } 1, 2;
    $server->graceful;
    is invite($site, $busy)->{result}, 'invited', 'the new children invite at once';
    for my $id (@ids) {
        my $end = $site->finished($id);
        is $end->{result}, 'invited', 'what the old ones were at ends well';
        # Prefork does not tell its children that a restart is graceful.
        is $end->{attempts}, 1, 'at the first try' unless $is_prefork;
        is scalar(grep { $_->{application_id} eq $id } finished_rows()), 1, 'and once';
    }
    is scalar(posts($site, $acme)), 3, 'one invitation each';
    have_ended 'the old children end', 30, @old;
};

sub finished_rows { return @{ $site->dbh->selectall_arrayref('SELECT * FROM afp_finished', { Slice => {} }) } }

subtest 'a graceful stop under load' => sub {
    my $id = slow($acme, 2);
    my $load = AFP::Load->start($site, [$busy], clients => 3);
    ok $load->goes_on(10), 'deliveries are taken';
    ok $server->graceful_stop, 'the server ends';
    my @sent = $load->stop;
    my $codes = codes(@sent);
    is_deeply [grep { !/^(?:202|0)$/ } keys %$codes], [], 'who was let in was served' or diag explain $codes;
    is_stored 'what was accepted is stored', @sent;
    if ($is_prefork) {
        $server->start;
        is $site->finished($id)->{result}, 'invited', 'the call in progress is made again';
        $server->stop;
    } else {
        is $site->finished($id, seconds => 0)->{result}, 'invited', 'the call in progress was finished before';
    }
    is $site->rows('afp_follow_up', "state = 'leased'"), 0, 'no lease is left behind';
    $server->start;
    is invite($site, $acme)->{result}, 'invited', 'and it starts again';
};

# The last one: a child that crashes here (see AFP::ErrorLog) leaves its leases behind.
subtest 'three restarts at once under load' => sub {
    my $load = AFP::Load->start($site, [$busy], clients => 3, insist => 1);
    ok $load->goes_on(10), 'deliveries are taken';
    for my $turn (1 .. 3) {
        my @old = $server->children;
        $server->restart;
        ok $load->goes_on(10), "and after restart $turn";
        have_ended 'the old children are gone', 20, @old;
    }
    my @sent = $load->stop;
    my $codes = codes(@sent);
    is_deeply [grep { !/^(?:202|200|0)$/ } keys %$codes], [], 'nobody is answered with an error'
        or diag explain $codes;
    is_stored 'what was accepted is stored once', @sent;
    is invite($site, $acme)->{result}, 'invited', 'the new children invite';
};

done_testing;
