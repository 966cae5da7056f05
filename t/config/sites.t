# Virtual hosts, and what they share.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use MIME::Base64 qw(encode_base64);
use Test::More;

use AFP::Server;
use AFP::Site;

my $server = AFP::Server->new;
$server->write_file('keys', 'one:' . encode_base64('k' x 32, '') . "\n", 0600);
$server->write_file('other-keys', 'one:' . encode_base64('o' x 32, '') . "\n", 0600);

sub vhost
{
    my ($name, $more) = @_;
    return <<"CONF";
<VirtualHost 127.0.0.1:1>
    ServerName $name
    PinpointEngine on
    PinpointWebhookURL https://$name/integrations/webhook/pinpoint
    $more
</VirtualHost>
CONF
}

sub configtest
{
    my @vhosts = @_;
    $server->configure("PinpointSecretKeys \@DIR\@/keys\nDBDriver sqlite3\nDBDParams \@STATE\@/main.sqlite\n"
        . join '', @vhosts);
    return $server->configtest;
}

my ($code, $output) = configtest(vhost('a.example', 'PinpointSite ours'), vhost('b.example', 'PinpointSite ours'));
is $code, 0, 'two vhosts may share a site';
unlike $output, qr/AFP/, 'and it is nothing to speak of';

($code, $output) = configtest(vhost('a.example', ''), vhost('b.example', 'DBDParams @STATE@/b.sqlite'));
is $code, 0, 'vhosts of different sites may have different databases';

($code, $output) = configtest(vhost('a.example', 'PinpointSite ours'),
    vhost('b.example', "PinpointSite ours\nDBDParams \@STATE\@/b.sqlite"));
isnt $code, 0, 'one site on two databases is refused';
like $output, qr{AFP0501: virtual host b\.example \(\S+httpd\.conf:\d+\): DBDParams: virtual host a\.example \(\S+httpd\.conf:\d+\) has the same PinpointSite "ours" on another database; give both},
    'with both vhosts, where they are defined, and the remedy';

($code, $output) = configtest(vhost('a.example', 'PinpointSite ours'),
    vhost('b.example', "PinpointSite ours\nPinpointSecretKeys \@DIR\@/other-keys"));
isnt $code, 0, 'one site with two sets of keys is refused';
like $output, qr/virtual host b\.example .*PinpointSecretKeys: virtual host a\.example .* with other keys/, 'with the reason';

($code, $output) = configtest(vhost('a.example', 'PinpointSite ours'),
    vhost('b.example', "PinpointSite ours\nPinpointRetry first=7"));
is $code, 0, 'different settings of one site are possible';
like $output, qr/AFP0502: virtual host b\.example .* has other settings in virtual host a\.example .*which rule because that virtual host comes first/,
    'but told: the first vhost rules';

for my $line ('AssessFirstLinkHosts assessfirst.com results.example', 'AssessFirstResultsURL https://a.example/results',
    'PinpointSchedule models=1m', 'PinpointSchedule results=50', 'AssessFirstRoutes candidate=/person/{uuid}') {
    ($code, $output) = configtest(vhost('a.example', 'PinpointSite ours'), vhost('b.example', "PinpointSite ours\n$line"));
    like $output, qr/AFP0502/, "so is another $line";
}

($code, $output) = configtest(map { vhost("$_.example", "PinpointSite ours\nPinpointAutomationURL https://$_.example/api") } qw(a b));
is $code, 0, 'each vhost of a site may have its own address of the JSON API';
unlike $output, qr/AFP/, 'and it is nothing to speak of: none rules for the other';

for my $name ('A.Example', 'a.example') {
    ($code, $output) = configtest(vhost('a.example', ''), vhost('x.example', "PinpointSite $name\nPinpointRetry cap=7"));
    is scalar($output =~ /AFP0502/), $name eq 'a.example' ? 1 : '',
        "a vhost without PinpointSite is the site of its ServerName in lower case, not $name";
}

# ---- one webhook URL ----

