# The list of what happened, and its buttons.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Process qw(wait_until);
use AFP::Site;

my $site = AFP::Site->new(config => "PinpointRetry first=1 cap=1 missing=1\nPinpointTimeout uncertain=1\n")->start;
my $server = $site->server;
$server->allow_log(qr/AFP03\d\d/, qr/AFP02\d\d/);
my $acme = $site->connect('acme');
my $page = $site->page('acme');
my $key = $acme->{key};

sub row
{
    my ($application, $state) = @_;
    for my $row ($page->open->dom->find('table tbody tr')->each) {
        my @cells = map { $_->all_text =~ s/\s+/ /gr =~ s/^ | $//gr } $row->find('td, th')->each;
        next unless $cells[1] eq $application->{id} && $cells[2] eq $state;
        return { words => $cells[3], button => $cells[4] };
    }
    return;
}

sub shows
{
    my ($application, $state, $seconds) = @_;
    my $row;
    wait_until(sub { $row = row($application, $state) }, $seconds // 15);
    return $row;
}

# Presses the button in the first row of an application with this state.
sub press_row
{
    my ($application, $button) = @_;
    my @buttons = grep { $_->all_text =~ /^\s*\Q$button\E\s*$/ } $page->open->dom->find('form button')->each;
    my ($nth) = grep { $buttons[$_]->attr('aria-label') eq "$button: application $application->{id}" } 0 .. $#buttons;
    return $page->press($button, nth => $nth);
}

sub deliver
{
    my ($application) = @_;
    my $body = AFP::Site::body($acme, $application->{id}, job_id => $application->{job_id});
    return $site->deliver($acme, $body)->code;
}

like $page->open->text, qr/Nothing yet/, 'before the first webhook it says what will appear';

# ---- skipped ----

my $hired = $site->application($acme, hired_at => 1);
is deliver($hired), 202, 'a webhook of a hired candidate is accepted';
my $row = shows($hired, 'Skipped');
like $row->{words}, qr/hired/, 'it is skipped with the reason';
is $row->{button}, 'Invite anyway', 'and a button';
press_row($hired, 'Invite anyway');
is $page->posted->code, 303, 'which redirects';
like $page->text, qr/The candidate is being invited/, 'and says what it does';
$row = shows($hired, 'Invited');
ok $row, 'the candidate is invited';
is scalar $site->invitations($acme), 1, 'once';

# ---- invited: send again ----

is $row->{button}, 'Send again Read the results', 'an invitation can be sent again, and its results be read';
press_row($hired, 'Send again');
is $page->code, 200, 'it asks first';
like $page->text, qr/one more invitation by e-mail/, 'and says what will happen';
is scalar $site->invitations($acme), 1, 'nothing was sent yet';
my @confirmation = map { $_->attr('name') => $_->attr('value') } $page->dom->find('form input, form button')->each;
$page->press('Send again');
is $page->posted->code, 303, 'after the confirmation';
ok wait_until(sub { $site->invitations($acme) == 2 }, 15), 'it is sent once more';
is $site->invitation($hired->{id})->{occurrence}, 2, 'as the second occurrence';
$page->agent->post($page->url, \@confirmation);
like $page->open->text, qr/Nothing was done/, 'the same confirmation does not count twice';
sleep 2;
is scalar $site->invitations($acme), 2, 'and sends nothing';

# ---- failed: try again ----

my $failing = $site->application($acme);
$site->sandbox->fault(api => 'assessfirst', path => '/candidate/send-invitation', status => 422, times => 1);
is deliver($failing), 202, 'a webhook whose invitation AssessFirst refuses';
$row = shows($failing, 'Failed');
ok $row, 'ends as failed';
is $row->{button}, 'Try again', 'with a button';
press_row($failing, 'Try again');
like $page->text, qr/being tried again/, 'that tries again';
ok shows($failing, 'Invited'), 'and invites';

$site->sandbox->fault(api => 'assessfirst', path => '/candidate/send-invitation', status => 422, times => 1);
press_row($failing, 'Send again')->press('Send again');
ok wait_until(sub { $site->finished($failing->{id}, count => 3)->{result} eq 'dead' }, 15),
    'sending again may fail as well';
my $old = $site->page('acme')->open;
press_row($failing, 'Try again');
ok wait_until(sub { $site->finished($failing->{id}, count => 4)->{result} eq 'invited' }, 15), 'and be tried again';
my $sent = $site->invitations($acme);
$old->press('Try again');
like $old->text, qr/Nothing was done/, 'but the same button, on a page left open, does not send another one';
is scalar $site->invitations($acme), $sent, 'as can be seen at AssessFirst';

# ---- what has changed meanwhile ----

my $nobody = $site->application($acme, model => undef);
is deliver($nobody), 202, 'another webhook';
ok shows($nobody, 'Skipped'), 'is skipped';
# Not: what is written to Pinpoint meanwhile.
sub invites { return $site->rows('afp_finished', q{kind = 'invite'}) + $site->rows('afp_follow_up', q{kind = 'invite'}) }
my $count = invites();
my ($token) = map { $_->attr('value') } $page->open->dom->at('input[name="token"]');
my $finished = $site->finished($nobody->{id});
my %odd = (
    'an id of nothing' => [action => 'invite-anyway', id => '0' x 32],
    'no id' => [action => 'invite-anyway'],
    'something that is no id' => [action => 'invite-anyway', id => "' OR 1=1 --"],
    'the wrong button' => [action => 'send-again', id => $finished->{id}, confirmed => 'yes'],
    'another wrong button' => [action => 'try-again', id => $finished->{id}],
);
for my $what (sort keys %odd) {
    my $answer = $page->agent->post($page->url, [token => $token, @{ $odd{$what} }]);
    is $answer->code, 303, "$what: back to the page";
    like $page->open->text, qr/Nothing was done/, 'which says that nothing was done';
}
is invites(), $count, 'and nothing was done';

# ---- ignored ----

my $body = AFP::Site::body($acme, 4711, event => 'application_stage_changed');
is $site->deliver($acme, $body)->code, 200, 'an event that is not the trigger';
$row = shows({ id => 4711 }, 'Ignored');
like $row->{words}, qr/a changed stage invites nobody/, 'is shown with the reason';
is $row->{button}, 'Decide again', 'and a button, as a change of the settings may change that';
$body = AFP::Site::body($acme, 4712, event => 'application_frobnicated');
is $site->deliver($acme, $body)->code, 200, 'an event that nobody knows';
ok wait_until(sub { $page->open->text =~ /Notice: Pinpoint sent the event application_frobnicated/ }, 10),
    'raises a notice';

# ---- at most 10 ----

deliver($site->application($acme, job_id => $nobody->{job_id})) for 1 .. 25;
is $page->open->dom->find('section[aria-labelledby="activity"] tbody tr')->size, 10, 'the list has 10 rows';

done_testing;
