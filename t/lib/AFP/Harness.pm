package AFP::Harness;

# Runs test programs and counts. Only what ran and passed is a pass: a skipped test, a test marked as
# TODO, a program that ran nothing, ended badly or hung, is a failure.

use strict;
use warnings;

use File::Temp ();
use TAP::Harness ();

use AFP::Process qw(slurp);

# Runs the programs; returns how many assertions passed and how many failed. %option: label (printed
# in front), command (a function: the words that run a program), seconds (how long one may take),
# jobs (how many run at a time; default $AFP_JOBS or 1).
#
# What the programs say besides their results is printed behind the run. What those say that failed
# is added to the file $AFP_FAILURES, too, to be repeated at the end of all.
sub run
{
    my ($programs, %option) = @_;
    my @limit = ('timeout', '--kill-after=20', $option{seconds} // 300);
    my $command = $option{command} // sub { ($^X, $_[0]) };
    my $words = File::Temp->newdir;
    my %words_of;

    print "\n== $option{label}\n";
    my $harness = TAP::Harness->new({
        exec => sub {
            my $file = $words_of{ $_[1] } = "$words/" . keys %words_of;
            return ['sh', '-c', 'file=$1; shift; exec "$@" 2>"$file"', 'sh', $file, @limit, $command->($_[1])];
        },
        verbosity => $ENV{AFP_VERBOSE} ? 1 : 0,
        timer => 1,
        jobs => $option{jobs} // $ENV{AFP_JOBS} // 1,
        merge => 1, # of standard error nothing comes here
    });
    my $aggregate = $harness->runtests(@$programs);

    my ($passed, $failed) = (0, 0);
    for my $program ($aggregate->descriptions) {
        my ($parser) = $aggregate->parsers($program);
        my %bad = map { $_ => 1 } $parser->failed, $parser->skipped, $parser->todo;
        my @good = grep { !$bad{$_} } $parser->passed;
        my $broken = $parser->exit || $parser->wait || $parser->parse_errors || $parser->skip_all
            || !$parser->tests_run;
        $passed += @good;
        $failed += keys(%bad) || ($broken ? 1 : 0);
        say_words($option{label}, $program, $words_of{$program}, %bad || $broken);
    }
    $failed ||= 1 unless $aggregate->parsers;
    print "== $option{label}: $passed passed, $failed failed\n";
    return ($passed, $failed);
}

sub say_words
{
    my ($label, $program, $file, $is_bad) = @_;
    my $said = $file && -e $file ? slurp($file) : '';
    my $text = "-- $label, $program\n$said\n";

    print $text if length $said || $is_bad;
    if ($is_bad && $ENV{AFP_FAILURES}) {
        open my $out, '>>', $ENV{AFP_FAILURES} or die "$ENV{AFP_FAILURES}: $!\n";
        print {$out} $text;
        close $out or die "$ENV{AFP_FAILURES}: $!\n";
    }
    return;
}

# Whether a test file says a word in its line "# matrix:", which is one of its first twenty.
sub says
{
    my ($file, $word) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    while (defined(my $line = <$in>) && $. <= 20) {
        return $line =~ /\s$word\b/ ? 1 : 0 if $line =~ /^# matrix:/;
    }
    return 0;
}

1;
