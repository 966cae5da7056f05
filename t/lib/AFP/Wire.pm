package AFP::Wire;

# One connection to a server, byte by byte, for what a well-behaved client never sends.
#
#     my $wire = AFP::Wire->new($server);                  # or ->new($server, 'tls' port's name)
#     $wire->head(POST => '/path', 'Content-Length: 5')->send('abc');
#     my $answer = $wire->answer;                          # {code, headers, body, interim, seconds}
#     ok $wire->is_closed;

use strict;
use warnings;

use IO::Select ();
use IO::Socket::INET ();
use JSON::PP ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(time);

use AFP::Process qw(patience);
use AFP::Site ();

sub new
{
    my ($class, $server, $port) = @_;
    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $server->port($port), Timeout => 10)
        or die "no connection: $@\n";
    setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
    return bless { socket => $socket, buffer => '', since => time }, $class;
}

sub send
{
    my ($self, $bytes) = @_;
    local $SIG{PIPE} = 'IGNORE';
    $self->{since} = time;
    my $sent = 0;
    while ($sent < length $bytes) {
        $sent += syswrite($self->{socket}, $bytes, length($bytes) - $sent, $sent) // last;
    }
    return $self;
}

# The head of a request with these header lines.
sub head
{
    my ($self, $method, $target, @lines) = @_;
    return $self->send(join "\r\n", "$method $target HTTP/1.1", 'Host: site.example', @lines, '', '');
}

# A signed delivery of this body; further header lines may follow.
sub deliver
{
    my ($self, $tenant, $body, @lines) = @_;
    return $self->head(POST => $tenant->{path}, 'Content-Length: ' . length $body,
        'PINPOINT-HMAC-SHA256: ' . AFP::Site::signature($tenant, $body), @lines)->send($body);
}

# No more bytes will come.
sub end { my ($self) = @_; shutdown $self->{socket}, 1; return $self }

sub close { my ($self) = @_; close $self->{socket}; return }

# Reads until the pattern is in the buffer; undef at the end of the connection or of the patience.
sub read_until
{
    my ($self, $enough, $seconds) = @_;
    my $end = time + $seconds;
    my $select = IO::Select->new($self->{socket});
    until ($enough->()) {
        my $left = $end - time;
        return if $left <= 0 || !$select->can_read($left);
        sysread $self->{socket}, $self->{buffer}, 65536, length $self->{buffer} or return;
    }
    return 1;
}

# The next answer: {code, headers (lower-case names), body, interim (number of 1xx before it),
# seconds (since the last byte was sent), raw}; undef if none came within so many seconds (of a machine
# that does nothing else).
sub answer
{
    my ($self, $seconds) = @_;
    my $interim = 0;
    $seconds = patience($seconds // 15);
    while (1) {
        $self->read_until(sub { $self->{buffer} =~ /\r\n\r\n/ }, $seconds) or return;
        $self->{buffer} =~ s/\A(.*?)\r\n\r\n//s;
        my ($status, @lines) = split /\r\n/, $1;
        my ($code) = $status =~ m{^HTTP/1\.[01] (\d{3})} or die "no status line: $status\n";
        if ($code < 200) {
            $interim++;
            next;
        }
        my %headers = map { /^([^:]+):\s*(.*)/ ? (lc $1 => $2) : () } @lines;
        my $length = $code == 204 ? 0 : $headers{'content-length'};
        $self->read_until(sub { defined $length && length $self->{buffer} >= $length }, $seconds);
        my $body = substr $self->{buffer}, 0, $length // length $self->{buffer}, '';
        return { code => $code, headers => \%headers, body => $body, interim => $interim,
            seconds => time - $self->{since}, raw => join "\r\n", $status, @lines, '', $body };
    }
}

# Whether the server closed the connection, without another byte, within so many seconds.
sub is_closed
{
    my ($self, $seconds) = @_;
    my $end = time + patience($seconds // 5);
    my $select = IO::Select->new($self->{socket});
    while ((my $left = $end - time) > 0) {
        next unless $select->can_read($left);
        my $got = sysread $self->{socket}, my $bytes, 4096;
        return 1 unless $got;
        return 0;
    }
    return 0;
}

sub json { my ($answer) = @_; return JSON::PP::decode_json(ref $answer eq 'HASH' ? $answer->{body} : $answer->content) }

1;
