# What AssessFirst's readable answers to an invitation mean.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use POSIX qw(strftime);

use AFP::Invite;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $number = 0;

sub company { return connected($site, 'company' . ++$number, limit => 0) }

sub spoil
{
    my ($tenant, %fault) = @_;
    $sandbox->fault(api => 'assessfirst', method => 'POST', path => 'send-invitation',
        credential => $tenant->{token}, %fault);
    my $application = applicant($site, $tenant, email => 'ada.example@example.test');
    trigger($site, $tenant, $application);
    return $application->{id};
}

subtest 'a readable refusal is final and was not sent' => sub {
    my %words = (
        400 => [{ error => 'Bad body' }, 'AssessFirst answered 400: Bad body'],
        404 => [{ message => 'Not Found' }, 'AssessFirst answered 404: Not Found'],
        418 => ['<html><head><title>A teapot</title></head><body>x</body></html>', 'AssessFirst answered 418: A teapot'],
        422 => [{ message => 'The given data was invalid for ada.example@example.test (Ada Example).' },
            'AssessFirst answered 422: The given data was invalid for [hidden] ([hidden] [hidden]).'],
    );
    for my $status (sort keys %words) {
        my $tenant = company();
        my $id = spoil($tenant, status => $status, body => $words{$status}[0]);
        my $end = $site->finished($id);
        is $end->{result}, 'dead', "$status is a dead letter";
        is $end->{reason}, $words{$status}[1], 'in AssessFirst\'s own words, without the person\'s' ;
        is $end->{attempts}, 1, 'at once';
        is scalar(posts($site, $tenant)), 1, 'it is not tried again';
        is $site->invitation($id)->{state}, 'refused', 'nothing was sent';
        again_row($site, $tenant, $id);
        is $site->finished($id, count => 2)->{result}, 'invited', 'so a replay may send it';
        is scalar($site->invitations($tenant)), 1, 'one invitation';
    }
};

subtest 'a long refusal is cut' => sub {
    my $tenant = company();
    my $end = $site->finished(spoil($tenant, status => 422, body => { message => "\x{e9}" x 5000 }));
    is $end->{result}, 'dead', 'a dead letter';
    cmp_ok length $end->{reason}, '<', 600, 'of bounded length';
};

subtest 'a redirect is not followed' => sub {
    my $tenant = company();
    my $id = spoil($tenant, status => 307, times => 2, headers => { Location => $sandbox->https . '/betty/elsewhere' });
    my $end = $site->finished($id);
    is $end->{result}, 'uncertain', 'nor taken for a refusal: it does not say whether the invitation was taken';
    like $end->{reason}, qr/answered 307, a redirect, which is not followed/, 'the reason says so';
    is $site->invitation($id)->{state}, 'uncertain', 'a replay would not send it';
    ok !(grep { $_->{path} =~ /elsewhere/ } $sandbox->calls(api => 'assessfirst')), 'nobody went there';
};

subtest '409 means that the candidate is invited' => sub {
    my $tenant = company();
    my $id = spoil($tenant, status => 409, body => { message => 'This candidate has already been invited.' });
    is $site->finished($id)->{result}, 'invited', 'invited';
    is scalar(posts($site, $tenant)), 1, 'one call';
    is $site->invitation($id)->{state}, 'invited', 'noted as invited';
};

subtest 'the candidate\'s id is found in every shape of the answer' => sub {
    for my $shape (qw(flat wrapped candidate)) {
        my $tenant = company();
        $sandbox->account(token => $tenant->{token}, shapes => { invitation => $shape, invitation_status => 201 });
        my $end = invite($site, $tenant);
        is $end->{result}, 'invited', "$shape: invited";
        is $site->invitation($end->{application_id})->{candidate_id},
            ($site->invitations($tenant))[0]{candidate_uuid}, 'with the id';
    }
};

subtest 'a 2xx without an id was sent, and is never sent again for its sake' => sub {
    for my $shape (qw(no_id empty)) {
        my $tenant = company();
        $sandbox->account(token => $tenant->{token}, shapes => { invitation => $shape });
        my $end = invite($site, $tenant);
        is $end->{result}, 'invited', "$shape: invited";
        is $site->invitation($end->{application_id})->{candidate_id}, '', 'the id is not known yet';
        is scalar(posts($site, $tenant)), 1, 'one call';
    }
    for my $body ('<html><body>Done</body></html>', "{\"uuid\": \"cut", "\x{1}", '[]', '{"uuid":"' . 'x' x 100 . '"}') {
        my $tenant = company();
        my $id = spoil($tenant, do => 'process_then_answer', status => 200, body => $body);
        is $site->finished($id)->{result}, 'invited', 'with an unreadable body: invited';
        is $site->invitation($id)->{candidate_id}, '', 'without an id';
        is scalar(posts($site, $tenant)), 1, 'one call';
    }
};