# Of vhosts that have it from the main server.
sub inherited
{
    return configtest("PinpointWebhookURL https://a.example/hook\n",
        map { vhost("$_->[0].example", $_->[1] // '') =~ s/^ *PinpointWebhookURL .*\n//mr } @_);
}
($code, $output) = inherited(['a'], ['b']);
is $code, 0, 'two sites may have the same webhook URL';
my ($first, $second) = map { qr{virtual host $_\.example \(\S+httpd\.conf:\d+\)} } qw(a b);
like $output, qr{AFP0503: $second: PinpointSite "b\.example" has the PinpointWebhookURL of "a\.example" in $first, .*401; give each its own},
    'but told, with both vhosts, the reason and the remedy';
is scalar(() = $output =~ /AFP/g), 1, 'once';
($code, $output) = inherited(['a'], ['b'], ['c', 'PinpointSite b.example'], ['d', 'PinpointSite a.example'], ['e']);
is scalar(() = $output =~ /AFP0503: $second: /g), 1, 'of each further site the first vhost is named';
is scalar(() = $output =~ /AFP0503: .*? "e\.example" .*? $first, /g), 1, 'with the first one of all';
is scalar(() = $output =~ /AFP/g), 2, 'and no other';
for my $quiet (
    [[['a', 'PinpointSite ours'], ['b', 'PinpointSite ours']], 'of one site'],
    [[['a'], ['b', 'PinpointEngine off']], 'where the module is off'],
    [[['a'], ['b', 'PinpointWebhookURL https://b.example/hook']], 'with one of its own']) {
    ($code, $output) = inherited(@{ $quiet->[0] });
    unlike $output, qr/AFP/, "it is nothing to speak of for a vhost $quiet->[1]";
}
($code, $output) = $server->configure($server->{text} =~ s/^(PinpointWebhookURL)/PinpointEngine on\n$1/mr)->configtest;
like $output, qr{AFP0503: $first: PinpointSite "a\.example" .* of "127\.0\.0\.1" in the main server}, 'the main server counts as well';

# ---- merging, seen in a running server ----

my $site = AFP::Site->new(
    site => 'ours',
    ports => [qw(same other)],
    config => "PinpointModelField \"No such field\"\n",
    outside => <<'CONF');
<VirtualHost 127.0.0.1:@PORT_same@>
    ServerName same.example
    PinpointPageOrigin http://127.0.0.1:@PORT_same@
    PinpointWebhookURL https://same.example/hook
</VirtualHost>
<VirtualHost 127.0.0.1:@PORT_other@>
    ServerName other.example
    PinpointSite theirs
    PinpointWebhookURL https://other.example/hook
    PinpointPageOrigin http://127.0.0.1:@PORT_other@
</VirtualHost>
CONF
$site->start;
my $acme = $site->connect('acme');
my $page = $site->page('acme');
sub at { my ($name) = @_; return $page->open($site->server->url($AFP::Site::page_path, $name)) }

like at('same')->text, qr/State: Waiting for your first event/, 'another vhost of the site knows the company';
like $page->html, qr{https://same\.example/hook\?company_uuid=$acme->{uuid}}, 'and shows its own webhook URL';
like at('other')->text, qr/State: Not connected/, 'a vhost of another site does not';
my $body = AFP::Site::body($acme, 7);
is $site->server->post($site->server->url($acme->{path}, 'other'), $body,
    'PINPOINT-HMAC-SHA256' => AFP::Site::signature($acme, $body))->code, 401, 'nor does it take its webhooks';
is $site->server->post($site->server->url($acme->{path}, 'same'), $body,
    'PINPOINT-HMAC-SHA256' => AFP::Site::signature($acme, $body))->code, 202, 'the first one does';

my $application = $site->application($acme);
$body = AFP::Site::body($acme, $application->{id}, job_id => $application->{job_id});
is $site->deliver($acme, $body)->code, 202, 'a webhook';
like $site->finished($application->{id})->{reason}, qr/No such field/, 'PinpointModelField is in force';

# ---- the main server off, one vhost on ----

my $single = AFP::Site->new(sandbox => $site->sandbox, site => 'single.example', ports => ['on'],
    outside => "<VirtualHost 127.0.0.1:\@PORT_on\@>\nServerName on.example\nPinpointEngine on\n</VirtualHost>\n");
$single->server->configure($single->server->{text} =~ s/^PinpointEngine on$/PinpointEngine off/mr);
my $browser = $single->page('acme');
$single->start;
is $browser->agent->get($single->server->url($AFP::Site::page_path))->code, 404, 'the main server serves nothing';
is $browser->open($single->server->url($AFP::Site::page_path, 'on'))->code, 200, 'the vhost does';

done_testing;
