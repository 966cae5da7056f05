# The database goes away and comes back while httpd runs, or while it stops.
# matrix: alone database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

use AFP::Databases;
use AFP::Invite;
use AFP::Load;

my $kind = $ENV{AFP_DATABASE} // 'sqlite3';
my $databases = AFP::Databases->new(own => 1);
my $site = invite_site(databases => $databases);
my $server = $site->server;
my $is_prefork = $server->mpm eq 'prefork';
# Children that wait for a database that hangs are told twice to end.
$server->allow_log(qr/AFP0(?:1\d\d|30[12]|331): /, qr/AH00045: .*SIGTERM/);
my $acme = connected($site, 'acme', limit => 0);
# Its follow-ups are held: its deliveries are only about what is stored.
my $paused = connected($site, 'paused');
$site->page('paused')->open->press('Pause')->press('Pause');
my $number = 0;

# SQLite has no server: there a foreign process holds the lock.
my $foreign;

sub take_away
{
    if ($kind eq 'sqlite3') {
        $foreign = $site->database->dbh;
        $foreign->begin_work;
        $foreign->do('UPDATE afp_meta SET value = value');
        return;
    }
    $site->{dbh}->disconnect if $site->{dbh};
    $databases->stop;
    return;
}

sub bring_back
{
    if ($kind eq 'sqlite3') {
        $foreign->rollback;
        undef $foreign;
        return;
    }
    $databases->start;
    $site->reconnect;
    return;
}

sub freeze { return $kind eq 'sqlite3' ? take_away() : $databases->freeze }
sub thaw { return $kind eq 'sqlite3' ? bring_back() : $databases->thaw }

sub deliver { return $site->deliver($paused, AFP::Site::body($paused, 8_000_000 + ++$number)) }

# Ends every connection of httpd to the database.
sub kill_connections
{
    my $dbh = $site->reconnect;
    my @ids = @{ $dbh->selectcol_arrayref($kind eq 'pgsql'
        ? q{SELECT pid FROM pg_stat_activity WHERE usename = 'afp' AND pid <> pg_backend_pid() AND datname = current_database()}
        : q{SELECT id FROM information_schema.processlist WHERE user = 'afp' AND id <> connection_id()}) };
    for my $id (@ids) {
        eval { $dbh->do($kind eq 'pgsql' ? "SELECT pg_terminate_backend($id)" : "KILL $id"); 1 };
    }
    return scalar @ids;
}

# A follow-up whose read of the application takes so long.
sub slow
{
    my ($seconds) = @_;
    my $application = applicant($site, $acme);
    $site->sandbox->fault(api => 'pinpoint', path => "/applications/$application->{id}", delay => $seconds);
    # A failed commit makes the next deliveries wait for a second.
    wait_until(sub { eval { trigger($site, $acme, $application) } }, 10) or die $@;
    wait_until(sub { reads($site, $acme, $application->{id}) }, 15) or die "no call was made\n";
    return $application->{id};
}

subtest 'away and back again' => sub {
    my $waiting = applicant($site, $acme);
    again_row($site, $acme, $waiting->{id}, due_at => now_us() + 4e6);
    my $running = slow(1);
    take_away();
    for (1 .. 3) {
        my $since = time;
        my $answer = deliver();
        is $answer->code, 503, 'a delivery is refused for now';
        like $answer->header('Retry-After'), qr/\A\d+\z/, 'and told when to come again';
        cmp_ok time - $since, '<', 4.7, 'in time';
    }
    bring_back();
    ok wait_until(sub { sleep 0.2; deliver()->code == 202 }, 15), 'when it is back deliveries are taken';
    $site->dbh->do(q{UPDATE afp_follow_up SET due_at = 0 WHERE state = 'leased'});
    is $site->finished($_, seconds => 30)->{result}, 'invited', 'and what waited is done' for $waiting->{id}, $running;
    is scalar(() = $server->error_log =~ /resuming normal operations/g), 1, 'without a restart';
};

if ($kind ne 'sqlite3') {
    subtest 'connections are cut under load' => sub {
        my $load = AFP::Load->start($site, [$paused], clients => 3, insist => 1, pause => 0.1);
        my @ids;
        for my $turn (1 .. 6) {
            my $application = applicant($site, $acme);
                trigger($site, $acme, $application);
            push @ids, $application->{id};
            cmp_ok kill_connections(), '>', 0, 'connections are cut';
            ok $load->goes_on(5), 'deliveries go on';
        }
        my @sent = $load->stop;
        is scalar(grep { $_->{code} !~ /^(?:20[02]|503)$/ } @sent), 0, 'answered with success or 503';
        my %rows = map { $_->[0] => $_->[1] } @{ $site->dbh->selectall_arrayref(
            'SELECT application_id, count(*) FROM afp_delivery GROUP BY application_id') };
        is scalar(grep { $_->{code} =~ /^2/ && ($rows{ $_->{application} } // 0) != 1 } @sent), 0,
            'what was accepted is stored once';
        # A transaction whose end was cut off may have ended either way; its lease runs out.
        $site->dbh->do(q{UPDATE afp_follow_up SET due_at = 0 WHERE state = 'leased'});
        $site->dbh->do('UPDATE afp_follow_up SET due_at = 0 WHERE application_id = ?', undef, $_) for @ids;
        like $site->finished($_, seconds => 30)->{result}, qr/^invited$/, 'what was accepted invites' for @ids;
    };
}

# httpd kills a child that is still there 9 seconds after it was told to end (AH00046).
sub ends_by_itself
{
    my ($name) = @_;
    my $since = time;
    ok $server->stop, "$name, httpd stops";
    cmp_ok time - $since, '<', 9, 'before it loses its patience';
    unlike $server->error_log, qr/AH00046/, 'and kills no child';
    return;
}

subtest 'httpd stops while the database hangs' => sub {
    my $id = slow(2);
    freeze();
    my @clients = map {
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
            deliver();
            POSIX::_exit(0);
        }
        $pid;
    } $is_prefork ? () : 1 .. 3;
    sleep 0.5;
    ends_by_itself('with deliveries on the way');
    waitpid $_, 0 for @clients;
    thaw();
    $site->reconnect;
    $server->start;
    # A lease that could not be given back runs out.
    $site->dbh->do(q{UPDATE afp_follow_up SET due_at = 0 WHERE state = 'leased'});
    is invite($site, $acme)->{result}, 'invited', 'and works after the start';
    is $site->finished($id, seconds => 30)->{result}, 'invited', 'also on what it was at';
};

subtest 'httpd stops while the database is away' => sub {
    take_away();
    ends_by_itself('without a database');
    bring_back();
    $server->start;
    # What another child or the one before was at may hold the company's leases.
    $site->dbh->do(q{UPDATE afp_follow_up SET due_at = 0 WHERE state = 'leased'});
    is invite($site, $acme)->{result}, 'invited', 'and works after the start';
};

done_testing;
