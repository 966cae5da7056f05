# The harness itself: the module loads, and what goes wrong in a server is seen.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/lib";

use Test::More;

use AFP::Databases;
use AFP::ErrorLog;
use AFP::Process qw(wait_until);
use AFP::Server;

my $database = AFP::Databases->new->create;
my $server = AFP::Server->new(config => <<'CONF');
LogLevel debug
<Location /status>
    SetHandler server-status
</Location>
CONF

my ($code, $output) = $server->configtest;
is $code, 0, 'the configuration is accepted';
like $output, qr/Syntax OK/, 'and httpd says so';

$server->start;
is $server->get('/nothing')->code, 404, 'the server answers';
my $mpm = $server->mpm;
like $server->get('/status')->decoded_content, qr/Server MPM: $mpm/i, 'it runs the MPM of this run';
ok scalar $server->children, 'it has children';

my $pid = $server->pid;
my %before = map { $_ => 1 } $server->children;
$server->graceful;
is $server->pid, $pid, 'a graceful restart keeps the parent';
ok wait_until(sub { !grep { $before{$_} } $server->children }, 30), 'and replaces the children';

$server->kill_child;
is $server->get('/nothing')->code, 404, 'the server survives the loss of a child';

ok $server->stop, 'it stops';
ok !$server->is_running, 'and is gone';
$server->start;
is $server->get('/nothing')->code, 404, 'it starts again';
$server->kill_all;
$server->start;
is $server->get('/nothing')->code, 404, 'also after a power cut';
ok $server->graceful_stop, 'it stops gracefully';

my $broken = AFP::Server->new(config => "NoSuchDirective on\n");
($code, $output) = $broken->configtest;
isnt $code, 0, 'a wrong directive is refused';
like $output, qr/NoSuchDirective/, 'and named';

my $dbh = $database->dbh;
$dbh->do('CREATE TABLE sample (id VARCHAR(32) NOT NULL PRIMARY KEY)');
$dbh->do('INSERT INTO sample VALUES (?)', undef, 'one');
is_deeply $dbh->selectcol_arrayref('SELECT id FROM sample'), ['one'], 'the database stores a row';
like $database->directives, qr/^DBDriver \w+\nDBDParams ".+"$/, 'the database has its directives';
$dbh->disconnect;

is_deeply [AFP::ErrorLog::complaints("[d] [core:notice] [pid 1] AH00094: Command line\n")], [],
    'a notice is no complaint';
is scalar(AFP::ErrorLog::complaints("[d] [x:error] [pid 1] AFP0401: no\n")), 1,
    'an undeclared error is one';
is scalar(AFP::ErrorLog::complaints("[d] [x:error] [pid 1] AFP0401: no\n", declared => [qr/AFP0401/])), 0,
    'a declared error is none';
is scalar(AFP::ErrorLog::complaints("[d] [core:notice] [pid 1] AH00052: child pid 7 exit signal Segmentation fault (11)\n")), 1,
    'a crash is one';
is scalar(AFP::ErrorLog::complaints("[d] [core:notice] [pid 1] AH00052: child pid 7 exit signal Killed (9)\n", killed => [7])), 0,
    'a child that the test killed is none';

my $says = '[d] [mpm_event:debug] [pid 7:tid 7] event.c(583): wake up listener';
my $ends = '[d] [core:notice] [pid 1:tid 1] AH00052: child pid 7 exit signal Segmentation fault (11)';
my %crashes = (
    'of the event MPM that closes sockets is none' => [0, "$says\n$ends\n"],
    'is none either when another thread spoke meanwhile' => [0, "$says\n[d] [core:info] [pid 7:tid 8] AH00128: no\n$ends\n"],
    'is one that goes on to end' => [1, "$says\n[d] [x:debug] [pid 7:tid 7] AFP0329: process 7 is told to end at once\n$ends\n"],
    'is one that waits for its listener' => [1, "$says again\n$ends\n"],
    'is one where another child closes sockets' => [1, $says =~ s/7/6/gr . "\n$ends\n"],
    'is one where another thread says so' => [1, $says =~ s/tid 7/tid 8/r . "\n$ends\n"],
    'is one with another signal' => [1, "$says\n" . $ends =~ s/Segmentation fault \(11\)/Aborted (6)/r . "\n"],
);
for my $what (sort keys %crashes) {
    my ($count, $log) = @{ $crashes{$what} };
    is scalar(AFP::ErrorLog::complaints($log)), $count, "a crash of a child $what";
}

done_testing;
