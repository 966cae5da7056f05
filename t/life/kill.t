# A storm of SIGKILL during load, as from the OOM killer and from power cuts: what was accepted is
# stored, and nobody is invited twice.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use List::Util qw(shuffle);
use Test::More;

use AFP::Invite;
use AFP::Load;

my $child_rounds = 12;
my $server_rounds = 4;
my $per_company = 15;

# What was sent before a look-up reaches AssessFirst before it, however slow a busy machine is.
my $site = invite_site(tls => 0, config => <<'CONF');
PinpointTimeout uncertain=5
<IfModule !prefork.c>
    StartServers 4
    MinSpareThreads 48
    ServerLimit 16
    MaxRequestWorkers 256
</IfModule>
<IfModule prefork.c>
    ServerLimit 64
    MaxRequestWorkers 64
</IfModule>
CONF
my $server = $site->server;
# What a delivery meets whose database was in the middle of something else.
# And httpd's remark about children that end by a signal one after another.
$server->allow_log(qr/AFP0(?:1\d\d|30[12]): /, qr/AH1039[23]/);
my @companies = map { connected($site, "company$_", limit => 0) } 1 .. 6;
# Its follow-ups are held: its deliveries are only about what is stored.
my $paused = connected($site, 'paused');
$site->page('paused')->open->press('Pause')->press('Pause');

my @applications = map {
    my $tenant = $companies[$_ % @companies];
    my $email = "storm$_\@example.test";
    my $application = applicant($site, $tenant, email => $email, job_id => job_of($tenant));
    +{ id => $application->{id}, job_id => $application->{job_id}, email => $email };
} 0 .. $per_company * @companies - 1;

sub job_of
{
    my ($tenant) = @_;
    return $tenant->{job} //= $site->sandbox->job(key => $tenant->{key}, model => 'Sales Executive')->{id};
}

# ---- the storm ----

my $invites = AFP::Load->start($site, \@companies, applications => \@applications, clients => 2, insist => 1, pause => 0.3);
my $load = AFP::Load->start($site, [$paused], clients => 48, insist => 1, keep => 1, pause => 0.1);
ok $load->goes_on(10), 'deliveries are taken';

my $kills = 0;
for my $round (1 .. $child_rounds) {
    wait_until(sub { $server->children }, 10);
    my @children = shuffle $server->children;
    for my $pid (@children[0 .. int rand @children]) {
        $server->kill_child($pid);
        $kills++;
    }
    $load->goes_on(3) or last;
}
ok $load->goes_on(5), "and after $kills children were killed";
for my $round (1 .. $server_rounds) {
    $server->kill_all;
    $server->start;
    $load->goes_on(3) or last;
}
ok $load->goes_on(5), "and after the whole server was killed $server_rounds times";

cmp_ok $kills, '>=', $child_rounds, 'each round killed somebody';

my @sent = ($load->stop, $invites->finish);
my @taken = grep { $_->{code} =~ /^2/ } @sent;
is scalar(grep { $_->{application} < 7_000_000 } @taken), scalar @applications, 'everyone who insisted got through';

# ---- what is left of it ----

my %rows = map { $_->[0] => $_->[1] } @{ $site->dbh->selectall_arrayref(
    'SELECT application_id, count(*) FROM afp_delivery GROUP BY application_id') };
my @lost = grep { !$rows{ $_->{application} } } @taken;
is scalar @lost, 0, 'of ' . @taken . ' deliveries that were accepted none is lost';
is scalar(grep { $_ != 1 } values %rows), 0, 'and none is stored twice';
is scalar(grep { ($_->{code} || 503) !~ /^(?:20[02]|503)$/ } @sent), 0, 'no other answer was given than success, 503 or none';

# What comes back on a schedule has no end.
my $ends = q{company_uuid <> ? AND kind NOT IN ('read-results', 'synchronise')};

# The leases of the dead, instead of waiting for their end.
$site->dbh->do(q{UPDATE afp_follow_up SET due_at = 0 WHERE state = 'leased'});
ok wait_until(sub {
    $site->dbh->do('UPDATE afp_budget SET next_at = 0 WHERE next_at > 0');
    return wait_until(sub { !$site->rows('afp_follow_up', $ends, $paused->{uuid}) }, 1);
}, 40), 'all follow-ups come to their end'
    or diag explain $site->dbh->selectall_arrayref(
        "SELECT kind, state, attempts, reason FROM afp_follow_up WHERE $ends", undef, $paused->{uuid});

my %results;
$results{ $_->[0] }{ $_->[1] }++ for @{ $site->dbh->selectall_arrayref(
    q{SELECT application_id, result FROM afp_finished WHERE kind = 'invite'}) };
my %recorded;
$recorded{ $_->{email} }++ for map { $site->invitations($_) } @companies;
is scalar(grep { $_ > 1 } values %recorded), 0, 'no candidate is invited twice';
is scalar(grep { join(' ', keys %{ $results{ $_->{id} } // {} }) !~ /^(?:invited|uncertain)$/ } @applications), 0,
    'every follow-up ends as invited, or as uncertain when it was killed twice in the call';
my @bad = grep { $results{ $_->{id} }{invited} && !$recorded{ $_->{email} } } @applications;
is scalar @bad, 0, 'who is said to be invited is';
my $uncertain = grep { $results{ $_->{id} }{uncertain} } @applications;
cmp_ok $uncertain, '<=', 5, "$uncertain are uncertain";
is invite($site, $companies[0])->{result}, 'invited', 'and work goes on';

done_testing;
