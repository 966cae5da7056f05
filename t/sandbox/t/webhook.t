# The webhook sender signs, waits and retries as Pinpoint does (contract, section 4).

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::RealBin/../lib", "$FindBin::RealBin/../../lib";

use AFP::Sandbox;
use Digest::SHA qw(hmac_sha256_base64);
use Encode qw(encode);
use JSON::PP;
use Sandbox::WebhookSender;
use Test::More;

my $sandbox = AFP::Sandbox->start;
$sandbox->account(token => 't1');
my $SECRET  = 'pp_test_signing_secret_0123456789abcdef';

# The sandbox's own AssessFirst path receives the webhooks: its calls are kept, and faults make the
# answers.
my $url = $sandbox->assessfirst_api . '/hook';

sub received {
    return map { $_->{path} eq '/betty/hook' ? $_ : () } $sandbox->calls;
}

sub answers {
    my (%members) = @_;
    $sandbox->clear_calls;
    $sandbox->clear_faults;
    return $sandbox->fault(path => '/hook', %members);
}

my $data = '"data":{"application":{"id":%d},"job":{"id":%d}}}';
my $first = '{"event":"application_hired","triggeredAt":1614687278,' . sprintf $data, 8863880, 1;
my @VECTORS = (
    [$first, 'OZG2w6WAzJmJkiVNZsgOU5/odsdDxvQTiir/eEJhlSw='],
    ['{"event":"application_stage_changed","triggeredAt":1614687278,'
            . sprintf($data, 1000050, 1000044), 'GE8YzAakVeur2KgrfKDY8bAz3C480heS9jK05CBVHmM='],
    ['{"event":"application_created","triggeredAt":1700000000,' . sprintf($data, 1000051, 1000044),
        'HeW5h1Um7G6+yDtYM8XR8odGy1iYsKAt5HzFz5olBn4='],
    ['', 'irXnutLlzp6jR70DN/9cIHDchxIoZgWgA0ZsrhaSYAo='],
    ["$first\n", 'rpRT/8i0gMWAXm9UO8yb2ZIiBbPn4ZMh67IHPNbuBdU='],
);

subtest 'signatures are those of the contract' => sub {
    for my $number (1 .. @VECTORS) {
        my ($body, $signature) = @{ $VECTORS[$number - 1] };
        is Sandbox::WebhookSender::signature($SECRET, $body), $signature, "vector $number";
        answers(status => 200);
        $sandbox->webhook(url => $url, secret => $SECRET, body => $body);
        my ($call) = received();
        is $call->{headers}{'pinpoint-hmac-sha256'}, $signature, "vector $number, sent";
        is $call->{body}, $body, "vector $number, body";
    }
};

subtest 'the documented vectors are what is sent for their event' => sub {
    answers(status => 200);
    $sandbox->webhook(url => $url, secret => $SECRET, event => 'application_stage_changed',
        application_id => 1000050, job_id => 1000044, triggered_at => 1614687278);
    is +(received())[0]{body}, $VECTORS[1][0], 'body';
    is +(received())[0]{headers}{'content-type'}, 'application/json', 'content type';
};

subtest 'an answer is reported' => sub {
    answers(status => 202, body => { delivery => 'd1' }, headers => { 'X-Test' => 'yes' });
    my ($attempt, @more) = $sandbox->webhook(url => $url, secret => $SECRET);
    is $attempt->{status}, 202, 'status';
    is $attempt->{body}, '{"delivery":"d1"}', 'body';
    is $attempt->{headers}{'x-test'}, 'yes', 'headers';
    is $attempt->{error}, undef, 'no error';
    is_deeply \@more, [], 'one attempt';
};

subtest 'two webhooks are never the same bytes, unless told' => sub {
    answers(status => 200, times => 0);
    $sandbox->webhook(url => $url, secret => $SECRET, application_id => 7) for 1 .. 3;
    my %bodies = map { $_->{body} => 1 } received();
    is keys %bodies, 3, 'three bodies';
    $sandbox->webhook(url => $url, secret => $SECRET, body => { a => 1 }, copies => 3);
    is scalar(grep { $_->{body} eq '{"a":1}' } received()), 3, 'three copies';
};

subtest 'failures are retried with the same bytes' => sub {
    answers(status => 503, times => 1);
    $sandbox->fault(path => '/hook', status => 302, headers => { Location => "$url/other" });
    $sandbox->fault(path => '/hook', do => 'close');
    $sandbox->fault(path => '/hook', status => 200);
    my @attempts = $sandbox->webhook(url => $url, secret => $SECRET, delays => [(0.01) x 5]);
    is_deeply [map { $_->{status} } @attempts], [503, 302, undef, 200], 'until it succeeds';
    ok $attempts[2]{error}, 'a broken connection is an error';
    my @bodies = map { $_->{body} } received();
    is_deeply \@bodies, [($bodies[0]) x 4], 'same bytes';
    answers(status => 503, times => 0);
    @attempts = $sandbox->webhook(url => $url, secret => $SECRET, retries => 2, delays => [0.01]);
    is @attempts, 3, 'no more than told';
};

