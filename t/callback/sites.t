# Where the results location lives: beside a proxy, with the engine off, on several hosts and sites.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Process qw(free_port);
use AFP::Site;
use AFP::Wire;

my $nobody = free_port();
my $site = AFP::Site->new(
    ports => [qw(off all proxy same other)],
    outside => <<"CONF");
<VirtualHost 127.0.0.1:\@PORT_off\@>
    PinpointEngine off
</VirtualHost>
<VirtualHost 127.0.0.1:\@PORT_all\@>
    ProxyPass / http://127.0.0.1:$nobody/
</VirtualHost>
<VirtualHost 127.0.0.1:\@PORT_proxy\@>
    <Location />
        ProxyPass http://127.0.0.1:$nobody/
    </Location>
</VirtualHost>
<VirtualHost 127.0.0.1:\@PORT_same\@>
    ServerName same.example
    <Location /hooks>
        SetHandler assessfirst-pinpoint-results
    </Location>
</VirtualHost>
<VirtualHost 127.0.0.1:\@PORT_other\@>
    ServerName other.example
    PinpointSite other.example
    PinpointWebhookURL https://other.example/integrations/webhook/pinpoint
    PinpointPageOrigin http://127.0.0.1:\@PORT_other\@
    AssessFirstResultsURL https://other.example/hooks/
    <Location /hooks>
        SetHandler assessfirst-pinpoint-results
    </Location>
</VirtualHost>
CONF
my $server = $site->start->server;
$server->allow_log(qr/\[proxy(?:_http)?:error\]/);
my $acme = $site->connect('acme', no_sandbox => 1);
my ($company_and_token) = $acme->{results} =~ m{(/[0-9a-f]{32}/[0-9a-f]{64})\z};

sub call { my ($port, $path) = @_; return $server->post($server->url($path // $acme->{results}, $port), '{"uuid":"a"}')->code }

# ---- a proxy for everything else ----

is $server->get($server->url('/else', 'all'))->code, 503, 'the site passes everything to a server that is not there';
is call('all'), 204, 'except the calls';
is call('proxy'), 204, 'also when the proxy is set in a Location';
is call('all', "$AFP::Site::results_path/nothing"), 404, 'a wrong address is not passed on either';
is $server->get($server->url($acme->{results}, 'all'))->code, 405, 'nor is the wrong method';

# ---- the engine off ----

is call('off'), 404, 'with the engine off there is no such place';
is $server->get($server->url($acme->{results}, 'off'))->code, 404, 'for no method';

# ---- two hosts of one site ----

is call('same', "/hooks$company_and_token"), 204, 'hosts of one site know the same companies, at any place that the operator chose';
is call('same', "/hooks/and/below$company_and_token"), 204, 'and below it';

# ---- another site with the same keys ----

is call('other', "/hooks$company_and_token"), 204, 'another site takes the call, too, since its keys make the same token';
my $page = AFP::Page->new($server->url($AFP::Site::page_path, 'other'), user => 'acme', password => 'password of acme');
$page->open->press('Generate a token');
unlike $page->html, qr{/hooks/}, 'before a company is connected there, no address is shown';
$page->fill('Tenant ID and subdomain' => 'acme', 'API key' => 'k', 'Webhook secret signature' => 's',
    'AssessFirst API token' => 't')->press('Save');
my ($address) = $page->html =~ m{(https://other\.example/hooks/[0-9a-f]{32}/[0-9a-f]{64})};
ok $address, 'then it is, with one slash behind the location';
my ($path) = $address =~ m{example(/.*)};
is call('other', $path), 204, 'and works there';
is call('same', $path), 204, 'the first site has nothing to do with it';

done_testing;
