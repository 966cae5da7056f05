package Sandbox::TLS;

# Certificates of the TLS listeners, made with openssl(1) in one directory:
#   server      for 127.0.0.1, ::1 and localhost, issued by the sandbox's own CA
#   untrusted   self-signed, for the same names
#   wrong-name  issued by the CA, for a host that the sandbox is not

use Mojo::Base -base, -signatures;

use Mojo::File qw(path);
use Mojo::URL;
use POSIX ();

has 'directory';

my $LOCAL_NAMES = 'DNS:localhost,IP:127.0.0.1,IP:::1';
my $OTHER_NAME  = 'DNS:elsewhere.example.test';
my $DAYS        = 365;

sub ca ($self) { return $self->file('ca.pem')->to_abs->to_string }

sub file ($self, $name) { return path($self->directory)->child($name) }

# Makes what is missing or about to expire.
sub prepare ($self) {
    path($self->directory)->make_path;
    return $self if $self->usable;
    $self->make_self_signed('ca', 'AssessFirst sandbox CA',
        'basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign');
    $self->make_self_signed('untrusted', 'Untrusted sandbox', "subjectAltName=$LOCAL_NAMES");
    $self->make_issued('server',     $LOCAL_NAMES);
    $self->make_issued('wrong-name', $OTHER_NAME);
    return $self;
}

# The listen address of Mojo::Server::Daemon for one of the certificates. Clients need none; without
# a CA the server would parse all of the system's for each connection nevertheless.
sub listen_url ($self, $name, $port) {
    return Mojo::URL->new("https://127.0.0.1:$port")->query(
        cert   => $self->file("$name.pem")->to_string,
        key    => $self->file("$name.key")->to_string,
        ca     => $self->ca,
        verify => '0x00',
    )->to_string;
}

sub usable ($self) {
    for my $name (qw(ca untrusted server wrong-name)) {
        my $certificate = $self->file("$name.pem");
        return 0 unless -s $certificate && -s $self->file("$name.key");
        return 0 unless openssl('x509', '-checkend', 86_400, '-noout', '-in', $certificate);
    }
    return 1;
}

sub make_self_signed ($self, $name, $subject, @extensions) {
    run(qw(req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days), $DAYS,
        '-subj',   "/CN=$subject",
        '-keyout', $self->file("$name.key"),
        '-out',    $self->file("$name.pem"),
        map { ('-addext', $_) } @extensions);
    return;
}

sub make_issued ($self, $name, $alternative_names) {
    my $extensions = $self->file("$name.ext");
    my $handle = $extensions->open('>');
    print {$handle} "subjectAltName=$alternative_names\n",
        "basicConstraints=critical,CA:FALSE\n", "extendedKeyUsage=serverAuth\n";
    close $handle or die "cannot write $extensions: $!\n";
    run(qw(req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes),
        '-subj',   '/CN=sandbox',
        '-keyout', $self->file("$name.key"),
        '-out',    $self->file("$name.csr"));
    run(qw(x509 -req -days), $DAYS,
        '-in',      $self->file("$name.csr"),
        '-CA',      $self->file('ca.pem'),
        '-CAkey',   $self->file('ca.key'),
        '-extfile', $extensions,
        '-CAcreateserial',
        '-out', $self->file("$name.pem"));
    return;
}

sub run (@arguments) {
    openssl(@arguments) or die "openssl @arguments failed\n";
    return;
}

sub openssl (@arguments) {
    my $pid = fork // die "cannot fork: $!\n";
    if ($pid == 0) {
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        exec 'openssl', map {"$_"} @arguments or POSIX::_exit(127);
    }
    waitpid $pid, 0;
    return $? == 0;
}

1;
