# Ends of the invitation call that do not tell whether it went out, and the look-up that follows.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;

# Some cases are calls that take too long; how slow a busy machine makes the others must not matter.
my $site = invite_site(config => 'PinpointTimeout assessfirst=6');
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', limit => 0);
my $number = 0;

sub posted
{
    my ($email) = @_;
    return grep { $_->{body} =~ /\Q$email\E/ } posts($site);
}

sub looked_up
{
    my ($email) = @_;
    my $encoded = $email =~ s/\@/(?:\@|%40)/r;
    return grep { $_->{query} =~ /$encoded/ } lookups($site);
}

sub recorded
{
    my ($email, $tenant) = @_;
    return grep { $_->{email} eq $email } $site->invitations($tenant // $acme);
}

# Causes an invitation whose call has this fault.
sub spoil
{
    my ($tenant, $fault, %option) = @_;
    my $email = $option{email} = 'case' . ++$number . '@example.test';
    my $application = applicant($site, $tenant, %option);
    $sandbox->fault(api => 'assessfirst', method => 'POST', path => 'send-invitation',
        credential => $tenant->{token}, %$fault);
    trigger($site, $tenant, $application);
    return ($application->{id}, $email);
}

my @went_out = (
    ['a time-out although it was recorded', { do => 'process_then_delay', delay => 15 }],
    ['a connection closed after it was recorded', { do => 'process_then_close' }],
    ['half an answer', { do => 'partial' }],
    ['an answer that stalls', { do => 'stall' }],
    ['a 500 although it was recorded', { do => 'process_then_answer', status => 500 }],
    ['a redirect after it was recorded', { do => 'process_then_answer', status => 303, headers => { Location => '/done' } }],
);
my @lost = (
    ['a 500', { status => 500 }],
    ['a 503 with Retry-After', { status => 503, headers => { 'Retry-After' => '1' } }],
    ['a 408', { status => 408 }],
    ['a redirect', { status => 302, headers => { Location => '/login' } }],
    ['a gateway\'s HTML 502', { do => 'html502' }],
    ['a closed connection', { do => 'close' }],
    ['a reset connection', { do => 'reset' }],
    ['bytes that are not HTTP', { do => 'garbage' }],
    ['a time-out', { do => 'close', delay => 15 }],
    ['an endless answer', { do => 'endless', status => 200 }],
);

# Each at a company of its own, so that all of them run at the same time.
my @cases = map { my $tenant = connected($site, 'case' . ++$number, limit => 0); [$_, $tenant, spoil($tenant, $_->[1])] }
    @went_out, @lost;

for my $case (@cases) {
    my ($what, $tenant, $id, $email) = @$case;
    my $is_lost = grep { $_ == $what } @lost;
    subtest "$what->[0]: " . ($is_lost ? 'absent, so sent once more' : 'found by the look-up') => sub {
        my $end = $site->finished($id, seconds => 40);
        is $end->{result}, 'invited', 'invited in the end';
        is scalar(recorded($email, $tenant)), 1, 'AssessFirst recorded one invitation';
        is scalar(posted($email)), $is_lost ? 2 : 1, $is_lost ? 'sent twice' : 'sent once';
        my ($post) = posted($email);
        my @lookups = looked_up($email);
        is scalar @lookups, 1, 'looked up once';
        cmp_ok $lookups[0]{time} - $post->{time}, '>=', 2, 'after the configured wait';
        my $row = $site->invitation($id);
        is $row->{state}, 'invited', 'noted as invited';
        is $row->{resent}, $is_lost ? 1 : 0, 'and whether it was sent again';
        is $row->{candidate_id}, (recorded($email, $tenant))[0]{candidate_uuid}, 'with the candidate\'s id';
    };
}

subtest 'without a model the date of the invitation is the proof' => sub {
    my ($id, $email) = spoil($acme, { do => 'process_then_close' }, model => q{Don't use a predictive model});
    is $site->finished($id)->{result}, 'invited', 'invited';
    is scalar(posted($email)), 1, 'sent once';
};

subtest 'a second uncertain end stays uncertain' => sub {
    my ($id, $email) = spoil($acme, { status => 500, times => 2 });
    my $end = $site->finished($id);
    is $end->{result}, 'uncertain', 'uncertain';
    like $end->{reason}, qr/"Send again"/, 'the reason says what can be done';
    is $site->invitation($id)->{state}, 'uncertain', 'and so is the invitation';
    is scalar(posted($email)), 2, 'sent twice, never a third time';

    trigger($site, $acme, $id, triggered_at => time + 9);
    is $site->finished($id, count => 2, seconds => 15)->{result}, 'uncertain', 'also after a later trigger';
    is scalar(posted($email)), 2, 'that sends nothing';

    again_row($site, $acme, $id, occurrence => 2);
    is $site->finished($id, count => 3)->{result}, 'invited', '"Send again" sends';
    is scalar(recorded($email)), 1, 'once';
};

subtest 'duplicates of an uncertain application wait for its look-up' => sub {
    my ($id, $email) = spoil($acme, { do => 'process_then_close' });
    trigger($site, $acme, $id, triggered_at => time + 9);
    my $end = $site->finished($id, count => 2);
    my @results = sort map { $_->[0] } @{ $site->dbh->selectall_arrayref(
        'SELECT result FROM afp_finished WHERE application_id = ?', undef, $id) };
    is_deeply \@results, ['invited', 'skipped'], 'one is invited, the other skipped';
    is scalar(posted($email)), 1, 'sent once';
};

done_testing;
