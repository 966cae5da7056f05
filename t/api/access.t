# Who may use the API: whose token it is, and nothing else.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Digest::SHA qw(sha256_hex);
use MIME::Base64 qw(encode_base64);
use Test::More;

use AFP::Invite;

my $site = AFP::Site->new(
    ports => [qw(same other)],
    config => qq{<Location "/">\n    Require all denied\n</Location>\n<Location "$AFP::Site::api_path">\n    Require all granted\n</Location>\n}
        . qq{<Location "$AFP::Site::page_path">\n    Require valid-user\n</Location>\n<Location "$AFP::Site::webhook_path">\n    Require all granted\n</Location>},
    outside => <<"CONF")->start;
<VirtualHost 127.0.0.1:\@PORT_same\@>
    PinpointAutomationURL https://same.example/elsewhere/
    <Location /elsewhere>
        Require all granted
        SetHandler assessfirst-pinpoint-api
    </Location>
    <Location /nowhere>
        Require all granted
        SetHandler assessfirst-pinpoint-api
    </Location>
</VirtualHost>
<VirtualHost 127.0.0.1:\@PORT_other\@>
    ServerName other.example
    PinpointSite other.example
    PinpointWebhookURL https://other.example/integrations/webhook/pinpoint
</VirtualHost>
CONF
my $server = $site->server;
$server->allow_log(qr/AFP0601/);
my $acme = connected($site, 'acme');
my $beta = connected($site, 'beta');
my $api = $site->api($acme);

sub with
{
    my ($authorization, $path) = @_;
    my $nobody = $site->api;
    $nobody->get($path // 'settings', defined $authorization ? (Authorization => $authorization) : ());
    return $nobody;
}

sub is_refused
{
    my ($authorization, $what, $challenge) = @_;
    my $nobody = with($authorization);
    is $nobody->response->code, 401, "$what: 401";
    like $nobody->response->header('WWW-Authenticate'), $challenge // qr/^Bearer realm="[^"]+", error="invalid_token"$/, 'with a challenge';
    return $nobody->response->content;
}

# ---- one's own ----

is $api->get('settings')->code, 200, 'the token opens the API';
is $api->json->{company_uuid}, $acme->{uuid}, 'of its company';
my $betas = $site->api($beta);
is $betas->get('settings')->code, 200, 'another token';
is $betas->json->{company_uuid}, $beta->{uuid}, 'that of another one';
is with("bEaReR   $acme->{api_token}")->response->code, 200, 'the scheme is taken whatever its case';

# ---- nobody's ----

my $plain = qr/^Bearer realm="[^"]+"$/;
is_refused(undef, 'no credentials', $plain);
is_refused('Basic ' . encode_base64("acme:$acme->{api_token}", ''), 'those of another scheme', $plain);
is_refused($acme->{api_token}, 'a token without scheme', $plain);
is_refused("Bearer$acme->{api_token}", 'without a blank', $plain);
my $unknown = is_refused('Bearer afp_' . '0' x 64, 'an unknown token');
is is_refused('Bearer x', 'what is none'), $unknown, 'all get the same answer';
is_refused('Bearer', 'an empty one', $plain);
is_refused("Bearer $acme->{api_token}0", 'one that is too long');
is_refused('Bearer ' . uc $acme->{api_token}, 'one in capitals');
is_refused('Bearer ' . substr($acme->{api_token}, 0, -1), 'one that is too short');
is_refused("Bearer $acme->{api_token}, Bearer $acme->{api_token}", 'two');
is_refused('Bearer ' . sha256_hex($acme->{api_token}), 'its hash');
is_refused('Bearer afp_' . sha256_hex($acme->{api_token}), 'its hash as if it were a token');
is_refused("Bearer $acme->{uuid}", 'a company_uuid');
ok $server->wait_log(qr/AFP0602: an API token was refused/), 'the operator is told';
unlike $server->error_log . $server->access_log, qr/\b(?:afp_[0-9a-f]{64}|\Q$acme->{api_token}\E)/, 'but no token';

# ---- tokens that come and go ----

my $page = $site->page('acme')->settings;
my $former = $acme->{api_token};
sub new_token
{
    $page->open->settings->press('Generate a new token')->press('Generate a new token');
    my ($token) = $page->html =~ /\b(afp_[0-9a-f]{64})\b/;
    return $token;
}
my $new = new_token();
is with("Bearer $new")->response->code, 200, 'a new token works at once';
is with("Bearer $former")->response->code, 401, 'the former one no more';
for my $round (1 .. 5) {
    ($former, $new) = ($new, new_token());
    is_deeply [with("Bearer $former")->response->code, with("Bearer $new")->response->code], [401, 200], "again, $round";
}
$page->settings->press('Revoke the token')->press('Revoke the token');
is with("Bearer $new")->response->code, 401, 'a revoked one no more';
is with("Bearer $beta->{api_token}")->response->code, 200, 'others are not touched';

# ---- other hosts and sites ----

my $beta_token = [Authorization => "Bearer $beta->{api_token}"];
is $server->request(GET => $server->url('/elsewhere/settings', 'same'), $beta_token)->code, 200, 'another host of the site knows its tokens';
is $server->request(GET => $server->url('/nowhere/settings', 'same'), $beta_token)->code, 404, 'but only at its address';
ok $server->wait_log(qr/AFP0601: the JSON API is served below the path of PinpointAutomationURL only/), 'which the operator is told';
is $server->request(GET => $server->url("$AFP::Site::api_path/settings", 'other'), $beta_token)->code, 401, 'another site knows none of them';

# ---- what is told of a token ----

$page = $site->page('beta')->settings;
like $page->text, qr{API token .*The API.s address is https://site\.example$AFP::Site::api_path\..* as openapi\.json\.}, 'the page shows the address';
like $page->text, qr/fingerprint @{[substr sha256_hex($beta->{api_token}), 0, 8]}, set on .*? by beta\. Last used \d+ s(?:econds?)? ago/, 'and when the token was last used';
$page->agent->default_header('Accept-Language' => 'fr');
like $page->settings->text, qr{L.adresse de l.API est https://site\.example}, 'in French as well';

done_testing;
