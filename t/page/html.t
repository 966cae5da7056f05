# The page as a browser and its user's tools see it: headers, structure, accessibility.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Digest::SHA qw(sha256_base64);
use Encode qw(encode_utf8);
use Test::More;

use AFP::Site;

my $site = AFP::Site->new;
my $server = $site->server;
$site->start;
my $page = $site->page('acme');

sub check_headers
{
    my ($answer, $what) = @_;
    is $answer->header('Cache-Control'), 'no-store', "$what: is not stored";
    is $answer->header('X-Content-Type-Options'), 'nosniff', "$what: is not guessed at";
    is $answer->header('X-Frame-Options'), 'DENY', "$what: is not framed";
    is $answer->header('Referrer-Policy'), 'same-origin', "$what: tells other sites nothing";
    is $answer->header('Content-Type'), 'text/html; charset=utf-8', "$what: is HTML";
    my $policy = $answer->header('Content-Security-Policy');
    like $policy, qr/^default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
        "$what: has a strict policy";
    my ($style, @more) = $answer->decoded_content =~ m{<style>(.*?)</style>}sg;
    like $policy, qr/style-src '\Q@{[ digest($style) ]}\E'/, "$what: allows its style and no other" if defined $style;
    my ($address, $integrity) = $answer->decoded_content =~ m{<script src="([^"]*)" integrity="([^"]*)" defer></script>};
    is $integrity, digest(script($address)), "$what: knows its script" if defined $address;
    like $policy, qr/script-src '\Q$integrity\E'/, "$what: allows that and no other" if defined $address;
    my $markup = $answer->decoded_content =~ s{<style>.*?</style>}{}sr =~ s{<script src="[^"]*" integrity="[^"]*" defer></script>}{}r;
    unlike $markup, qr/<script|<style|\son\w+=|javascript:|\sstyle=|<link|\ssrc=/i,
        "$what: has no other script or style, and nothing from elsewhere";
    return;
}

sub digest { my ($text) = @_; return 'sha256-' . sha256_base64(encode_utf8($text)) . '=' }

# The file that browsers keep.
sub script
{
    my ($address) = @_;
    my $answer = $page->agent->get($server->url($address));
    is $answer->header('Content-Type'), 'text/javascript; charset=utf-8', 'the script is one file';
    is $answer->header('Cache-Control'), 'private, immutable, max-age=31536000', 'that browsers keep';
    is $answer->header('X-Content-Type-Options'), 'nosniff', 'and take for nothing else';
    return $answer->decoded_content;
}

