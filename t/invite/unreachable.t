# Where AssessFirst cannot be reached, nothing was sent: the invitation is tried again.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;
use AFP::Process qw(free_port);

my $none = q{Don't use a predictive model};
my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', limit => 0);

# From now on AssessFirst is at `base`, for every child that is there.
sub move_assessfirst
{
    my ($base, $retry, $more) = @_;
    $site->configure(join "\n", $retry // $AFP::Invite::retry, $AFP::Invite::timeout, "AssessFirstAPI $base/betty", $more // '');
    $site->server->renew;
    return;
}

# Which model does not matter: without one, the invitation is the only call.
sub waits
{
    my ($about, $reason) = @_;
    my $application = applicant($site, $acme, model => $none);
    trigger($site, $acme, $application);
    my $id = $application->{id};
    my $open;
    ok wait_until(sub { ($open) = $site->open_follow_ups($id); ($open // {})->{attempts} >= 2
        && $open->{reason} ne '' }, 15), "$about: tried again and again";
    like $open->{reason}, $reason, 'the reason is said';
    ok wait_until(sub { $site->invitation($id)->{state} eq 'planned' }, 10), 'nothing was sent';
    return $id;
}

my $before = $sandbox->last_call_number;
my @waiting;

move_assessfirst('https://127.0.0.1:' . free_port());
push @waiting, waits('a closed port', qr/AssessFirst could not be reached: connection refused/);
move_assessfirst('https://no-such-host.invalid');
push @waiting, waits('a name that does not exist', qr/the name no-such-host\.invalid cannot be resolved/);
move_assessfirst($sandbox->https_untrusted);
push @waiting, waits('a certificate of an unknown authority', qr/its certificate is not accepted/);
move_assessfirst($sandbox->https_wrong_name);
push @waiting, waits('a certificate for another name', qr/its certificate is not accepted/);
move_assessfirst($sandbox->https, undef, 'AssessFirstCACertificateFile /etc/ssl/certs/ca-certificates.crt');
push @waiting, waits('without the file of the trust anchor', qr/its certificate is not accepted/);
move_assessfirst($sandbox->http =~ s/^http:/https:/r);
push @waiting, waits('a port that does not speak TLS', qr/no TLS connection/);

is scalar(posts($site, $acme)), 0, 'AssessFirst never saw one of them';

move_assessfirst($sandbox->https);
is $site->finished($_)->{result}, 'invited', 'sent when AssessFirst can be reached again' for @waiting;
is scalar($site->invitations($acme)), scalar @waiting, 'each of them once';

subtest 'after the time of trying it becomes a dead letter that can be replayed' => sub {
    move_assessfirst('https://127.0.0.1:' . free_port(), 'PinpointRetry for=2 first=1 cap=1');
    my $application = applicant($site, $acme, model => $none);
    trigger($site, $acme, $application);
    my $end = $site->finished($application->{id});
    is $end->{result}, 'dead', 'a dead letter';
    like $end->{reason}, qr/^Given up after \d+ tries\. AssessFirst could not be reached: connection refused/,
        'with the last reason';
    move_assessfirst($sandbox->https);
    again_row($site, $acme, $application->{id});
    is $site->finished($application->{id}, count => 2)->{result}, 'invited', 'replayed, it is sent';
};

done_testing;
