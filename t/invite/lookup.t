# What the look-up after an uncertain invitation proves, and what it does not prove.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;

# The look-up comes when the test says so; how slow a busy machine makes a call must not matter.
my $wait = 600;
my $site = invite_site(config => "PinpointTimeout uncertain=$wait");
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', limit => 0, status => 'Applied');
my $number = 0;

sub posted { my ($email) = @_; return grep { $_->{body} =~ /\Q$email\E/ } posts($site, $acme) }

# An invitation that is uncertain; `lost` (default) or recorded.
sub uncertain
{
    my (%option) = @_;
    my $lost = delete $option{lost} // 1;
    my $email = 'look' . ++$number . '@example.test';
    my $application = applicant($site, $acme, email => $email, stage_name => 'Applied', %option);
    $sandbox->fault(api => 'assessfirst', method => 'POST', path => 'send-invitation',
        do => $lost ? 'close' : 'process_then_close');
    trigger($site, $acme, $application);
    wait_until(sub { (($site->open_follow_ups($application->{id}))[0] // {})->{reason} =~ /looked up/ }, 10);
    return ($application->{id}, $email);
}

# Lets the time of the wait be over.
sub wait_is_over
{
    my ($id) = @_;
    $site->dbh->do('UPDATE afp_invitation SET sending_at = sending_at - ? WHERE application_id = ?', undef, $wait * 1_000_000, $id);
    make_due($site, 'application_id = ?', $id) or die "nothing of application $id waits\n";
    return;
}

# The end that the look-up brings.
sub looked_up { my ($id) = @_; wait_is_over($id); return $site->finished($id) }

sub stays_uncertain
{
    my ($id, $email, $reason, $posts) = @_;
    my $end = looked_up($id);
    is $end->{result}, 'uncertain', 'the follow-up ends as uncertain';
    like $end->{reason}, $reason, 'with the reason';
    unlike $end->{reason}, qr/\@/, 'without the address';
    is $site->invitation($id)->{state}, 'uncertain', 'the invitation stays uncertain';
    is scalar(posted($email)), $posts // 1, 'nothing was sent again';
}

subtest 'a known candidate without this invitation stays uncertain' => sub {
    my ($id, $email) = uncertain();
    $sandbox->candidate(email => $email, status => 'pending', invited_at => '2020-01-01 00:00:00');
    $sandbox->candidate(token => $acme->{token}, email => $email, status => 'pending',
        invited_at => '2020-01-01 00:00:00', model => 'f' x 32);
    stays_uncertain($id, $email, qr/knows the candidate, but its record does not show this invitation/);
};

subtest 'a record that shows neither model nor date proves nothing' => sub {
    my ($id, $email) = uncertain(lost => 0);
    $sandbox->candidate(token => $acme->{token}, email => $email, status => 'pending',
        hide => ['predictive_model', 'invited_at']);
    stays_uncertain($id, $email, qr/does not show this invitation/);
};

subtest 'a 404 may be a wrong path and does not say "absent"' => sub {
    my ($id, $email) = uncertain();
    $sandbox->fault(api => 'assessfirst', method => 'GET', path => 'candidates$', status => 404,
        body => { message => 'Not Found' });
    stays_uncertain($id, $email, qr/could not be looked up \(AssessFirst answered 404/);
};

subtest 'a look-up that fails is repeated' => sub {
    my ($id, $email) = uncertain();
    $sandbox->fault(api => 'assessfirst', method => 'GET', path => 'candidates$', status => 500);
    $sandbox->fault(api => 'assessfirst', method => 'GET', path => 'candidates$', do => 'garbage');
    $sandbox->fault(api => 'assessfirst', method => 'GET', path => 'candidates$', status => 200,
        body => { data => [{ uuid => 'a' x 32, email => 'somebody.else@example.test' }] });
    is looked_up($id)->{result}, 'invited', 'until it says something';
    is scalar(posted($email)), 2, 'absent: sent once more';
    cmp_ok scalar(grep { $_->{query} =~ /look$number/ } lookups($site, $acme)), '==', 4, 'the fourth look-up did';
};

subtest 'a look-up that is refused stays uncertain' => sub {
    my ($id, $email) = uncertain();
    $sandbox->fault(api => 'assessfirst', method => 'GET', path => 'candidates$', status => 422,
        body => { message => "The address $email is not allowed." });
    stays_uncertain($id, $email, qr/could not be looked up \(AssessFirst answered 422: The address \[hidden\]/);
};

subtest 'the candidate may have moved on meanwhile: what was sent was sent' => sub {
    my ($id, $email) = uncertain(lost => 0);
    $sandbox->application(key => $acme->{key}, id => $id, stage_name => 'Interview');
    is looked_up($id)->{result}, 'invited', 'the look-up still proves it';
    is scalar(posted($email)), 1, 'sent once';
};

subtest 'who moved on is not sent an invitation again' => sub {
    my ($id, $email) = uncertain();
    $sandbox->application(key => $acme->{key}, id => $id, rejected_at => 1);
    stays_uncertain($id, $email, qr/does not know the candidate, and the invitation was not repeated because the application is rejected/);
};

subtest 'an application that vanished meanwhile stays uncertain' => sub {
    my ($id, $email) = uncertain();
    $sandbox->remove(application => key => $acme->{key}, id => $id);
    stays_uncertain($id, $email, qr/Pinpoint does not know application $id/);
};

subtest 'a candidate who is concealed meanwhile cannot be looked up' => sub {
    my ($id, $email) = uncertain();
    $sandbox->application(key => $acme->{key}, id => $id, concealed => 1);
    stays_uncertain($id, $email, qr/no usable e-mail address any more/);
};

# *sending* as a process leaves it that died between the commit and the answer.
sub died_while_sending
{
    my ($id, $resent) = @_;
    $site->dbh->do(q{UPDATE afp_invitation SET state = 'sending', resent = ? WHERE application_id = ?},
        undef, $resent, $id);
    return;
}

subtest 'a sender that died leaves an uncertain invitation' => sub {
    my ($id, $email) = uncertain(lost => 0);
    died_while_sending($id, 0);
    is looked_up($id)->{result}, 'invited', 'found by the look-up';
    is scalar(posted($email)), 1, 'sent once';

    ($id, $email) = uncertain();
    died_while_sending($id, 0);
    is looked_up($id)->{result}, 'invited', 'or, when absent, sent once more';
    is scalar(posted($email)), 2, 'once';
    is $site->invitation($id)->{resent}, 1, 'which is noted';

    ($id, $email) = uncertain();
    died_while_sending($id, 1);
    stays_uncertain($id, $email, qr/sent twice/);
};

subtest 'no end while sending is younger than the wait' => sub {
    my ($id, $email) = uncertain();
    $site->dbh->do(q{UPDATE afp_invitation SET state = 'sending' WHERE application_id = ?}, undef, $id);
    make_due($site, 'application_id = ?', $id);
    ok wait_until(sub { $site->invitation($id)->{state} eq 'uncertain' }, 10), '*sending* without a living sender becomes uncertain';
    is scalar(posted($email)), 1, 'nothing is sent';
    is looked_up($id)->{result}, 'invited', 'until the wait is over';
};

subtest 'a look-up that is not authorised waits for the connection to work again' => sub {
    my ($id, $email) = uncertain();
    $sandbox->fault(api => 'assessfirst', method => 'GET', path => 'candidates$', status => 401);
    wait_is_over($id);
    ok wait_until(sub { (($site->open_follow_ups($id))[0] // {})->{state} eq 'held' }, 10), 'the follow-up is held';
    is $site->invitation($id)->{state}, 'uncertain', 'the invitation stays uncertain';
    make_due($site, q{kind = 'check-assessfirst'});
    is $site->finished($id)->{result}, 'invited', 'and goes on when a check succeeds';
};

done_testing;
