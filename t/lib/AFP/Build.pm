package AFP::Build;

# Builds below build/, from a copy of what git would commit: nothing is left in the source tree, and
# whatever a build in the tree left there does no harm.

use strict;
use warnings;

use Exporter 'import';
use File::Basename qw(dirname);
use File::Compare ();
use File::Copy ();
use File::Path ();

our @EXPORT_OK = qw(copy_source build logged read_lines lines_of);

my $jobs = (grep { /^processor/ } -e '/proc/cpuinfo' ? read_lines('/proc/cpuinfo') : ()) || 2;

# Copies the tree $top to $top/build/source and makes configure there. A copy is renewed where the
# content differs, whatever the times say. True if all went well.
sub copy_source
{
    my ($top) = @_;
    my ($build, $source) = ("$top/build", "$top/build/source");
    File::Path::make_path($build);
    my @list = grep { -f "$top/$_" } -e "$top/.git"
        ? split /\0/, join '', lines_of('git', '-C', $top, '-c', "safe.directory=$top", 'ls-files', '-z', '-co', '--exclude-standard')
        : map { s{^\Q$top\E/}{}r } lines_of('find', $top, '-name', 'build', '-prune', '-o', '-type', 'f', '-print');
    my %is_there = map { $_ => 1 } @list;
    my $manifest = "$build/source.list";
    my @gone = grep { !$is_there{$_} } -e $manifest ? read_lines($manifest) : ();
    unlink map { "$source/$_" } @gone;

    my %renewed = map { $_ => 1 } grep { File::Compare::compare("$top/$_", "$source/$_") != 0 } @list;
    for my $file (sort keys %renewed) {
        File::Path::make_path(dirname("$source/$file"));
        File::Copy::cp("$top/$file", "$source/$file") or die "$source/$file: $!\n";
    }
    open my $out, '>', $manifest or die "$manifest: $!\n";
    print {$out} map { "$_\n" } @list;
    close $out;

    my $made = "$source/configure";
    if (!-e $made || $renewed{'configure.ac'} || $renewed{'Makefile.am'}) {
        unlink $made;
        return logged("$build/autoreconf.log", 'autoreconf', '-i', $source);
    }
    return 1;
}

# Configures and makes build/$name; %option: configure (arguments), targets. True if all went well.
sub build
{
    my ($top, $name, %option) = @_;
    my $dir = "$top/build/$name";
    my $log = "$top/build/$name.log";
    my $source = "$top/build/source";
    File::Path::make_path($dir);
    print "building $name\n";
    if (!-e "$dir/config.status" || newer("$source/configure", "$dir/config.status")) {
        logged($log, 'sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', $dir, "$source/configure",
            '--enable-werror', @{ $option{configure} // [] }) or return 0;
    }
    return logged($log, 'make', '-C', $dir, "-j$jobs", @{ $option{targets} // ['all'] });
}

sub newer { my ($one, $other) = @_; return (stat $one)[9] > (stat $other)[9] }

# Runs a command with its output in a file, and shows its end if it fails.
sub logged
{
    my ($log, @command) = @_;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open STDOUT, '>', $log or die "$log: $!\n";
        open STDERR, '>&', \*STDOUT;
        exec @command or die "$command[0]: $!\n";
    }
    waitpid $pid, 0;
    return 1 unless $?;
    my @lines = read_lines($log);
    print "@command failed:\n", map { "    $_\n" } @lines > 40 ? @lines[-40 .. -1] : @lines;
    return 0;
}

sub read_lines
{
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    chomp(my @lines = <$in>);
    return @lines;
}

sub lines_of
{
    my (@command) = @_;
    open my $in, '-|', @command or die "$command[0]: $!\n";
    chomp(my @lines = <$in>);
    close $in or die "@command failed\n";
    return @lines;
}

1;
