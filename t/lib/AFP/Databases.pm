package AFP::Databases;

# Private database servers for the tests: own data directories, own ports, none of the system's
# configuration. SQLite needs no server, and looks the same from outside.
#
#     my $databases = AFP::Databases->new;               # the kind named by $AFP_DATABASE, or sqlite3
#     my $database = $databases->create;                 # fresh and empty
#     print $database->directives;                       # DBDriver and DBDParams
#     my ($count) = $database->dbh->selectrow_array('SELECT count(*) FROM ...');
#
# Where the driver of the suite already runs a server ($AFP_DATABASE_SERVERS), that one is used; a
# test that stops, kills or freezes the server says own => 1.

use strict;
use warnings;

use Carp qw(croak);
use DBI ();
use IO::Socket::INET ();

use AFP::Process qw(free_port scratch_dir owned_dir slurp spit spawn run_as reap_within children_of
    wait_until);

my @own;

sub kinds { return qw(sqlite3 pgsql mysql) }

# %option: kind (sqlite3, pgsql or mysql), own (a server for this test file alone).
sub new
{
    my ($class, %option) = @_;
    my $kind = $option{kind} // $ENV{AFP_DATABASE} // 'sqlite3';
    $class = { sqlite3 => 'AFP::Databases::SQLite', pgsql => 'AFP::Databases::PostgreSQL',
        mysql => 'AFP::Databases::MariaDB' }->{$kind} // croak "unknown kind of database: $kind";

    my $self = bless { kind => $kind, owner => $$ }, $class;
    my $shared = ($ENV{AFP_DATABASE_SERVERS} // '') . "/$kind";
    if (!$option{own} && -e "$shared/port") {
        $self->{dir} = $shared;
        $self->{port} = slurp("$shared/port");
        return $self;
    }
    $self->{own} = 1;
    $self->{dir} = $option{dir} // scratch_dir($kind);
    owned_dir("$self->{dir}/data");
    $self->prepare;
    push @own, $self;
    return $self;
}

sub kind { $_[0]{kind} }
sub dir { $_[0]{dir} }
sub port { $_[0]{port} }
sub output { slurp("$_[0]{dir}/output") }

my $created = 0;

# A fresh and empty database.
sub create
{
    my ($self) = @_;
    # A process id comes again within minutes.
    my $name = sprintf 'afp_%d_%d_%d', time, $$, ++$created;
    $self->create_database($name);
    return AFP::Database->new($self, $name);
}

# ---- life of a server of one's own -------------------------------------------------------------

sub prepare
{
    my ($self) = @_;
    $self->{port} = free_port();
    $self->initialise;
    $self->start;
    $self->after_first_start;
    spit("$self->{dir}/port", $self->{port}, 0644);
    return;
}

sub must_own { $_[0]{own} or croak 'this database server is shared: say own => 1' }

sub start
{
    my ($self) = @_;
    $self->must_own;
    return $self if $self->{pid};
    $self->{pid} = spawn("$self->{dir}/output", run_as(), $self->command);
    my $up = wait_until(sub {
        if (defined reap_within($self->{pid}, 0)) {
            delete $self->{pid};
            return 'gone';
        }
        return $self->answers;
    }, 60);
    return $self if $up && $up ne 'gone';
    my $output = $self->output;
    croak "$self->{kind} did not start:\n" . substr $output, length $output > 4000 ? -4000 : 0;
}

sub answers
{
    my ($self) = @_;
    my $dbh = DBI->connect($self->data_source($self->first_database), $self->account,
        { PrintError => 0, RaiseError => 0, PrintWarn => 0 }) or return 0;
    $dbh->disconnect;
    return 1;
}

# Stops as an administrator does: connections end, everything is written.
sub stop { $_[0]->end($_[0]->stop_signal) }

# Stops without any tidying up; the next start recovers.
sub kill { $_[0]->end($_[0]->crash_signal) }

sub restart { my ($self) = @_; $self->stop; return $self->start }

sub end
{
    my ($self, $signal) = @_;
    $self->must_own;
    my $pid = $self->{pid} // return;
    CORE::kill($signal, $pid);
    unless (defined reap_within($pid, 60)) {
        CORE::kill('KILL', $pid);
        reap_within($pid, 10);
    }
    delete $self->{pid};
    return;
}

# A server that is there but does not answer any more, and its recovery.
sub freeze { $_[0]->signal_all('STOP') }
sub thaw { $_[0]->signal_all('CONT') }

sub signal_all
{
    my ($self, $signal) = @_;
    $self->must_own;
    my $pid = $self->{pid} // croak 'the database server is not running';
    CORE::kill($signal, $pid, children_of($pid));
    return;
}

sub run
{
    my ($self, @command) = @_;
    my $status = reap_within(spawn("$self->{dir}/output", run_as(), @command), 120);
    croak "@command failed:\n" . $self->output unless defined $status && $status == 0;
    return;
}

END {
    local $?;
    for my $self (grep { $_->{owner} == $$ && $_->{pid} } @own) {
        $self->signal_all('CONT');
        $self->kill;
    }
}

# ---- SQLite ------------------------------------------------------------------------------------

package AFP::Databases::SQLite;

our @ISA = ('AFP::Databases');

# A file in a directory that belongs to the account of httpd's children.
sub prepare { }
sub create_database { }
sub file { my ($self, $name) = @_; return "$self->{dir}/data/$name.sqlite" }
sub params { my ($self, $name) = @_; return $self->file($name) }

# The file must belong to httpd's children, whoever opens it first; SQLite gives its journals the
# owner of the file.
sub make_file
{
    my ($self, $name) = @_;
    AFP::Process::owned_file($self->file($name)) unless -e $self->file($name);
    return;
}

sub data_source { my ($self, $name) = @_; return 'dbi:SQLite:dbname=' . $self->file($name) }
sub account { return ('', '') }
sub must_own { Carp::croak('SQLite has no server') }

# ---- PostgreSQL --------------------------------------------------------------------------------

package AFP::Databases::PostgreSQL;

our @ISA = ('AFP::Databases');

my $programs;

sub program
{
    my ($name) = @_;
    $programs //= (sort { ($b =~ /(\d+)/)[0] <=> ($a =~ /(\d+)/)[0] }
        grep { -x "$_/initdb" } glob '/usr/lib/postgresql/*/bin')[0]
        // (map { -x "$_/initdb" ? $_ : () } split /:/, $ENV{PATH})[0]
        // die "PostgreSQL's initdb not found\n";
    return "$programs/$name";
}

