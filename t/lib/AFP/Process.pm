package AFP::Process;

# Child processes, ports and directories of the tests. A process started here dies with the test
# that started it, however that test ends.

use strict;
use warnings;

use Cwd ();
use Exporter 'import';
use File::Basename ();
use File::Spec ();
use File::Temp ();
use IO::Socket::INET ();
use IO::Socket::UNIX ();
use POSIX ();
use Time::HiRes ();

our @EXPORT_OK = qw(top_dir build_dir apxs free_port scratch_dir owned_dir owned_file slurp spit
    spawn run_as reap_within children_of server_user is_root wait_until patience);

my $top = Cwd::realpath(File::Basename::dirname(__FILE__) . '/../../..');

# The source tree, and the build under test: $AFP_BUILD, or the tree itself after an in-tree build.
sub top_dir { $top }

sub build_dir
{
    return $ENV{AFP_BUILD} if $ENV{AFP_BUILD};
    for my $dir ($top, "$top/build/gcc") {
        return $dir if -e "$dir/.libs/mod_assessfirst_pinpoint.so";
    }
    die "no built module: run make, or set AFP_BUILD to the directory of the build\n";
}

my %apxs;

sub apxs
{
    my ($name) = @_;
    return $apxs{$name} //= do {
        my $value = qx(\${APXS:-apxs} -q $name);
        die "apxs -q $name failed\n" if $?;
        chomp $value;
        $value;
    };
}

sub is_root { $> == 0 }

# Who runs the servers: root's servers drop to an account that every Debian has.
sub server_user { is_root() ? 'www-data' : scalar getpwuid $> }

my @taken_ports;

# Below the kernel's range of ports for outgoing connections, so that none of those takes it. It is this
# process's as long as that lives: until a server listens there, and while it is stopped, another test
# would find it free as well. So whoever takes a port holds a socket with its number as an abstract name.
sub free_port
{
    for (1 .. 200) {
        my $port = 15000 + int rand 16000;
        my $name = IO::Socket::UNIX->new(Local => "\0afp-port-$port", Listen => 1) or next;
        my $socket = IO::Socket::INET->new(
            LocalAddr => '127.0.0.1', LocalPort => $port, Proto => 'tcp', Listen => 1);
        next unless $socket;
        push @taken_ports, $name;
        return $port;
    }
    die "no free port\n";
}

my @scratch;

# A new directory that everyone may enter; removed at the end unless AFP_KEEP is set.
sub scratch_dir
{
    my ($name) = @_;
    my $dir = File::Temp::tempdir("afp-$name-XXXXXX", DIR => $ENV{AFP_SCRATCH} // File::Spec->tmpdir);
    chmod 0755, $dir;
    push @scratch, [$$, $dir];
    return $dir;
}

# A new directory that belongs to the account of the servers.
sub owned_dir
{
    my ($dir, $mode) = @_;
    mkdir $dir or die "$dir: $!\n";
    chmod $mode // 0700, $dir;
    return give_away($dir);
}

# A new and empty file of that account.
sub owned_file
{
    my ($file) = @_;
    return give_away(spit($file, '', 0600));
}

sub give_away
{
    my ($path) = @_;
    if (is_root()) {
        my (undef, undef, $uid, $gid) = getpwnam server_user();
        chown $uid, $gid, $path or die "$path: $!\n";
    }
    return $path;
}

sub slurp
{
    my ($file) = @_;
    open my $in, '<', $file or return '';
    local $/;
    return scalar(<$in>) // '';
}

sub spit
{
    my ($file, $text, $mode) = @_;
    open my $out, '>', $file or die "$file: $!\n";
    print {$out} $text;
    close $out or die "$file: $!\n";
    chmod $mode, $file if defined $mode;
    return $file;
}

# The words that run a command as the account of the servers.
sub run_as
{
    return () unless is_root();
    my $user = server_user();
    return ('setpriv', "--reuid=$user", "--regid=$user", '--init-groups');
}

# Starts a program in a session of its own, with its output in a file; returns its process id.
# It gets SIGTERM when the test dies.
sub spawn
{
    my ($output, @command) = @_;
    my @wrap = ('setpriv', '--pdeathsig', 'TERM');
    if ($command[0] eq 'setpriv') {
        shift @command;
    } else {
        push @wrap, '--';
    }
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;

    open STDIN, '<', '/dev/null';
    open STDOUT, '>>', $output or POSIX::_exit(126);
    open STDERR, '>&', \*STDOUT;
    POSIX::setsid();
    { no warnings 'exec'; exec { $wrap[0] } @wrap, @command; }
    POSIX::_exit(127);
}

# Waits for the end of a child process; its wait status, or undef when it is still there.
sub reap_within
{
    my ($pid, $seconds) = @_;
    my $status;
    wait_until(sub {
        my $got = waitpid $pid, POSIX::WNOHANG();
        $status = $got == $pid ? $? : 0 if $got != 0;
        return defined $status;
    }, $seconds);
    return $status;
}

# How long something may take here that takes at most so many seconds on a machine that does nothing
# else: several test files may run at a time.
sub patience
{
    my ($seconds) = @_;
    return $seconds * ($ENV{AFP_PATIENCE} // 1);
}

# Calls until the result is true; returns it, or the last false one after so many seconds (of a
# machine that does nothing else).
sub wait_until
{
    my ($condition, $seconds) = @_;
    my $end = Time::HiRes::time() + patience($seconds);
    my $result;
    until ($result = $condition->()) {
        last if Time::HiRes::time() > $end;
        Time::HiRes::sleep(0.02);
    }
    return $result;
}

sub children_of
{
    my ($parent) = @_;
    my @children;
    for my $file (glob '/proc/[0-9]*/stat') {
        my ($pid, $state, $ppid) = slurp($file) =~ /^(\d+) \(.*\) (\S) (\d+)/s or next;
        push @children, $pid if $ppid == $parent && $state ne 'Z';
    }
    @children = sort { $a <=> $b } @children;
    return @children;
}

END {
    unless ($ENV{AFP_KEEP}) {
        local ($?, $!, $@);
        for (@scratch) {
            my ($pid, $dir) = @$_;
            system 'rm', '-rf', '--', $dir if $pid == $$;
        }
    }
}

1;
