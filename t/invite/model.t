# An application is invited with the model that its job says.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme',
    models => ['Sales Executive', 'Developer', "L\x{e9}ger \x{2013} Vendeur", 'Twin', 'Twin', 'Quoted "name"']);
my @models = @{ $sandbox->account(token => $acme->{token})->{models} };
my %uuid = map { $_->{name} => $_->{uuid} } @models;

sub last_invitation { return ($site->invitations($acme))[-1] }

subtest 'an application is invited with its job\'s predictive model' => sub {
    my $end = invite($site, $acme, email => 'ada.example@example.test', locale => 'fr');
    is $end->{result}, 'invited', 'the follow-up ends as invited';
    is $end->{reason}, 'Invited with model Sales Executive', 'and names the model';
    my @sent = $site->invitations($acme);
    is scalar @sent, 1, 'AssessFirst received one invitation';
    is $sent[0]{email}, 'ada.example@example.test', 'for the candidate\'s address';
    is $sent[0]{model}, $uuid{'Sales Executive'}, 'with the uuid of the model';
    is "$sent[0]{first_name} $sent[0]{last_name}", 'Ada Example', 'with the candidate\'s names';
    my $row = $site->invitation($end->{application_id});
    is $row->{state}, 'invited', 'the invitation is noted as invited';
    is $row->{occurrence}, 1, 'as the first one';
    is $row->{candidate_id}, $sent[0]{candidate_uuid}, 'with the candidate\'s id at AssessFirst';
    is $row->{model_uuid}, $uuid{'Sales Executive'}, 'and the model';
    is $row->{job_id}, $sandbox->look(application => key => $acme->{key}, id => $end->{application_id})->{job_id},
        'and the job';
    isnt $row->{delivery_id}, '', 'and the delivery that caused it';
    ok wait_until(sub { join(' ', map { $_->{kind} } $site->open_follow_ups($end->{application_id})) eq 'read-results' }, 10),
        'nothing but to read the results is left to do';
    my ($read) = reads($site, $acme, $end->{application_id});
    like $read->{query}, qr/include=job(?:,|%2C)stage/, 'job and stage are read with the application';
    like $read->{query}, qr/confidential/, 'of jobs of all visibilities';
};

subtest '"Don\'t use a predictive model" invites without the key of a model' => sub {
    for my $choice ("Don't use a predictive model", "Don\x{2019}t use a predictive model") {
        my $end = invite($site, $acme, model => $choice, email => 'no.model@example.test');
        is $end->{result}, 'invited', 'invited';
        is $end->{reason}, 'Invited with no predictive model', 'and says so';
        ok !(grep { /model/ } @{ last_invitation()->{keys} }), 'no key of a model is in the body';
        is $site->invitation($end->{application_id})->{model_uuid}, '', 'no model is noted';
    }
};

subtest 'a job on which nothing is selected invites nobody' => sub {
    $sandbox->clear_calls;
    my $end = invite($site, $acme, model => undef);
    is $end->{result}, 'skipped', 'skipped';
    like $end->{reason}, qr/Nothing is selected in "AssessFirst predictive model" on job \d+/, 'with the reason';
    is scalar $sandbox->calls(api => 'assessfirst'), 0, 'AssessFirst is not called at all';
    is $site->invitation($end->{application_id}), undef, 'no invitation is noted';
};

subtest 'a text that is no model of AssessFirst sends nothing' => sub {
    my $before = () = posts($site, $acme);
    my $end = invite($site, $acme, model => 'A model that went away');
    is $end->{result}, 'skipped', 'skipped';
    like $end->{reason}, qr/no predictive model named "A model that went away", which is selected on job \d+/,
        'the reason names what is selected';
    is scalar(posts($site, $acme)), $before, 'nothing was posted';
    is $site->invitation($end->{application_id}), undef, 'no invitation is noted';

    $end = invite($site, $acme, model => 'sales executive');
    is $end->{result}, 'skipped', 'upper and lower case count';
};

subtest 'a model made after the list was read is found' => sub {
    $sandbox->account(token => $acme->{token}, models => [@models, 'Brand new']);
    my $end = invite($site, $acme, model => 'Brand new');
    is $end->{result}, 'invited', 'invited without waiting for the cache';
    is $site->invitation($end->{application_id})->{model_name}, 'Brand new', 'with the new model';
};

subtest 'models of one name are told apart by their uuid' => sub {
    my ($first, $second) = grep { $_->{name} eq 'Twin' } @models;
    my $end = invite($site, $acme, model => 'Twin (' . substr($second->{uuid}, 0, 8) . ')');
    is $end->{result}, 'invited', 'the option with the beginning of a uuid invites';
    is last_invitation()->{model}, $second->{uuid}, 'with that model';
    my $before = () = posts($site, $acme);
    $end = invite($site, $acme, model => 'Twin');
    is $end->{result}, 'skipped', 'the bare name could be either: nothing is sent';
    is scalar(posts($site, $acme)), $before, 'really nothing';
};

subtest 'names in any language and with quotes survive the way' => sub {
    for my $name ("L\x{e9}ger \x{2013} Vendeur", 'Quoted "name"') {
        my $end = invite($site, $acme, model => $name, first_name => "Zo\x{eb} \"Z\"", last_name => "O'Example\\");
        is $end->{result}, 'invited', 'invited';
        is last_invitation()->{model}, $uuid{$name}, 'with the right model';
        is last_invitation()->{first_name}, "Zo\x{eb} \"Z\"", 'the first name is unchanged';
        is last_invitation()->{last_name}, "O'Example\\", 'and the last one';
    }
};

subtest 'the invitation\'s language follows the application' => sub {
    my %expected = ('de' => 'de-DE', 'en' => 'en-US', 'es' => 'es-ES', 'fr' => 'fr-FR', 'pt' => 'pt-PT',
        'pt-BR' => 'pt-BR', 'xx' => 'en-US');
    for my $locale (sort keys %expected) {
        invite($site, $acme, locale => $locale);
        is last_invitation()->{locale}, $expected{$locale}, "$locale becomes $expected{$locale}";
    }
    invite($site, $acme, locale => undef);
    is last_invitation()->{locale}, 'en-US', 'none becomes the tenant\'s own';
};

subtest 'the tenant\'s own language serves where the application says none' => sub {
    my $globex = connected($site, 'globex');
    $site->dbh->do('UPDATE afp_tenant SET locale = ?, generation = generation + 1000 WHERE company_uuid = ?',
        undef, 'fr-FR', $globex->{uuid});
    my $end = invite($site, $globex, locale => 'xx');
    is $end->{result}, 'invited', 'invited';
    is(($site->invitations($globex))[-1]{locale}, 'fr-FR', 'in the tenant\'s language');
};

done_testing;
