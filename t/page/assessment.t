# Models, results and what is written to Pinpoint, on the page.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Results;

my $site = invite_site(config => 'PinpointSchedule results=100000');
my $sandbox = $site->sandbox;
my $server = $site->server;
my $page = $site->page('acme')->open;

sub stored { return $site->dbh->selectrow_hashref('SELECT * FROM afp_tenant WHERE company = ?', undef, $_[0] // 'acme') }
sub headings { return join ', ', map { $_->text } $page->dom->find('section h2')->each }

# The value that stands behind a name in the section with this heading.
sub says
{
    my ($name) = @_;
    my ($found) = grep { $_->text eq $name } $page->dom->find('dt')->each;
    return $found && $found->next->all_text =~ s/\s+/ /gr =~ s/^ | $//gr;
}

# Presses a button in the list, for this application.
sub press_row
{
    my ($candidate, $button) = @_;
    my @buttons = map { $_->attr('aria-label') // '' } grep { $_->all_text =~ /^\s*\Q$button\E\s*$/ }
        $page->open->dom->find('form button')->each;
    my ($nth) = grep { $buttons[$_] eq "$button: application $candidate->{id}" } 0 .. $#buttons;
    return $page->press($button, nth => $nth);
}

# Posts an action as a page that was left open would.
sub post_action
{
    my (%fields) = @_;
    my $token = $page->open->dom->at('input[name="token"]')->attr('value');
    is $page->agent->post($page->url, [token => $token, %fields])->code, 303, "$fields{action}: back to the page";
    return $page->open->text;
}

# ---- before there is anything ----

unlike headings(), qr/Predictive models|Results/, 'a page without a connection speaks of no models and results';
$page->press('Generate a token');
my @choices = ('AssessFirst status', 'AssessFirst score', 'AssessFirst SWIPE', 'AssessFirst DRIVE', 'AssessFirst BRAIN',
    'AssessFirst VOICE', 'AssessFirst results', 'A comment when the assessment is complete');
is_deeply [map { $_->all_text } $page->dom->find('.choice label')->each], \@choices, 'the form offers what is written to Pinpoint';
is $page->dom->find('.choice input[checked]')->size, 8, 'all of it is ticked';

my $acme = connected($site, 'acme');
$page->open;
like headings(), qr/Predictive models, Results/, 'a connected company has models and results';
is stored()->{choices}, 255, 'everything is written';

# ---- models ----

like says('Last synchronised'), qr/^\d+ \w+ \d{4}, \d\d:\d\d UTC$/, 'the page says when the models were synchronised';
is says('Models at AssessFirst'), 2, 'and how many there are';
$sandbox->account(token => $acme->{token}, models => ['Sales Executive', 'Developer', 'Nurse']);
sub synchronise { synchronised($site, $acme); return $page->press('Synchronise now') }
synchronise();
is $page->posted->code, 303, 'they can be synchronised now';
like $page->text, qr/The models are being synchronised/, 'and the page says so';
ok wait_until(sub { grep { $_ eq 'Nurse' } @{ model_field($site, $acme)->{options} } }, 15), 'a new model gets to the jobs';
ok wait_until(sub { $page->open; says('Models at AssessFirst') eq '3' }, 15), 'and to the page';

$server->expect_log(qr/AFP0333: tenant $acme->{uuid}: /);
$sandbox->account(token => $acme->{token}, models => ['Other']);
$sandbox->fault(api => 'pinpoint', method => 'PUT', path => '/custom_fields/', status => 422, times => 1,
    body => { errors => [{ status => '422', detail => 'Options <b>cannot</b> be "so" many' }] });
synchronise();
ok wait_until(sub { $page->open->text =~ /custom fields in Pinpoint are not as they should be/ }, 15), 'a refusal is shown';
like $page->text, qr{Options <b>cannot</b> be "so" many}, 'in Pinpoint\'s own words';
unlike $page->html, qr{<b>cannot}, 'which are escaped';
like $page->text, qr/could not be changed and are as they were/, 'with what it means';
synchronise();
ok wait_until(sub { $page->open->text !~ /custom fields in Pinpoint are not as they should be/ }, 15), 'until Pinpoint takes them';

# ---- results ----

$sandbox->account(token => $acme->{token}, models => ['Sales Executive', 'Developer']);
is says('Open assessments'), 0, 'there are no assessments yet';
ok !$page->has_button('Refresh all now'), 'and nothing to refresh';
synchronise();
synchronised($site, $acme);
my $ada = invited($site, $acme);
my $bob = invited($site, $acme);
$page->open;
is says('Open assessments'), 2, 'invitations are open';
is says('Completed'), 0, 'none is completed';
progress($site, $_) for $ada, $bob;
$page->press('Refresh all now');
is $page->posted->code, 303, 'all can be refreshed';
like $page->text, qr/Results are being read now/, 'and the page says so';
ok wait_until(sub { 2 == grep { (status_of($site, $_) // '') eq 'In progress 1/3' } $ada, $bob }, 15), 'all are read';
idle($site, $_->{id}) for $ada, $bob;

progress($site, $_, finish => 'all') for $ada, $bob;
my $polls = assessment($site, $bob)->{polls};
press_row($ada, 'Read the results');
like $page->text, qr/Results are being read now/, 'one can be refreshed';
ok wait_until(sub { (status_of($site, $ada) // '') eq 'Completed' }, 15), 'it is read';
idle($site, $ada->{id});
is assessment($site, $bob)->{polls}, $polls, 'the other one is not';
$page->open;
is says('Open assessments'), 1, 'one is open';
is says('Completed'), 1, 'one is completed';
press_row($ada, 'Read the results');
like $page->text, qr/Results are being read now/, 'a completed one can be read again';
ok wait_until(sub { !$site->open_follow_ups($ada->{id}) }, 15), 'to no effect';
is scalar(notes($site, $ada)), 1, 'and without another comment';

my $skipped = candidate($site, $acme, hired_at => 1);
trigger($site, $acme, { id => $skipped->{id}, job_id => $skipped->{job_id} });
my $finished = $site->finished($skipped->{id});
for my $id ($finished->{id}, '0' x 32, "' OR 1=1 --", '') {
    like post_action(action => 'refresh', id => $id), qr/Nothing was done/, "who was not invited cannot be refreshed: $id";
}

# ---- what failed ----

$server->allow_log(qr/AFP03\d\d: /);
my %failing = (
    'reading' => [api => 'assessfirst', path => "/candidate/"],
    'writing' => [api => 'pinpoint', method => 'PUT', path => '/applications/'],
);
for my $what (sort keys %failing) {
    my $candidate = invited($site, $acme);
    $sandbox->fault(@{ $failing{$what} }, status => 400, times => 0);
    $sandbox->fault(api => 'pinpoint', path => '/custom_attributes', method => 'POST', status => 400, times => 0);
    progress($site, $candidate);
    press_row($candidate, 'Read the results');
    my $failed = sub { $page->open->dom->find('table tbody tr')->grep(sub {
        $_->at('th')->all_text eq $candidate->{id} && $_->at('.result')->all_text =~ /^\s*Failed\s*$/ })->first };
    ok wait_until(sub { $failed->() }, 20), "$what fails for good, and the list shows it";
    ok $failed->()->at('button') && $failed->()->at('button')->text eq 'Try again', 'with a button';
    $sandbox->clear_faults;
    press_row($candidate, 'Try again');
    like $page->text, qr/It is being tried again/, 'that tries again';
    ok wait_until(sub { (status_of($site, $candidate) // '') eq 'In progress 1/3' }, 15), 'and succeeds';
    idle($site, $candidate->{id});
    ok !$failed->(), 'nothing failed any more';
}

my $address = quotemeta "https://site.example$AFP::Site::results_path/$acme->{uuid}/";
like $page->dom->at('#results_url')->text, qr/^$address[0-9a-f]{64}$/, 'the results address is shown';

# ---- what is written to Pinpoint ----

my %off = ('AssessFirst SWIPE' => 0, 'A comment when the assessment is complete' => 0);
$page->fill(%off, 'Tenant ID and subdomain' => 'not a subdomain')->press('Save');
is $page->code, 422, 'a form with a mistake';
is $page->dom->find('.choice input[name^="write_"][checked]')->size, 6, 'keeps its ticks';
is stored()->{choices}, 255, 'and changes nothing';
my $since = $site->dbh->selectrow_array('SELECT at FROM afp_synchronised WHERE company_uuid = ?', undef, $acme->{uuid});
$page->fill('Tenant ID and subdomain' => 'acme')->press('Save');
like $page->text, qr/Saved/, 'without the mistake it is saved';
is stored()->{choices}, 255 & ~(1 << 2) & ~(1 << 7), 'with the choices';
is $page->dom->find('.choice input[name^="write_"][checked]')->size, 6, 'which the page shows';
ok wait_until(sub { $site->dbh->selectrow_array('SELECT at FROM afp_synchronised WHERE company_uuid = ?', undef, $acme->{uuid}) > $since }, 15),
    'the models are synchronised again';
my $eve = invited($site, $acme);
progress($site, $eve, finish => 'all');
read_now($site, $eve);
my $profile = profile($site, $eve);
is $profile->{'AssessFirst status'}, 'Completed', 'a candidate who completes';
ok !exists $profile->{'AssessFirst SWIPE'}, 'without what is not ticked';
ok exists $profile->{'AssessFirst DRIVE'}, 'with what is';
is scalar(notes($site, $eve)), 0, 'and without a comment';

$page->open->fill(map { $_ => 0 } @choices)->press('Save');
is stored()->{choices}, 0, 'nothing at all may be chosen';
$page->fill(map { $_ => 1 } @choices)->press('Save');
is stored()->{choices}, 255, 'and everything again';

# ---- paused ----

checks_done($site, $acme);
$page->press('Pause')->press('Pause');
ok !$page->has_button($_), "a paused company has no button \"$_\"" for 'Synchronise now', 'Read the results', 'Refresh all now';
like post_action(action => 'synchronise'), qr/Nothing was done/, 'nor can it be had by a page left open';
like post_action(action => 'refresh-all'), qr/Nothing was done/, 'for all';
like post_action(action => 'refresh', id => $site->finished($ada->{id})->{id}), qr/Nothing was done/, 'or for one';
$page->press('Resume')->press('Resume');

# ---- disconnecting ----

$sandbox->custom_field(key => $acme->{key}, name => 'AssessFirst score of ours', resource_type => 'application', field_type => 'integer');
checks_done($site, $acme);
$page->open->press('Disconnect');
is $page->code, 200, 'who disconnects is asked';
my $label = $page->dom->at('.choice label')->all_text;
like $label, qr/Also delete the custom fields .*: /, 'whether the fields are to be deleted';
like $label, qr/AssessFirst predictive model \(on jobs\)/, 'that of the jobs is named';
like $label, qr/\b\Q$_\E\b/, "$_ is named" for @choices[0 .. 6];
unlike $label, qr/of ours/, 'a field that is not ours is not';
is $page->dom->find('.choice input[checked]')->size, 0, 'it is not ticked';
$page->fill('Also delete the custom fields' => 1)->press('Disconnect');
like $page->text, qr/The custom fields are being deleted/, 'the page says what happens';
like $page->text, qr/State: Disconnected/, 'the company is disconnected';
ok wait_until(sub { 1 == fields($site, $acme) }, 15), 'the fields go';
is((fields($site, $acme))[0]{name}, 'AssessFirst score of ours', 'those of others stay');
ok wait_until(sub { stored()->{api_key} eq '' }, 15), 'then the API key is erased';

my $beta = connected($site, 'beta');
$page = $site->page('beta')->open->press('Disconnect')->press('Disconnect');
like $page->text, qr/The API key and all secrets were erased/, 'without the tick';
is scalar(fields($site, $beta)), 8, 'all fields stay';
is stored('beta')->{api_key}, '', 'and the API key is erased at once';

my $gamma = { key => 'pinpoint-key-of-gamma' };
$sandbox->company(key => $gamma->{key});
for my $field (fields($site, $beta)) {
    $sandbox->custom_field(key => $gamma->{key}, map { $_ => $field->{$_} } grep { defined $field->{$_} } qw(name resource_type field_type options));
}
connected($site, 'gamma');
$page = $site->page('gamma')->open->press('Disconnect');
ok !$page->dom->at('.choice'), 'where all fields were there before, none is offered';

# ---- a site without a results location ----

$server->configure($server->{text} =~ s/^AssessFirstResultsURL.*\n//mr);
$server->renew;
$page = $site->page('gamma')->open;
like $page->text, qr/Open assessments/, 'a site without AssessFirstResultsURL shows results';
ok !$page->dom->at('#results_url'), 'but no address';

done_testing;
