# Bodies: what is no JSON, too large, too slow, or not there.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);

use AFP::Site;
use AFP::Wire;

my $site = AFP::Site->new->start;
my $server = $site->server;
my $acme = $site->connect('acme', no_sandbox => 1);
my $api = $site->api($acme);
my %match = ('If-Match' => '*');

sub sent { my ($body, %headers) = @_; return $api->put('settings', $body, %match, %headers)->code }

# ---- what the site has for all ----

my $common = AFP::Site->new(sandbox => $site->sandbox, config => 'AssessFirstToken @DIR@/token');
$common->server->write_file('token', "token-of-all\n", 0600);
my $beta = $common->start->connect('beta', no_sandbox => 1);
my $of_beta = $common->api($beta);
is $of_beta->patch('settings', { assessfirst_token => 'another' }, %match)->code, 422, 'where the site has the AssessFirst token nobody sets one';
is $of_beta->patch('settings', { status => 'x' }, %match)->code, 200, 'but everything else';
is $of_beta->json->{secrets}{assessfirst_token}, undef, 'and there is none of the company';

# ---- types ----

my $good = '{"subdomain":"acme","locale":"en-US"}';
is sent($good, 'Content-Type' => $_), 415, "a body of type $_" for 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'application/merge-patch+json';
is $api->response->header('Accept'), 'application/json', 'and what is taken is told';
is sent($good, 'Content-Encoding' => 'gzip'), 415, 'an encoded one';
is $api->call(PATCH => 'settings', '{}', %match, 'Content-Type' => 'text/json')->code, 415, 'a patch of another type';
is $api->response->header('Accept-Patch'), 'application/merge-patch+json, application/json', 'what is taken is told';
is $api->call(PATCH => 'settings', '{}', %match, 'Content-Type' => $_)->code, 200, "$_ is taken"
    for 'application/json', 'Application/JSON; charset=utf-8', 'application/merge-patch+json';

# ---- what is no JSON ----

is sent($_), 400, "refused: $_" for '{', '[]', '"x"', 'null', '5', "{'a':1}", "$good x", '{"a":' . '[' x 40 . ']' x 40 . '}', "{\"subdomain\":\"\xff\"}", "$good\0";
is sent(''), 400, 'nothing at all';
is $api->put('settings', undef, %match)->code, 400, 'no body';
unlike $api->response->content, qr/acme/, 'nothing of it is said again';

# ---- too large, too slow, broken ----

is sent('{"subdomain":"' . 'x' x 17_000 . '"}'), 413, 'what is announced as too large';
my $settings = "$AFP::Site::api_path/settings";
my @known = ("Authorization: Bearer $acme->{api_token}", 'If-Match: *', 'Content-Type: application/json');
my $wire = AFP::Wire->new($server)->head(PUT => $settings, @known, 'Transfer-Encoding: chunked');
$wire->send(sprintf("%x\r\n", 9000) . 'x' x 9000 . "\r\n") for 1, 2;
is $wire->answer->{code}, 413, 'what turns out to be';
ok $wire->is_closed, 'ends the connection';
my $since = time;
my $slow = AFP::Wire->new($server)->head(PUT => $settings, @known, 'Content-Length: 100')->send('{')->answer;
is $slow->{code}, 408, 'what does not arrive';
my $seconds = time - $since;
ok $seconds >= 3 && $seconds < 15, "is not waited for: $seconds s";
is(AFP::Wire->new($server)->head(PUT => $settings, @known, 'Transfer-Encoding: chunked')->send("zz\r\n")->answer->{code}, 400, 'what is not framed');
my $stranger = AFP::Wire->new($server)->head(PUT => $settings, 'Content-Length: 1000000000')->send('{')->answer;
is $stranger->{code}, 401, 'who has no token';
ok $stranger->{seconds} < 3, 'need not send it all';

is $api->get('settings')->code, 200, 'the API goes on';
my $subdomain = $api->json->{subdomain};
is $subdomain, 'acme', 'and nothing came of any of it';

done_testing;
