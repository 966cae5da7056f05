# Failures of what an invitation reads before it sends: at Pinpoint and in the list of models.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;
use AFP::Process qw(free_port patience);

# A read that is not answered in time is one of the failures.
my $site = invite_site(config => 'PinpointTimeout pinpoint=3');
my $sandbox = $site->sandbox;
my $number = 0;

# Goes on with another configuration; returns when no child of the former one is left.
sub reconfigure
{
    my ($config) = @_;
    $site->configure($config);
    $site->server->renew;
    return;
}

sub company { return connected($site, 'company' . ++$number, limit => 0) }

my %read = (
    application => [pinpoint => 'key', '/applications/\d+$'],
    model => [pinpoint => 'key', '/custom_attributes$'],
    models => [assessfirst => 'token', '/predictive-models$'],
);

sub spoil
{
    my ($tenant, $read, %fault) = @_;
    my ($api, $credential, $path) = @{ $read{$read} };
    $sandbox->fault(api => $api, credential => $tenant->{$credential}, path => $path, method => 'GET', %fault);
    return;
}

sub start
{
    my ($tenant, %option) = @_;
    my $application = applicant($site, $tenant, %option);
    trigger($site, $tenant, $application);
    return $application->{id};
}

my @passing = (
    ['a 500', { status => 500 }],
    ['a 503 with Retry-After', { status => 503, headers => { 'Retry-After' => 1 } }],
    ['an HTML 502', { do => 'html502' }],
    ['a 408', { status => 408 }],
    ['a 429', { status => 429, headers => { 'Retry-After' => 1 } }],
    ['a closed connection', { do => 'close' }],
    ['a reset connection', { do => 'reset' }],
    ['half an answer', { do => 'partial' }],
    ['an answer that stalls', { do => 'stall' }],
    ['bytes that are not HTTP', { do => 'garbage' }],
    ['a time-out', { do => 'pass', delay => 5 }],
    ['an endless answer', { do => 'endless', status => 200 }],
    ['an answer of 3 MB', { status => 200, body => 'x' x 3_000_000 }],
    ['HTML in a 200', { status => 200, body => '<html>Please log in</html>' }],
    ['JSON that is something else', { status => 200, body => { data => { id => '1', type => 'applications' } } }],
);

subtest 'failures that may pass are tried again' => sub {
    my @cases;
    for my $fault (@passing) {
        for my $read (qw(application model)) {
            my $tenant = company();
            spoil($tenant, $read, %{ $fault->[1] }, times => 2);
            push @cases, ["$fault->[0] to the read of the $read", $tenant, start($tenant)];
        }
    }
    for my $case (@cases) {
        my ($about, $tenant, $id) = @$case;
        my $end = $site->finished($id, seconds => 60);
        # A connection that was kept and is closed may be repeated by the client itself; where other files
        # run, an answer may come too late in addition.
        my $is_so = $end->{result} eq 'invited' && $end->{attempts} >= 2 && $end->{attempts} <= patience(3);
        ok $is_so, $about or diag "$end->{result} after $end->{attempts} tries";
        is scalar($site->invitations($tenant)), 1, 'one invitation';
    }
};

reconfigure("$AFP::Invite::retry\n$AFP::Invite::timeout");

subtest 'so are those of the list of models' => sub {
    my $tenant = company();
    spoil($tenant, 'models', status => 500);
    $sandbox->account(token => $tenant->{token}, models => ['Quite new']);
    is $site->finished(start($tenant, model => 'Quite new'))->{result}, 'invited', 'a 500';
};