sub initialise
{
    my ($self) = @_;
    $self->run(program('initdb'), '--no-sync', '--auth=trust', '--username=afp', '--encoding=UTF8',
        '--locale=C', '-D', "$self->{dir}/data/cluster");
    return;
}

# The settings that a database is judged by (fsync, synchronous_commit) stay as they are installed.
sub command
{
    my ($self) = @_;
    return (program('postgres'), '-D', "$self->{dir}/data/cluster", '-p', $self->{port},
        '-c', 'listen_addresses=127.0.0.1', '-c', "unix_socket_directories=$self->{dir}/data",
        '-c', 'max_connections=200', '-c', 'log_timezone=UTC');
}

sub after_first_start { }
sub first_database { 'postgres' }
sub account { return ('afp', '') }
sub stop_signal { 'INT' }

# SIGQUIT ends every process without a checkpoint, so that the next start recovers from the log.
sub crash_signal { 'QUIT' }

sub data_source
{
    my ($self, $name) = @_;
    return "dbi:Pg:host=127.0.0.1;port=$self->{port};dbname=$name;connect_timeout=5";
}

sub create_database
{
    my ($self, $name) = @_;
    AFP::Database->new($self, $self->first_database)->dbh->do(qq{CREATE DATABASE "$name"});
    return;
}

