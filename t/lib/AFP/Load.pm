package AFP::Load;

# Clients in processes of their own that post signed deliveries while a test does something to the
# server.
#
#     my $load = AFP::Load->start($site, [$acme], clients => 2);     # endless, distinct deliveries
#     $server->graceful;
#     my @sent = $load->stop;                                        # {company, application, code}
#
#     my $load = AFP::Load->start($site, \@tenants, applications => \@applications, insist => 1);
#     my @sent = $load->finish;                                      # when all of them are delivered

use strict;
use warnings;

use POSIX ();
use Time::HiRes qw(sleep time);

use AFP::Process qw(scratch_dir slurp spit wait_until);
use AFP::Site ();
use AFP::Wire ();

my $first_application = 7_000_000;

# Delivery number n goes to tenant n modulo their number. %option: clients (2), applications (what
# the sandbox returned, number n for delivery n; without it unknown ids are made up for ever),
# insist (1: a delivery that is not answered with success is sent again, as Pinpoint does),
# pause (seconds between two deliveries of a client), keep (1: a client keeps its connection).
sub start
{
    my ($class, $site, $tenants, %option) = @_;
    my $self = bless { dir => scratch_dir('load'), pids => [], owner => $$ }, $class;
    my $clients = $option{clients} // 2;
    my $first = $first_application;
    $first_application += 1_000_000;
    for my $client (0 .. $clients - 1) {
        my $pid = fork // die "fork: $!\n";
        if ($pid) {
            push @{ $self->{pids} }, $pid;
            next;
        }
        eval {
            for (my $n = $client; !$self->must_stop; $n += $clients) {
                my $application = $option{applications} ? $option{applications}[$n] : { id => $first + $n };
                last unless $application;
                $self->deliver($client, $site->server, $tenants->[$n % @$tenants], $application, %option);
                sleep $option{pause} if $option{pause};
            }
            1;
        } or print STDERR "a client of the load died: $@";
        POSIX::_exit(0);
    }
    return $self;
}

# For a client; the test may also have been killed.
sub must_stop { my ($self) = @_; return -e "$self->{dir}/stop" || getppid != $self->{owner} }

# One delivery, until it is answered with success if the client insists; one line for each answer.
sub deliver
{
    my ($self, $client, $server, $tenant, $application, %option) = @_;
    my $body = AFP::Site::body($tenant, $application->{id}, job_id => $application->{job_id});
    open my $lines, '>>', "$self->{dir}/$client" or die "$self->{dir}/$client: $!\n";
    my $code;
    while (1) {
        my $since = time;
        my $wire = delete $self->{wire};
        my $answer = eval { ($wire //= AFP::Wire->new($server))->deliver($tenant, $body)->answer };
        $self->{wire} = $wire if $answer && $option{keep} && lc($answer->{headers}{connection} // '') ne 'close';
        $code = $answer ? $answer->{code} : 0;
        syswrite $lines, sprintf "%s %s %d %.3f\n", $tenant->{company}, $application->{id}, $code, time - $since;
        last if $code =~ /^2/ || !$option{insist} || $self->must_stop;
        sleep 0.2;
    }
    return;
}

# What was answered so far: (company, application, code, seconds); code 0 is no answer at all.
sub sent
{
    my ($self) = @_;
    return map {
        my ($company, $application, $code, $seconds) = split / /;
        { company => $company, application => $application, code => $code, seconds => $seconds };
    } map { split /\n/, slurp($_) } glob "$self->{dir}/[0-9]*";
}

sub taken { my ($self) = @_; return grep { $_->{code} == 202 } $self->sent }

# Waits until so many more are accepted; true if they were.
sub goes_on
{
    my ($self, $more, $seconds) = @_;
    my $before = $self->taken;
    return wait_until(sub { $self->taken >= $before + $more }, $seconds // 20);
}

# Ends the clients after the delivery that they are at.
sub stop
{
    my ($self) = @_;
    spit("$self->{dir}/stop", '');
    return $self->finish;
}

# Waits for the clients to end.
sub finish
{
    my ($self) = @_;
    waitpid $_, 0 for @{ $self->{pids} };
    $self->{pids} = [];
    return $self->sent;
}

# A test that died leaves no client behind.
sub DESTROY
{
    my ($self) = @_;
    return unless $self->{owner} == $$;
    local ($?, $!, $@);
    kill 'KILL', @{ $self->{pids} } if @{ $self->{pids} };
    waitpid $_, 0 for @{ $self->{pids} };
    return;
}

1;