sub check_structure
{
    my ($what) = @_;
    my $dom = $page->dom;
    my %ids;
    $ids{ $_->attr('id') }++ for $dom->find('[id]')->each;
    is_deeply [grep { $ids{$_} > 1 } sort keys %ids], [], "$what: ids are unique";
    is $dom->at('html')->attr('lang'), 'en', "$what: says its language";
    is $dom->find('h1')->size, 1, "$what: has one main heading";
    is $dom->find('main')->size, 1, "$what: has one main part";
    ok length $dom->at('title')->text, "$what: has a title";
    for my $attribute (qw(aria-describedby aria-labelledby for)) {
        my @missing = grep { !$ids{$_} } map { split ' ', $_->attr($attribute) } $dom->find("[$attribute]")->each;
        is_deeply \@missing, [], "$what: every $attribute leads somewhere";
    }
    my %labelled = map { $_->attr('for') => 1 } $dom->find('label')->each;
    my @bare = grep { ($_->attr('type') // '') !~ /^(?:hidden|submit)$/ && !$labelled{ $_->attr('id') // '' } }
        $dom->find('input, select, textarea')->each;
    is_deeply [map { $_->to_string } @bare], [], "$what: every field has a label";
    my @guessed = grep { $_->attr('type') eq 'password' && $_->attr('autocomplete') ne 'new-password' }
        $dom->find('input[type]')->each;
    is scalar @guessed, 0, "$what: no password manager fills in secrets";
    is_deeply [map { $_->attr('href') } grep { $_->attr('href') =~ /^#(.*)/ && !$ids{$1} } $dom->find('a')->each], [],
        "$what: links within the page lead somewhere";
    is_deeply [grep { $_ !~ m{^/marketplace/pinpoint(?:\?view=\w+(?:&\w+=\w+)*)?$} } map { $_->attr('action') } $dom->find('form')->each],
        [], "$what: forms go to the page";
    is $dom->at('a')->attr('href'), '#main', "$what: the first link skips to the content";
    my @levels = map { $_->tag =~ /(\d)/ } $dom->find('h1, h2, h3, h4')->each;
    is_deeply [grep { $levels[$_] > ($_ ? $levels[ $_ - 1 ] : 0) + 1 } 0 .. $#levels], [], "$what: headings are in order";
    my @silent = grep { !length($_->all_text =~ s/\s+//gr) && !$_->attr('aria-label') } $dom->find('a, button')->each;
    is_deeply [map { $_->to_string } @silent], [], "$what: every link and button says what it does";
    is_deeply [grep { ($_->attr('aria-hidden') // '') ne 'true' } $dom->find('svg')->each], [], "$what: pictures only repeat words";
    is $dom->find('form[method="post"]')->size, $dom->find('form[method="post"] input[name="token"]')->size,
        "$what: each form that changes something has its token";
    is $dom->find('form[method="get"] input[name="token"]')->size, 0, "$what: and no address has";
    for my $table ($dom->find('table')->each) {
        ok $table->at('caption'), "$what: a table has a caption";
        is_deeply [grep { !$_->attr('scope') } $table->find('th')->each], [], "$what: and headings with a scope";
    }
    for my $time ($dom->find('time')->each) {
        like $time->text, qr/^(?:\d+ \w+ \d{4}, \d\d:\d\d UTC|\d+\x{a0}(?:s|min|h) ago)$/, "$what: a time is for people";
        like $time->attr('datetime'), qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "$what: and says which it is";
    }
    return;
}

$page->open;
check_headers($page->response, 'not connected');
check_structure('not connected');

$page->press('Generate a token');
check_headers($page->posted, 'the redirect');
is $page->posted->header('Location'), '/marketplace/pinpoint', 'the redirect stays here';
like $page->posted->header('Set-Cookie'), qr/^afp_once=v1\.\S+; Path=\/marketplace\/pinpoint; Max-Age=60; HttpOnly; SameSite=Strict$/,
    'the message travels in a cookie for this page only';
my ($token) = $page->html =~ /(afp_[0-9a-f]{64})/;
unlike $page->posted->as_string, qr/\Q$token\E/, 'which does not show the token';
like $page->response->header('Set-Cookie'), qr/^afp_once=; Path=\/marketplace\/pinpoint; Max-Age=0;/,
    'and is expired by the page that shows it';
check_headers($page->response, 'generated');
check_structure('generated');

$page->press('Save');
is $page->code, 422, 'empty settings are refused';
check_headers($page->response, 'errors');
check_structure('errors');
is $page->dom->find('[role="alert"] li a')->size, 4, 'each missing field is listed';

my $acme = $site->connect('acme');
my $application = $site->application($acme);
$site->deliver($acme, AFP::Site::body($acme, $application->{id}, job_id => $application->{job_id}));
$site->finished($application->{id});
$page->open;
check_headers($page->response, 'connected');
check_structure('connected');
ok length encode_utf8($page->html) < 30_000, 'the page is small';
ok $page->dom->find('table tbody tr')->size, 'it lists what happened';
like $page->dom->at('table button')->attr('aria-label'), qr/^Send again: application \d+$/,
    'a button in the list says of which application it is';

$page->settings;
check_headers($page->response, 'settings');
check_structure('settings');
cmp_ok length encode_utf8($page->html), '<', 36_000, 'the settings are not large';
for my $view ('activity', 'activity&state=failed', 'activity&application=Ada', "application&application=$application->{id}", 'application&application=4711') {
    $page->open($page->url . "?view=$view");
    check_headers($page->response, $view);
    check_structure($view);
}
$page->open($page->url . '?live=1');
check_headers($page->response, 'what scripts renew');
ok !$page->dom->at('style, script, nav'), 'is without a frame';
$page->open;

$page->press('Send again');
is $page->code, 200, 'a confirmation is asked for';
check_headers($page->response, 'confirmation');
check_structure('confirmation');

for my $refused ($page->agent->post($page->url, [action => 'pause']), $page->agent->put($page->url)) {
    check_headers($refused, 'refused with ' . $refused->code);
}

done_testing;
