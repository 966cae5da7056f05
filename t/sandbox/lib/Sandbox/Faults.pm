package Sandbox::Faults;

# Faults spoil answers of the stand-ins on demand. The first one that matches a call is used up by
# it; its members are described in Sandbox::Control.

use Mojo::Base -base, -signatures;

use Mojo::IOLoop;
use Mojo::JSON qw(encode_json);
use Mojo::Util qw(encode);
use Socket qw(SOL_SOCKET SO_LINGER);

has list   => sub { [] };
has number => 0;

my %DEED = (
    answer              => \&do_answer,
    pass                => \&do_pass,
    process_then_delay  => \&do_pass,
    process_then_answer => \&do_process_then_answer,
    process_then_close  => \&do_process_then_close,
    close               => \&do_close,
    reset               => \&do_reset,
    partial             => \&do_partial,
    stall               => \&do_stall,
    endless             => \&do_endless,
    garbage             => \&do_garbage,
    html502             => \&do_html502,
);

my $HTML_502 = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
    . "<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

sub reset ($self) { return $self->list([]) }

# Returns the fault as it will be used; dies with a sentence if it makes no sense.
sub add ($self, $wish) {
    my %fault = (times => 1, skip => 0, path => '', used => 0, %$wish);
    $fault{do} //= defined $fault{delay} && !defined $fault{status} ? 'pass' : 'answer';
    die "unknown fault '$fault{do}'\n" unless $DEED{ $fault{do} };
    die "api must be pinpoint or assessfirst\n"
        if defined $fault{api} && $fault{api} !~ /\A(?:pinpoint|assessfirst)\z/;
    eval { '' =~ /$fault{path}/; 1 } or die "path is not a regular expression\n";
    $self->number($self->number + 1);
    $fault{number} = $self->number;
    push @{ $self->list }, \%fault;
    return \%fault;
}

sub take ($self, $api, $request) {
    for my $fault (@{ $self->list }) {
        next unless matches($fault, $api, $request);
        next if $fault->{skip} > 0 && $fault->{skip}--;
        next if $fault->{times} && $fault->{used} >= $fault->{times};
        $fault->{used}++;
        return $fault;
    }
    return;
}

sub matches ($fault, $api, $request) {
    return 0 if defined $fault->{api}    && $fault->{api} ne $api;
    return 0 if defined $fault->{method} && uc $fault->{method} ne $request->{method};
    my $credential = $request->{headers}{ $api eq 'pinpoint' ? 'x-api-key' : 'af-token' };
    return 0 if defined $fault->{credential} && $fault->{credential} ne ($credential // '');
    return 0 if defined $fault->{query} && $request->{raw_query} !~ /$fault->{query}/;
    return $request->{full_path} =~ /$fault->{path}/;
}

# Answers $c with what $handler returns, spoilt by $fault if there is one.
sub serve ($self, $c, $fault, $handler, $call) {
    return send_answer($c, $handler->(), $call) unless $fault;
    $call->{fault} = $fault->{do};
    $DEED{ $fault->{do} }->($c, $fault, $handler, $call);
    return;
}

sub do_answer ($c, $fault, $handler, $call) {
    after($c, $fault, sub { send_answer($c, own_answer($fault), $call) });
    return;
}

sub do_pass ($c, $fault, $handler, $call) {
    my $answer = $handler->();
    after($c, $fault, sub { send_answer($c, $answer, $call) });
    return;
}

sub do_process_then_answer ($c, $fault, $handler, $call) {
    $handler->();
    return do_answer($c, $fault, $handler, $call);
}

sub do_process_then_close ($c, $fault, $handler, $call) {
    $handler->();
    return do_close($c, $fault, $handler, $call);
}

sub do_close ($c, $fault, $handler, $call) {
    after($c, $fault, sub { close_connection($c) });
    return;
}

sub do_reset ($c, $fault, $handler, $call) {
    after($c, $fault, sub {
        my $stream = stream_of($c) or return;
        setsockopt $stream->handle, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0);
        $stream->close;
    });
    return;
}

# Half a body, then the end of the connection.
sub do_partial ($c, $fault, $handler, $call) {
    return send_half($c, $fault, $handler, $call, sub { close_connection($c) });
}

# Half a body, then silence until the client gives up.
sub do_stall ($c, $fault, $handler, $call) {
    return send_half($c, $fault, $handler, $call, sub { });
}

sub do_endless ($c, $fault, $handler, $call) {
    my $answer = own_answer({ status => 200, body => 'x' x 16_384, %$fault });
    after($c, $fault, sub {
        prepare($c, $answer, $call);
        my $interval = $fault->{interval} // 0.005;
        my $write;
        $write = sub (@) {
            return undef $write unless stream_of($c);
            $c->write_chunk($answer->{body} => sub { Mojo::IOLoop->timer($interval => $write) });
        };
        $write->();
    });
    return;
}

sub do_garbage ($c, $fault, $handler, $call) {
    after($c, $fault, sub {
        my $stream = stream_of($c) or return;
        $stream->write("\x00\x01this is not HTTP\r\n\r\n" => sub ($s) { $s->close });
    });
    return;
}

sub do_html502 ($c, $fault, $handler, $call) {
    my %answer = (status => 502, body => $HTML_502, headers => { 'Content-Type' => 'text/html' });
    return do_answer($c, { %answer, %$fault }, $handler, $call);
}

sub send_half ($c, $fault, $handler, $call, $then) {
    my $answer = defined $fault->{body} ? own_answer({ status => 200, %$fault }) : $handler->();
    after($c, $fault, sub {
        prepare($c, $answer, $call);
        $c->res->headers->content_length(length $answer->{body});
        my $half = substr $answer->{body}, 0, int(length($answer->{body}) / 2);
        $c->write($half => sub (@) { Mojo::IOLoop->next_tick($then) });
    });
    return;
}

# Runs $deed after the fault's delay, if the client is still there. Never at once: the server is
# still busy with the request, and does not expect its connection to go away.
sub after ($c, $fault, $deed) {
    my $tx = $c->render_later->tx;
    Mojo::IOLoop->timer($fault->{delay} // 0 => sub {
        $deed->() if stream_of($c);
        undef $tx;
    });
    return;
}

# The connection's stream, or undef when the client has gone.
sub stream_of ($c) {
    my $tx = $c->tx // return undef;
    return Mojo::IOLoop->stream($tx->connection // '');
}

sub own_answer ($fault) {
    my $body    = $fault->{body} // '';
    my %headers = %{ $fault->{headers} // {} };
    $headers{'Content-Type'} //= 'application/json' if ref $body;
    return {
        status  => $fault->{status} // 500,
        headers => \%headers,
        body    => ref $body ? encode_json($body) : encode('UTF-8', $body),
    };
}

sub prepare ($c, $answer, $call) {
    $call->{status} = $answer->{status};
    $c->res->code($answer->{status});
    my $headers = $c->res->headers;
    for my $name (sort keys %{ $answer->{headers} }) {
        my $value = $answer->{headers}{$name};
        $headers->add($name => $_) for ref $value ? @$value : $value;
    }
    return;
}

sub send_answer ($c, $answer, $call) {
    prepare($c, $answer, $call);
    $c->res->body($answer->{body});
    $c->rendered;
    return;
}

sub close_connection ($c) {
    my $stream = stream_of($c);
    $stream->close if $stream;
    return;
}

1;
