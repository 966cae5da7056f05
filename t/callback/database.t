# The results location while the database is not there: callers notice nothing, and soon it works
# again.
# matrix: alone database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(sleep time);

use AFP::Databases;
use AFP::Results;
use AFP::Wire;

my $kind = $ENV{AFP_DATABASE} // 'sqlite3';
my $databases = AFP::Databases->new(own => 1);
my $site = invite_site(databases => $databases, config => 'PinpointSchedule results=100000');
my $server = $site->server;
$server->allow_log(qr/AFP01\d\d: |AFP03\d\d: /);
my $acme = connected($site, 'acme');
my $ada = invited($site, $acme);
my $uuid = $site->invitation($ada->{id})->{candidate_id};
my $wrong = $acme->{results} =~ s/.\z/x/r;

# The status of one call on a connection of its own, and how long it took.
sub call
{
    my ($path) = @_;
    my $body = qq({"uuid":"$uuid"});
    my $answer = AFP::Wire->new($server)->head(POST => $path, 'Content-Length: ' . length $body)->send($body)->answer(10);
    return $answer ? ($answer->{code}, $answer->{seconds}) : ('none', 10);
}

sub is_answered
{
    my ($name) = @_;
    subtest $name => sub {
        for (1 .. 12) {
            my ($code, $seconds) = call($acme->{results});
            is $code, 204, 'a call is taken';
            cmp_ok $seconds, '<', 2, 'at once';
        }
        my ($code, $seconds) = call($wrong);
        is $code, 404, 'a wrong token is found wrong';
        cmp_ok $seconds, '<', 2, 'at once';
        my $since = time;
        is $server->get('/nothing')->code, 404, 'everything else of the server answers';
        cmp_ok time - $since, '<', 2, 'at once';
    };
    return;
}

# Calls are followed again, if not the first then a later one.
sub is_back
{
    my ($name) = @_;
    my $before = assessment($site, $ada)->{polls} // 0;
    ok wait_until(sub { call($acme->{results}); sleep 0.3; (assessment($site, $ada)->{polls} // 0) > $before }, 20), $name;
    idle($site, $ada->{id});
    return;
}

is_back('calls are followed');

# ---- it hangs ----

if ($kind eq 'sqlite3') {
    my $other = $site->database->dbh;
    $other->begin_work;
    $other->do('UPDATE afp_meta SET value = value');
    is_answered('while a foreign process writes');
    $other->rollback;
    $other->disconnect;
} else {
    $databases->freeze;
    is_answered('while the database server hangs');
    $databases->thaw;
}
is_back('calls are followed when it goes on');

# ---- it is gone ----

delete($site->{dbh})->disconnect;
if ($kind eq 'sqlite3') {
    $server->stop;
    rename $site->database->file, $site->database->file . '.away' or die;
    unlink map { $site->database->file . "-$_" } qw(wal shm);
    mkdir $site->database->file or die;
    $server->start;
} else {
    $databases->kill;
}
is_answered('while it is gone');
if ($kind eq 'sqlite3') {
    rmdir $site->database->file or die;
    rename $site->database->file . '.away', $site->database->file or die;
} else {
    $databases->start;
}
$site->reconnect;
is_back('calls are followed when it is back');

done_testing;
