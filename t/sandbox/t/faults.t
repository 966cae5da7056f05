# Faults spoil the answers that they are told to spoil, and nothing else.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../../lib";

use AFP::Sandbox;
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(time);

my $sandbox = AFP::Sandbox->start;
my ($port)  = $sandbox->http =~ /:(\d+)\z/;
$sandbox->account(token => 't1', limit => 0);
$sandbox->company(key => 'k1');

sub ask {
    my ($request) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") or die "connect: $!";
    print {$socket} $request;
    return $socket;
}

# A whole exchange as bytes, for as long as the server talks, $seconds at most; or $seconds longer than
# until the answer fits $pattern, however long that takes.
sub talk {
    my ($request, $seconds, $pattern) = @_;
    return listen_to(ask($request), $seconds, $pattern);
}

sub listen_to {
    my ($socket, $seconds, $pattern) = @_;
    my $answer   = '';
    my $deadline = time + ($pattern ? 30 : $seconds // 30);
    while ((my $left = $deadline - time) > 0) {
        if ($pattern && $answer =~ $pattern) {
            undef $pattern;
            $deadline = time + ($left = $seconds);
        }
        my $readable = '';
        vec($readable, fileno $socket, 1) = 1;
        last unless select $readable, undef, undef, $left;
        my $count = sysread $socket, $answer, 65_536, length $answer;
        return ($answer, defined $count ? 'closed' : "$!") unless $count;
    }
    return ($answer, 'open');
}

sub get_models {
    my ($seconds, $pattern) = @_;
    return talk("GET /betty/predictive-models HTTP/1.1\r\nHost: x\r\nAF-Token: t1\r\n"
            . "Connection: close\r\n\r\n", $seconds, $pattern);
}

sub invite { my ($email, $seconds) = @_; return talk(invitation($email), $seconds) }

sub invitation {
    my ($email) = @_;
    my $body = qq({"email":"$email"});
    return "POST /betty/candidate/send-invitation HTTP/1.1\r\nHost: x\r\nAF-Token: t1\r\n"
            . "Content-Type: application/json\r\nConnection: close\r\nContent-Length: "
            . length($body) . "\r\n\r\n$body";
}

sub only_fault { $sandbox->clear_faults; return $sandbox->fault(@_) }

sub last_call { return ($sandbox->calls)[-1] }

sub is_invited {
    my ($email) = @_;
    return scalar grep { $_->{email} eq $email } $sandbox->invitations(token => 't1');
}

subtest 'a fault applies as often as told, to what it names' => sub {
    only_fault(api => 'assessfirst', method => 'GET', path => 'predictive-models$', status => 500,
        times => 2, skip => 1);
    is_deeply [map { (get_models())[0] =~ m{\AHTTP/1.1 (\d+)} } 1 .. 4], [200, 500, 500, 200],
        'skip and times';
    is +($sandbox->faults)[0]{used}, 2, 'it counts';
    only_fault(api => 'pinpoint', times => 0);
    like +(get_models())[0], qr/ 200 OK/, 'the other API';
    only_fault(credential => 't2', times => 0);
    like +(get_models())[0], qr/ 200 OK/, 'another token';
    only_fault(method => 'POST', times => 0);
    like +(get_models())[0], qr/ 200 OK/, 'another method';
};

subtest 'an answer can be anything' => sub {
    only_fault(status => 429, headers => { 'Retry-After' => 'Wed, 21 Oct 2099 07:28:00 GMT' },
        body => 'slow down');
    my ($answer) = get_models();
    like $answer, qr{\AHTTP/1\.1 429 .*^Retry-After: Wed, 21 Oct 2099 07:28:00 GMT\r}ms, 'head';
    like $answer, qr/\r\n\r\nslow down\z/, 'body';
    only_fault(do => 'html502');
    like +(get_models())[0], qr{ 502 .*text/html.*<h1>502}s, 'HTML of a gateway';
    is last_call()->{status}, 502, 'and it is in the calls';
};

subtest 'what was processed has its effect' => sub {
    my %ends = (process_then_close => '', process_then_answer => ' 500 ');
    for my $deed (sort keys %ends) {
        only_fault(do => $deed);
        like +(invite("$deed\@example.test"))[0], qr/$ends{$deed}/, $deed;
        ok is_invited("$deed\@example.test"), "$deed: recorded";
    }
    only_fault(do => 'process_then_delay', delay => 30);
    my ($answer, $end) = invite('late@example.test', 0.3);
    is "$answer$end", 'open', 'the answer is late';
    ok $sandbox->wait_for(sub { is_invited('late@example.test') }), 'but it was recorded';
    is last_call()->{status}, undef, 'and not answered';
};

subtest 'what was not processed has none' => sub {
    for my $deed (qw(answer close reset garbage html502 endless)) {
        only_fault(do => $deed);
        invite("$deed\@example.test", 0.2);
        ok !is_invited("$deed\@example.test"), $deed;
    }
};

subtest 'connections end in every way' => sub {
    only_fault(do => 'close');
    is_deeply [get_models()], ['', 'closed'], 'close';
    only_fault(do => 'reset');
    is_deeply [get_models()], ['', 'Connection reset by peer'], 'reset';
    only_fault(do => 'partial', body => '0123456789');
    like +(get_models())[0], qr/Content-Length: 10\r\n.*\r\n01234\z/s, 'partial';
    only_fault(do => 'stall', body => '0123456789');
    my ($answer, $end) = get_models(0.3, qr/01234/);
    like $answer, qr/01234\z/, 'stall: half';
    is $end, 'open', 'stall: and nothing more';
    only_fault(do => 'endless', body => 'x' x 100, interval => 0.001);
    ($answer, $end) = get_models(0.3, qr/x{1001}|(?:x+\r\n[0-9a-f]+\r\n){11}/);
    is $end, 'open', 'endless';
    cmp_ok length $answer, '>', 1000, 'endless: much';
    only_fault(do => 'garbage');
    unlike +(get_models())[0], qr/HTTP\//, 'garbage';
};

subtest 'a delay holds up nobody else' => sub {
    only_fault(path => 'candidate/', delay => 2);
    my $started = time;
    my $slow = ask(invitation('slow@example.test'));
    ok $sandbox->wait_for(sub { is_invited('slow@example.test') }), 'the call is processed';
    like +(get_models())[0], qr/ 200 OK/, 'another one is answered';
    is_deeply [listen_to($slow, 0.1)], ['', 'open'], 'before it';
    like +(listen_to($slow))[0], qr{\AHTTP/1\.1 2}, 'which is answered as well';
    cmp_ok time - $started, '>=', 2, 'after its delay';
};

subtest 'nonsense is refused' => sub {
    for my $wish ({ do => 'dance' }, { api => 'x' }, { path => '(' }) {
        ok !eval { $sandbox->fault(%$wish) }, join ' ', %$wish;
        like $@, qr/ 400 /, 'with a reason';
    }
};

done_testing;
