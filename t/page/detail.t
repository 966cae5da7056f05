# One application: why its candidate was, or was not, invited, and what happened in the order of time.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Process qw(wait_until);
use AFP::Site;

my $site = AFP::Site->new(config => "PinpointRetry for=30 first=1 cap=1 missing=1\nPinpointTimeout uncertain=1\n")->start;
$site->server->allow_log(qr/AFP03\d\d/, qr/AFP02\d\d/);
my $acme = $site->connect('acme');
my $page = $site->page('acme');

sub deliver
{
    my ($application, %option) = @_;
    return $site->deliver($acme, AFP::Site::body($acme, $application->{id}, job_id => $application->{job_id}, %option))->code;
}

sub open_detail { my ($id) = @_; return $page->open($page->url . "?view=application&application=$id") }
sub answer { return $page->dom->at('section[aria-labelledby="answer"]')->all_text =~ s/\s+/ /gr }

# The timeline: "what, result: why".
sub timeline
{
    return map {
        my ($what, $result, $why) = map { $_->all_text =~ s/\s+/ /gr =~ s/^ | $//gr } $_->find('th, td.result, td.words')->each;
        "$what, $result: $why";
    } $page->dom->find('.scroll tbody tr')->each;
}

# ---- invited, after some attempts ----

my $ada = $site->application($acme);
$site->sandbox->fault(api => 'pinpoint', path => "/applications/$ada->{id}", status => 502, times => 2);
is deliver($ada), 202, 'a webhook, while Pinpoint has trouble';
is $site->finished($ada->{id})->{result}, 'invited', 'ends with an invitation';
open_detail($ada->{id});
is $page->code, 200, 'the application has a page';
is $page->dom->at('h1')->all_text, "Application $ada->{id}", 'of its own';
is $page->dom->at('nav.tabs [aria-current]')->all_text, 'Activity', 'below the activity';
like answer(), qr/Invited The invitation went out on \d+ \w+ \d{4}, \d\d:\d\d UTC\. Invited with model Sales Executive/,
    'it says that the candidate was invited, when and how';
like $page->text, qr/Assessment Invited .* Predictive model Sales Executive Progress Not begun/, 'and how far the assessment is';
my @events = timeline();
like $events[0], qr/^Webhook, Received: Event \W*application_created\W*\.$/, 'first the webhook came';
like $events[1], qr/^Invitation, Tried: Attempt 1: .*502/, 'then the first attempt failed';
like $events[2], qr/^Invitation, Tried: Attempt 2: .*502/, 'and the second';
like $events[3], qr/^Invitation, Invited: Invited with model Sales Executive \(tried 3 times\)$/, 'then the candidate was invited';
ok scalar(grep { /^Reading of results, Waiting: Next try on/ } @events), 'and it says what comes next';

$page->press('Send again');
like $page->text, qr/one more invitation by e-mail/, 'an invitation can be sent again from here';
$page->press('Send again');
like $page->posted->header('Location'), qr/\?view=application&application=$ada->{id}$/, 'which leads back here';
ok wait_until(sub { $site->invitations($acme) == 2 }, 15), 'and is done';

$page->agent->default_header('Accept-Language' => 'fr');
open_detail($ada->{id});
is $page->dom->at('h1')->all_text, "Candidature $ada->{id}", 'in French as well';
like $page->text, qr/Invitation envoy\x{e9}e avec le mod\x{e8}le/, 'reasons too';
$page->agent->default_header('Accept-Language' => 'en');

# ---- not invited ----

my $hired = $site->application($acme, hired_at => 1);
is deliver($hired), 202, 'a candidate who is hired already';
is $site->finished($hired->{id})->{result}, 'skipped', 'is not invited';
open_detail($hired->{id});
like answer(), qr/Not invited On .* there was a reason not to invite: .*hired/, 'the reason is told';
$page->press('Invite anyway');
like $page->text, qr/The candidate is being invited/, 'and may be passed over';
is $page->dom->at('h1')->all_text, "Application $hired->{id}", 'from here';
ok wait_until(sub { open_detail($hired->{id}); answer() =~ /The invitation went out/ }, 15), 'the candidate is invited';

my $failing = $site->application($acme);
$site->sandbox->fault(api => 'assessfirst', path => '/candidate/send-invitation', status => 422, times => 1);
is deliver($failing), 202, 'a candidate whom AssessFirst refuses';
is $site->finished($failing->{id})->{result}, 'dead', 'is not invited either';
open_detail($failing->{id});
like answer(), qr/Not invited Inviting failed on .* and is not tried again by itself: .*422/, 'it says that it failed';
$page->press('Try again');
ok wait_until(sub { open_detail($failing->{id}); answer() =~ /The invitation went out/ }, 15), 'and it can be tried again';
like join("\n", timeline()), qr/Invitation, Tried again: .*422.*\n.*Invitation, Invited/s, 'both ends are told';

is $site->deliver($acme, AFP::Site::body($acme, 4711, event => 'application_stage_changed'))->code, 200, 'an event that is not the trigger';
open_detail(4711);
like answer(), qr/Not invited What Pinpoint sent on .* was not your trigger: a changed stage invites nobody/, 'is the reason as well';
ok $page->has_button('Decide again'), 'which another setting may change';

open_detail(4712);
like answer(), qr/Nothing is known of this application/, 'of others nothing is known';
is scalar(timeline()), 0, 'and nothing is told';

# ---- not yet ----

ok wait_until(sub { !$site->rows('afp_follow_up', q{kind = 'write-back'}) }, 20), 'nothing is left that could be refused before';
$site->sandbox->fault(api => 'pinpoint', path => '/applications', status => 401, times => 1000);
my $held = $site->application($acme);
is deliver($held), 202, 'a webhook, while Pinpoint refuses the key';
ok wait_until(sub { open_detail($held->{id}); answer() =~ /It is held back/ }, 15), 'is held back';
like answer(), qr/Not invited yet .*Nothing is lost\. .*401/, 'which is no loss, and has its reason';
my @held = timeline();
like $held[1], qr/^Invitation, Held back: Attempt 1: .*401/, 'the attempt is told';
like $held[2], qr/^Invitation, Held back: /, 'and what waits';
$site->sandbox->clear_faults;

# ---- whose it is ----

$site->connect('beta');
$page = $site->page('beta');
open_detail($ada->{id});
like answer(), qr/Nothing is known of this application/, 'another company knows nothing of it';
unlike $page->html, qr/Sales Executive/, 'nothing at all';
$page->open($page->url . '?view=application&application=x');
like $page->text, qr/Error: Enter the number of an application/, 'what is no application is answered with what to enter';
$page->open($page->url . '?view=application');
is $page->dom->at('h1')->all_text, 'Activity', 'without one there is the list';

done_testing;
