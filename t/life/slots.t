# Who runs worker threads, how many, and that nobody does where the module is not enabled.
# matrix: mpm

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use IO::Socket::INET ();
use Test::More;

use AFP::Invite;
use AFP::Process qw(patience slurp);
use AFP::Server;

my $workers = 3;

sub threads { my ($pid) = @_; return scalar(() = glob "/proc/$pid/task/*") }
sub all_threads { my ($server) = @_; return join ' ', sort { $a <=> $b } map { threads($_) } $server->children }

# Whether a child has a connection open that a client made.
sub is_connected
{
    my ($server, $pid) = @_;
    my $port = sprintf ':%04X', $server->port;
    my @sockets = map { [split] } split /\n/, slurp('/proc/net/tcp');
    my %open = map { ("socket:[$_->[9]]" => 1) } grep { $_->[1] =~ /$port$/ && $_->[3] eq '01' } @sockets;
    return scalar grep { $open{ readlink // '' } } glob "/proc/$pid/fd/*";
}

# The children that said that they took a slot, in order.
sub announced { my ($server) = @_; my @pids = $server->error_log =~ /AFP0320: process (\d+) works/g; return @pids }

# Those of them that are there; waits until they are so many.
sub worker_children
{
    my ($server, $count) = @_;
    my @there;
    wait_until(sub {
        my %announced = map { $_ => 1 } announced($server);
        @there = grep { $announced{$_} } $server->children;
        return @there >= $count;
    }, 15);
    return @there;
}

subtest 'as many worker children as configured, and no more' => sub {
    for my $wanted (1, 2) {
        my $site = invite_site(config => <<"CONF");
PinpointWorkers $workers
PinpointWorkerChildren $wanted
<IfModule !prefork.c>
    StartServers 4
    MinSpareThreads 48
</IfModule>
CONF
        my $server = $site->server;
        my $acme = connected($site, 'acme');
        my @holders = worker_children($server, $wanted);
        is scalar @holders, $wanted, "$wanted of " . $server->children . ' children work';
        my @more;
        wait_until(sub {
            my $others = threads((grep { my $pid = $_; !grep { $_ == $pid } @holders } $server->children)[0]);
            @more = map { threads($_) - $others } @holders;
            return !grep { $_ != $workers } @more;
        }, 10);
        is_deeply \@more, [($workers) x $wanted], "with $workers more threads than the others";

        my $taken = announced($server);
        $server->kill_child($holders[0]);
        my @now = worker_children($server, $wanted);
        is scalar @now, $wanted, 'the slot of one that was killed is taken over';
        ok !(grep { $_ == $holders[0] } @now), 'by another child';
        is scalar(announced($server)), $taken + 1, 'by one';
        is invite($site, $acme)->{result}, 'invited', 'and it works';

        my %former = map { $_ => 1 } $server->children;
        $server->graceful;
        my $next = sub { return scalar grep { !$former{$_} } (announced($server))[$taken + 1 .. announced($server) - 1] };
        wait_until(sub { $next->() >= $wanted }, 15);
        is $next->(), $wanted, "the next generation has its own $wanted";
        $server->stop;
    }
};

subtest 'a child that leaves while somebody still reads from it gives its slot up' => sub {
    my $site = invite_site(config => <<'CONF');
PinpointWorkerChildren 1
MaxConnectionsPerChild 60
<Location /big>
    Require all granted
</Location>
CONF
    my $server = $site->server;
    my $acme = connected($site, 'acme');
    $server->write_file('htdocs/big', 'x' x 30_000_000);
    # Every child has a reader who does not read, so that none of them can end.
    my $reader = sub {
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $server->port) or die;
        print {$socket} "GET /big HTTP/1.0\r\n\r\n";
        sysread $socket, my $begin, 1000;
        return $socket;
    };
    my @readers = map { $reader->() } 1 .. 12;
    my ($first) = worker_children($server, 1);
    push @readers, $reader->() while @readers < 40 && !is_connected($server, $first);
    my $end = time + patience(30);
    while (time < $end && (announced($server))[-1] == $first) {
        $server->answers for 1 .. 20;
    }
    isnt((announced($server))[-1], $first, 'another child takes the slot');
    ok kill(0, $first), 'although the first one is still there' unless $server->mpm eq 'prefork';
    is invite($site, $acme)->{result}, 'invited', 'and works';
    close $_ for @readers;
} if ($ENV{AFP_MPM} // 'event') ne 'prefork';

subtest 'where no virtual host is enabled nothing is started' => sub {
    my $bare = AFP::Server->new;
    my $file = $bare->dir . '/conf/httpd.conf';
    AFP::Process::spit($file, slurp($file) =~ s/^LogLevel .*\n|^LoadModule assessfirst_pinpoint_module.*\n//mgr);
    $bare->start;
    my $idle = AFP::Server->new(config => "PinpointEngine off\n")->start;
    my ($without, $with);
    ok wait_until(sub { ($without = all_threads($bare)) eq ($with = all_threads($idle)) }, 15),
        'the children have the threads of the MPM only' or diag "without the module: $without; with it: $with";
    is threads($idle->pid), threads($bare->pid), 'and so has the parent';
    unlike $idle->error_log, qr/AFP\d{4}/, 'and says nothing';
};

subtest 'the parent opens nothing' => sub {
    my $site = invite_site();
    my $server = $site->server;
    my $acme = connected($site, 'acme');
    is invite($site, $acme)->{result}, 'invited', 'the server works';
    $server->graceful;
    is threads($server->pid), 1, 'the parent has one thread';
    my $file = $site->database->file;
    my @open = grep { defined } map { readlink } glob "/proc/" . $server->pid . "/fd/*";
    is scalar(grep { /^\Q$file\E/ } @open), 0, 'it does not hold the database open';
    is scalar(grep { /^socket:/ } @open), 1, 'and no socket besides the one it listens on' or diag explain \@open;
    ok wait_until(sub { grep { defined && /^\Q$file\E/ } map { readlink } map { glob "/proc/$_/fd/*" } $server->children }, 10),
        'its children do';
};

done_testing;
