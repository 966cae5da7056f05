package AFP::Server;

# A private httpd for one test file.
#
#     my $server = AFP::Server->new(config => <<'CONF', database => $database);
#         PinpointEngine on
#         ...
#     CONF
#     $server->start;
#     is $server->get('/x')->code, 404;
#     $server->expect_log(qr/AFP0401/);
#
# When the file ends, every server is stopped and its error log is read: a crash, a sanitizer's
# report, a warning or an error that was not declared, or a declared one that never came, makes the
# test file fail.

use strict;
use warnings;

use Carp qw(croak);
use HTTP::Request ();
use IO::Socket::INET ();
use LWP::UserAgent ();
use Test::More ();

use AFP::ErrorLog ();
use AFP::Process qw(top_dir build_dir apxs free_port scratch_dir owned_dir slurp spit spawn
    reap_within children_of server_user is_root wait_until);

my @servers;

# %option: mpm (event, worker or prefork; default $AFP_MPM or event), config (text for the main
# server), database (of AFP::Databases: its directives go into the main server), ports (names of
# further ports: @PORT_name@ in the text, port('name')), log_level, environment (a hash),
# user (the account of the children where root starts the server).
# In the text @PORT@, @DIR@ (the server's own directory) and @STATE@ (one that its children may
# write to) are replaced.
sub new
{
    my ($class, %option) = @_;
    my $dir = scratch_dir('httpd');
    my $self = bless {
        dir => $dir,
        mpm => $option{mpm} // $ENV{AFP_MPM} // 'event',
        user => $option{user} // server_user(),
        text => $option{config} // '',
        database => $option{database},
        log_level => $option{log_level} // 'info assessfirst_pinpoint:debug',
        environment => $option{environment} // {},
        ports => { '' => free_port(), map { $_ => free_port() } @{ $option{ports} // [] } },
        declared => [],
        allowed => [],
        killed => [],
        problems => [],
        owner => $$,
    }, $class;

    mkdir "$dir/$_" for qw(conf htdocs logs run);
    owned_dir("$dir/state");
    owned_dir("$dir/sanitizer");
    chmod 01777, "$dir/sanitizer";
    $self->configure;
    push @servers, $self;
    return $self;
}

# The base configuration with one MPM and the module under test, for any server of the tests.
sub base_config
{
    my ($mpm) = @_;
    my $text = slurp(top_dir() . '/t/conf/base.conf.in');
    my %value = (
        MPM => $mpm,
        MODULES => apxs('libexecdir'),
        MODULE_UNDER_TEST => build_dir() . '/.libs/mod_assessfirst_pinpoint.so',
    );
    $text =~ s/@(\w+)@/$value{$1} \/\/ die "unknown \@$1\@ in base.conf.in\n"/ge;
    return $text;
}

# The program, its name from apxs; $AFP_HTTPD may name a wrapper.
sub httpd
{
    return $ENV{AFP_HTTPD} // apxs('sbindir') . '/' . apxs('progname');
}

# Writes httpd.conf; with a text, that one takes the place of the former text from the next start
# or restart on.
sub configure
{
    my ($self, $text) = @_;
    $self->{text} = $text if defined $text;
    my $dir = $self->{dir};
    my $user = is_root()
        ? "User $self->{user}\nGroup " . getgrgid((getpwnam $self->{user})[3]) . "\n" : '';
    my $database = $self->{database} ? $self->{database}->directives : '';

    my $own = $self->{text};
    $own =~ s/\@PORT\@/$self->{ports}{''}/g;
    $own =~ s/\@PORT_(\w+)\@/$self->{ports}{$1} \/\/ croak "no port named $1"/ge;
    $own =~ s/\@DIR\@/$dir/g;
    $own =~ s/\@STATE\@/$dir\/state/g;

    # What AFP::ErrorLog knows a crash of the event MPM's own by.
    my $log_mpm = $self->{mpm} eq 'event' ? 'LogLevel mpm_event:trace1' : '';

    my $listen = join '', map { "Listen 127.0.0.1:$self->{ports}{$_}\n" } sort keys %{ $self->{ports} };
    spit("$dir/conf/httpd.conf", base_config($self->{mpm}) . <<"CONF" . $own);

ServerRoot "$dir"
DefaultRuntimeDir "$dir/run"
PidFile "$dir/run/httpd.pid"
ServerName 127.0.0.1:$self->{ports}{''}
$listen$user
DocumentRoot "$dir/htdocs"
ErrorLog "$dir/logs/error_log"
LogLevel $self->{log_level}
$log_mpm
LogFormat "%h %u %t \\"%r\\" %>s %b" common
CustomLog "$dir/logs/access_log" common
TypesConfig /dev/null
SSLSessionCache "shmcb:$dir/run/sessions(65536)"
Timeout 30
ListenBacklog 511
<IfModule prefork.c>
    StartServers 4
    MinSpareServers 2
    MaxRequestWorkers 32
</IfModule>
<IfModule !prefork.c>
    StartServers 2
    ServerLimit 4
    ThreadsPerChild 16
    MinSpareThreads 8
    MaxSpareThreads 64
    MaxRequestWorkers 64
</IfModule>
<Directory />
    AllowOverride None
    Require all granted
</Directory>
$database
CONF
    return $self;
}

sub dir { $_[0]{dir} }
sub state_dir { "$_[0]{dir}/state" }
sub mpm { $_[0]{mpm} }
sub pid { $_[0]{pid} }

sub port
{
    my ($self, $name) = @_;
    return $self->{ports}{ $name // '' } // croak "no port named $name";
}

sub url
{
    my ($self, $path, $name) = @_;
    return 'http://127.0.0.1:' . $self->port($name) . $path;
}

# A file in the server's own directory; returns its path.
sub write_file
{
    my ($self, $name, $text, $mode) = @_;
    return spit("$self->{dir}/$name", $text, $mode // 0644);
}

# ---- life --------------------------------------------------------------------------------------

sub environment
{
    my ($self) = @_;
    my $report = "log_path=$self->{dir}/sanitizer/report";
    return (
        %{ $self->{environment} },
        ASAN_OPTIONS => "detect_leaks=0:abort_on_error=0:handle_abort=1:$report",
        UBSAN_OPTIONS => "print_stacktrace=1:$report",
    );
}

sub command
{
    my ($self) = @_;
    return (httpd(), '-d', $self->{dir}, '-f', "$self->{dir}/conf/httpd.conf");
}

# Starts the server and waits until it answers; dies with the end of its log when it does not.
sub start
{
    my ($self) = @_;
    croak 'already started' if $self->{pid};
    local %ENV = (%ENV, $self->environment);
    my $before = $self->generations;
    $self->{pid} = spawn("$self->{dir}/logs/output", $self->command, '-DFOREGROUND');
    my $answers = wait_until(sub {
        return 'gone' unless $self->is_running;
        # The children may answer before their parent has said so.
        return $self->answers && $self->generations > $before;
    }, $ENV{AFP_START_TIMEOUT} // 30);
    return $self if $answers && $answers ne 'gone';

    my $story = $self->output . $self->error_log;
    $self->kill_all if $self->{pid};
    croak "httpd did not start:\n" . substr $story, -4000;
}

# Whether some child answers a request (one that no handler and no log line is involved in).
sub answers
{
    my ($self) = @_;
    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $self->port, Timeout => 5) or return 0;
    print {$socket} "OPTIONS * HTTP/1.0\r\n\r\n";
    my $vector = '';
    vec($vector, fileno $socket, 1) = 1;
    return 0 unless select $vector, undef, undef, 5;
    return (readline($socket) // '') =~ m{^HTTP/1} ? 1 : 0;
}

sub is_running
{
    my ($self) = @_;
    return 0 unless $self->{pid};
    my $status = reap_within($self->{pid}, 0);
    return 1 unless defined $status;
    delete $self->{pid};
    $self->{status} = $status;
    return 0;
}

# Stops at once (SIGTERM); the children have 9 seconds before httpd kills them.
sub stop { $_[0]->end('TERM', 20) }

# Stops when the requests in progress are finished (SIGWINCH).
sub graceful_stop { $_[0]->end('WINCH', $_[1] // 60) }

sub end
{
    my ($self, $signal, $patience) = @_;
    return 1 unless $self->is_running;
    kill $signal, $self->{pid};
    return 1 if wait_until(sub { !$self->is_running }, $patience);
    $self->problem("httpd was still there $patience seconds after SIG$signal");
    $self->kill_all;
    return 0;
}

# How often children were made so far, by starts and restarts.
sub generations { my ($self) = @_; return scalar(() = $self->error_log =~ /resuming normal operations/g) }

# Restarts gracefully (SIGUSR1), or at once with 'HUP'; returns when the new generation is made. After a
# graceful restart a former child may still take a request: see renew().
sub graceful
{
    my ($self, $signal) = @_;
    my $before = $self->generations;
    kill $signal // 'USR1', $self->{pid} or croak 'httpd is not running';
    wait_until(sub { $self->generations > $before }, 30) or croak "no restart:\n" . $self->log_tail;
    wait_until(sub { $self->answers }, 30) or croak "no answer after the restart:\n" . $self->log_tail;
    return $self;
}

sub restart { $_[0]->graceful('HUP') }

# Restarts gracefully and waits until the former children are gone, so that the next request meets
# one that knows the new configuration.
sub renew
{
    my ($self) = @_;
    my %former = map { $_ => 1 } $self->children;
    $self->graceful;
    wait_until(sub { !grep { $former{$_} } $self->children }, 30)
        or croak "former children stay after the restart:\n" . $self->log_tail;
    return $self;
}

sub children { children_of($_[0]{pid} // return ()) }

# Kills one child (the given one or the first) with SIGKILL, as the OOM killer would; its pid.
sub kill_child
{
    my ($self, $pid) = @_;
    $pid //= ($self->children)[0] // croak 'httpd has no children';
    push @{ $self->{killed} }, $pid;
    kill 'KILL', $pid;
    wait_until(sub { !grep { $_ == $pid } $self->children }, 10);
    return $pid;
}

# Kills parent and children at once with SIGKILL, as a power cut would.
sub kill_all
{
    my ($self) = @_;
    return unless $self->{pid};
    my $pid = $self->{pid};
    my @children = $self->children;
    push @{ $self->{killed} }, @children;
    kill 'KILL', $pid, @children;
    kill 'KILL', -$pid; # one that was made meanwhile
    wait_until(sub { !$self->is_running }, 10);
    wait_until(sub { !kill 0, -$pid }, 10);
    unlink "$self->{dir}/run/httpd.pid";
    return;
}

# httpd -t on the configuration: its exit code and its output.
sub configtest
{
    my ($self) = @_;
    local %ENV = (%ENV, $self->environment);
    my $file = "$self->{dir}/logs/configtest";
    unlink $file;
    my $status = reap_within(spawn($file, $self->command, '-t'), 60);
    return (defined $status ? ($status & 127 || $status >> 8) : -1, slurp($file));
}

# ---- requests ----------------------------------------------------------------------------------

sub user_agent
{
    my ($self) = @_;
    return $self->{user_agent} //=
        LWP::UserAgent->new(timeout => 30, max_redirect => 0, env_proxy => 0, keep_alive => 0);
}

# request(METHOD, path, [header => value, ...], body): an HTTP::Response.
sub request
{
    my ($self, $method, $path, $headers, $body) = @_;
    my $url = $path =~ m{^https?://} ? $path : $self->url($path);
    return $self->user_agent->request(HTTP::Request->new($method, $url, $headers // [], $body));
}

sub get { my ($self, $path, @headers) = @_; $self->request('GET', $path, \@headers) }
sub post { my ($self, $path, $body, @headers) = @_; $self->request('POST', $path, \@headers, $body) }

# ---- the log -----------------------------------------------------------------------------------

sub error_log { slurp("$_[0]{dir}/logs/error_log") }
sub access_log { slurp("$_[0]{dir}/logs/access_log") }
sub output { slurp("$_[0]{dir}/logs/output") }
sub log_tail { my $log = $_[0]->output . $_[0]->error_log; substr $log, length $log > 4000 ? -4000 : 0 }

# Waits until a line of the error log matches; true if one did.
sub wait_log
{
    my ($self, $pattern, $seconds) = @_;
    return wait_until(sub { $self->error_log =~ $pattern }, $seconds // 10);
}

# Declares warnings or errors that must come before the end of the file.
sub expect_log { my ($self, @patterns) = @_; push @{ $self->{declared} }, @patterns; return $self }

# Declares warnings or errors that may or may not come (those of a race, for example).
sub allow_log { my ($self, @patterns) = @_; push @{ $self->{allowed} }, @patterns; return $self }

sub problem { my ($self, $text) = @_; push @{ $self->{problems} }, $text; return }

# Stops the server and returns what speaks against it.
sub finish
{
    my ($self) = @_;
    $self->stop;
    my $log = $self->error_log;
    my @found = (
        @{ $self->{problems} },
        AFP::ErrorLog::complaints($log . $self->output,
            killed => $self->{killed}, declared => [@{ $self->{declared} }, @{ $self->{allowed} }]),
        AFP::ErrorLog::sanitizer_reports("$self->{dir}/sanitizer"),
        map { "declared, but never logged: $_" }
            grep { my $pattern = $_; !grep { $_ =~ $pattern } split /\n/, $log } @{ $self->{declared} },
    );
    $self->{problems} = [];
    return @found;
}

END {
    my $failed = 0;
    my $status = $?;
    # Test::More says so only later, in an END of its own.
    my $keeps_logs = $status || !Test::More->builder->is_passing;
    for my $server (grep { $_->{owner} == $$ } @servers) {
        my @found = $server->finish;
        if (@found) {
            $failed = 1;
            Test::More::diag("httpd in $server->{dir} ($server->{mpm}):\n" . join "\n", map { "  $_" } @found);
        }
        if ($ENV{AFP_LOGS} && (@found || $keeps_logs)) {
            system 'cp', '-a', "$server->{dir}/logs", "$ENV{AFP_LOGS}/" . ($0 =~ s{\W+}{-}gr) . "-$$";
        }
    }
    $? = $status || $failed;
}

1;
