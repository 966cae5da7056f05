# Who is let in: the signature over the raw bytes, and one answer for everybody else.
# matrix: alone mpm database

use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(sleep);

use AFP::Process qw(wait_until);
use AFP::Site;
use AFP::Wire;

my $site = AFP::Site->new(config => q{ErrorDocument 401 "the site's words"});
my $server = $site->start->server;
my $acme = $site->connect('acme', no_sandbox => 1, secret => 'S3cret/with+odd=characters~!');
my $beta = $site->connect('beta', no_sandbox => 1);
my $quiet = $site->connect('quiet', no_sandbox => 1);
$site->page('gone')->open->press('Generate a token');
my ($unfinished) = $site->dbh->selectrow_array(q{SELECT company_uuid FROM afp_tenant WHERE company = 'gone'});

my $number = 0;
sub body { return AFP::Site::body($acme, ++$number) }

sub post
{
    my ($target, $body, @lines) = @_;
    return AFP::Wire->new($server)->head(POST => $target, 'Content-Length: ' . length $body, @lines)->send($body)->answer;
}

sub header { return "PINPOINT-HMAC-SHA256: $_[0]" }

# ---- what is authentic ----

for my $name ('PINPOINT-HMAC-SHA256', 'Pinpoint-Hmac-Sha256', 'pinpoint-hmac-sha256') {
    my $body = body();
    is post($acme->{path}, $body, "$name: " . AFP::Site::signature($acme, $body))->{code}, 202,
        "the header may be spelled $name";
}
{
    my $body = body();
    is post($acme->{path}, $body, header(" \t" . AFP::Site::signature($acme, $body) . " \t "))->{code}, 202,
        'blanks around the signature do not matter';
    $body = body() =~ s/,/ ,\n\t/gr . "\r\n";
    is post($acme->{path}, $body, header(AFP::Site::signature($acme, $body)))->{code}, 202,
        'the bytes count as they are: pretty printed, with a line break at the end';
    is post($acme->{path}, "$body\n", header(AFP::Site::signature($acme, $body)))->{code}, 401,
        'one byte more is another body';
    $body = body();
    is post($acme->{path}, $body, header(AFP::Site::signature($acme, $body)), 'Content-Type: text/plain')->{code}, 202,
        'the content type does not matter';
}

# ---- everybody else ----

my $body = body();
my $right = AFP::Site::signature($acme, $body);
my $unknown = "$AFP::Site::webhook_path?company_uuid=" . 'd' x 32;
my $hex = hmac_sha256_hex($body, $acme->{secret});
my %refused = (
    'an unknown company' => [$unknown, header($right)],
    'an unknown company without a signature' => [$unknown],
    'a company without settings' => ["$AFP::Site::webhook_path?company_uuid=$unfinished", header(AFP::Site::signature('', $body))],
    'another company\'s secret' => [$beta->{path}, header($right)],
    'a missing signature' => [$acme->{path}],
    'an empty signature' => [$acme->{path}, header('')],
    'a wrong signature' => [$acme->{path}, header(AFP::Site::signature('wrong', $body))],
    'the signature repeated' => [$acme->{path}, header($right), header($right)],
    'a right and a wrong signature' => [$acme->{path}, header($right), header(AFP::Site::signature('wrong', $body))],
    'two signatures in one header' => [$acme->{path}, header("$right, $right")],
    'a signature without padding' => [$acme->{path}, header($right =~ s/=//r)],
    'a signature in hexadecimal' => [$acme->{path}, header($hex)],
    'a signature with a prefix' => [$acme->{path}, header("sha256=$right")],
    'a cut signature' => [$acme->{path}, header(substr $right, 0, 40)],
    'a signature with other last bits' => [$acme->{path}, header(substr($right, 0, 42) . chr(1 + ord substr $right, 42, 1) . '=')],
    'a signature in the alphabet of URLs' => [$acme->{path}, header('-_' . substr $right, 2)],
    'a very long signature' => [$acme->{path}, header('A' x 4000)],
    'the signature under another name' => [$acme->{path}, "X-PINPOINT-HMAC-SHA256: $right"],
);
my $rows = $site->rows('afp_delivery');
my $first;
post($quiet->{path}, $body);
for my $who (sort keys %refused) {
    my $answer = post($refused{$who}[0], $body, @{ $refused{$who} }[1 .. $#{ $refused{$who} }]);
    my $bytes = $answer->{raw} =~ s/^Date: .*\r\n//mr;
    $first //= $bytes;
    is $answer->{code}, 401, "$who is refused";
    is $bytes, $first, 'in the same bytes as everybody else';
}
like $first, qr/^WWW-Authenticate: PinpointHMAC\r$/m, 'the scheme is named';
like $first, qr/^Content-Type: application\/problem\+json\r$/m, 'the body is a problem, not the site\'s words';
is $site->rows('afp_delivery'), $rows, 'nothing of it is stored';
is $site->rows('afp_received', 'company_uuid = ?', $unfinished), 0, 'and it does not count as received';

sub noted { my ($uuid) = @_; return $site->rows('afp_notice', q{code = 'signature' AND company_uuid = ?}, $uuid) }
ok wait_until(sub { noted($acme->{uuid}) && noted($beta->{uuid}) }, 20), 'a wrong signature is noted for the page';
is $site->rows('afp_notice'), 2, 'but not one that is absent, nor for a company that takes no webhooks';

is post($acme->{path}, $body, header($right))->{code}, 202, 'the same body with its signature is taken';

# ---- disconnected ----

$site->page('beta')->open->press('Disconnect')->press('Disconnect');
my $last = AFP::Site::body($beta, 99);
sleep 1.5;
is $site->deliver($beta, $last)->code, 401, 'a disconnected company is refused, a second later';
is post($beta->{path}, $last, header(AFP::Site::signature($beta, $last)))->{raw} =~ s/^Date: .*\r\n//mr, $first,
    'in the same bytes';

# ---- a flood ----

{
    my @wires = map { AFP::Wire->new($server) } 1 .. 8;
    my %codes;
    for my $i (1 .. 400) {
        my $wire = $wires[$i % @wires];
        $wire->head(POST => sprintf('%s?company_uuid=%032x', $AFP::Site::webhook_path, 0xabc000 + $i),
            'Content-Length: ' . length $body, header($right))->send($body);
        $codes{ ($wire->answer // { code => 'none' })->{code} }++;
    }
    is_deeply \%codes, { 401 => 400 }, 'four hundred unknown companies are refused';
    is post($acme->{path}, body(), header('x'))->{code}, 401, 'and a known one is not hindered';
    my $next = body();
    is post($acme->{path}, $next, header(AFP::Site::signature($acme, $next)))->{code}, 202, 'nor is its delivery';
}

done_testing;