subtest 'a 200 that says "error" is a refusal' => sub {
    my $tenant = company();
    $sandbox->account(token => $tenant->{token}, shapes => { invitation => 'error' });
    my $end = invite($site, $tenant);
    is $end->{result}, 'dead', 'a dead letter';
    like $end->{reason}, qr/The invitation could not be sent\./, 'in AssessFirst\'s words';
    is $site->invitation($end->{application_id})->{state}, 'refused', 'nothing was sent';
};

subtest '401 and 403 keep the invitation until the connection works again' => sub {
    for my $status (401, 403) {
        my $tenant = company();
        my $id = spoil($tenant, status => $status, body => { message => 'No licence' });
        ok wait_until(sub { (($site->open_follow_ups($id))[0] // {})->{state} eq 'held' }, 10), "$status: held";
        is $site->invitation($id)->{state}, 'planned', 'nothing was sent';
        my $parking = $site->dbh->selectrow_hashref('SELECT * FROM afp_parking WHERE owner = ?', undef, $tenant->{uuid});
        is $parking->{api}, 'assessfirst', 'AssessFirst is parked';
        is $parking->{kind}, $status == 401 ? '*' : 'invite', 'for ' . ($status == 401 ? 'everything' : 'invitations');
        is $parking->{words}, "AssessFirst answered $status: No licence", 'with its words';
        make_due($site, q{kind = 'check-assessfirst' AND company_uuid = ?}, $tenant->{uuid});
        is $site->finished($id)->{result}, 'invited', 'invited when a check succeeds';
        is scalar($site->invitations($tenant)), 1, 'once';
        is $site->rows('afp_parking', 'owner = ?', $tenant->{uuid}), 0, 'the parking is over';
    }
};

# The follow-up that a 429 makes wait, and when the latest call arrived that was answered so.
sub told_to_wait
{
    my ($tenant, $id) = @_;
    my ($called, $open);
    wait_until(sub {
        $called = (map { $_->{time} } posts($site, $tenant))[-1];
        ($open) = $site->open_follow_ups($id);
        return defined $called && $open && $open->{state} eq 'ready' && $open->{reason} =~ /429/;
    }, 10) or die "application $id does not wait\n";
    return ($open, $called);
}

subtest '429 waits as told, in seconds or until a date, and was not sent' => sub {
    for my $form (qw(date seconds)) {
        my $tenant = company();
        my $until = time + 30;
        my $value = $form eq 'seconds' ? 2 : strftime('%a, %d %b %Y %H:%M:%S GMT', gmtime $until);
        # Again and again, so that it does not matter when this test looks.
        my $id = spoil($tenant, status => 429, headers => { 'Retry-After' => $value }, times => 0);
        my ($open, $called) = told_to_wait($tenant, $id);
        ok wait_until(sub { $site->invitation($id)->{state} eq 'planned' }, 10), 'nothing was sent';
        my $told = $form eq 'seconds' ? $called + 2 : $until;
        cmp_ok $open->{due_at}, '>', ($told - 1) * 1e6, "Retry-After: $value is respected";
        cmp_ok $open->{due_at} - now_us(), '<', 35e6, 'and not exceeded';
        next if $form eq 'date';
        $sandbox->clear_faults;
        is $site->finished($id)->{result}, 'invited', 'then it is sent';
        my @times = map { $_->{time} } posts($site, $tenant);
        cmp_ok scalar @times, '>', 1, 'by a further call';
        is scalar(grep { $times[$_] - $times[$_ - 1] < 1.9 } 1 .. $#times), 0, 'not before';
    }
};

subtest 'a 429 without Retry-After stops the token for a minute' => sub {
    my $tenant = company();
    my $id = spoil($tenant, status => 429);
    my ($open, $called) = told_to_wait($tenant, $id);
    cmp_ok $open->{due_at}, '>', ($called + 50) * 1e6, 'the follow-up waits a minute';
    my $second = applicant($site, $tenant);
    trigger($site, $tenant, $second);
    sleep 2;
    is(($site->open_follow_ups($second->{id}))[0]{state}, 'ready', 'and so does every other of this token');
    is scalar(posts($site, $tenant)), 1, 'no call is made';
    is invite($site, company())->{result}, 'invited', 'another company\'s is served';
    $site->dbh->do('UPDATE afp_budget SET blocked_until = 0');
    is $site->finished($second->{id})->{result}, 'invited', 'they go on when the time is over';
};

done_testing;
