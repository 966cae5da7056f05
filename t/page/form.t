# What a form may hold, and what becomes of hostile text in it.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use IO::Socket::INET ();
use MIME::Base64 qw(encode_base64);
use Test::More;

use AFP::Site;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $site = AFP::Site->new;
my $server = $site->server;
$site->start;
$site->connect('acme');
my $page = $site->page('acme')->open;
my $token = $page->dom->at('input[name="token"]')->attr('value');
my $type = 'application/x-www-form-urlencoded';

sub send_body
{
    my ($body, %header) = @_;
    my %all = ('Content-Type' => $type, %header);
    return $page->agent->request(HTTP::Request->new('POST', $page->url, [%all], $body));
}

# ---- what is no form ----

for my $other ('application/json', 'multipart/form-data; boundary=x', 'text/plain', '',
    'application/x-www-form-urlencodedx')
{
    is send_body("token=$token&action=pause", 'Content-Type' => $other)->code, 415, "\"$other\" is no form";
}
is send_body("token=$token&action=check", 'Content-Type' => "$type; charset=UTF-8")->code, 303,
    'a charset does no harm';
is send_body("token=$token&action=pause", 'Content-Encoding' => 'gzip')->code, 415, 'an encoded body is refused';

my %wrong = (
    'a NUL byte' => "token=$token&action=pause&x=a%00b",
    'a raw NUL byte' => "token=$token&action=pause&x=a\0b",
    'an invalid escape' => "token=$token&action=pause&x=%zz",
    'a cut escape' => "token=$token&action=pause&x=%a",
    'a percent sign at the end' => "token=$token&action=pause&x=%",
    'invalid UTF-8' => "token=$token&action=pause&x=%ff",
    'an overlong slash' => "token=$token&action=pause&x=%c0%af",
    'a repeated field' => "token=$token&action=pause&action=pause",
    'a repeated token' => "token=$token&token=$token&action=pause",
    'a field repeated in another spelling' => "token=$token&action=pause&%61ction=pause",
    'too many fields' => join('&', "token=$token", 'action=pause', map { "x$_=1" } 1 .. 40),
);
for my $what (sort keys %wrong) {
    my $answer = send_body($wrong{$what});
    is $answer->code, 400, "$what: refused";
    like $answer->decoded_content, qr/Form not understood/, 'with words of our own';
}
is send_body("token=$token&action=unheard-of")->code, 400, 'an unknown action is refused';
is send_body("token=$token")->code, 400, 'as is none';
is send_body('')->code, 403, 'an empty form has no token';
is send_body("&&token=$token&&action=check&&nothing&")->code, 303, 'empty pairs are harmless';

# ---- limits ----

my $start = "token=$token&action=check&x=";
is send_body($start . 'a' x (16384 - length $start))->code, 303, '16 KiB are taken';
is send_body($start . 'a' x (16385 - length $start))->code, 413, 'one byte more is not';
my $pad = 'a' x 20000;
my $chunked = $page->agent->request(HTTP::Request->new('POST', $page->url, ['Content-Type' => $type],
    sub { my $part = substr $pad, 0, 4000, ''; return $part }));
is $chunked->code, 413, 'nor in chunks';

my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $server->port);
print {$socket} "POST /marketplace/pinpoint HTTP/1.1\r\nHost: x\r\nContent-Type: $type\r\n",
    'Authorization: Basic ', encode_base64('acme:password of acme', ''), "\r\n",
    "Content-Length: 9999999999\r\nExpect: 100-continue\r\n\r\n";
like scalar(readline $socket), qr{^HTTP/1\.1 413 }, 'a huge Content-Length is refused before the body is sent';
is $site->dbh->selectrow_array('SELECT state FROM afp_tenant'), 'connected', 'none of it did anything';

# ---- hostile text ----

my @fields = (
    'Tenant ID and subdomain', 'API key', 'Webhook secret signature', 'Status', 'AssessFirst API token',
);
for my $text ('"><script>alert(1)</script>', q{'><img src=x onerror=alert(1)>}, '</textarea><svg/onload=x>',
    '{{7*7}}', '%s%n%x', "a\r\nSet-Cookie: x=y", "\x{202e}abc", '&lt;b&gt;', "\x{1f600}")
{
    for my $field (@fields) {
        $page->open->fill('Tenant ID and subdomain' => 'not valid!', $field => $text)->press('Save');
        my $shown = $text =~ s/[\r\n]/ /gr;
        is $page->code, 422, "\"$shown\" in \"$field\" is taken for what it is";
        ok !(grep { $_->tag =~ /^(?:img|textarea|b)$/ || $_->tag =~ /^(?:script|svg)$/ && $_->to_string =~ /alert|onload/ }
            $page->dom->find('main *')->each), 'a text';
        ok !$page->response->header('Set-Cookie'), 'and no header';
        next unless $field =~ /^(?:Tenant|Status)/;
        is $page->value($field), $text =~ s/[\r\n]/\x{fffd}/gr, 'which comes back as it was';
    }
}
$page->open->fill('Status' => 'Caf' . "\x{e9} <b>\"R&D\"</b> %d 'x'")->press('Save');
is $page->code, 200, 'a stage may be called anything';
like $page->open->text, qr/reach the stage Caf\x{e9} <b>"R&D"<\/b> %d 'x' \(/, 'and is shown as it is called';
is $page->value('Status'), "Caf\x{e9} <b>\"R&D\"</b> %d 'x'", 'also in its field';

# ---- cookies ----

for my $cookie ('afp_once=', 'afp_once=x', 'afp_once=v1.first.AAAA', 'afp_once=' . 'A' x 4000, 'afp_once',
    '; ;afp_once=;', 'x=afp_once=1')
{
    my $answer = $page->agent->get($page->url, Cookie => $cookie);
    is $answer->code, 200, 'a cookie that is none of ours does no harm';
    unlike $answer->decoded_content, qr/class="card said/, 'and says nothing';
}

done_testing;
