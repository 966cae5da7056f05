package AFP::Sandbox::Client;

# HTTP::Tiny with a connection for each call, because a server may close a kept one just when the next
# call goes out; without a proxy, whatever the environment says; and without Nagle's algorithm, because
# it writes head and body apart, and the body would wait for the delayed acknowledgement of the head,
# 40 ms in every call.

use strict;
use warnings;

use parent 'HTTP::Tiny';
use Socket qw(IPPROTO_TCP TCP_NODELAY);

sub new {
    my ($class, %option) = @_;
    return $class->SUPER::new(agent => 'AFP-Sandbox', keep_alive => 0, proxy => undef, http_proxy => undef,
        https_proxy => undef, %option);
}

sub _open_handle {
    my ($self, @arguments) = @_;
    my $handle = $self->SUPER::_open_handle(@arguments);
    setsockopt $handle->{fh}, IPPROTO_TCP, TCP_NODELAY, 1 if $handle->{fh};
    return $handle;
}

package AFP::Sandbox;

use strict;
use warnings;

use Carp qw(croak);
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp ();
use JSON::PP ();
use POSIX qw(WNOHANG _exit);
use Time::HiRes qw(sleep time);

my $PROGRAM = dirname(abs_path(__FILE__)) . '/../../sandbox/sandbox';
my $PATIENCE = 30 * ($ENV{AFP_PATIENCE} // 1);

my $JSON = JSON::PP->new->utf8->canonical->allow_nonref;

sub start {
    my ($class, %option) = @_;
    my $directory = File::Temp->newdir('afp-sandbox-XXXXXXXX', TMPDIR => 1);
    my $ready     = "$directory/ready.json";
    my $state     = $option{state} // "$directory/state";

    my $pid = fork // croak "cannot fork: $!";
    if ($pid == 0) {
        exec $^X, $PROGRAM, '--ready', $ready, '--state', $state, '--watch-parent',
            '--port', $option{port} // 0, '--tls-port', $option{tls_port} // 0
            or _exit(127);
    }
    my $self = bless { pid => $pid, owner => $$, directory => $directory }, $class;
    my $told = $self->_wait_until_ready($ready);
    @$self{ keys %$told } = values %$told;
    return $self->_open;
}

sub connect {
    my ($class, $base) = @_;
    $base =~ s{/+\z}{};
    return bless({ http => $base }, $class)->_open;
}

sub _open {
    my ($self) = @_;
    $self->{client} = AFP::Sandbox::Client->new;
    return $self;
}

sub _wait_until_ready {
    my ($self, $file) = @_;
    my $deadline = time + $PATIENCE;
    while (time < $deadline) {
        if (open my $handle, '<', $file) {
            local $/ = undef;
            return $JSON->decode(scalar readline $handle);
        }
        if (waitpid($self->{pid}, WNOHANG) == $self->{pid}) {
            delete $self->{pid};
            croak 'the sandbox ended instead of listening';
        }
        sleep 0.02;
    }
    $self->stop;
    croak "the sandbox was not ready after $PATIENCE seconds";
}

sub stop {
    my ($self) = @_;
    return if !$self->{pid} || ($self->{owner} // 0) != $$;
    my $pid      = delete $self->{pid};
    my $deadline = time + 5;
    local ($?, $!);
    kill TERM => $pid;
    until (waitpid($pid, WNOHANG)) {
        kill KILL => $pid if time > $deadline;
        sleep 0.01;
    }
    return;
}

sub DESTROY {
    my ($self) = @_;
    $self->stop;
    return;
}

sub http             { return $_[0]{http} }
sub https            { return $_[0]{https} }
sub https_untrusted  { return $_[0]{https_untrusted} }
sub https_wrong_name { return $_[0]{https_wrong_name} }
sub ca               { return $_[0]{ca} }
sub pid              { return $_[0]{pid} }

sub pinpoint_api    { return ($_[1] // $_[0]->http) . '/pinpoint/api/v1' }
sub assessfirst_api { return ($_[1] // $_[0]->http) . '/betty' }

# -- Pinpoint

for my $kind (qw(company job stage application user custom_field custom_attribute
    hiring_workflow)) {
    no strict 'refs';
    *{$kind} = sub {
        my ($self, %members) = @_;
        return $self->_call(POST => "pinpoint/$kind", \%members);
    };
}

# A call as the module makes them; `json` in the answer is its body, if that is JSON.
sub pinpoint_call {
    my ($self, $method, $path, $content, %headers) = @_;
    my %request = (headers => { 'X-API-KEY' => 'pinpoint-key', Accept => 'application/vnd.api+json',
        defined $content ? ('Content-Type' => 'application/vnd.api+json') : (), %headers });
    delete $request{headers}{$_} for grep { !defined $headers{$_} } keys %headers;
    $request{content} = ref $content ? $JSON->encode($content) : $content if defined $content;
    my $answer = $self->{client}->request($method, $self->pinpoint_api . "/$path", \%request);
    $answer->{json} = eval { $JSON->decode($answer->{content}) };
    return $answer;
}

sub attributes {
    my ($self, %members) = @_;
    return $self->look(application => %members)->{attributes};
}

sub comments {
    my ($self, %members) = @_;
    return @{ $self->look(application => %members)->{comments} };
}

sub look {
    my ($self, $kind, %members) = @_;
    return $self->_call(GET => "pinpoint/$kind", \%members);
}

sub remove {
    my ($self, $kind, %members) = @_;
    my $api = $kind =~ /\A(?:account|candidate)\z/ ? 'assessfirst' : 'pinpoint';
    return $self->_call(DELETE => "$api/$kind", \%members);
}

# -- AssessFirst

sub account {
    my ($self, %members) = @_;
    return $self->_call(POST => 'assessfirst/account', \%members);
}

sub candidate {
    my ($self, %members) = @_;
    return $self->_call(POST => 'assessfirst/candidate', \%members);
}

sub progress {
    my ($self, %members) = @_;
    return $self->_call(POST => 'assessfirst/progress', \%members);
}

sub candidates {
    my ($self, %members) = @_;
    return @{ $self->_call(GET => 'assessfirst/candidate', \%members) };
}

sub invitations {
    my ($self, %members) = @_;
    return @{ $self->_call(GET => 'assessfirst/invitations', \%members) };
}

# -- the sandbox itself

sub reset {
    my ($self) = @_;
    return $self->_call(POST => 'reset', {});
}

sub fault {
    my ($self, %members) = @_;
    return $self->_call(POST => 'faults', \%members);
}

sub faults {
    my ($self) = @_;
    return @{ $self->_call(GET => 'faults', {}) };
}

sub clear_faults {
    my ($self) = @_;
    return $self->_call(DELETE => 'faults', {});
}

sub calls {
    my ($self, %members) = @_;
    return @{ $self->_call(GET => 'calls', \%members) };
}

sub clear_calls {
    my ($self) = @_;
    return $self->_call(DELETE => 'calls', {});
}

sub last_call_number {
    my ($self) = @_;
    my @calls = $self->calls;
    return @calls ? $calls[-1]{number} : 0;
}

sub webhook {
    my ($self, %members) = @_;
    return @{ $self->_call(POST => 'webhook', \%members) };
}

sub test_event {
    my ($self, %members) = @_;
    return @{ $self->_call(POST => 'test-event', \%members) };
}

sub callback {
    my ($self, %members) = @_;
    return @{ $self->_call(POST => 'callback', \%members) };
}

sub page_config {
    my ($self, %members) = @_;
    return $self->_call(%members ? 'POST' : 'GET', 'page-config', \%members);
}

sub wait_for {
    my ($self, $condition, $seconds) = @_;
    my $deadline = time + ($seconds // 10);
    while (1) {
        my $found = $condition->();
        return $found if $found;
        return if time > $deadline;
        sleep 0.05;
    }
}

sub wait_for_invitations {
    my ($self, $count, %option) = @_;
    my $seconds = delete $option{seconds};
    my @invitations;
    $self->wait_for(sub { (@invitations = $self->invitations(%option)) >= $count }, $seconds);
    return @invitations;
}

sub _call {
    my ($self, $method, $path, $members) = @_;
    my $url = "$self->{http}/sandbox/$path";
    my %request;
    if ($method eq 'POST') {
        %request = (content => $JSON->encode($members),
            headers => { 'Content-Type' => 'application/json' });
    }
    elsif (%$members) {
        $url .= '?' . $self->{client}->www_form_urlencode($members);
    }
    # Webhooks and callbacks answer only after all its attempts.
    my $seconds = 60;
    $seconds += $_ + ($members->{timeout} // 5) for @{ $members->{delays} // [] };
    $self->{client}->timeout($seconds);

    my $answer = $self->{client}->request($method, $url, \%request);
    my $content = eval { $JSON->decode($answer->{content}) };
    return $content if $answer->{success};
    my $reason = ref $content eq 'HASH' ? $content->{error} : $answer->{content};
    croak "sandbox: $method $path: $answer->{status} $reason";
}

1;

__END__

=head1 NAME

AFP::Sandbox - start, script and question the stand-ins of Pinpoint and AssessFirst

=head1 SYNOPSIS

    my $sandbox = AFP::Sandbox->start;
    $sandbox->company(key => 'k1', subdomain => 'acme');
    my $job = $sandbox->job(key => 'k1', model => 'Sales Executive');
    my $application = $sandbox->application(key => 'k1', job_id => $job->{id});
    $sandbox->account(token => 't1', models => ['Sales Executive']);

    my ($attempt) = $sandbox->webhook(url => $url, secret => $secret,
        application_id => $application->{id}, job_id => $job->{id});
    is $attempt->{status}, 202;
    my @invitations = $sandbox->wait_for_invitations(1, token => 't1');

=head1 METHODS

What the members of each call mean, and their defaults, is described in Sandbox::Control. A
refused call dies with the sandbox's own words.

=over

=item start(state =E<gt> directory, port =E<gt> n, tls_port =E<gt> n)

Starts a sandbox and waits until it listens. All arguments are optional; the certificates made
in C<state> are used again by the next start. It ends with the object, in the process that
started it, and at the latest when that process ends.

=item connect(base)

Uses a running sandbox, for example C<http://127.0.0.1:8081>.

=item http, https, https_untrusted, https_wrong_name, ca, pid

Base addresses, the CA file and the process. C<pinpoint_api(base)> and C<assessfirst_api(base)>
give the addresses of the APIs, by default below C<http>.

=item company, job, stage, application, user, custom_field, custom_attribute, hiring_workflow

Create or change it; return it as a hash. C<look(kind, id =E<gt> ...)> reads one back, without an
id all as an array reference; C<remove(kind, ...)> takes it away, also an account or a candidate.

=item attributes(id =E<gt> ...), comments(id =E<gt> ...)

What stands on an application's profile: a hash reference of the custom attributes' values by the
names of their fields, and the list of the comments' texts.

=item pinpoint_call(method, path, content, headers)

Calls the Pinpoint API as the module does and returns HTTP::Tiny's answer, with C<json>, the body
decoded. Content that is no text is sent as JSON; a header that is undef is left out.

=item account, candidate, progress, candidates, invitations

The AssessFirst side. The last two return lists.

=item fault, faults, clear_faults, calls, clear_calls, last_call_number, reset, page_config

=item webhook, test_event, callback

Send a webhook, or what AssessFirst may post when a candidate has got further, and return the list
of attempts.

=item wait_for(code, seconds), wait_for_invitations(count, token =E<gt> ..., seconds =E<gt> n)

Wait, 10 seconds at most unless told. The first returns what the code returned, or nothing; the
second the invitations that there are by then.

=item stop

=back

=cut
