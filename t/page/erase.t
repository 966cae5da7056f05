# Erasing a candidate's data, on the page; and that nothing brings it back.
# matrix: mpm database

use strict;
use utf8;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use MIME::Base64 qw(encode_base64);
use Test::More;

use AFP::Results;
use AFP::Wire;

my $site = invite_site();
my $acme = connected($site, 'acme');
my $page = $site->page('acme');

my @tables = qw(afp_delivery afp_follow_up afp_finished afp_invitation afp_assessment afp_written afp_comment afp_attempt);

sub held
{
    my ($id) = @_;
    my $rows = 0;
    $rows += $site->rows($_, 'application_id = ?', $id) for @tables;
    return $rows;
}

sub erase
{
    my (%by) = @_;
    my ($id) = values %by;
    $page->settings->fill(%by)->press('Erase');
    return $page->fill("Type $id to confirm" => $id)->press('Erase a candidate’s data');
}

my $by_application = 'Application id in Pinpoint';
my $by_candidate = 'or the candidate’s id at AssessFirst';

my $ada = invited($site, $acme);
my $bob = invited($site, $acme);
my $eve = invited($site, $acme, email => $bob->{email});
ok held($ada->{id}) >= 5, 'much is held of a candidate';
my $sent = () = posts($site, $acme);

# ---- asking ----

$page->settings->press('Erase');
is $page->code, 422, 'nobody is nobody';
like $page->text, qr/Nothing was erased Please correct.*Enter one of the two ids/, 'which the page says';
$page->settings->fill($by_application => 'ada', $by_candidate => '')->press('Erase');
like $page->text, qr/An application.s id has digits only/, 'a word is no application';
is $page->value($by_application), 'ada', 'what was typed is kept';
$page->settings->fill($by_application => '1', $by_candidate => '2')->press('Erase');
like $page->text, qr/Enter one of the two ids/, 'two are one too many';

$page->settings->fill($by_application => " $ada->{id} ")->press('Erase');
is $page->code, 200, 'to erase asks first';
like $page->text, qr/This erases what is held here of application $ada->{id}\. It cannot be undone/, 'and says what it means';
$page->fill("Type $ada->{id} to confirm" => "$ada->{id}0")->press('Erase a candidate’s data');
is $page->code, 422, 'what was mistyped';
like $page->dom->at('title')->text, qr/^Error: Erase/, 'is told in the title';
my $mistakes = $page->dom->at('[role="alert"][autofocus]');
is $mistakes->at('a')->attr('href'), '#typed', 'and on top, with the way to the field';
like $mistakes->all_text, qr/Type $ada->{id} to confirm: /, 'by its name';
ok !exists $page->dom->at('#typed')->attr->{autofocus}, 'the summary has the focus';
like $page->text, qr/Type exactly what is asked for/, 'and erases nothing';
is held($bob->{id}), held($ada->{id}), 'so far';
$page->fill("Type $ada->{id} to confirm" => $ada->{id})->press('Erase a candidate’s data');
is $page->posted->code, 303, 'then it is done';
like $page->text, qr/The candidate.s data was erased/, 'and said';

# ---- what is gone ----

is held($ada->{id}), 0, 'nothing that is held names the application';
ok held($bob->{id}) >= 5, 'of others nothing is missing';
unlike $page->open->text, qr/$ada->{id}/, 'the page does not name it any more';
like $page->open("$page->{url}?view=application&application=$ada->{id}")->text, qr/The data of this application was erased here/,
    'who asks for the application is told that its data was erased';
like $page->open("$page->{url}?view=changes")->text, qr/A candidate.s data erased \(1 application\)/, 'who erased when is told';
unlike $page->text, qr/$ada->{id}/, 'but not whose data';

# ---- by mistake ----

$page->settings->fill($by_application => '471')->press('Erase');
like $page->text, qr/Nothing is held here of application 471: is the number right\?/, 'a number that means nobody is asked about';
$page->fill('Type 471 to confirm' => '471')->press('Erase a candidate’s data');
like $page->text, qr/Nothing was erased: nothing was held of this application\. A later webhook of it will be kept away/,
    'who goes on is not told that data was erased';
like $page->open("$page->{url}?view=application&application=471")->text, qr/The data of this application was erased here/, 'it is kept away';
like $page->open("$page->{url}?view=changes")->text, qr/An application is kept away of which nothing was held/, 'which the changes tell';
$page->agent->default_header('Accept-Language' => 'fr');
like $page->open("$page->{url}?view=changes")->text, qr/Une candidature dont rien n’était conservé est désormais écartée/, 'in French as well';
$page->agent->default_header('Accept-Language' => 'en');
my $abe = invited($site, $acme);
like $page->open("$page->{url}?view=application&application=00$abe->{id}")->text, qr/Application $abe->{id} /, 'zeros in front mean nothing';
$page->settings->fill($by_application => "00$abe->{id}")->press('Erase');
like $page->text, qr/This erases what is held here of application $abe->{id}\./, 'here neither';
$page->fill("Type $abe->{id} to confirm" => $abe->{id})->press('Erase a candidate’s data');
like $page->text, qr/The candidate.s data was erased/, 'so that it is erased';
is held($abe->{id}), 0, 'all of it';
$sent = () = posts($site, $acme);

# ---- what stays away ----

