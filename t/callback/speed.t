# From a finished questionnaire to the profile, when each call takes 50 ms.
# matrix: alone

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(sleep time);

use AFP::Results;

my $limit = 2;
my $site = invite_site(config => 'PinpointSchedule results=100000');
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme');
my $page = $site->page('acme');
$sandbox->fault(api => $_, path => '.', delay => 0.05, times => 0) for qw(pinpoint assessfirst);

my %ways = (
    'a callback' => sub { my ($ada) = @_; $sandbox->callback(token => $acme->{token}, email => $ada->{email},
        url => $site->server->url($acme->{results})) },
    'Refresh all now' => sub { $page->open->press('Refresh all now') },
    'one candidate alone' => sub {
        my ($ada) = @_;
        my @buttons = map { $_->attr('aria-label') // '' } grep { $_->all_text =~ /^\s*Read the results\s*$/ }
            $page->open->dom->find('form button')->each;
        my ($nth) = grep { $buttons[$_] eq "Read the results: application $ada->{id}" } 0 .. $#buttons;
        $page->press('Read the results', nth => $nth);
    },
);
for my $way (sort keys %ways) {
    my $ada = invited($site, $acme);
    progress($site, $ada);
    my $number = $sandbox->last_call_number;
    my $since = time;
    $ways{$way}->($ada);
    ok wait_until(sub { (status_of($site, $ada) // '') eq 'In progress 1/3' }, 15), "$way: the score comes to the profile";
    my $seconds = time - $since;
    note sprintf '%s: %.2f s', $way, $seconds;
    cmp_ok $seconds, '<', $limit, "... within $limit seconds";
    ok idle($site, $ada->{id}), '... and that is all';
    my @calls = grep { m{/(?:applications|custom_attributes|custom_fields|comments)\b} } calls_of($site, $acme, 'pinpoint', $number);
    # Is it concealed, for the link is new; which attributes are there; the update.
    is scalar(@calls), 3, '... with three calls of Pinpoint for a first score and link' or diag join "\n", @calls;
}

done_testing;
