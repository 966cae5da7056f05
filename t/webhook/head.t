# What the webhook location says before it reads a body, in the order of its checks.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Site;
use AFP::Wire;

# A site's own error documents do not replace the module's words.
my $site = AFP::Site->new(config => <<'CONF');
ErrorDocument 400 "the site's words"
ErrorDocument 401 "the site's words"
ErrorDocument 405 "the site's words"
ErrorDocument 413 "the site's words"
ErrorDocument 415 "the site's words"
PinpointBodyLimit 2000
CONF
my $server = $site->start->server;
my $acme = $site->connect('acme', no_sandbox => 1);
my ($path, $uuid) = @$acme{qw(path uuid)};
my $location = $AFP::Site::webhook_path;
my $body = AFP::Site::body($acme, 1);

# Sends one request on a connection of its own.
sub ask
{
    my ($method, $target, $sent, @lines) = @_;
    my $wire = AFP::Wire->new($server);
    $wire->head($method, $target, "Content-Length: " . length $sent, @lines)->send($sent);
    return $wire->answer;
}

sub is_problem
{
    my ($answer, $code, $name) = @_;
    subtest $name => sub {
        is $answer->{code}, $code, "the status is $code";
        is $answer->{headers}{'content-type'}, 'application/problem+json', 'the type is that of RFC 9457';
        is $answer->{headers}{'cache-control'}, 'no-store', 'nobody stores it';
        my $problem = eval { AFP::Wire::json($answer) } // {};
        is $problem->{status}, $code, 'the body repeats the status';
        ok length($problem->{title} // '') && length($problem->{detail} // ''), 'with title and detail';
        is join(' ', sort keys %$problem), 'detail status title', 'and nothing else';
    };
    return;
}

# ---- the method ----

for my $method (qw(GET PUT DELETE PATCH OPTIONS PROPFIND BREW)) {
    my $answer = ask($method, $path, '');
    is_problem($answer, 405, "$method is not a method of a webhook");
    is $answer->{headers}{allow}, 'POST', "$method is told what is";
}
{
    my $wire = AFP::Wire->new($server);
    $wire->head(HEAD => $path, 'Connection: close');
    $wire->read_until(sub { 0 }, 5);
    like $wire->{buffer}, qr/\AHTTP\/1\.1 405 .*^Allow: POST\r$/ms, 'HEAD is not a method of a webhook';
    like $wire->{buffer}, qr/\r\n\r\n\z/, 'and gets no body';
}
is_problem(ask(GET => $location, '', 'Content-Encoding: gzip'), 405,
    'the wrong method comes before the missing company_uuid');

# ---- company_uuid ----

my $other = 'f' x 32;
my %bad = (
    'missing' => '',
    'missing behind a question mark' => '?',
    'empty' => '?company_uuid=',
    'without a value' => '?company_uuid',
    'repeated' => "?company_uuid=$uuid&company_uuid=$uuid",
    'repeated with another' => "?company_uuid=$uuid&a=b&company_uuid=$other",
    'repeated behind a semicolon' => "?company_uuid=$uuid;company_uuid=$other",
    'in upper case' => '?company_uuid=' . uc $other,
    'of 31 digits' => '?company_uuid=' . substr($other, 1),
    'of 33 digits' => "?company_uuid=${other}0",
    'no number' => '?company_uuid=' . 'g' x 32,
    'followed by a blank' => "?company_uuid=$uuid%20",
    'percent-encoded' => '?company_uuid=%66' . substr($other, 1),
    'percent-encoded in 32 characters' => '?company_uuid=%66' . substr($other, 3),
    'in another parameter' => "?xcompany_uuid=$uuid",
    'in another parameter\'s value' => "?a=company_uuid=$uuid",
    'in a parameter with brackets' => "?company_uuid[]=$uuid",
    'in upper-case letters' => "?COMPANY_UUID=$uuid",
    'in the path' => "/company_uuid=$uuid",
);
my $signature = 'PINPOINT-HMAC-SHA256: ' . AFP::Site::signature($acme, $body);
for my $how (sort keys %bad) {
    my $answer = ask(POST => "$location$bad{$how}", $body, $signature);
    is_problem($answer, 400, "a company_uuid that is $how is not understood");
    like $answer->{body}, qr/marketplace/, 'and the answer says where the right URL is';
}
is ask(POST => "$location?utm=1&company_uuid=$uuid&x", $body, $signature)->{code}, 202,
    'other parameters do not matter';
is_problem(ask(POST => "$location?company_uuid=", $body, $signature, 'Content-Encoding: gzip'), 400,
    'the missing company_uuid comes before the encoding');

# ---- the encoding ----

my $large = 'x' x 2001;
for my $encoding ('gzip', 'identity', 'br, gzip', '') {
    is_problem(ask(POST => $path, $body, $signature, "Content-Encoding: $encoding"), 415,
        "a Content-Encoding \"$encoding\" is refused");
}
is_problem(ask(POST => $path, $large, 'Content-Encoding: gzip'), 415,
    'the encoding comes before the length');

# ---- the length, and what is left of the order ----

is_problem(ask(POST => $path, $large), 413, 'the length comes before the signature');
{
    my $answer = ask(POST => $path, 'no JSON at all');
    is_problem($answer, 401, 'the signature comes before the JSON');
    is $answer->{headers}{'www-authenticate'}, 'PinpointHMAC', 'and the scheme is named';
}
is_problem(ask(POST => $path, '[]', 'PINPOINT-HMAC-SHA256: ' . AFP::Site::signature($acme, '[]')), 400,
    'an authentic body that is no event is not understood');

# ---- TRACE and what is not ours ----

unlike ask(TRACE => $path, '')->{body} // '', qr/accepted/, 'TRACE is the server\'s business';
is ask(POST => '/elsewhere', $body, $signature)->{code}, 404, 'other paths are not ours';
is $site->rows('afp_delivery'), 1, 'nothing but the one delivery was stored';

done_testing;