sub params
{
    my ($self, $name) = @_;
    return "host=127.0.0.1 port=$self->{port} user=afp dbname=$name connect_timeout=3 "
        . q{options='-c statement_timeout=5000 -c lock_timeout=4000'};
}

# ---- MariaDB -----------------------------------------------------------------------------------

package AFP::Databases::MariaDB;

our @ISA = ('AFP::Databases');

# --no-defaults comes first, or MariaDB refuses it.
sub initialise
{
    my ($self) = @_;
    $self->run('mariadb-install-db', '--no-defaults', '--skip-test-db', '--skip-name-resolve',
        '--auth-root-authentication-method=normal', "--datadir=$self->{dir}/data/cluster");
    return;
}

sub command
{
    my ($self) = @_;
    my ($server) = grep { -x } map { "$_/mariadbd" } '/usr/sbin', '/usr/libexec', split /:/, $ENV{PATH};
    return ($server // die("mariadbd not found\n"), '--no-defaults',
        "--datadir=$self->{dir}/data/cluster", "--port=$self->{port}", '--bind-address=127.0.0.1',
        "--socket=$self->{dir}/data/socket", "--pid-file=$self->{dir}/data/pid",
        '--skip-name-resolve', '--max-connections=200', '--character-set-server=utf8mb4',
        '--collation-server=utf8mb4_general_ci');
}

# The installed root has no password and is reachable from this machine only.
sub after_first_start
{
    my ($self) = @_;
    my $dbh = AFP::Database->new($self, $self->first_database)->dbh(root => '');
    $dbh->do(q{CREATE USER 'afp'@'127.0.0.1' IDENTIFIED BY 'afp'});
    $dbh->do(q{GRANT ALL ON *.* TO 'afp'@'127.0.0.1'});
    return;
}

sub answers
{
    my ($self) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}, Timeout => 2);
    return 0 unless $socket;
    return sysread($socket, my $greeting, 1) ? 1 : 0;
}

sub first_database { 'mysql' }
sub account { return ('afp', 'afp') }
sub stop_signal { 'TERM' }
sub crash_signal { 'KILL' }

sub data_source
{
    my ($self, $name) = @_;
    return "dbi:MariaDB:host=127.0.0.1;port=$self->{port};database=$name;mariadb_connect_timeout=5";
}

sub create_database
{
    my ($self, $name) = @_;
    AFP::Database->new($self, $self->first_database)->dbh->do("CREATE DATABASE $name");
    return;
}

sub params
{
    my ($self, $name) = @_;
    return "host=127.0.0.1,port=$self->{port},user=afp,pass=afp,dbname=$name,reconnect=0";
}

# ---- one database ------------------------------------------------------------------------------

package AFP::Database;

sub new
{
    my ($class, $server, $name) = @_;
    return bless { server => $server, name => $name }, $class;
}

sub kind { $_[0]{server}->kind }
sub name { $_[0]{name} }
sub server { $_[0]{server} }
sub params { $_[0]{server}->params($_[0]{name}) }

# The path of an SQLite database.
sub file { $_[0]{server}->file($_[0]{name}) }

# The lines for httpd.conf.
sub directives
{
    my ($self) = @_;
    return sprintf qq{DBDriver %s\nDBDParams "%s"\n}, $self->kind, $self->params;
}

# A new DBI handle, to look into the tables or to prepare them; dies on errors.
sub dbh
{
    my ($self, @account) = @_;
    my $server = $self->{server};
    $server->make_file($self->{name}) if $self->kind eq 'sqlite3';
    my $dbh = DBI->connect($server->data_source($self->{name}), @account ? @account : $server->account,
        { RaiseError => 1, PrintError => 0, AutoCommit => 1 });
    $dbh->sqlite_busy_timeout(10_000) if $self->kind eq 'sqlite3';
    return $dbh;
}

1;
