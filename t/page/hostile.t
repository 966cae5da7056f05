# Hostile text from everywhere: users, fields, and what Pinpoint and AssessFirst say. It comes out as
# text on every view, in both languages, and no line of a log is anybody else's.

use strict;
use utf8;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Encode qw(decode_utf8 encode_utf8);
use Test::More;

use AFP::Results;

my $site = invite_site(log_level => 'debug');
my $sandbox = $site->sandbox;

# Every text bears its own number, to be found again.
my $texts = 0;
sub hostile
{
    my ($what) = @_;
    $texts++;
    return qq{$what$texts</td></title></textarea><script>pwned()</script><img src=x onerror=pwned()>"'&amp;}
        . qq{<svg onload="pwned()"> \N{U+202E}txt };
}

my $model = hostile('model') =~ s/\s+/ /gr;
my $stage = hostile('stage') =~ s/\s+/ /gr;
my $company = q{a"><b onclick='pwned()'>&amp;};
my $acme = connected($site, $company, key => 'key', token => 'token', secret => 'secret', subdomain => 'acme', limit => 0,
    models => [$model, "line\r\nfeed model"]);
my $page = $site->page($company);

# ---- what comes in ----

$sandbox->job(key => $acme->{key}, stages => ['Applied', $stage]);
$page->settings->fill('Status' => "x $stage")->press('Save');
$page->settings->fill('Status' => '')->press('Save');
synchronise_now($site, $acme);

# What the two APIs answer, line feeds included: each becomes a reason on the page.
my $ends = 0;
for my $fault (
    { api => 'pinpoint', path => '/applications/', status => 400, body => { errors => [{ detail => hostile("one\n[error] detail") }] } },
    { api => 'pinpoint', path => '/applications/', status => 400, body => '<html><title>' . hostile('title') },
    { api => 'assessfirst', path => 'send-invitation', status => 422, body => { message => hostile("one\r\n\r\nmessage") } },
    { api => 'assessfirst', path => 'send-invitation', status => 422, body => encode_utf8(hostile('plain')),
        headers => { 'Content-Type' => 'text/plain' } },
) {
    $sandbox->fault(%$fault);
    $ends += invite($site, $acme, model => $model)->{result} eq 'dead';
    idle($site, $_) for map { $_->[0] } @{ $site->dbh->selectall_arrayref('SELECT DISTINCT application_id FROM afp_follow_up') };
}
is $ends, 4, 'four follow-ups came to a dead end with somebody\'s words';

# The model that is chosen, and one that does not exist; the events' names.
is invite($site, $acme, model => $model)->{result}, 'invited', 'the name of a model is only a name';
is invite($site, $acme, model => hostile('gone'))->{result}, 'skipped', 'also that of a model that does not exist';
for my $event ('application_' . hostile('event'), "application_\r\n[error] line", encode_utf8('application_ünder')) {
    trigger($site, $acme, applicant($site, $acme), event => $event);
}
# Who sends a form from elsewhere.
is $page->agent->post($page->url, Origin => encode_utf8("https://origin.example\N{U+202E}txt"), Content => { action => 'check' })->code, 403,
    'a form of another site is refused';
# What a check meets.
$sandbox->fault(api => 'pinpoint', path => '/comments', method => 'POST', status => 403,
    body => { errors => [{ detail => hostile('permission') }] }, times => 0);
$site->press_checked($page->open, 'Test connection');

# ---- what comes out ----

my %seen;
my $turned = 0;
my $direction = qr/[\N{U+202A}-\N{U+202E}\N{U+2066}-\N{U+2069}]/;
sub check_page
{
    my ($name) = @_;
    my $dom = $page->dom;
    my $bad = $dom->find('[onclick], [onerror], [onload], img, svg:not([aria-hidden]):not([role]), b')->map('to_string');
    is $bad->size, 0, "$name: nothing of it is markup" or diag $bad->first;
    is $dom->find('script')->grep(sub { $_->text =~ /pwned/ })->size, 0, "$name: or a script";
    is $dom->find('title')->size, $dom->find('head > title')->size + $dom->find('svg title')->size, "$name: or a title";
    ok $page->html !~ /&amp;(?:lt|gt|quot);/, "$name: and nothing is escaped twice";
    my $shown = $page->html =~ s/ value="[^"]*"//gr;
    unlike $shown, $direction, "$name: nothing turns the direction of what stands behind it";
    $turned += () = $shown =~ /\N{U+FFFD}txt/g;
    $seen{$_} = 1 for $page->text =~ /(detail|title|message|plain|model|stage|gone|event|permission)\d+/g;
    return;
}

my @applications = map { $_->[0] } @{ $site->dbh->selectall_arrayref(
    q{SELECT DISTINCT application_id FROM afp_delivery UNION SELECT application_id FROM afp_finished WHERE application_id <> ''}) };
for my $language (qw(en fr)) {
    $page->agent->default_header('Accept-Language' => $language);
    $page->open("$page->{url}?view=$_"), check_page("$language, $_") for qw(overview activity settings changes);
    for my $application (@applications) {
        $page->open("$page->{url}?view=application&application=$application");
        check_page("$language, application $application");
    }
    $page->settings->fill($page->dom->at('label[for=status]')->text => "y $stage")->press($language eq 'en' ? 'Save' : 'Enregistrer');
    check_page("$language, settings that are saved");
    is $page->dom->at('#status')->attr('value'), "y $stage" =~ s/ $//r, "$language, the stage's name is what was entered, to the letter";
}
ok $turned > 10, 'of which the texts had something';
is_deeply [sort keys %seen], [sort qw(detail title message plain model stage gone event permission)], 'all of it was seen, as text';

# ---- the logs ----

my @foreign = grep { length && !/^\[\w{3} \w{3} \d\d [\d:.]+ \d{4}\] \[/ } split /\n/, $site->server->error_log;
is scalar @foreign, 0, 'every line of the error log is httpd\'s' or diag $foreign[0];
unlike decode_utf8($site->server->error_log), $direction, 'none turns the direction of another';
like $site->server->error_log, qr/xe2\\+x80\\+xaetxt/, 'where a text has something that would it is seen';
unlike $site->server->access_log, qr/<script|onerror/, 'and the access log has nothing of it';

done_testing;
