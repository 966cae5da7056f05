# The page in the reader's language: what the browser asks for, what was chosen on the page.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Site;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $site = AFP::Site->new(
    ports => ['proxied'],
    config => <<'CONF',
<Location /forgotten>
    SetHandler assessfirst-pinpoint-marketplace
</Location>
CONF
    outside => <<'CONF');
<VirtualHost 127.0.0.1:@PORT_proxied@>
    ServerName page.example
    PinpointSite site.example
    PinpointPageOrigin https://page.example
</VirtualHost>
CONF
my $server = $site->server;
my $page = $site->page('acme');
$site->start;

sub asks { my ($header) = @_; $page->agent->default_header('Accept-Language' => $header); return $page->open }
sub lang { return $page->dom->at('html')->attr('lang') }

# ---- Accept-Language ----

$page->open;
is lang(), 'en', 'a browser that asks for nothing gets English';
is $page->response->header('Content-Language'), 'en', 'and is told so';
my $vary = join ', ', $page->response->header('Vary');
like $vary, qr/\bAccept-Language\b/, 'which depends on what it asks for';
like $vary, qr/\bCookie\b/, 'and on the cookie';

my %wanted = (
    'fr' => 'fr',
    'fr-FR,fr;q=0.9,en;q=0.8' => 'fr',
    'de, fr;q=0.2' => 'fr',
    'en-GB, fr;q=0.9' => 'en',
    'en;q=0.5, fr;q=0.6' => 'fr',
    'fr;q=0' => 'en',
    'de' => 'en',
    '<script>' => 'en',
);
for my $header (sort keys %wanted) {
    asks($header);
    is lang(), $wanted{$header}, "\"$header\" gets $wanted{$header}";
    is $page->response->header('Content-Language'), $wanted{$header}, 'and is told so';
}

# ---- in French ----

asks('fr');
is $page->dom->at('title')->text, 'AssessFirst pour Pinpoint', 'the title is French';
like $page->html, qr{\x{c9}tat\x{a0}:</span> Non connect\x{e9}}, 'and the state, with an unbreakable blank';
$page->press("G\x{e9}n\x{e9}rer un jeton");
like $page->text, qr/Un jeton a \x{e9}t\x{e9} g\x{e9}n\x{e9}r\x{e9}\./, 'and what was done';
$page->fill("Identifiant et sous-domaine Pinpoint" => '127.0.0.1', "Cl\x{e9} d\x{2019}API" => 'two words')
    ->press('Enregistrer');
is $page->code, 422, 'mistakes';
like $page->dom->at('#subdomain-error')->text, qr/^Erreur\x{a0}: Ceci est une adresse IP\. /, 'are told in French';
like $page->dom->at('#api_key-error')->text, qr/: La valeur contient des espaces /, 'beside each field';
like $page->dom->at('#signing_secret-error')->text, qr/: Saisissez une valeur\./, 'in its own words';
like $page->dom->at('div[role="alert"]')->all_text, qr/Rien n\x{2019}a \x{e9}t\x{e9} enregistr\x{e9}/, 'and on top';
unlike $page->text, qr/\b(?:Enter|the|Error|Choose)\b/, 'without a word of English';

# ---- refusals ----

my $answer = $server->get('/forgotten', 'Accept-Language' => 'fr');
is $answer->code, 403, 'who may not see the page';
like $answer->decoded_content, qr/Connectez-vous d\x{2019}abord/, 'is told so in French';
is $answer->header('Content-Language'), 'fr', 'with its language';

# ---- the choice ----

asks('en');
my ($link) = grep { $_->text eq "Fran\x{e7}ais" } $page->dom->find('a')->each;
ok $link, 'the other language is offered in its own words';
is $link->attr('lang'), 'fr', 'with its language';
is $link->attr('hreflang'), 'fr', 'and that of the page behind it';
is $page->dom->at('nav [aria-current="true"]')->text, 'English', 'the current one is marked';

$page->open(URI->new_abs($link->attr('href'), $page->url));
is $page->code, 303, 'following the link redirects';
is $page->response->header('Location'), '/marketplace/pinpoint', 'to the page';
is $page->response->header('Set-Cookie'),
    'afp_language=fr; Path=/marketplace/pinpoint; Max-Age=31536000; HttpOnly; SameSite=Lax',
    'and remembers the choice in a cookie of this page, which no script can read';
$page->open;
is lang(), 'fr', 'from then on the page is French, whatever the browser asks for';
($link) = grep { $_->text eq 'English' } $page->dom->find('a')->each;
$page->open(URI->new_abs($link->attr('href'), $page->url))->open;
is lang(), 'en', 'until English is chosen';

