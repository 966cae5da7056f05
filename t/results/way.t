# The whole way: models on the job, an invitation, questionnaire after questionnaire, the profile.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Results;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme');

my $field = model_field($site, $acme);
is_deeply $field->{options}, ["Don't use a predictive model", 'Developer', 'Sales Executive'],
    'a connected company finds its models on the jobs';
is scalar(fields($site, $acme, resource_type => 'application')), 7, 'and the profile\'s fields';

my $ada = invited($site, $acme);
is_deeply profile($site, $ada), { 'AssessFirst status' => 'Invited' }, 'the profile says Invited';

my @steps = (
    [qw(swipe), 'In progress 1/3'],
    [qw(drive), 'In progress 2/3'],
    [qw(brain), 'Completed'],
);
my %expected;
for my $step (@steps) {
    my ($name, $status) = @$step;
    my $candidate = progress($site, $ada);
    ok read_now($site, $ada), "$name is finished and read";
    %expected = (%expected, 'AssessFirst status' => $status, "AssessFirst \U$name" => $candidate->{adequacy}{$name},
        'AssessFirst results' => $candidate->{url});
    $expected{'AssessFirst score'} = $candidate->{adequacy}{global} if $status eq 'Completed';
    is_deeply profile($site, $ada), \%expected, "the profile says $status, with the score of $name and the link";
    is scalar(notes($site, $ada)), $status eq 'Completed' ? 1 : 0, 'with a comment only at the end';
}
my ($comment) = notes($site, $ada);
is $comment, join("\n", 'AssessFirst assessment completed.', 'Model: Sales Executive', "Score: $expected{'AssessFirst score'}",
    "SWIPE $expected{'AssessFirst SWIPE'}, DRIVE $expected{'AssessFirst DRIVE'}, BRAIN $expected{'AssessFirst BRAIN'}",
    "Results: $expected{'AssessFirst results'}"), 'the comment is a summary';
is scalar($site->open_follow_ups($ada->{id})), 0, 'nothing is left to do';

done_testing;
