# Only the page's own forms are obeyed, wherever and however the page was served.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use HTTP::Request::Common qw(POST);
use MIME::Base64 qw(encode_base64);
use Test::More;

use AFP::Site;

my $site = AFP::Site->new(ports => ['proxied'], outside => <<'CONF');
<VirtualHost 127.0.0.1:@PORT_proxied@>
    ServerName page.example
    PinpointSite site.example
    PinpointPageOrigin https://page.example
</VirtualHost>
CONF
my $server = $site->server;
$site->start;
$site->connect('acme');
my $page = $site->page('acme')->open;
my $url = $page->url;
my $path = '/marketplace/pinpoint';

sub token_of { my ($in) = @_; return $in->dom->at('input[name="token"]')->attr('value') }
sub send_form { my ($form, @headers) = @_; return $page->agent->request(POST $url, $form, @headers) }
sub state { return $site->dbh->selectrow_array('SELECT state FROM afp_tenant WHERE company = ?', undef, 'acme') }

my $good = token_of($page);

# ---- the token ----

my %bad = (
    'no token' => undef,
    'an empty one' => '',
    'a changed one' => $good =~ s/(.)$/$1 eq '0' ? '1' : '0'/er,
    'the token of another user' => AFP::Site::form_token('other', 'acme', time),
    'the token for another company' => AFP::Site::form_token('acme', 'other', time),
    'a token under another key' => AFP::Site::form_token('acme', 'acme', time, 'f' x 32),
    'a token from the future' => AFP::Site::form_token('acme', 'acme', time + 3600),
    'text' => '<canary>',
);
for my $what (sort keys %bad) {
    my $answer = send_form([action => 'pause', defined $bad{$what} ? (token => $bad{$what}) : ()]);
    is $answer->code, 403, "$what: refused";
    unlike $answer->decoded_content, qr/canary/, 'without an echo';
}
is state(), 'connected', 'and nothing was done';

my $expired = AFP::Site::form_token('acme', 'acme', time - 12 * 3600 - 60);
my $answer = send_form([action => 'save', token => $expired, subdomain => 'changed', status => 'Late Stage',
    locale => 'fr-FR', api_key => 'canary-key']);
is $answer->code, 403, 'an expired token is refused';
$page->take($answer);
like $page->text, qr/open for more than 12 hours/, 'with a sentence that says why';
is $page->value('Tenant ID and subdomain'), 'changed', 'the subdomain is kept';
is $page->value('Status'), 'Late Stage', 'and the status';
is $page->value('Language of invitations'), 'fr-FR', 'and the language';
unlike $page->html, qr/canary/, 'but no secret';
isnt $site->dbh->selectrow_array('SELECT status FROM afp_tenant'), 'Late Stage', 'nothing is saved';
$page->press('Save');
is $page->posted->code, 303, 'sending it once more';
is $site->dbh->selectrow_array('SELECT status FROM afp_tenant'), 'Late Stage', 'saves it';

my $nearly = AFP::Site::form_token('acme', 'acme', time - 12 * 3600 + 60);
is send_form([action => 'check', token => $nearly])->code, 303, 'a token of almost 12 hours is accepted';

# ---- Origin and Sec-Fetch-Site ----

for my $origin ('null', 'https://evil.example', 'http://127.0.0.1', 'https://page.example.evil.example',
    $url =~ s{/marketplace.*}{x}r, '')
{
    is send_form([action => 'pause', token => $good], Origin => $origin)->code, 403, "Origin \"$origin\": refused";
}
for my $relation (qw(cross-site same-site nonsense)) {
    is send_form([action => 'pause', token => $good], 'Sec-Fetch-Site' => $relation)->code, 403,
        "Sec-Fetch-Site \"$relation\": refused";
}
is state(), 'connected', 'and nothing was done';
my $origin = $url =~ s{/marketplace.*}{}r;
is send_form([action => 'check', token => $good], Origin => $origin, 'Sec-Fetch-Site' => 'same-origin')->code, 303,
    'the page\'s own origin is accepted';
is send_form([action => 'check', token => $good], 'Sec-Fetch-Site' => 'none')->code, 303,
    'as is a form that the user sent himself';
is send_form([action => 'check', token => $good])->code, 303, 'and a browser that tells neither';

# ---- GET changes nothing ----

is $page->agent->get("$url?action=pause&token=$good&confirmed=yes")->code, 200, 'a link opens the page';
is state(), 'connected', 'and does nothing';

# ---- another child, another generation, another key ----

$server->renew;
is send_form([action => 'check', token => $good])->code, 303, 'a token survives a graceful restart';
$server->kill_child;
is send_form([action => 'check', token => $good])->code, 303, 'and the loss of a child';
$server->write_file('secret.keys', 'second:' . encode_base64('x' x 32, '') . "\nfirst:" . encode_base64($AFP::Site::key, '') . "\n", 0600);
$server->renew;
is send_form([action => 'check', token => $good])->code, 303, 'and a new key in front of the old one';
$page->open;
isnt token_of($page), $good, 'which makes the next tokens';
is send_form([action => 'check', token => token_of($page)])->code, 303, 'that are accepted as well';

# ---- behind a TLS proxy ----

my $proxied = $site->page('acme');
$proxied->{url} = $server->url($path, 'proxied');
$proxied->open;
my @https = (headers => [Origin => 'https://page.example', 'Sec-Fetch-Site' => 'same-origin']);
$proxied->press('Pause', @https)->press('Pause', @https);
is $proxied->posted->code, 303, 'behind a TLS proxy the page works';
is $proxied->posted->header('Location'), $path, 'and redirects to its path, whatever the host is called';
like $proxied->posted->header('Set-Cookie'),
    qr{^afp_once=\S+; Path=\Q$path\E; Max-Age=60; HttpOnly; SameSite=Strict; Secure$}, 'with a cookie for https only';
is state(), 'paused', 'the button did its work';
$proxied->open->press('Resume', headers => [Origin => "http://127.0.0.1:" . $server->port('proxied')]);
is $proxied->posted->code, 403, 'an origin that no browser shows is refused there';
like $page->open->press('Resume')->press('Resume')->posted->header('Set-Cookie'),
    qr{^afp_once=\S+; Path=\Q$path\E; Max-Age=60; HttpOnly; SameSite=Strict$}, 'over plain http the cookie is not Secure';

done_testing;
