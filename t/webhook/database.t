# When the database is not there: never a success without a row, and no restart needed afterwards.
# matrix: alone mpm database

use strict;
use warnings;

use Digest::SHA ();
use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(sleep time);

use AFP::Databases;
use AFP::Process qw(wait_until);
use AFP::Site;
use AFP::Wire;

my $kind = $ENV{AFP_DATABASE} // 'sqlite3';
my $databases = AFP::Databases->new(own => 1);
my $site = AFP::Site->new(databases => $databases);
my $server = $site->start->server;
my $is_prefork = $server->mpm eq 'prefork';
$server->expect_log(qr/AFP030[12]: .*check the database of DBDParams/)->allow_log(qr/AFP01\d\d: /);
my $acme = $site->connect('acme', no_sandbox => 1);

my $number = 0;
my %taken;
# On prefork a request commits its own row, and waits as long as the driver does.
my $patience = $is_prefork ? 12 : 4.7;

# One delivery: (status, seconds, answer). What is answered with success must be stored.
sub deliver
{
    my (%header) = @_;
    my $application = ++$number;
    my $since = time;
    my $answer = $site->deliver($acme, AFP::Site::body($acme, $application), %header);
    $taken{$application} = 1 if $answer->code =~ /^2/;
    return ($answer->code, time - $since, $answer);
}

sub is_unavailable
{
    my ($name) = @_;
    subtest $name => sub {
        for my $try (1 .. 3) {
            my ($code, $seconds, $answer) = deliver();
            is $code, 503, 'a delivery is refused for now';
            like $answer->header('Retry-After'), qr/\A\d+\z/, 'and told when to come again';
            is $answer->content_type, 'application/problem+json', 'with a problem as body';
            cmp_ok $seconds, '<', $patience, 'while Pinpoint still listens';
        }
        my ($code) = deliver('PINPOINT-HMAC-SHA256' => 'A' x 43 . '=');
        like $code, qr/^(?:401|503)$/, 'what is not authentic does not get in either';
    };
    return;
}

# A refusal holds for a second.
sub is_back
{
    my ($name) = @_;
    my $code;
    ok wait_until(sub { sleep 0.3; ($code) = deliver(); $code == 202 }, 15), "$name, deliveries are taken again"
        or diag "last answer: $code";
    return;
}

is((deliver())[0], 202, 'a delivery is taken');

# ---- another process holds the lock ----

my $other = $site->database->dbh;
if ($kind eq 'sqlite3') {
    $other->begin_work;
    $other->do('UPDATE afp_meta SET value = value');
} else {
    my $row = $other->selectrow_hashref('SELECT * FROM afp_delivery');
    $row->{id} = 'f' x 32;
    $row->{digest} = sprintf '%016x%.48s', 1_000_000,
        Digest::SHA::sha256_hex(AFP::Site::body($acme, $number + 1, triggered_at => 1));
    my @columns = sort keys %$row;
    $other->begin_work;
    $other->do('INSERT INTO afp_delivery (' . join(', ', @columns) . ') VALUES (' . join(', ', ('?') x @columns) . ')',
        undef, @$row{@columns});
}
if ($kind eq 'sqlite3') {
    is_unavailable('while a foreign process writes');
} elsif (!$is_prefork) {
    # The same row is being written elsewhere, and nobody knows whether it will be committed.
    my $since = time;
    my $answer = $site->deliver($acme, AFP::Site::body($acme, ++$number, triggered_at => 1));
    is $answer->code, 503, 'a delivery whose row is locked elsewhere is refused for now';
    cmp_ok time - $since, '<', 4.7, 'while Pinpoint still listens';
}
$other->rollback;
$other->disconnect;
is_back('when it is done');

# ---- the server is gone ----

if ($kind ne 'sqlite3') {
    $site->{dbh}->disconnect if $site->{dbh};
    $databases->kill;
    is_unavailable('while the database server is down');
    $databases->start;
    $site->reconnect;
    is_back('when it is up');
}

# ---- the server hangs ----

# On prefork a request waits for its own commit.
if ($kind ne 'sqlite3' && !$is_prefork) {
    $databases->freeze;
    my ($code, $seconds) = deliver();
    is $code, 503, 'while the database server hangs, a delivery is refused';
    cmp_ok $seconds, '<', 4.7, 'while Pinpoint still listens';
    is((deliver())[0], 503, 'and so is the next');
    $databases->thaw;
    is_back('when it goes on');
}

# ---- httpd starts without a database ----

$server->stop;
if ($kind eq 'sqlite3') {
    delete $site->{dbh};
    rename $site->database->file, $site->database->file . '.away' or die;
    unlink map { $site->database->file . "-$_" } qw(wal shm);
    mkdir $site->database->file or die;
} else {
    $databases->stop;
}
$server->start;
my ($code) = deliver();
is $code, 503, 'a server that starts without its database refuses deliveries';
my %said;
$said{ (deliver())[0] }++ for 1 .. 30;
is_deeply \%said, { 503 => 30 }, 'however many come: who is unknown is not known yet';
my $told = qr/\[assessfirst_pinpoint:error\][^\n]*AFP0104: cannot connect to the database/;
my $starts = rindex $server->error_log, 'configured -- resuming normal operations';
like substr($server->error_log, $starts), $told, 'the log tells the operator why';
if ($kind eq 'sqlite3') {
    rmdir $site->database->file or die;
    rename $site->database->file . '.away', $site->database->file or die;
} else {
    $databases->start;
}
$site->reconnect;
is_back('when the database is there');

# ---- and in the end ----

for my $application (sort { $a <=> $b } keys %taken) {
    is $site->rows('afp_delivery', 'application_id = ?', $application), 1,
        "delivery $application, which was answered with success, is stored";
}

done_testing;
