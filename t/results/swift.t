# From a finished questionnaire to the score on the profile, with 50 ms for each call.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use Time::HiRes qw(time);

use AFP::Results;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', limit => 0);
my @candidates = map { invited($site, $acme) } 1 .. 12;
$sandbox->fault(api => $_, do => 'pass', delay => 0.05, times => 0) for qw(pinpoint assessfirst);

# Where other programs keep the machine busy, the best of several counts.
my $best;
my @played;
while (@candidates && (@played < 3 || $best >= 1.5)) {
    my $candidate = shift @candidates;
    push @played, $candidate;
    my $played = progress($site, $candidate, finish => 'all');
    my $before = time;
    # As "Read the results" makes it due; a hint of the page would save the ticker's second as well.
    make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id});
    ok wait_until(sub { (profile($site, $candidate)->{'AssessFirst score'} // '') eq $played->{adequacy}{global} }, 20), 'the score is there';
    my $seconds = time - $before;
    $best = $seconds if !defined $best || $seconds < $best;
    idle($site, $candidate->{id});
}
cmp_ok $best, '<', 2, sprintf 'after %.2f s', $best;

# What a result causes does not wait for another tick.
my @calls = $sandbox->calls;
my ($least) = sort { $a <=> $b } map {
    my $candidate = $_;
    my $uuid = $site->invitation($candidate->{id})->{candidate_id};
    my ($read) = grep { $_->{path} =~ m{/candidate/\Q$uuid\E} } @calls;
    my ($write) = grep { $_->{method} eq 'PUT' && $_->{path} =~ m{/applications/\Q$candidate->{id}\E} } @calls;
    $write->{time} - $read->{time};
} @played;
cmp_ok $least, '<', 0.9, sprintf 'the write-back follows the reading at once (%.2f s)', $least;

done_testing;
