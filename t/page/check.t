# Checks that tell the truth: permissions one by one, a key that is refused, stages that do not exist,
# and which box to tick in Pinpoint.
# matrix: mpm database alone

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', status => 'Phone Screen');
my $page = $site->page('acme');

# The table of permissions beside the settings, as { permission => result }.
my $table = $site->page('acme');
sub permissions
{
    return { map { $_->at('th')->text => $_->at('.result')->all_text =~ s/^\s+|\s+$//gr }
        $table->settings->dom->find('section[aria-labelledby="permissions"] tbody tr')->each };
}

my @all = ('Job: Read', 'Application: Read', 'Custom Field: Read', 'Custom Attributes: Read', 'Comment: Read',
    'Custom Attributes: Write', 'Comment: Write', 'Custom Field: Write', 'Custom Field: Delete');

# Each waits for what the checks find.
sub test { my ($view) = @_; return $site->press_checked($view // $page, 'Test connection') }
sub save { return $site->press_checked($page, 'Save') }

# ---- permissions ----

{
    my $before = $sandbox->look(custom_field => key => $acme->{key});
    $sandbox->clear_calls;
    test($page->open);
    is $page->posted->code, 303, 'a test of the connection redirects';
    like $page->text, qr/The connection works\. State: Waiting for your first event/, 'and the page knows its end';
    is_deeply permissions(), { map { $_ => 'Given' } @all }, 'every permission is there, and given';
    like $page->text, qr/Tried \d+ s ago, without leaving anything behind/, 'with the time';
    my @made = grep { $_->{method} ne 'GET' && $_->{status} =~ /^2/ } $sandbox->calls(api => 'pinpoint');
    is scalar @made, 0, 'nothing was written in Pinpoint';
    is_deeply $sandbox->look(custom_field => key => $acme->{key}), $before, 'and its fields are as they were';

    $sandbox->company(key => $acme->{key}, deny => { comments => 'write', custom_fields => 'delete' });
    test();
    like $page->text, qr/Something does not work yet/, 'a missing permission is told at once';
    my %given = (%{ permissions() });
    is_deeply [grep { $given{$_} ne 'Given' } @all], ['Comment: Write', 'Custom Field: Delete'], 'by name';
    is $given{'Comment: Write'}, 'Missing', 'as missing';
    is $given{'Custom Field: Delete'}, 'Not needed', 'unless the integration does without it';
    unlike $page->text, qr/Custom Field: Delete\)/, 'which is not asked for';
    like $page->text, qr/Pinpoint answered 403: .*write permission for Comment/, 'with Pinpoint\'s own words';
    like $page->text, qr/tick for this key what is missing/, 'and what to do';

    $sandbox->company(key => $acme->{key}, deny => {});
    test();
    like $page->text, qr/The connection works/, 'once it is given the connection works';
    is_deeply permissions(), { map { $_ => 'Given' } @all }, 'with all permissions';
}

# ---- what is not needed ----

{
    $sandbox->company(key => $acme->{key}, deny => { custom_fields => 'delete' });
    test();
    like $page->text, qr/The connection works/, 'a key that cannot delete works';
    like $page->text, qr/State: Waiting for your first event/, 'and needs no attention';
    like $page->text, qr/Everything that is needed\./, 'which the page says';
    unlike $page->text, qr/what is missing/, 'without asking for more';

    my $comment = 'A comment when the assessment is complete';
    $sandbox->company(key => $acme->{key}, deny => { comments => 'all' });
    $page->settings->fill($comment => 0)->press('Save');
    test($page->open);
    like $page->text, qr/The connection works/, 'nor are comments needed where none is wanted';
    is permissions()->{$_}, 'Not needed', "$_ is told so" for 'Comment: Read', 'Comment: Write';
    like $page->text, qr/Everything that is needed\./, 'and is no fault';
    $table->agent->default_header('Accept-Language' => 'fr');
    is permissions()->{'Comment: Read'}, 'Non requise', 'in French, too';
    $table->agent->default_header('Accept-Language' => 'en');
    $page->settings->fill($comment => 1)->press('Save');
    test($page->open);
    like $page->text, qr/Something does not work yet/, 'where one is wanted it is a fault';
    is permissions()->{'Comment: Write'}, 'Missing', 'and told as one';
    $sandbox->company(key => $acme->{key}, deny => {});
    test();
}

# ---- of which key, and when it is renewed ----

{
    my $all_given = { map { $_ => 'Given' } @all };
    $page->settings->press('Generate a new token')->press('Generate a new token');
    is_deeply permissions(), $all_given, 'a new API token changes nothing of what the API key may do';
    $page->settings->press('Revoke the token')->press('Revoke the token');
    is_deeply permissions(), $all_given, 'nor does revoking it';
    $page->settings->press('Pause')->press('Pause');
    is_deeply permissions(), $all_given, 'nor does a pause';
    my $place = $page->open->dom->at('#permissions-card');
    ok exists $place->attr->{'data-live'}, 'it is renewed with the state above it';
    like $page->text, qr/Everything that is needed\. Tried .* ago, without/, 'in short, if nothing is missing';
    is $place->at('a')->attr('href'), '/marketplace/pinpoint?view=settings#permissions', 'with the way to the table';
    $page->settings->fill('API key' => 'another-key-of-acme')->press('Save');
    is_deeply permissions(), {}, 'of another key nothing is known until it was tried';
    $place = $page->open->dom->at('#permissions-card');
    ok $place && exists $place->attr->{'data-live'} && exists $place->attr->{hidden}, 'there is a place for what will be found';
    $page->settings->fill('API key' => $acme->{key})->press('Save');
    $page->open->press('Resume')->press('Resume');
    test($page->open);
    is_deeply permissions(), $all_given, 'which is there then';
    ok $table->dom->at('.grants caption time'), 'with a time that is marked as one';
}

# ---- a key that is refused ----

{
    $page->settings->fill('API key' => 'a-key-that-nobody-knows', 'Status' => 'Interview');
    save();
    is $page->posted->code, 303, 'a key that Pinpoint refuses is saved';
    like $page->text, qr/Saved, but Pinpoint does not accept the API key/, 'and the page says so at once';
    like $page->text, qr/Pinpoint answered 401: Invalid API key/, 'with Pinpoint\'s words';
    is $page->value('Status'), 'Interview', 'nothing of what was typed is lost';
    like $page->settings->text, qr/API key .*?Stored: fingerprint \w+, set on .*? Not used yet\./, 'the new key was not used yet';
    $page->open;
    like $page->text, qr/State: Needs attention/, 'the connection needs attention';
    is_deeply permissions(), {}, 'what the former key may do is not shown';
    $page->settings->fill('API key' => $acme->{key}, 'Status' => 'Phone Screen');
    save();
    unlike $page->text, qr/does not accept/, 'a key that works is saved without a word';
    like $page->settings->text, qr/API key .*?Stored: fingerprint \w+, set on .*? Last used \d+ s ago\./, 'and was used';
    like $page->open->text, qr/State: Waiting for your first event/, 'nothing needs attention any more';
}

# ---- one of the two that takes its time ----

{
    $sandbox->fault(api => 'assessfirst', delay => 8, times => 0);
    $page->settings->fill('API key' => 'a-key-that-nobody-knows', 'AssessFirst API token' => $acme->{token});
    save();
    like $page->text, qr/Saved, but Pinpoint does not accept the API key/, 'a refused key is told while AssessFirst has not answered';
    ok $site->rows('afp_follow_up', q{kind = 'check-assessfirst' AND state = 'leased'}), 'which it has not';
    $sandbox->clear_faults;
    $sandbox->fault(api => 'pinpoint', delay => 8, times => 0);
    $page->settings->fill('API key' => $acme->{key})->press('Save');
    like $page->text, qr/Saved\. The check is still running/, 'what is not known in time is not told as a success';
    $sandbox->clear_faults;
    ok wait_until(sub { $page->open->text =~ /State: Waiting for your first event/ }, 20), 'and shows later';
}

# ---- the token of AssessFirst ----

{
    $page->settings->fill('AssessFirst API token' => 'a-token-that-nobody-knows')->press('Save');
    test($page->open);
    like $page->text, qr/Something does not work yet/, 'a token that AssessFirst refuses is told, too';
    like $page->text, qr/AssessFirst Refused: AssessFirst answered 401/, 'and whose it is';
    $page->settings->fill('AssessFirst API token' => $acme->{token})->press('Save');
    test($page->open);
    like $page->text, qr/The connection works/, 'the right one works';
}

# ---- stages ----

{
    $sandbox->job(key => $acme->{key});
    $sandbox->job(key => $acme->{key}, visibility => 'confidential', stages => ['Applied', 'Secret <b>"Lab"</b> Day']);
    test();
    my @offered = $page->settings->dom->find('#stages option')->map(attr => 'value')->each;
    is $page->dom->at('#status')->attr('list'), 'stages', 'the stages that exist are suggested';
    ok +(grep { $_ eq 'Phone Screen' } @offered), 'by name';
    ok +(grep { $_ eq 'Secret <b>"Lab"</b> Day' } @offered), 'those of confidential jobs too, whatever they are called';
    is scalar(grep { $_ eq 'Applied' } @offered), 1, 'each once';

    for my $case (['Phone Scren', 'Phone Screen'], ['phone  screen', 'Phone Screen'], ['Secret <b>Lab</b> Day', 'Secret <b>"Lab"</b> Day']) {
        my ($status, $nearest) = @$case;
        $page->settings->fill('Status' => $status);
        save();
        like $page->text, qr/Saved\./, "the status \"$status\" can be saved";
        my $name = join ' ', split ' ', $status; # as a person sees it
        like $page->dom->at('#status')->parent->all_text, qr/Did you mean \Q$nearest\E\?/, 'with a word at the field';
        my ($note) = map { $page->dom->at("#$_") } grep { /stage/ } split ' ', $page->dom->at('#status')->attr('aria-describedby');
        like $note && $note->all_text, qr/Did you mean/, 'which is described by it';
        like $page->open->text, qr/no stage of your latest jobs in Pinpoint is named \Q$name\E, so nobody is invited/, 'that no stage bears it is told';
        like $page->text, qr/Did you mean \Q$nearest\E\?/, 'with the nearest one';
    }
    unlike $page->html, qr/<b>/, 'and nothing of Pinpoint\'s is markup here';
    $page->settings->fill('Status' => 'Phone Screen');
    save();
    unlike $page->dom->at('#status')->attr('aria-describedby'), qr/stage/, 'nothing is described by a note that is not there';
    unlike $page->open->text, qr/no stage of your latest jobs in Pinpoint is named/, 'a name that a stage bears is no reason for a word';

    my $claim = qr/no stage of your latest jobs in Pinpoint is named|Did you mean/;
    $sandbox->fault(api => 'pinpoint', path => '/jobs', query => 'include=stages', status => 500, times => 0);
    $page->settings->fill('Status' => 'Phone Scren');
    save();
    like $page->text, qr/Saved\./, 'a status can be saved when the stages cannot be looked up';
    unlike $page->text, $claim, 'which proves nothing of it';
    ok $page->dom->at('#stages option'), 'those of before are still suggested';
    unlike $page->open->text, $claim, 'nor does the overview say anything';
    $page->settings->fill('Tenant ID and subdomain' => 'acme-2');
    save();
    ok !$page->dom->at('#stages option'), 'but not those of another Pinpoint';
    $sandbox->clear_faults;
    $page->settings->fill('Tenant ID and subdomain' => 'acme');
    save();
    like $page->text, qr/Did you mean Phone Screen\?/, 'once they can be looked up again it is told';

    $sandbox->fault(api => 'pinpoint', path => '/jobs', status => 500, times => 0);
    $page->settings->fill('Status' => 'Interview');
    save();
    like $page->text, qr/Saved/, 'when Pinpoint cannot be asked the status can be saved';
    is $page->settings->value('Status'), 'Interview', 'as it was entered';
    $sandbox->clear_faults;
}

# ---- which box to tick ----

{
    my $notice = qr/tick Application stage changed instead/;
    unlike $page->open->text, $notice, 'nothing is advised before something has arrived';
    trigger($site, $acme, applicant($site, $acme), event => 'application_created');
    like $page->open->text, qr/Pinpoint sends New application only, but .* at the stage Interview\./, 'the wrong box is told';
    like $page->text, $notice, 'with the right one';
    $page->settings->fill('Status' => '')->press('Save');
    unlike $page->open->text, $notice, 'a changed setting counts at once';
    $page->settings->fill('Status' => 'Interview')->press('Save');
    trigger($site, $acme, applicant($site, $acme), event => 'application_stage_changed');
    unlike $page->open->text, $notice, 'and so does the event that was waited for';
}

done_testing;
