# apachectl configtest: every directive, with values that are right and values that are wrong.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use MIME::Base64 qw(encode_base64);
use Test::More;

use AFP::Databases;
use AFP::Server;

my $server = AFP::Server->new;
my $key = encode_base64('k' x 32, '');
$server->write_file('keys', "one:$key\n", 0600);
$server->write_file('token', "assessfirst-token\n", 0600);
my $database = $server->state_dir . '/site.sqlite';

sub configtest
{
    my ($config) = @_;
    $server->configure($config);
    my ($code, $output) = $server->configtest;
    return ($code, $output =~ s/^AH0055[78].*\n//mgr);
}

# A vhost that is complete but for what is named.
sub vhost
{
    my (%given) = @_;
    my %line = (
        PinpointEngine => 'on',
        PinpointWebhookURL => 'https://www.example.com/integrations/webhook/pinpoint',
        PinpointSecretKeys => '@DIR@/keys',
        DBDriver => 'sqlite3',
        DBDParams => $database,
        %given,
    );
    return join '', map { defined $line{$_} ? "$_ $line{$_}\n" : '' } sort keys %line;
}

sub accepted
{
    my ($config, $what) = @_;
    my ($code, $output) = configtest($config);
    is $code, 0, $what or diag $output;
    like $output, qr/^Syntax OK$/m, '... with nothing to say';
    unlike $output, qr/AFP/, '... at all';
    return;
}

sub refused
{
    my ($config, $pattern, $what) = @_;
    my ($code, $output) = configtest($config);
    isnt $code, 0, "$what: refused";
    like $output, $pattern, '... with the reason';
    return;
}

accepted('', 'a server that does not use the module');
accepted(vhost(), 'the smallest vhost');
accepted(vhost(PinpointSecretKeys => 'keys'), 'a path below ServerRoot');
accepted(vhost() . <<'CONF', 'everything');
PinpointSite "A site of any name"
PinpointPageOrigin https://www.example.com HTTPS://Other.Example.com:443/ http://127.0.0.1:8080
PinpointCompany "%{REMOTE_USER}"
PinpointAPI https://{subdomain}.pinpointhq.com/api/v1
PinpointEvent new-application application_born Application-Arrived
PinpointEvent Stage-Changed "application walked"
PinpointModelField "Our model"
AssessFirstAPI https://app.assessfirst.com/betty
AssessFirstToken token
AssessFirstInvitation format=form email=mail model=model_uuid
AssessFirstInvitation first_name= last_name=
AssessFirstRoutes models=/m invitation=/i lookup=/l?mail={email}
AssessFirstLinkHosts AssessFirst.com results.example.com
AssessFirstLinkHosts 127.0.0.1 localhost
AssessFirstResultsURL https://www.example.com/integrations/results/assessfirst
PinpointProxy http://proxy.example.com:3128
PinpointWorkers 64
PinpointWorkerChildren 1
PinpointBodyLimit 1024
PinpointBacklogLimit 10000000
PinpointTimeout connect=1 pinpoint=300s assessfirst=2m
PinpointTimeout uncertain=1h
PinpointRetry for=30d first=1 cap=1 missing=24h
PinpointRetention digests=35d finished=90d
PinpointSchedule models=1 results=100000
PinpointSchedule models=30d results=1
<Location /marketplace/pinpoint>
    SetHandler assessfirst-pinpoint-marketplace
    PinpointCompany "%{reqenv:COMPANY}"
</Location>
CONF
accepted(vhost() . "PinpointAPI http://127.0.0.1:8080/pinpoint/api/v1\nAssessFirstAPI http://[::1]:81/betty\n",
    'plain http to this machine');
accepted("LoadModule dbd_module " . AFP::Process::apxs('libexecdir') . "/mod_dbd.so\n" . vhost(), 'together with mod_dbd');

# ---- what is missing ----

my $main = qr/the main server \(127\.0\.0\.1\)/;
for my $directive (qw(PinpointWebhookURL PinpointSecretKeys DBDriver DBDParams)) {
    refused(vhost($directive => undef), qr/AFP0501: $main: $directive: is missing; /, "no $directive");
}
my ($code, $output) = configtest("PinpointEngine on\n");
is scalar(() = $output =~ /AFP0501/g), 4, 'everything that is missing is said at once';
accepted(vhost(PinpointEngine => 'off', PinpointSecretKeys => undef), 'with the engine off nothing is missing');

# ---- single values: httpd names the line ----

my @wrong = (
    ['PinpointEngine maybe', qr/On or Off/],
    ['PinpointSite ' . 'x' x 256, qr/1 to 255 bytes/],
    ["PinpointSite \xff", qr/1 to 255 bytes of UTF-8/],
    ['PinpointWebhookURL /integrations', qr/not an absolute address/],
    ['PinpointWebhookURL ftp://www.example.com/x', qr/not an absolute address/],
    ['PinpointWebhookURL https://www.example.com', qr/needs the path/],
    ['PinpointWebhookURL https://www.example.com/x?y=z', qr/query or a fragment/],
    ['PinpointWebhookURL https://www.example.com/x#y', qr/query or a fragment/],
    ['PinpointWebhookURL https://user@www.example.com/x', qr/user or a password/],
    ['PinpointWebhookURL "https://www.example.com/a b"', qr/character that no address/],
    ['PinpointPageOrigin https://www.example.com/page', qr/an origin has no path/],
    ['PinpointPageOrigin www.example.com', qr/not an absolute address/],
    ['PinpointPageOrigin null', qr/not an absolute address/],
    ['PinpointSecretKeys exec:keys', qr/absolute path of a program behind exec:/],
    ['PinpointSecretKeys exec:', qr/absolute path of a program behind exec:/],
    ['PinpointCompany "%{REMOTE_USER"', qr/syntax error/],
    ['PinpointAPI http://pinpoint.example.com/api/v1', qr/plain http is accepted only for/],
    ['PinpointAPI http://127.0.0.1.example.com/api/v1', qr/plain http is accepted only for/],
    ['PinpointAPI http://{subdomain}.localhost/api/v1', qr/http/],
    ['PinpointAPI https://{subdomain}.pinpointhq.com:444/api/v1', qr/only port 443/],
    ['PinpointAPI https://{subdomain}.{subdomain}.com/api/v1', qr/only once/],
    ['PinpointAPI https://www.pinpointhq.com/{subdomain}/api/v1', qr/first label of the host/],
    ['PinpointAPI https://{tenant}.pinpointhq.com/api/v1', qr/only \{subdomain\}/],
    ['PinpointAPI https://user:secret@pinpoint.example.com/api/v1', qr/user or a password/],
    ['PinpointAPI https://pinpoint.example.com/api/v1/', qr/must not end with a slash/],
    ['PinpointEvent later application_x', qr/new-application or stage-changed/],
    ['PinpointEvent new-application ' . 'x' x 65, qr/1 to 64 characters/],
    ['PinpointEvent new-application', qr/at least two|requires/],
    ['AssessFirstAPI https://{subdomain}.assessfirst.com/betty', qr/may stand in PinpointAPI only/],
    ['AssessFirstAPI ftp://app.assessfirst.com/betty', qr/must begin with https/],
    ['AssessFirstInvitation format=xml', qr/format must be json, form or multipart/],
    ['AssessFirstInvitation colour=red', qr/the keys are/],
    ['AssessFirstInvitation email=', qr/need a field name/],
    ['AssessFirstRoutes models=relative', qr/begins with \//],
    ['AssessFirstRoutes lookup=/candidates', qr/must hold \{email\}/],
    ['AssessFirstRoutes lookup=/candidates/{email}', qr/only behind the \?/],
    ['AssessFirstLinkHosts', qr/at least one|requires/],
    (map { ["AssessFirstLinkHosts good.example.com $_", qr/expected a host's name such as assessfirst\.com, without scheme, port and path/] }
        'https://assessfirst.com', 'assessfirst.com:443', 'assessfirst.com/results', 'user@assessfirst.com',
        '*.assessfirst.com', '.assessfirst.com', 'assessfirst.com.', 'assess..com', '-a.com', 'a-.com', 'a_b.com',
        '[::1]', '"a b.com"', 'x' x 64 . '.com', join '.', ('x' x 63) x 4),
    ['AssessFirstResultsURL /integrations', qr/not an absolute address/],
    ['AssessFirstResultsURL https://www.example.com', qr/needs the path/],
    ['AssessFirstResultsURL https://www.example.com/x?y=z', qr/query or a fragment/],
    ['PinpointCACertificateFile nowhere.pem', qr{/nowhere\.pem cannot be opened}],
    ['AssessFirstCACertificateFile keys', qr{/keys holds no certificate in PEM}],
    ['PinpointProxy http://user:secret@proxy.example.com:3128', qr/configuration dumps/],
    ['PinpointProxy proxy.example.com:3128', qr/not an absolute address/],
    ['PinpointProxy http://proxy.example.com:312800', qr/not an address such as/],
    ['PinpointWorkers 0', qr/from 1 to 64/],
    ['PinpointWorkers 65', qr/from 1 to 64/],
    ['PinpointWorkers four', qr/whole number/],
    ['PinpointWorkers -1', qr/whole number/],
    ['PinpointWorkers 99999999999999999999', qr/whole number/],
    ['PinpointWorkerChildren 0', qr/from 1 to 64/],
    ['PinpointBodyLimit 1023', qr/from 1024 to 16777216/],
    ['PinpointBacklogLimit 0', qr/from 1 to 10000000/],
    ['PinpointTimeout connect=0', qr/from 1 to 60 seconds/],
    ['PinpointTimeout connect=61', qr/from 1 to 60 seconds/],
    ['PinpointTimeout connect', qr/expected key=/],
    ['PinpointTimeout connect=', qr/expected key=/],
    ['PinpointTimeout connect=5x', qr/expected key=/],
    ['PinpointTimeout connect=5ss', qr/expected key=/],
    ['PinpointTimeout connect=99999999999999999', qr/expected key=/],
    ['PinpointTimeout everything=5', qr/the keys are connect pinpoint assessfirst uncertain/],
    ['PinpointRetry for=31d', qr/from 1 to 2592000 seconds/],
    ['PinpointSchedule models=0', qr/from 1 to 2592000 seconds/],
    ['PinpointSchedule models=', qr/expected key=<number>, in seconds/],
    ['PinpointSchedule results=0', qr/from 1 to 100000 percent/],
    ['PinpointSchedule results=100001', qr/from 1 to 100000 percent/],
    ['PinpointSchedule results=5m', qr/expected key=<number>, in percent and without a unit/],
    ['PinpointSchedule results=100%', qr/expected key=<number>, in percent and without a unit/],
    ['PinpointSchedule results', qr/expected key=<number>, in percent/],
    ['PinpointSchedule everything=5', qr/the keys are models results/],
    ['PinpointRetention finished=0', qr/from 1 to /],
);
for my $wrong (@wrong) {
    my ($line, $reason) = @$wrong;
    my ($name) = $line =~ /^(\w+)/;
    refused(vhost() . "$line\n", qr/Syntax error on line \d+ of .*httpd\.conf:\n$name.*$reason/s, $line);
}
refused(vhost() . "PinpointRetry first=30 cap=10\n", qr/$main: PinpointRetry: first must not be longer than cap/,
    'a first delay that is longer than any');

for my $directive (qw(PinpointProxy PinpointAPI AssessFirstAPI PinpointWebhookURL PinpointPageOrigin)) {
    ($code, $output) = configtest(vhost() . "$directive https://user:se/cr\@et\@www.example.com/x\n");
    isnt $code, 0, "$directive with a password is refused";
    like $output, qr{$directive https://\.\.\.\@www\.example\.com/x: }, '... and the message goes without it';
}

# ---- where directives may stand ----

for my $directive ('PinpointEngine on', 'PinpointAPI https://a.example.com', 'PinpointWorkers 2') {
    refused("<Location /x>\n$directive\n</Location>\n", qr/not allowed/, "$directive in a <Location>");
}

# ---- the database ----

refused(vhost(DBDParams => 'site.sqlite'), qr/DBDParams: the database's file needs an absolute path/, 'a relative file');
refused(vhost(DBDParams => ':memory:'), qr/in-memory database/, 'a database in memory');
refused(vhost(DBDriver => 'nosuch'), qr/DBDriver nosuch cannot be loaded: install/, 'a driver that is not installed');
refused(vhost(DBDriver => 'freetds'), qr/DBDriver freetds cannot be used|cannot be loaded/, 'a driver that cannot work');

done_testing;
