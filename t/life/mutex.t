# The lock that SQLite's writers share across processes.
# matrix: alone

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Databases;
use AFP::Invite;
use AFP::Load;
use AFP::Site;

# The kind of a run does not matter: only SQLite has this lock.
my @sqlite = (databases => AFP::Databases->new(kind => 'sqlite3'), sandbox => AFP::Sandbox->start);

subtest 'a mechanism that does not survive its holder is refused' => sub {
    for my $mechanism (qw(sysvsem posixsem flock:@DIR@/run)) {
        my $site = AFP::Site->new(@sqlite, config => "Mutex $mechanism assessfirst-pinpoint");
        my $server = $site->server;
        my ($name) = $mechanism =~ /^(\w+)/;
        ok !eval { $server->start }, "$name: httpd does not start";
        $server->expect_log(qr/AFP0410: .*$name.*Mutex pthread assessfirst-pinpoint/, qr/AFP0411: /)
            ->allow_log(qr/AH00020|AH00016/);
        ok !$server->is_running, 'and is not there';
    }
};

# Kills all children while one of them waits for SQLite's own lock, with the mutex in its hand.
sub survives_death_of_holder
{
    my ($site) = @_;
    my $server = $site->server;
    my $gone = $site->connect('gone', no_sandbox => 1);
    $server->allow_log(qr/AFP0301: /);
    my $other = $site->database->dbh;
    $other->begin_work;
    $other->do('UPDATE afp_meta SET value = value');
    my $load = AFP::Load->start($site, [$gone], clients => 3);
    my %first = map { $_ => 1 } $server->children;
    # What sleeps between two tries of the driver holds the mutex: everyone else sleeps for it.
    wait_until(sub { grep { tries($_) } keys %first }, 10) or diag 'nobody tries to write';
    $server->kill_child($_) for keys %first;
    $other->rollback;
    $load->stop;
    my $code;
    ok wait_until(sub { ($code = $site->deliver($gone, AFP::Site::body($gone, 3))->code) =~ /^20/ }, 4),
        'who dies with the lock in his hand leaves it to the others' or diag $code;
    return;
}

# Whether a thread of this process sleeps for a time, as the driver does between two tries.
sub tries
{
    my ($pid) = @_;
    return grep { AFP::Process::slurp($_) =~ /poll_schedule_timeout|do_select|nanosleep/ } glob "/proc/$pid/task/*/wchan";
}

# Kills children under load; every client is answered in time.
sub survives_kills
{
    my ($site, $rounds) = @_;
    my $server = $site->server;
    my $acme = $site->connect('acme', no_sandbox => 1);
    # One page for the pause: its follow-ups need no call then.
    $site->page('acme')->open->press('Pause')->press('Pause');
    my $load = AFP::Load->start($site, [$acme], clients => 4);
    ok $load->goes_on(20), 'deliveries are taken';
    for my $round (1 .. $rounds) {
        $server->kill_child;
        $load->goes_on(5, 15) or last;
    }
    my @sent = $load->stop;
    my @late = grep { $_->{code} && $_->{seconds} > 4 } @sent;
    is scalar @late, 0, "$rounds children were killed, and nobody waited for longer than 4 seconds";
    is scalar(grep { $_->{code} == 503 } @sent), 0, 'nor was turned away' or diag $server->log_tail;
    my $answer = $site->deliver($acme, AFP::Site::body($acme, 1));
    is $answer->code, 202, 'and deliveries are taken afterwards';
    my %rows = map { $_->[0] => $_->[1] } @{ $site->dbh->selectall_arrayref(
        'SELECT application_id, count(*) FROM afp_delivery GROUP BY application_id') };
    is scalar(grep { $_->{code} =~ /^2/ && ($rows{ $_->{application} } // 0) != 1 } @sent), 0, 'what was taken is stored once';
    return;
}

subtest 'a child that dies with the lock does not stop the others' => sub {
    my $site = AFP::Site->new(@sqlite)->start;
    survives_kills($site, 15);
    survives_death_of_holder($site);
};

subtest 'also with fcntl' => sub {
    my $site = AFP::Site->new(@sqlite, config => 'Mutex fcntl:@DIR@/run assessfirst-pinpoint')->start;
    survives_kills($site, 5);
    survives_death_of_holder($site);
    $site->server->graceful;
    my $beta = $site->connect('beta', no_sandbox => 1);
    is $site->deliver($beta, AFP::Site::body($beta, 2))->code, 202, 'and over a restart';
};

subtest 'the lock is the same before and after a graceful restart' => sub {
    my $site = AFP::Site->new(@sqlite)->start;
    my $server = $site->server;
    my $acme = $site->connect('acme', no_sandbox => 1);
    for my $turn (1 .. 3) {
        my $load = AFP::Load->start($site, [$acme], clients => 2);
        $load->goes_on(5);
        $server->graceful;
        $server->kill_child;
        ok $load->goes_on(5), "deliveries are taken by generation $turn after a death";
        my @failed = grep { $_->{code} == 503 } $load->stop;
        is scalar @failed, 0, 'without a failure';
    }
};

done_testing;
