# A company connects in a real browser: from the token to the first webhook, with an error on the way.
# matrix: unsanitized

use strict;
use utf8;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Browser;
use AFP::Invite;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

my $site = AFP::Site->new(ports => ['domain'], config => $AFP::Invite::retry, outside => <<'CONF')->start;
<VirtualHost 127.0.0.1:@PORT_domain@>
    ServerName domain.example
    PinpointSite domain.example
    PinpointWebhookURL https://domain.example/integrations/webhook/pinpoint
    PinpointPageOrigin http://127.0.0.1:@PORT_domain@
    PinpointAPI https://{subdomain}.pinpointhq.com/api/v1
</VirtualHost>
CONF

# What each step says of itself.
sub steps { my ($visit) = @_; return map { $_->at('summary .tag')->all_text =~ s/^\s+|\s+$//gr } $visit->dom->find('.steps > li')->each }

for my $visit (AFP::Browser->visits($site)) {
    my $name = $visit->name;
    my $acme = { company => $name, secret => "signing-secret-of-$name", status => 'Phone Screen', key => "pinpoint-key-of-$name",
        token => "assessfirst-token-of-$name" };
    $site->sandbox->company(key => $acme->{key});
    $site->sandbox->account(token => $acme->{token}, limit => 100, models => ['Sales Executive', 'Developer']);
    my ($done, $to_do) = map { $visit->words($_) } 'AFP_WORDS_DONE', 'To do';

    # ---- a token ----

    $visit->open;
    like $visit->text, $visit->pattern('State: %s', 'Not connected'), "$name: nothing is connected";
    cmp_ok $visit->check('not-connected'), '<', 30_000, "$name: the first page is small, with all that it loads";
    $visit->press('Generate a token');
    my ($token) = $visit->text =~ /(afp_[0-9a-f]{64})/;
    ok $token, "$name: the API token is shown";
    $visit->check('generated');
    if ($visit->has_scripts) {
        $visit->click('Copy', shows => ['button', 'Copied']);
        is $visit->clipboard, $token, "$name: and can be copied";
    } else {
        ok !$visit->has(button => 'Copy'), "$name: and can be marked, where no script copies it";
    }

    # ---- an error ----

    $visit->reload;
    unlike $visit->text, qr/\Q$token\E/, "$name: the token is shown once";
    $visit->fill('Tenant ID and subdomain' => '127.0.0.1', 'API key' => $acme->{key}, 'Status' => 'Phone Scren')
        ->press('Save');
    is $visit->status, 422, "$name: what is wrong is refused";
    my $focus = $visit->focused;
    is $focus->{tag}, 'div', "$name: the summary of what is wrong has the focus";
    ok $focus->{is_in_view}, "$name: and is in view";
    $visit->check('errors');
    my @links = map { $_->attr('href') } $visit->dom->find('[role="alert"] li a')->each;
    is_deeply \@links, ['#subdomain', '#signing_secret', '#assessfirst_token'], "$name: it leads to each field";
    $visit->keys('Tab', 'Enter');
    is $visit->focused->{id}, 'subdomain', "$name: where one may go on to write";
    is $visit->value('Tenant ID and subdomain'), '127.0.0.1', "$name: what was written is kept";
    is $visit->value('Status'), 'Phone Scren', "$name: in every field";

    # ---- a draft ----

    $visit->fill('Tenant ID and subdomain' => 'acme')->press('Save and finish later');
    like $visit->text, $visit->pattern('Saved. Come back whenever you like: the connection begins when the settings are complete.'), "$name: a draft can be saved";
    is_deeply [steps($visit)], [$done, ($to_do) x 3], "$name: the first step is done";
    $visit->check('draft');

    # ---- connected ----

    $visit->fill('Webhook secret signature' => $acme->{secret}, 'AssessFirst API token' => $acme->{token}, 'Status' => '')
        ->press('Save');
    like $visit->text, $visit->pattern('State: %s', 'Waiting for your first event'), "$name: then the company waits for its first event";
    is_deeply [steps($visit)], [($done) x 3, $to_do], "$name: three steps are done";
    ($acme->{uuid}) = $visit->text =~ /company_uuid=([0-9a-f]{32})/;
    $acme->{path} = "$AFP::Site::webhook_path?company_uuid=$acme->{uuid}";
    $acme->{url} = $site->server->url($acme->{path});
    checks_done($site, $acme);
    $visit->reload unless $visit->has_scripts;
    cmp_ok $visit->check('first-event'), '<', 30_000, "$name: and so is this one";

    # ---- the first webhook ----

    $acme->{status} = '';
    $visit->click('Copy', within => '#step-4', shows => ['button', 'Copied']) if $visit->has_scripts;
    wait_until(sub { $site->deliver($acme, AFP::Site::body($acme, 1))->code == 202 }, 10) or die 'the webhook was not taken';
    if ($visit->has_scripts) {
        $visit->await('#state', 'AFP_WORDS_STATE_CONNECTED');
        my @steps = steps($visit);
        like $steps[3], $visit->pattern('Received %a'), "$name: the last step is done by itself";
        is $visit->focused->{name}, $visit->words('Copy'), "$name: and who copied its address still has the focus there";
        is $visit->clipboard, "https://site.example$acme->{path}", "$name: and that address";
        $visit->check('arrived');
        $visit->open;
    } else {
        wait_until(sub { $visit->open->says('State: %s', 'AFP_WORDS_STATE_CONNECTED') }, 10);
    }
    like $visit->text, $visit->pattern('Last event received %a.'), "$name: the company is connected as soon as it arrives";
    $visit->check('connected');
}

# ---- where Pinpoint is known ----

for my $language ('en', 'fr') {
    my $visit = AFP::Browser->new($site, language => $language, port => 'domain');
    $visit->open->press('Generate a token');
    $visit->fill('Tenant ID and subdomain' => 'acme')->press('Save and finish later');
    my @links = map { $_->attr('href') } $visit->dom->find('.steps a[target]')->each;
    is_deeply [grep { $_ ne 'https://acme.pinpointhq.com/admin' } @links], [], "$language: the steps lead to Pinpoint";
    cmp_ok scalar @links, ">", 1, "$language: more than one of them";
    $visit->check('domain');
}

done_testing;