my $answer = $site->deliver($acme, AFP::Site::body($acme, $ada->{id}, job_id => $ada->{job_id}, triggered_at => 1_700_000_001));
like $answer->code, qr/^20[02]$/, 'a later webhook of the application is acknowledged';
$site->sandbox->webhook(url => $acme->{url}, secret => $acme->{secret}, event => 'application_stage_changed', application_id => $ada->{id});
is idle($site, $ada->{id}), 1, 'it is worked off';
is held($ada->{id}), 0, 'nothing came back';
trigger($site, $acme, { id => $ada->{id}, job_id => $ada->{job_id} });
idle($site, $ada->{id});
is held($ada->{id}), 0, 'however often it comes';
is scalar(() = posts($site, $acme)), $sent, 'and nobody was invited';
$site->server->renew;
trigger($site, $acme, { id => $ada->{id}, job_id => $ada->{job_id} });
idle($site, $ada->{id});
is held($ada->{id}) + posts($site, $acme), $sent, 'new children know it, too';

# ---- by AssessFirst's id ----

my ($candidate_id) = $site->dbh->selectrow_array('SELECT candidate_id FROM afp_invitation WHERE application_id = ?', undef, $bob->{id});
ok $candidate_id, 'AssessFirst has an id of the candidate';
$page->settings->fill($by_candidate => $candidate_id)->press('Erase');
like $page->text, qr/of application (?:$bob->{id}, $eve->{id}|$eve->{id}, $bob->{id})\./, 'by which all applications are found';
$page->fill("Type $candidate_id to confirm" => $candidate_id)->press('Erase a candidate’s data');
is held($bob->{id}) + held($eve->{id}), 0, 'all of them are erased';
$page->settings->fill($by_candidate => 'somebody-else')->press('Erase');
like $page->text, qr/Nothing was erased: no invitation here bears this AssessFirst id/, 'an unknown one erases nobody';

# ---- while it runs ----

my $slow = candidate($site, $acme);
$site->sandbox->fault(api => 'assessfirst', path => '/candidate/send-invitation', delay => 6, times => 1);
trigger($site, $acme, { id => $slow->{id}, job_id => $slow->{job_id} });
ok wait_until(sub { $site->rows('afp_invitation', q{application_id = ? AND state = 'sending'}, $slow->{id}) }, 10),
    'an invitation is under way';
erase($by_application => $slow->{id});
is held($slow->{id}), 0, 'it is erased at once';
ok wait_until(sub { $site->server->error_log =~ /AFP0310: tenant $acme->{uuid}: follow-up \w+ \(invite\) lost its lease/ }, 20),
    'its end is too late';
is scalar(() = posts($site, $acme)), $sent + 1, 'although AssessFirst took the invitation';
is held($slow->{id}), 0, 'and writes nothing back';
is $site->rows('afp_erased'), 6, 'six applications stay away for good';

# ---- when the key of the site is lost ----

my $lost = qr/Whose data was erased can no longer be told here/;
$site->server->expect_log(qr/AFP0110/);
$site->server->expect_log(qr/AFP0170/);
$site->server->write_file('secret.keys', 'other:' . encode_base64('y' x 32, '') . "\n", 0600);
$site->server->renew;
$page->settings->fill('API key' => $acme->{key}, 'Webhook secret signature' => $acme->{secret}, 'AssessFirst API token' => $acme->{token})
    ->press('Save');
like $page->open->text, qr/State: Needs attention $lost/, 'secrets can be entered once more, whom to keep away cannot';
is $page->dom->at('.state a.main'), undef, 'which is not for the administrator to repair';
is $page->settings->fill($by_application => $ada->{id})->press('Erase')->code, 422, 'nothing is erased';
like $page->text, qr/Nothing was erased $lost/, 'and why is said';
$sent = () = posts($site, $acme);
is $site->deliver($acme, AFP::Site::body($acme, $ada->{id}, job_id => $ada->{job_id}, triggered_at => 1_700_000_002))->code, 202,
    'a webhook of somebody who was erased is taken';
ok wait_until(sub { (($site->open_follow_ups($ada->{id}))[0] // {})->{reason} =~ /^Whether this candidate's data was erased cannot be read/ }, 15),
    'and waits';
$site->server->write_file('secret.keys', 'other:' . encode_base64('y' x 32, '') . "\n$site->{keys}\n", 0600);
$site->server->renew;
unlike $page->open->text, $lost, 'until the former key is there again';
make_due($site, 'application_id = ?', $ada->{id});
is idle($site, $ada->{id}), 1, 'then it is worked off';
is held($ada->{id}), 0, 'nothing came back';
is scalar(() = posts($site, $acme)), $sent, 'and nobody was invited';

# ---- when the company has left ----

my $ida = invited($site, $acme);
$page->settings->press('Disconnect')->press('Disconnect');
like $page->text, qr/State: Disconnected/, 'a company that has left';
$page->open->fill($by_application => 'ida')->press('Erase');
is $page->code, 422, 'is told its mistakes';
$page->open->fill($by_application => $ida->{id})->press('Erase');
$page->fill("Type $ida->{id} to confirm" => $ida->{id})->press('Erase a candidate’s data');
like $page->text, qr/The candidate.s data was erased/, 'can still erase';
is held($ida->{id}), 0, 'nothing is held any more';
$page->open->press('Generate a token');
ok $page->field($by_application), 'and also when it begins anew';

done_testing;
