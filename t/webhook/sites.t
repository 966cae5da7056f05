# Where the webhook location lives: beside a proxy, with the engine off, on several hosts.
# matrix: database

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
    ports => [qw(off all proxy same)],
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
    <Location /hooks/pinpoint>
        SetHandler assessfirst-pinpoint-webhook
    </Location>
</VirtualHost>
CONF
my $server = $site->start->server;
$server->allow_log(qr/\[proxy(?:_http)?:error\]/);
my $acme = $site->connect('acme', no_sandbox => 1);
my $number = 0;

sub deliver
{
    my ($port, $path) = @_;
    my $body = AFP::Site::body($acme, ++$number);
    my $target = $server->url($path // $acme->{path}, $port);
    return $site->deliver({ %$acme, path => $target }, $body);
}

# ---- a proxy for everything else ----

is $server->get($server->url('/else', 'all'))->code, 503, 'the site passes everything to a server that is not there';
is deliver('all')->code, 202, 'except the webhooks';
is deliver('proxy')->code, 202, 'also when the proxy is set in a Location';
is $server->get($server->url($acme->{path}, 'all'))->code, 405, 'the wrong method is refused by the module';
{
    my $wire = AFP::Wire->new($server, 'all')->head(OPTIONS => $acme->{path}, 'Max-Forwards: 0');
    is $wire->answer->{code}, 405, 'also for who asks what there is';
}

# ---- the engine off ----

my $answer = deliver('off');
is $answer->code, 404, 'with the engine off there is no such place';
unlike $answer->content, qr/company|marketplace|Pinpoint/, 'and no word of the module';
is $server->request(GET => $server->url($acme->{path}, 'off'))->code, 404, 'for no method';

# ---- two hosts of one site ----

is deliver('same')->code, 202, 'hosts of one site know the same companies';
is deliver('same', "/hooks/pinpoint?company_uuid=$acme->{uuid}")->code, 202, 'at any place that the operator chose';
is deliver('same', "/hooks/pinpoint/more?company_uuid=$acme->{uuid}")->code, 202, 'and below it';
{
    my $body = AFP::Site::body($acme, ++$number);
    is $site->deliver($acme, $body)->code, 202, 'what came to one host';
    is $site->deliver({ %$acme, path => $server->url($acme->{path}, 'same') }, $body)->code, 200,
        'is a repeat on the other';
}
is $site->rows('afp_delivery'), 6, 'every delivery is stored once';

done_testing;
