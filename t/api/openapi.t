# The API's description: it is valid, it is served, and it says what there is.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use JSON::Validator ();
use Mojo::JSON qw(decode_json true);
use Test::More;

use AFP::API;
use AFP::Process qw(slurp);
use AFP::Site;

my $text = slurp($AFP::API::description);
my $document = decode_json($text);

# ---- valid ----

is_deeply [map { "$_" } @{ JSON::Validator->new->schema($document)->schema->errors }], [], 'it is valid OpenAPI 3';
my $broken = decode_json($text);
delete $broken->{paths}{'/settings'}{get}{responses};
isnt scalar @{ JSON::Validator->new->schema($broken)->schema->errors }, 0, 'which a broken one is not';

my %named = map { $_ => 1 } $text =~ m{"#/components/([^"]+)"}g;
my @there = map { my $kind = $_; map { "$kind/$_" } keys %{ $document->{components}{$kind} } } qw(schemas responses parameters);
is_deeply [sort keys %named], [sort @there], 'every component is there, and used';

my @operations = map { my $path = $_; map { [$path, $_, $document->{paths}{$path}{$_}] }
    grep { $_ ne 'parameters' } sort keys %{ $document->{paths}{$path} } } sort keys %{ $document->{paths} };
my %ids = map { $_->[2]{operationId} => 1 } @operations;
is scalar keys %ids, scalar @operations, 'every operation has a name of its own';

# ---- held against answers ----

sub faults { my @faults = AFP::API::faults(@_); return scalar @faults }

sub answer
{
    my ($status, $body, $type) = @_;
    return HTTP::Response->new($status, '', ['Content-Type' => $type // 'application/json', 'Cache-Control' => 'no-store'], $body);
}

my $problem = 'application/problem+json';
is faults('GET', 'invitations', answer(200, '{"invitations":[],"next":null}')), 0, 'what fits is no fault';
isnt faults('GET', 'invitations', answer(200, '{"invitations":[],"next":5}')), 0, 'a number for a text is one';
isnt faults('GET', 'invitations', answer(200, '{"invitations":[],"next":null,"more":1}')), 0, 'so is a further member';
isnt faults('GET', 'invitations', answer(200, '{"invitations":[]}')), 0, 'a missing one';
isnt faults('GET', 'invitations', answer(200, '{"invitations":[{}],"next":null}')), 0, 'one that is missing further down';
isnt faults('GET', 'invitations', answer(200, '{"invitations":[],"next":null}', 'text/html')), 0, 'another type';
isnt faults('GET', 'invitations', answer(200, 'x')), 0, 'what is no JSON';
isnt faults('GET', 'invitations', answer(201, '{"invitations":[],"next":null}')), 0, 'another status';
is faults('GET', 'invitations', answer(401, '{"title":"a","status":401,"detail":"b"}', $problem)), 0, 'a problem fits';
isnt faults('GET', 'invitations', answer(401, '{"title":"a","status":401}', $problem)), 0, 'half of one does not';
isnt faults('GET', 'invitations', answer(401, '{"title":"a","status":400,"detail":"b"}', $problem)), 0, 'nor one of another status';
isnt faults('GET', 'elsewhere', answer(200, '{}')), 0, 'nor anything where nothing is';

# ---- served ----

my $site = AFP::Site->new->start;
my $api = $site->api;
my $served = $api->get('openapi.json');
is $served->code, 200, 'it is served without a token';
is_deeply decode_json($served->content), $document, 'as it is in the sources';
is $document->{servers}[0]{url}, '.', 'it names the address where it is found';
is $api->head('openapi.json')->header('Content-Length'), length $served->content, 'HEAD tells its length';
ok length $served->content < 64_000, 'it is small: ' . length $served->content;

# ---- what it says there is ----

my %value = (id => '0' x 32, application_id => 11, candidate_id => 'c-1');
for my $path (sort keys %{ $document->{paths} }) {
    my %method = map { uc($_) => 1 } grep { $_ ne 'parameters' } keys %{ $document->{paths}{$path} };
    my $address = $path =~ s{^/}{}r =~ s/\{(\w+)\}/$value{$1}/gr;
    for my $method (qw(GET HEAD PUT PATCH POST DELETE OPTIONS BREW)) {
        my $there = $method{$method} || ($method eq 'HEAD' && $method{GET});
        my $code = $api->call($method, $address)->code;
        is $code, !$there ? 405 : $path eq '/openapi.json' ? 200 : 401, "$method $path";
        is_deeply [sort split /, /, $api->response->header('Allow') // ''],
            [sort keys %method, $method{GET} ? 'HEAD' : ()], 'and what is allowed' unless $there;
    }
}
for my $nothing ('', 'settings/', 'Settings', 'settings/x', 'deliveries/', 'deliveries/1/2', 'deliveries/' . '1' x 65, 'applications',
    'openapi.json/', 'x') {
    is $api->get($nothing)->code, 404, "nothing is at \"$nothing\"";
}

done_testing;
