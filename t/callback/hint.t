# What a call to the results location leads to: the candidates that it may be about are read at once.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Results;

# Nothing is read by schedule while this runs.
my $site = invite_site(config => 'PinpointSchedule results=100000');
my $sandbox = $site->sandbox;
my $server = $site->server;
my $acme = connected($site, 'acme');
my $beta = connected($site, 'beta');
my $ada = invited($site, $acme);
my $bob = invited($site, $acme);
$_->{uuid} = $site->invitation($_->{id})->{candidate_id} for $ada, $bob;

sub call { my ($tenant, $body) = @_; return $server->post($tenant->{results}, $body)->code }

# AssessFirst tells that a candidate has moved on; the status that it gets.
sub callback
{
    my ($candidate) = @_;
    my ($attempt) = $sandbox->callback(token => $candidate->{tenant}{token}, email => $candidate->{email},
        url => $server->url($candidate->{tenant}{results}));
    return $attempt->{status};
}

sub shows { my ($candidate, $status) = @_; return wait_until(sub { (status_of($site, $candidate) // '') eq $status }, 15) }
sub polls { return assessment($site, $_[0])->{polls} // 0 }

# ---- a candidate ----

progress($site, $ada);
is callback($ada), 204, 'AssessFirst\'s call is answered';
ok shows($ada, 'In progress 1/3'), 'and the profile follows';
ok idle($site, $ada->{id}), 'until there is nothing more to do';
is status_of($site, $bob), 'Invited', 'nobody else\'s does';
is scalar(grep { $_->{kind} eq 'read-results' } $site->open_follow_ups($ada->{id})), 1, 'the next reading waits for its time';

my %bodies = (
    'the id alone' => qq("$ada->{uuid}"),
    'the id among others' => qq({"a":[1,2,{"b":"$ada->{uuid}"}],"c":"' OR 1=1","d":null}),
    'the id in a list' => qq(["x","$ada->{uuid}"]),
);
for my $what (sort keys %bodies) {
    my $before = polls($ada);
    is call($acme, $bodies{$what}), 204, "$what: taken";
    ok wait_until(sub { polls($ada) > $before }, 15), '... and the candidate is read';
    idle($site, $ada->{id});
}
{
    my @before = map { polls($_) } $ada, $bob;
    is call($acme, qq(["$ada->{uuid}","$bob->{uuid}"])), 204, 'two candidates in one call';
    ok wait_until(sub { polls($ada) > $before[0] && polls($bob) > $before[1] }, 15), '... are both read';
    idle($site, $_->{id}) for $ada, $bob;
}

# ---- a company that has just connected ----

# Some children still know it as one that has not.
my $gamma = $site->connect('gamma');
my $eve = invited($site, $gamma);
progress($site, $eve);
is callback($eve), 204, 'AssessFirst calls for a company that has just connected';
ok shows($eve, 'In progress 1/3'), 'and its candidate is read as well';

# ---- what leads to nothing ----

# Whether the candidate was not read, however a call ended; a call for the other one comes behind it.
sub not_read
{
    my ($name, $do) = @_;
    my @before = (polls($ada), polls($bob));
    # Of one company only some calls a second are followed: when the other one's is not, both are made again.
    my $tries = 0;
    do {
        die "the other one is not read either\n" if ++$tries > 10;
        $do->();
        call($acme, qq("$bob->{uuid}"));
    } until wait_until(sub { polls($bob) > $before[1] }, 1.5);
    idle($site, $_->{id}) for $ada, $bob;
    is polls($ada), $before[0], $name;
    return;
}

my $wrong = $acme->{results} =~ s/.\z/x/r;
is call($beta, qq("$ada->{uuid}")), 204, 'a foreign call is taken';
is $server->post($wrong, qq("$ada->{uuid}"))->code, 404, 'one with a wrong token is not';
not_read('another company cannot have the candidate read', sub { call($beta, qq("$ada->{uuid}")) });
not_read('nor can who has not got the token', sub { $server->post($wrong, qq("$ada->{uuid}")) });
not_read('a part of the id is not the id', sub { call($acme, '"' . substr($ada->{uuid}, 0, 31) . '"') });
not_read('nor is one in upper case', sub { call($acme, '"' . uc($ada->{uuid}) . '"') });
not_read('nor a broken document with it', sub { call($acme, qq({"uuid":"$ada->{uuid}")) });
not_read('nor the application\'s id', sub { call($acme, $ada->{id}) });

# ---- to the end ----

progress($site, $ada, finish => 'all');
callback($ada) for 1 .. 5;
make_due($site, 'application_id = ?', $ada->{id});
ok shows($ada, 'Completed'), 'the same result by several calls and by schedule completes the assessment';
ok wait_until(sub { notes($site, $ada) }, 15), 'with a comment';
idle($site, $ada->{id});
callback($ada) for 1 .. 3;
ok wait_until(sub { !$site->open_follow_ups($ada->{id}) }, 15), 'calls that come later change nothing';
is scalar(notes($site, $ada)), 1, 'and the comment stays one';
is scalar(grep { $_->{email} eq $ada->{email} } $site->invitations($acme)), 1, 'as does the invitation';

# ---- a company that does not want to be told ----

my $page = $site->page('acme')->open->press('Pause')->press('Pause');
like $page->text, qr/State: Paused/, 'a company pauses';
my $before = polls($bob);
# What a child knows may be a second old.
sub followed { return scalar(() = $server->error_log =~ /AFP0530/g) }
ok wait_until(sub { my $already = followed(); callback($bob) == 204 && followed() == $already }, 10), 'its calls are taken, and dropped';
is polls($bob), $before, 'nobody is read';
$page->open->press('Resume')->press('Resume');
progress($site, $bob);
ok wait_until(sub { callback($bob); (status_of($site, $bob) // '') eq 'In progress 1/3' }, 15), 'when it goes on, calls count again';
$page->open->press('Disconnect')->press('Disconnect');
like $page->text, qr/State: Disconnected/, 'the company leaves';
is call($acme, qq("$bob->{uuid}")), 204, 'a call that comes later is taken';
is call($acme, 'garbage'), 204, 'whatever it says';

my ($token) = $acme->{results} =~ /([0-9a-f]+)\z/;
unlike $server->error_log, qr/\Q$ada->{email}\E|\Q$token\E/, 'the log names no candidate and no token';

done_testing;
