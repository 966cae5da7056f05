# A follow-up that is held although nothing holds it any more goes on by itself. (The search for
# such rows runs once a minute.)

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;

my $site = invite_site();
my $acme = connected($site, 'acme');
my $paused = connected($site, 'paused');

my ($application, $other) = map { applicant($site, $_) } $acme, $paused;
for ([$acme, $application], [$paused, $other]) {
    again_row($site, $_->[0], $_->[1]{id}, due_at => now_us() + 3600e6);
    $site->dbh->do(q{UPDATE afp_follow_up SET state = 'held' WHERE application_id = ?}, undef, $_->[1]{id});
}
$site->page('paused')->open->press('Pause');

is $site->finished($application->{id}, seconds => 90)->{result}, 'invited', 'it goes on within a minute or so';
is(($site->open_follow_ups($other->{id}))[0]{state}, 'held', 'what a paused company holds stays held');

done_testing;