subtest 'a slow answer is a failure' => sub {
    answers(delay => 5);
    my ($attempt) = $sandbox->webhook(url => $url, secret => $SECRET, timeout => 0.2);
    is $attempt->{status}, undef, 'no status';
    like $attempt->{error}, qr/timeout/i, 'error';
    cmp_ok $attempt->{seconds}, '<', 2, 'in time';
};

subtest 'headers can be changed, taken away and repeated' => sub {
    answers(status => 200, times => 0);
    my $send = sub { $sandbox->webhook(url => $url, secret => $SECRET, headers => {@_}) };
    $send->('pinpoint-hmac-sha256' => undef, 'X-More' => 'yes');
    $send->('PINPOINT-HMAC-SHA256' => 'x', 'Content-Type' => 'text/plain');
    $send->('PINPOINT-HMAC-SHA256' => ['x', 'y']);
    my @headers = map { $_->{headers} } received();
    ok !exists $headers[0]{'pinpoint-hmac-sha256'}, 'no signature';
    is $headers[0]{'x-more'}, 'yes', 'another header';
    is $headers[1]{'pinpoint-hmac-sha256'}, 'x', 'another signature';
    is $headers[1]{'content-type'}, 'text/plain', 'another type';
    is $headers[2]{'pinpoint-hmac-sha256'}, 'x, y', 'two signatures';
};

subtest 'bodies may be UTF-8, pretty, or no text at all' => sub {
    answers(status => 200, times => 0);
    my $body = "{\n  \"event\": \"é\"\n}\n";
    $sandbox->webhook(url => $url, secret => $SECRET, body => $body);
    my ($call) = received();
    is $call->{body}, $body, 'as given';
    is $call->{headers}{'pinpoint-hmac-sha256'},
        hmac_sha256_base64(encode('UTF-8', $body), $SECRET) . '=', 'signed as bytes';
    $sandbox->webhook(url => $url, secret => $SECRET, body_base64 => '/wCA');
    is +(received())[1]{body}, "\xff\x00\x80", 'bytes';
};

subtest 'the test event is for application 1 and job 1' => sub {
    answers(status => 200);
    my ($attempt) = $sandbox->test_event(url => $url, secret => $SECRET);
    is $attempt->{status}, 200, 'sent';
    like +(received())[0]{body}, qr/"application":\{"id":1\},"job":\{"id":1\}/, 'ids';
};

subtest 'callbacks name a candidate, and are not signed' => sub {
    my $uuid = $sandbox->candidate(token => 't1', email => 'ada@example.test')->{uuid};
    answers(status => 204, times => 0);
    my ($attempt) = $sandbox->callback(token => 't1', url => $url, email => 'ADA@example.test');
    is $attempt->{status}, 204, 'answered';
    $sandbox->callback(url => $url, uuid => 'unknown', headers => { 'X-More' => 'yes' });
    $sandbox->callback(url => $url, body => '{"garbage":', copies => 2);
    $sandbox->callback(url => $url, body_base64 => '/wCA');
    my @calls = received();
    is_deeply [map { $_->{body} } @calls], [qq({"uuid":"$uuid"}), '{"uuid":"unknown"}',
        '{"garbage":', '{"garbage":', "\xff\x00\x80"], 'bodies';
    ok !(grep { exists $_->{headers}{'pinpoint-hmac-sha256'} } @calls), 'no signature';
    is $calls[0]{headers}{'content-type'}, 'application/json', 'content type';
    is $calls[1]{headers}{'x-more'}, 'yes', 'headers as wished';
    ok !eval { $sandbox->callback(token => 't1', url => $url, email => 'nobody@example.test'); 1 }, $@;
    ok !eval { $sandbox->callback; 1 }, $@;
};

subtest 'certificates are checked' => sub {
    answers(status => 200, times => 0);
    my %sent = map {
        my $name = $_;
        my ($attempt) = $sandbox->webhook(secret => $SECRET,
            url => $sandbox->assessfirst_api($sandbox->$name) . '/hook');
        $name => $attempt;
    } qw(https https_untrusted https_wrong_name);
    is $sent{https}{status}, 200, 'the sandbox CA is trusted';
    like $sent{https_untrusted}{error},  qr/certificate/i, 'untrusted';
    like $sent{https_wrong_name}{error}, qr/hostname|certificate/i, 'another name';
};

done_testing;
