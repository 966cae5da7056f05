# Who is invited and who is not: stages, closed applications, hidden candidates, unknown ones.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme');
my $staged = connected($site, 'staged', status => 'Phone Screen');

# The application is skipped for this reason, nothing is sent, nothing about the person is said.
sub is_skipped
{
    my ($tenant, $reason, %option) = @_;
    my $about = delete $option{about};
    my $email = "person$$\@example.test";
    my $before = () = posts($site, $tenant);
    my $end = invite($site, $tenant, email => $email, first_name => 'Secretfirst',
        last_name => 'Secretlast', %option);
    subtest $about => sub {
        is $end->{result}, 'skipped', 'skipped';
        like $end->{reason}, $reason, 'with the reason';
        unlike $end->{reason}, qr/Secret|person\d|\@/, 'without anything about the person';
        is $end->{attempts}, 1, 'at the first try';
        is scalar(posts($site, $tenant)), $before, 'nothing was sent';
        is $site->invitation($end->{application_id}), undef, 'no invitation is noted';
    };
    return $end;
}

is invite($site, $staged, stage_name => 'Phone Screen')->{result}, 'invited',
    'an application in the configured stage is invited';
is invite($site, $staged, stage_name => '  Phone Screen ')->{result}, 'invited',
    'blanks around the stage\'s name do not matter';
is invite($site, $acme, stage_name => 'Interview')->{result}, 'invited',
    'without a stage configured, any stage will do';

is_skipped($staged, qr/in the stage "Interview", the status asks for "Phone Screen"$/,
    stage_name => 'Interview', about => 'another stage: the reason names both');
is_skipped($staged, qr/"phone screen".*"Phone Screen": only upper and lower case differ/,
    stage_name => 'phone screen', about => 'a difference of case is another stage, and is said');
is_skipped($staged, qr/in the stage "Phone Screen \(2\)"/,
    stage_name => 'Phone Screen (2)', about => 'a stage that only begins like it is another one');
is_skipped($acme, qr/the application is rejected/, rejected_at => 1, about => 'a rejected application');
is_skipped($acme, qr/the candidate is hired already/, hired_at => 1, about => 'a hired candidate');
is_skipped($acme, qr/demo data/, is_demo => 1, about => 'demo data of Pinpoint');
is_skipped($acme, qr/conceals who the candidate is/, concealed => 1, about => 'a concealed candidate');
is_skipped($acme, qr/no usable e-mail/, email => undef, about => 'an application without an e-mail address');
for my $email ('Hidden due to blind screening', 'nobody', 'two@example.test, three@example.test',
    "line\@example.test\nBcc: x\@example.test", 'a@b', '') {
    is_skipped($acme, qr/no usable e-mail/, email => $email, about => '"' . $email =~ s/\n/ /r . '" is no address');
}

subtest 'an application to a confidential job is invited' => sub {
    my $end = invite($site, $acme, job => { visibility => 'confidential' });
    is $end->{result}, 'invited', 'invited';
    my ($read) = reads($site, $acme, $end->{application_id});
    like $read->{query}, qr/filter(?:\[|%5B)job_visibility(?:\]|%5D)=external(?:,|%2C)internal(?:,|%2C)confidential/i,
        'because all visibilities are asked for';
};

subtest 'Pinpoint\'s test event ends as such after three tries' => sub {
    $sandbox->clear_calls;
    my ($attempt) = $sandbox->test_event(url => $acme->{url}, secret => $acme->{secret},
        event => 'application_created');
    is $attempt->{status}, 202, 'it is stored like any other';
    my $end = $site->finished(1);
    is $end->{result}, 'skipped', 'skipped';
    is $end->{reason}, 'Pinpoint does not know application 1 (a test event?)', 'with the reason';
    my @reads = reads($site, $acme, 1);
    is scalar @reads, 3, 'after three tries';
    ok $reads[2]{time} - $reads[0]{time} >= 1.9, 'over the configured time';
    is scalar $sandbox->calls(api => 'assessfirst'), 0, 'without a call to AssessFirst';
};

subtest 'an unknown application of another number is not called a test event' => sub {
    trigger($site, $acme, 987654);
    my $end = $site->finished(987654);
    is $end->{reason}, 'Pinpoint does not know application 987654', 'the reason says no more';
};

subtest 'an application that Pinpoint knows a little later is invited' => sub {
    my $application = applicant($site, $acme);
    $sandbox->fault(api => 'pinpoint', path => "/applications/$application->{id}\$", status => 404, times => 2,
        body => { errors => [{ status => '404', detail => 'Record not found' }] });
    trigger($site, $acme, $application);
    is $site->finished($application->{id})->{result}, 'invited', 'at the third try';
    is scalar(reads($site, $acme, $application->{id})), 3, 'three reads in all';
};

subtest 'the job of the webhook serves where the application names none' => sub {
    $sandbox->clear_calls;
    my $body = sub { my ($id) = @_; return { data => { id => "$id", type => 'applications',
        attributes => { email => 'jobless@example.test', first_name => 'J', last_name => 'L' },
        relationships => {} }, included => [], meta => {} } };
    my $application = applicant($site, $acme);
    $sandbox->fault(api => 'pinpoint', path => "/applications/$application->{id}\$", status => 200,
        body => $body->($application->{id}));
    trigger($site, $acme, $application);
    is $site->finished($application->{id})->{result}, 'invited', 'invited';

    $application = applicant($site, $acme);
    $sandbox->fault(api => 'pinpoint', path => "/applications/$application->{id}\$", status => 200,
        body => $body->($application->{id}));
    $site->webhook($acme, body => { event => 'application_created', triggeredAt => time,
        data => { application => { id => 0 + $application->{id} } } });
    my $end = $site->finished($application->{id});
    is $end->{result}, 'dead', 'and without either of them the follow-up is a dead letter';
    like $end->{reason}, qr/did not say which job/, 'that says so';
    ok !(grep { $_->{path} =~ /custom_attributes/ && $_->{query} =~ /attributable_id(?:\]|%5D)=(?:&|$)/ }
        $sandbox->calls(api => 'pinpoint')), 'nobody asks for the models of all jobs';
};

subtest 'what the API says counts when the follow-up runs, not what the event said' => sub {
    my $application = applicant($site, $staged, stage_name => 'Applied');
    trigger($site, $staged, $application);
    is $site->finished($application->{id})->{result}, 'skipped', 'in another stage: skipped';
    $sandbox->application(key => $staged->{key}, id => $application->{id}, stage_name => 'Phone Screen');
    trigger($site, $staged, $application, triggered_at => time + 1);
    is $site->finished($application->{id}, count => 2)->{result}, 'invited', 'moved there: invited';
};

done_testing;