subtest 'other refusals are dead letters at once, in the remote\'s own words' => sub {
    my %words = (
        400 => ['Malformed query params', 'Malformed query params'],
        410 => ['Gone: ada.example@example.test was deleted', 'Gone: [hidden] was deleted'],
        422 => ["Bad\r\n\t  <b>words</b> \x{1}", 'Bad <b>words</b>'],
    );
    for my $read (qw(application model)) {
        for my $status (sort keys %words) {
            my $tenant = company();
            spoil($tenant, $read, status => $status, body => { errors => [{ status => "$status",
                title => 'A title', detail => $words{$status}[0] }] });
            my $end = $site->finished(start($tenant));
            is $end->{result}, 'dead', "$status to the read of the $read";
            is $end->{reason}, "Pinpoint answered $status: $words{$status}[1]", 'with the words';
            is $end->{attempts}, 1, 'at once';
            is scalar(posts($site, $tenant)), 0, 'nothing was sent';
        }
    }
};

subtest 'words are bounded, and pages of gateways reduced to their title' => sub {
    my $tenant = company();
    spoil($tenant, 'application', status => 418, body => '<!DOCTYPE html><html><head><title>Blocked by '
        . 'the firewall</title></head><body>' . 'x' x 10_000 . '</body></html>');
    is $site->finished(start($tenant))->{reason}, 'Pinpoint answered 418: Blocked by the firewall', 'the title';
    spoil($tenant, 'application', status => 400, body => { errors => [{ detail => 'long ' x 2000 }] });
    cmp_ok length $site->finished(start($tenant))->{reason}, '<', 500, 'a long text is cut';
};

subtest 'a redirect is not followed' => sub {
    my $tenant = company();
    spoil($tenant, 'application', status => 302, headers => { Location => $sandbox->https . '/pinpoint/elsewhere' });
    my $end = $site->finished(start($tenant));
    is $end->{result}, 'dead', 'a dead letter';
    like $end->{reason}, qr/answered 302, a redirect, which is not followed: check PinpointAPI/, 'that says what to do';
    ok !(grep { $_->{path} =~ /elsewhere/ } $sandbox->calls(api => 'pinpoint')), 'nobody went there';
};

subtest '429 waits as told' => sub {
    my $tenant = company();
    spoil($tenant, 'application', status => 429, headers => { 'Retry-After' => 3 });
    my $id = start($tenant);
    is $site->finished($id)->{result}, 'invited', 'invited afterwards';
    my @reads = reads($site, $tenant, $id);
    cmp_ok $reads[1]{time} - $reads[0]{time}, '>=', 2.9, 'not before';
};

subtest 'when the time of trying is over it is a dead letter' => sub {
    reconfigure("PinpointRetry for=3 first=1 cap=1\n$AFP::Invite::timeout");
    my $tenant = company();
    spoil($tenant, 'application', status => 500, times => 0, body => { errors => [{ detail => 'Engineers were told' }] });
    my $end = $site->finished(start($tenant), seconds => 30);
    is $end->{result}, 'dead', 'dead';
    like $end->{reason}, qr/^Given up after \d+ tries\. Pinpoint answered 500: Engineers were told$/, 'with the last words';
    $sandbox->clear_faults;
    again_row($site, $tenant, $end->{application_id});
    is $site->finished($end->{application_id}, count => 2)->{result}, 'invited', 'replayed, it is sent';
};

subtest 'a Pinpoint that cannot be reached or trusted is tried again too' => sub {
    for my $case (['https://127.0.0.1:' . free_port(), qr/connection refused/],
        [$sandbox->https_untrusted, qr/certificate is not accepted/],
        [$sandbox->https_wrong_name, qr/certificate is not accepted/]) {
        my $tenant = company();
        my $calls = $sandbox->last_call_number;
        reconfigure("$AFP::Invite::retry\n$AFP::Invite::timeout\nPinpointAPI $case->[0]/pinpoint/api/v1");
        my $id = start($tenant);
        ok wait_until(sub { (($site->open_follow_ups($id))[0] // { reason => '' })->{reason} =~ $case->[1] }, 10),
            "it waits: $case->[1]";
        is scalar(reads($site, $tenant, $id)), 0, 'nothing reached Pinpoint';
        reconfigure("$AFP::Invite::retry\n$AFP::Invite::timeout");
        is $site->finished($id)->{result}, 'invited', 'invited when it works again';
    }
};

done_testing;
