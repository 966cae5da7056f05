# What the results location says before it reads a body: who may call it, and that nobody else
# learns anything.
# matrix: mpm

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Process qw(patience);
use AFP::Site;
use AFP::Wire;

# A site's own error documents do not replace the module's words.
my $site = AFP::Site->new(config => <<'CONF');
ErrorDocument 404 "the site's words"
ErrorDocument 405 "the site's words"
CONF
my $server = $site->start->server;
my $acme = $site->connect('acme', no_sandbox => 1);
my $beta = $site->connect('beta', no_sandbox => 1);
my $location = $AFP::Site::results_path;
my ($uuid, $token) = $acme->{results} =~ m{/([0-9a-f]{32})/([0-9a-f]{64})\z} or die 'no results address';
my ($other_token) = $beta->{results} =~ m{/([0-9a-f]{64})\z};

# Sends one request on a connection of its own.
sub ask
{
    my ($method, $target, @lines) = @_;
    my $wire = AFP::Wire->new($server);
    $wire->head($method, $target, 'Content-Length: 14', @lines)->send('{"uuid":"a-1"}');
    return $wire->answer;
}

is $uuid, $acme->{uuid}, "the address that the page shows names the company";
isnt $token, $other_token, 'each company has a token of its own';

# ---- the right address ----

{
    my $answer = ask(POST => $acme->{results});
    is $answer->{code}, 204, 'a call is taken';
    is $answer->{body} // '', '', 'without a word';
    is $answer->{headers}{'cache-control'}, 'no-store', 'nobody stores it';
    is ask(POST => "$acme->{results}?anything=else")->{code}, 204, 'a query does not matter';
    is ask(POST => $beta->{results})->{code}, 204, 'another company has its own address';
}

# ---- the method ----

for my $method (qw(GET PUT DELETE PATCH OPTIONS PROPFIND BREW)) {
    for my $target ($acme->{results}, "$location/$uuid/$other_token") {
        my $answer = ask($method, $target);
        is $answer->{code}, 405, "$method is not a method of the location";
        is $answer->{headers}{allow}, 'POST', "$method is told what is";
        is AFP::Wire::json($answer)->{status}, 405, 'in the module\'s own words';
    }
}
{
    my $wire = AFP::Wire->new($server)->head(HEAD => $acme->{results}, 'Connection: close');
    $wire->read_until(sub { 0 }, patience(5));
    like $wire->{buffer}, qr/\AHTTP\/1\.1 405 .*^Allow: POST\r$/ms, 'nor is HEAD';
    like $wire->{buffer}, qr/\r\n\r\n\z/, 'and gets no body';
}

# ---- whoever does not have the token ----

my $wrong = $token =~ tr/0-9a-f/1-9a-f0/r;
my $nobody = 'f' x 32;
my %bad = (
    'the location itself' => $location,
    'the location with a slash' => "$location/",
    'no token' => "$location/$uuid",
    'an empty token' => "$location/$uuid/",
    'a wrong token' => "$location/$uuid/$wrong",
    'another company\'s token' => "$location/$uuid/$other_token",
    'a token in upper case' => "$location/$uuid/" . uc $token,
    'a token with a digit less' => "$location/$uuid/" . substr($token, 1),
    'a token with a digit more' => "$location/$uuid/${token}0",
    'a token with a slash behind' => "$location/$uuid/$token/",
    'a token with something behind' => "$location/$uuid/$token/more",
    'a token that is the company' => "$location/$uuid/$uuid",
    'a company that does not exist' => "$location/$nobody/$token",
    'a company in upper case' => "$location/" . uc($nobody) . "/$token",
    'a company with a digit more' => "$location/0$uuid/$token",
    'a company with a digit less' => "$location/" . substr($uuid, 1) . "/$token",
    'no company' => "$location//$token",
    'nothing but a token' => "$location/$token",
    'the parts in another order' => "$location/$token/$uuid",
    'the parts in the query' => "$location?$uuid/$token",
    'an endless path' => "$location/" . 'x' x 4000,
);
my %answers;
for my $what (sort keys %bad) {
    my $answer = ask(POST => $bad{$what});
    is $answer->{code}, 404, "$what: nothing is found";
    delete $answer->{headers}{date};
    $answers{join "\n", $answer->{body}, map { "$_: $answer->{headers}{$_}" } sort keys %{ $answer->{headers} }}++;
}
is scalar keys %answers, 1, 'and the answer is the same, to the byte, whatever is wrong';
like((keys %answers)[0], qr/application\/problem\+json/, 'in the module\'s own words');
unlike((keys %answers)[0], qr/\Q$uuid\E|\Q$token\E|\Q$wrong\E/, 'which repeat nothing');

{
    my $wire = AFP::Wire->new($server)->head(POST => "$location/$uuid/$wrong", 'Content-Length: 1000000000');
    my $answer = $wire->answer(6);
    is $answer->{code}, 404, 'a wrong token is refused';
    cmp_ok $answer->{seconds}, '<', patience(2), 'before any body is waited for';
    $wire = AFP::Wire->new($server)->head(POST => "$location/$uuid/$wrong", 'Expect: 100-continue', 'Content-Length: 100');
    is $wire->answer(6)->{interim}, 0, 'and nobody is told to go on';
}

# ---- tokens follow the keys ----

$server->stop;
$server->write_file('secret.keys', "second:" . 'QkJC' x 10 . "QkI=\n$site->{keys}\n", 0600);
$server->start;
is ask(POST => $acme->{results})->{code}, 204, 'after a rotation of the keys the old address still works';
my ($renewed) = $site->page('acme')->open->html =~ m{(\Q$location\E/$uuid/[0-9a-f]{64})};
isnt $renewed, $acme->{results}, 'the page shows a new one';
is ask(POST => $renewed)->{code}, 204, 'which works as well';
unlike $server->error_log, qr/\Q$token\E/, 'the error log holds no token';

done_testing;
