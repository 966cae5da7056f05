# What the search of each minute puts right: parkings whose check is gone, and follow-ups that are
# held although nothing holds them any more.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;
use AFP::Process qw(scratch_dir spit);

# Two sites, so that both wait for the same minute.
my $file = spit(scratch_dir('token') . '/token', "the-token-of-the-site\n", 0600);
my $shared = invite_site(config => "AssessFirstToken $file");
my $sandbox = $shared->sandbox;
my $site = invite_site(sandbox => $sandbox, site => 'other.example');

sub state_of { my ($site, $id) = @_; return (($site->open_follow_ups($id))[0] // {})->{state} // 'finished' }

# On the first site the company that met the refusal is paused, and its check with it.
my ($gone, $left) = map { connected($shared, $_, token => 'the-token-of-the-site', limit => 0) } qw(gone left);
$sandbox->remove(account => token => $gone->{token});
my ($first, $second) = map { applicant($shared, $_) } $gone, $left;
for ([$gone, $first], [$left, $second]) {
    trigger($shared, @$_);
    wait_until(sub { state_of($shared, $_->[1]{id}) eq 'held' }, 10);
    is state_of($shared, $_->[1]{id}), 'held', "the work of \"$_->[0]{company}\" is held";
}
$shared->page('gone')->open->press('Pause')->press('Pause');
$shared->dbh->do(q{UPDATE afp_follow_up SET state = 'held' WHERE kind = 'check-assessfirst'});
$sandbox->account(token => $gone->{token}, models => ['Sales Executive'], limit => 0);

# On the second one rows are held without a parking.
my ($acme, $paused) = map { connected($site, $_, limit => 0) } qw(acme paused);
my ($stranded, $waiting) = map { applicant($site, $_) } $acme, $paused;
for ([$acme, $stranded], [$paused, $waiting]) {
    again_row($site, $_->[0], $_->[1]{id}, due_at => now_us() + 3600e6);
    $site->dbh->do(q{UPDATE afp_follow_up SET state = 'held' WHERE application_id = ?}, undef, $_->[1]{id});
}
$site->page('paused')->open->press('Pause')->press('Pause');

is $shared->finished($second->{id}, seconds => 90)->{result}, 'invited',
    'another company gets the check, which resumes it';
is $shared->rows('afp_parking'), 0, 'nothing is parked any more';
# The check releases the work of the whole site; who comes to that of the paused company holds it again.
ok wait_until(sub { state_of($shared, $first->{id}) eq 'held' }, 10), 'the paused company\'s work waits';
is $site->finished($stranded->{id}, seconds => 30)->{result}, 'invited', 'what nothing holds goes on';
is state_of($site, $waiting->{id}), 'held', 'what a paused company holds stays held';

done_testing;