$page->open($page->url . '?view=x%26y&language=fr&q=a+b');
is $page->response->header('Location'), '/marketplace/pinpoint?view=x%26y&q=a%20b', 'the rest of the address is kept';
for my $nonsense ('language=de', 'language=', 'language=fr&language=en', 'language=%ff', 'language=fr%0d%0aX:y') {
    $page->open($page->url . "?$nonsense");
    is $page->code, 200, "\"$nonsense\" chooses nothing";
}
for my $cookie ('afp_language=de', 'afp_language=', 'afp_language=french', 'xafp_language=fr') {
    my $got = $page->agent->get($page->url, Cookie => $cookie, 'Accept-Language' => 'en');
    like $got->decoded_content, qr/<html lang="en">/, "\"$cookie\" is no choice";
}

my $proxied = $page->agent->get($server->url('/marketplace/pinpoint?language=fr', 'proxied'));
like $proxied->header('Set-Cookie'), qr/^afp_language=fr; .*; Secure$/, 'behind TLS the cookie stays there';

# ---- what is stored in English ----

my $acme = $site->connect('beta');
my $beta = $site->page('beta');
$beta->agent->default_header('Accept-Language' => 'fr');

# The reason in the row of an application, with its markup.
sub reason
{
    my ($id) = @_;
    # A write-back that still waits has a row as well.
    my ($row) = grep { $_->at('th')->all_text =~ /^\s*\Q$id\E\s*$/ && !$_->at('td.words strong') } $beta->open->dom->find('tbody tr')->each;
    return $row ? $row->at('td.words')->content : '';
}

sub finished
{
    my (%option) = @_;
    my $application = $site->application($acme, %option);
    $site->deliver($acme, AFP::Site::body($acme, $application->{id}, job_id => $application->{job_id}));
    return $site->finished($application->{id});
}

is reason(finished(hired_at => 1)->{application_id}), "la personne est d\x{e9}j\x{e0} recrut\x{e9}e", 'a reason is French on a French page';
my $invited = finished();
is $invited->{reason}, 'Invited with model Sales Executive', 'while it is stored in English';
is reason($invited->{application_id}), "Invitation envoy\x{e9}e avec le mod\x{e8}le Sales Executive", 'with what was filled into it';
$site->sandbox->fault(api => 'assessfirst', path => '/candidate/send-invitation', status => 422, times => 1,
    body => { message => 'No <b>credits</b> left' });
$server->allow_log(qr/AFP03\d\d/);
is reason(finished()->{application_id}),
    "AssessFirst a r\x{e9}pondu 422\x{a0}: <span lang=\"en\">No &lt;b&gt;credits&lt;/b&gt; left</span>",
    'the words of an API stay what they are, are marked as such, and escaped';
$site->dbh->do('UPDATE afp_finished SET reason = ? WHERE id = ?', undef, 'A <i>sentence</i> of a newer version', $invited->{id});
is reason($invited->{application_id}), '<span lang="en">A &lt;i&gt;sentence&lt;/i&gt; of a newer version</span>',
    'a sentence that is not known is shown as it is';
$beta->agent->default_header('Accept-Language' => 'en');
is reason($invited->{application_id}), 'A &lt;i&gt;sentence&lt;/i&gt; of a newer version', 'which needs no mark on an English page';

# ---- what is English in a page of another language, and dates ----

$beta->agent->default_header('Accept-Language' => 'fr');
my $settings = $beta->settings->dom;
is $settings->at('#status-hint strong em')->attr('lang'), 'en', "the words of Pinpoint's boxes are marked as English";
is $settings->at('label[for="write_score"]')->attr('lang'), 'en', 'so are the names of its fields';
my $in_steps = $beta->dom->find('section[aria-labelledby="steps"] em');
ok $in_steps->size && !grep({ ($_->attr('lang') // '') ne 'en' } $in_steps->each), 'and where to find them';

my $new_year = 1_767_225_900; # 2026-01-01 00:05 UTC
$site->dbh->do('UPDATE afp_audit SET at = ?', undef, $new_year * 1_000_000);
my $changes = "$beta->{url}?view=changes";
like $beta->open($changes)->text, qr/\b1er janv\. 2026 \x{e0} 00:05 UTC/, 'the first of a month is an ordinal in French';
$beta->agent->default_header('Accept-Language' => 'en');
like $beta->open($changes)->text, qr/\b1 Jan 2026, 00:05 UTC/, 'and a number in English';

done_testing;
