package Sandbox::WebhookSender;

# Sends webhooks as Pinpoint does (contract, section 4): a signed JSON body, 5 seconds for an
# answer, redirects not followed, and the same bytes again after a failure. Callbacks of AssessFirst
# go the same way, unsigned.

use Mojo::Base -base, -signatures;

use Mojo::IOLoop;
use Mojo::JSON qw(encode_json);
use Mojo::Promise;
use Mojo::UserAgent;
use Mojo::Util qw(b64_decode b64_encode encode);
use Digest::SHA qw(hmac_sha256);
use Time::HiRes qw(time);

has 'ca';
has last_triggered => sub { {} };

my $TIMEOUT    = 5;
my $EVENT      = 'application_created';
my $HEADER     = 'PINPOINT-HMAC-SHA256';
my $FIRST_WAIT = 1;

sub reset ($self) { return $self->last_triggered({}) }

# The header's value for a body; the secret's characters are the key as they are.
sub signature ($secret, $body) {
    return b64_encode(hmac_sha256($body, encode 'UTF-8', $secret), '');
}

# A promise of the list of attempts; what may be wished is described in Sandbox::Control.
sub send ($self, $wish) {
    my $body   = $self->body_of($wish);
    my $copies = $wish->{copies} // 1;
    my @sent   = map { $self->deliver($wish, $body, $_) } 1 .. $copies;
    return Mojo::Promise->all(@sent)->then(sub (@results) {
        return [map { @{ $_->[0] } } @results];
    });
}

# What AssessFirst may post about a candidate; nothing of it is published, so not signed.
sub send_callback ($self, $uuid, $wish) {
    my %headers = ($HEADER => undef, 'User-Agent' => 'AssessFirst (sandbox)',
        %{ $wish->{headers} // {} });
    return $self->send({ body => { uuid => $uuid }, %$wish, headers => \%headers });
}

sub body_of ($self, $wish) {
    return b64_decode($wish->{body_base64}) if defined $wish->{body_base64};
    return encode('UTF-8', $wish->{body}) if defined $wish->{body} && !ref $wish->{body};
    return encode_json($wish->{body}) if defined $wish->{body};
    my $event       = $wish->{event} // $EVENT;
    my $application = $wish->{application_id} // 1;
    my $job         = $wish->{job_id}         // 1;
    my $triggered   = $wish->{triggered_at}
        // $self->new_second("$event $application $job");
    return sprintf '{"event":%s,"triggeredAt":%d,"data":{"application":{"id":%d},"job":{"id":%d}}}',
        encode_json($event), $triggered, $application, $job;
}

# Now, or the next second in which this event has not been triggered: the second is all that
# tells two webhooks apart.
sub new_second ($self, $event) {
    my $now  = int time;
    my $last = $self->last_triggered->{$event} // 0;
    return $self->last_triggered->{$event} = $now > $last ? $now : $last + 1;
}

sub headers_of ($wish, $body) {
    my %headers = (
        'Content-Type' => 'application/json',
        'User-Agent'   => 'Pinpoint (sandbox)',
        $HEADER        => signature($wish->{secret} // '', $body),
    );
    my %name = map { lc $_ => $_ } keys %headers;
    for my $given (keys %{ $wish->{headers} // {} }) {
        delete $headers{ $name{ lc $given } // $given };
        my $value = $wish->{headers}{$given};
        $headers{$given} = $value if defined $value;
    }
    return \%headers;
}

sub deliver ($self, $wish, $body, $copy) {
    my $headers = headers_of($wish, $body);
    my @delays  = @{ $wish->{delays} // [] };
    my $retries = $wish->{retries} // @delays;
    my @attempts;
    my $attempt;
    $attempt = sub {
        return $self->post($wish, $headers, $body)->then(sub ($result) {
            push @attempts, { number => 1 + @attempts, copy => $copy, %$result };
            return \@attempts if is_success($result) || @attempts > $retries;
            my $wait = $delays[$#attempts] // $delays[-1] // $FIRST_WAIT;
            return Mojo::Promise->timer($wait)->then($attempt);
        });
    };
    return $attempt->()->finally(sub { undef $attempt });
}

sub is_success ($result) { return ($result->{status} // 0) =~ /\A2/ }

# A promise of {status, headers, body, seconds, error}; it is never broken.
sub post ($self, $wish, $headers, $body) {
    my $ua = Mojo::UserAgent->new(
        ca                 => $wish->{ca} // $self->ca,
        insecure           => $wish->{insecure} ? 1 : 0,
        max_redirects      => 0,
        max_connections    => 0,
        request_timeout    => $wish->{timeout} // $TIMEOUT,
        inactivity_timeout => 0,
        max_response_size  => 1024 * 1024,
    );
    my $started = time;
    my $result  = sub (%members) {
        undef $ua;
        return { status => undef, headers => {}, body => '', error => undef,
            seconds => 0 + sprintf('%.3f', time - $started), %members };
    };
    my $tx = $ua->build_tx(POST => $wish->{url}, $headers, $body);
    return $ua->start_p($tx)->then(
        sub ($done) {
            my $response = $done->res;
            return $result->(status => 0 + $response->code, body => $response->text,
                headers => { map { lc $_ => $response->headers->header($_) }
                    @{ $response->headers->names } });
        },
        sub ($error) { return $result->(error => "$error") },
    );
}

1;
