# The options of the jobs' field follow the company's models at AssessFirst.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Results;

my $none = "Don't use a predictive model";
my $site = invite_site();
my $sandbox = $site->sandbox;
my $number = 0;

# Goes on with another configuration; returns when no child of the former one is left.
sub reconfigure
{
    my ($config) = @_;
    $site->configure($config);
    $site->server->renew;
    return;
}

sub company { return connected($site, 'company' . ++$number, limit => 0, @_) }

sub models { my ($tenant, @models) = @_; return @{ $sandbox->account(token => $tenant->{token}, @models ? (models => \@models) : ())->{models} } }

sub options { my ($tenant) = @_; return model_field($site, $tenant)->{options} }

# What a text means: the uuid, by the stored map.
sub meaning
{
    my ($tenant, $text) = @_;
    return $site->dbh->selectrow_hashref('SELECT * FROM afp_option WHERE company_uuid = ? AND option_text = ?',
        undef, $tenant->{uuid}, $text);
}

# Waits until no synchronisation runs or is due.
sub at_rest
{
    my ($tenant) = @_;
    return wait_until(sub { !$site->rows('afp_follow_up', q{kind = 'synchronise' AND company_uuid = ?}
        . q{ AND (state = 'leased' OR (state = 'ready' AND due_at <= ?))}, $tenant->{uuid}, now_us()) }, 20);
}

subtest 'connecting a company makes the field' => sub {
    my $tenant = company();
    my $field = model_field($site, $tenant);
    is $field->{field_type}, 'single_select', 'a single select';
    is_deeply $field->{options}, [$none, 'Developer', 'Sales Executive'],
        'with the no-model choice first, then the models';
    is $field->{required} ? 1 : 0, 0, 'that nobody must fill in';
    my %uuid = map { $_->{name} => $_->{uuid} } models($tenant);
    is meaning($tenant, $_)->{model_uuid}, $uuid{$_}, "we know what \"$_\" means" for sort keys %uuid;
    my $created = $site->dbh->selectall_arrayref('SELECT * FROM afp_field WHERE company_uuid = ? AND created = 1',
        { Slice => {} }, $tenant->{uuid});
    is scalar @$created, 8, 'all fields are remembered as made by us';
    my ($row) = grep { $_->{resource_type} eq 'job' } @$created;
    is $row->{field_id}, $field->{id}, 'with their ids';
};

subtest 'nothing is written while nothing changes, and it never ends' => sub {
    my $tenant = company();
    my $since = $sandbox->last_call_number;
    for (1 .. 2) {
        my $outcome = synchronise_now($site, $tenant);
        is $outcome->{refused}, '', 'synchronised';
        is $outcome->{models}, 2, 'two models';
    }
    is_deeply [calls_of($site, $tenant, 'pinpoint', $since)], [('GET /custom_fields') x 2], 'one read at Pinpoint each';
    is_deeply [calls_of($site, $tenant, 'assessfirst', $since)], [('GET /predictive-models') x 2], 'and one at AssessFirst';
    my $row = $site->dbh->selectrow_hashref(q{SELECT * FROM afp_follow_up WHERE kind = 'synchronise' AND company_uuid = ?},
        undef, $tenant->{uuid});
    my $wait = $row->{due_at} - now_us();
    ok $wait > 880e6 && $wait < 1000e6, 'the next time is a quarter of an hour later' or diag $wait / 1e6;
    is $row->{attempts}, 0, 'without a try';
};

subtest 'the interval is the site\'s' => sub {
    reconfigure("$AFP::Invite::retry\n$AFP::Invite::timeout\nPinpointSchedule models=2");
    my $tenant = company();
    my $first = model_field($site, $tenant);
    models($tenant, 'Sales Executive', 'A third one');
    ok wait_until(sub { grep { $_ eq 'A third one' } @{ options($tenant) } }, 15), 'new models come by themselves';
    is model_field($site, $tenant)->{id}, $first->{id}, 'into the same field';
    reconfigure("$AFP::Invite::retry\n$AFP::Invite::timeout");
};

subtest 'a model that is renamed, added or taken away' => sub {
    my $tenant = company();
    my ($sales, $developer) = models($tenant);
    $sandbox->job(key => $tenant->{key}, model => 'Sales Executive');
    models($tenant, { %$sales, name => 'Sales and more' }, 'Brand new');
    is synchronise_now($site, $tenant)->{refused}, '', 'synchronised';
    is_deeply options($tenant), [$none, 'Brand new', 'Sales and more', 'Sales Executive'],
        'the new texts, and the former one that a job holds; not what nobody holds any more';
    is meaning($tenant, 'Sales Executive')->{model_uuid}, $sales->{uuid}, 'whose meaning stays';
    is meaning($tenant, 'Sales Executive')->{stale}, 1, 'marked stale';
    is meaning($tenant, 'Sales Executive')->{vanished}, 0, 'although its model lives';
    is meaning($tenant, 'Developer')->{vanished}, 1, 'and the one that went away is remembered';

    models($tenant, 'Brand new');
    synchronise_now($site, $tenant);
    is_deeply options($tenant), [$none, 'Brand new', 'Sales Executive'], 'a vanished model stays while a job holds it';
    is meaning($tenant, 'Sales Executive')->{vanished}, 1, 'marked as vanished';
    my ($job) = @{ $sandbox->look(job => key => $tenant->{key}) };
    $sandbox->job(key => $tenant->{key}, id => $job->{id}, model => 'Brand new');
    synchronise_now($site, $tenant);
    is_deeply options($tenant), [$none, 'Brand new'], 'and goes when no job holds it any more';
    models($tenant, 'Even newer');
    $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, method => 'GET', path => '/custom_attributes$', status => 500);
    synchronise_now($site, $tenant);
    is_deeply options($tenant), [$none, 'Even newer', 'Brand new'],
        'while it is not known what jobs hold, nothing goes, and what went before does not come back';
    models($tenant, $sales, 'Brand new');
    synchronise_now($site, $tenant);
    is_deeply options($tenant), [$none, 'Brand new', 'Sales Executive'], 'a model that returns has its text again';
};

subtest 'equal and over-long names become options that can be told apart' => sub {
    my $long = "L\x{e9}" x 200;
    my $tenant = company(models => ['Twin', 'Twin', $long, $none]);
    my @models = models($tenant);
    my @options = @{ options($tenant) };
    is scalar @options, 5, 'each has its own';
    my ($first, $second) = map { "Twin (" . substr($_->{uuid}, 0, 8) . ')' } @models[0, 1];
    is_deeply [sort grep { /^Twin/ } @options], [sort $first, $second], 'by the beginning of the uuid';
    my ($short) = grep { /^L\x{e9}/ } @options;
    like $short, qr/^(?:L\x{e9})+L?\x{2026}/, 'a long one is cut between characters';
    is meaning($tenant, $short)->{model_uuid}, $models[2]{uuid}, 'and we know what it means';
    my ($own) = grep { /^Don't.*\(/ } @options;
    is meaning($tenant, $own)->{model_uuid}, $models[3]{uuid}, 'a model that is called like the no-model choice as well';
    my $end = invite($site, $tenant, model => $own, email => 'own@example.test');
    is $site->invitation($end->{application_id})->{model_uuid}, $models[3]{uuid}, 'which invites with that model';
};

subtest 'options that somebody entered by hand stay while a job holds them' => sub {
    my $tenant = company();
    $sandbox->job(key => $tenant->{key}, model => 'By hand');
    my $field = model_field($site, $tenant);
    $sandbox->custom_field(key => $tenant->{key}, id => $field->{id}, options => [@{ $field->{options} }, 'Unused']);
    synchronise_now($site, $tenant);
    is_deeply options($tenant), [$none, 'Developer', 'Sales Executive', 'By hand'], 'the unused one goes';
    my $since = $sandbox->last_call_number;
    synchronise_now($site, $tenant);
    is_deeply [writes_of($site, $tenant, 'pinpoint', $since)], [], 'and that is that';
};

subtest 'a field that exists is found again, whoever made it' => sub {
    my $tenant = { company => 'found', key => 'key-of-found', token => 'token-of-found' };
    $sandbox->company(key => $tenant->{key});
    my $made = $sandbox->custom_field(key => $tenant->{key}, name => 'AssessFirst predictive model',
        resource_type => 'job', field_type => 'single_select', options => ['Of before'], sample_value => 'x');
    my $other = $sandbox->custom_field(key => $tenant->{key}, name => 'AssessFirst predictive model',
        resource_type => 'offer', field_type => 'varchar', sample_value => 'x');
    $tenant = connected($site, 'found', %$tenant);
    is scalar(fields($site, $tenant, resource_type => 'job')), 1, 'no second one is made';
    is_deeply options($tenant), [$none, 'Developer', 'Sales Executive'], 'its options are ours now';
    is_deeply [fields($site, $tenant, id => $other->{id})]->[0]{options}, [], 'one of another resource type is left alone';
    my $row = $site->dbh->selectrow_hashref(q{SELECT * FROM afp_field WHERE company_uuid = ? AND resource_type = 'job'},
        undef, $tenant->{uuid});
    is "$row->{field_id} $row->{created}", "$made->{id} 0", 'and it is not remembered as ours to delete';

    $sandbox->remove(custom_field => key => $tenant->{key}, id => $made->{id});
    synchronise_now($site, $tenant);
    isnt model_field($site, $tenant), undef, 'one that was deleted is made again';
    is $site->rows('afp_field', q{company_uuid = ? AND resource_type = 'job' AND created = 1}, $tenant->{uuid}), 1,
        'and that one is ours';
};

subtest 'a field that a run made stays ours when another run notes down its own meanwhile' => sub {
    my $tenant = company();
    my $job = q{company_uuid = ? AND resource_type = 'job'};
    my $former = model_field($site, $tenant)->{id};
    $sandbox->remove(custom_field => key => $tenant->{key}, id => $former);
    # The second list is the one after the field was made.
    $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, method => 'GET', path => '/custom_fields$', do => 'pass',
        delay => 6, query => 'page', skip => 1);
    make_due($site, q{company_uuid = ? AND kind = 'synchronise'}, $tenant->{uuid});
    ok wait_until(sub { $site->rows('afp_field', "$job AND field_id <> ?", $tenant->{uuid}, $former) }, 15), 'it is made';
    $site->dbh->do("UPDATE afp_field SET field_id = '999999999', created = 1 WHERE $job", undef, $tenant->{uuid});
    ok wait_until(sub { $site->rows('afp_field', "$job AND field_id <> '999999999'", $tenant->{uuid}) }, 15), 'it is settled';
    my $row = $site->dbh->selectrow_hashref("SELECT * FROM afp_field WHERE $job", undef, $tenant->{uuid});
    is "$row->{field_id} $row->{created}", model_field($site, $tenant)->{id} . ' 1', 'as ours';
};

subtest 'a field of a wrong type is left alone, and said' => sub {
    my $tenant = { key => 'key-of-wrong', token => 'token-of-wrong' };
    $sandbox->company(key => $tenant->{key});
    $sandbox->custom_field(key => $tenant->{key}, name => 'AssessFirst predictive model', resource_type => 'job',
        field_type => 'varchar', sample_value => 'x');
    $sandbox->custom_field(key => $tenant->{key}, name => 'AssessFirst score', resource_type => 'application',
        field_type => 'text', sample_value => 'x');
    $site->server->expect_log(qr/AFP0333.*exists in Pinpoint with the type varchar/);
    $tenant = connected($site, 'wrong', %$tenant);
    my $outcome = synchronise_now($site, $tenant);
    like $outcome->{refused}, qr/"AssessFirst predictive model" exists in Pinpoint with the type varchar.*"AssessFirst score" exists/s,
        'the page can say which';
    is model_field($site, $tenant)->{field_type}, 'varchar', 'nothing is changed';
    is scalar(fields($site, $tenant, resource_type => 'application')), 7, 'the others are there';
    is $site->rows('afp_option', 'company_uuid = ?', $tenant->{uuid}), 2, 'what the texts mean is known all the same';
};

subtest 'a field that Pinpoint does not let us make is said, and tried again' => sub {
    for my $status (422, 400) {
        my $tenant = { key => "key-of-unmade-$status", token => "token-of-unmade-$status" };
        $sandbox->company(key => $tenant->{key});
        $site->server->expect_log(qr/AFP0333.*"AssessFirst score" could not be made.*Too many fields \($status\)/);
        $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, method => 'POST', path => '/custom_fields$', skip => 2, status => $status,
            body => { errors => [{ status => "$status", detail => "Too many fields ($status)" }] });
        $tenant = connected($site, "unmade-$status", %$tenant);
        my $refused = $site->dbh->selectrow_array('SELECT refused FROM afp_synchronised WHERE company_uuid = ?', undef, $tenant->{uuid});
        like $refused, qr/"AssessFirst score" could not be made: .*Too many fields/, "$status: the page can say which";
        is scalar(fields($site, $tenant, resource_type => 'application')), 6, 'the others are there';
        is_deeply options($tenant), [$none, 'Developer', 'Sales Executive'], 'with the options';
        is synchronise_now($site, $tenant)->{refused}, '', 'next time it works';
        is scalar(fields($site, $tenant, resource_type => 'application')), 7, 'and the field is made';
    }
};

subtest 'a refusal leaves the former options, and is tried again' => sub {
    my $tenant = company();
    models($tenant, 'Refused one');
    $site->server->expect_log(qr/AFP0333.*Options are too many/);
    $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, method => 'PUT', path => '/custom_fields/', status => 422,
        body => { errors => [{ status => '422', detail => 'Options are too many' }] });
    my $outcome = synchronise_now($site, $tenant);
    like $outcome->{refused}, qr/^The options of "AssessFirst predictive model" could not be changed.*Options are too many/,
        'the reason is kept for the page';
    is_deeply options($tenant), [$none, 'Developer', 'Sales Executive'], 'the options are as they were';
    is meaning($tenant, 'Refused one')->{stale}, 0, 'the new one has its meaning already';
    is synchronise_now($site, $tenant)->{refused}, '', 'next time it works';
    is_deeply options($tenant), [$none, 'Refused one'], 'and the options follow';
};

subtest 'what a text means is stored before the text reaches Pinpoint' => sub {
    my $tenant = company();
    models($tenant, 'Early');
    $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, method => 'PUT', path => '/custom_fields/', delay => 1.5);
    my $since = $sandbox->last_call_number;
    make_due($site, q{kind = 'synchronise' AND company_uuid = ?}, $tenant->{uuid});
    ok wait_until(sub { grep { /^PUT/ } calls_of($site, $tenant, 'pinpoint', $since) }, 10), 'while Pinpoint gets the options';
    ok meaning($tenant, 'Early'), 'they are known';
    at_rest($tenant);
};

subtest 'failures are tried again, and never end it' => sub {
    my $tenant = company();
    models($tenant, 'After trouble');
    $sandbox->fault(api => 'assessfirst', credential => $tenant->{token}, path => 'predictive-models', status => 500);
    $sandbox->fault(api => 'assessfirst', credential => $tenant->{token}, path => 'predictive-models', do => 'html502');
    $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, method => 'GET', path => '/custom_fields', status => 429,
        headers => { 'Retry-After' => 1 });
    $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, method => 'PUT', path => '/custom_fields', status => 409,
        body => { errors => [{ status => '409', detail => 'Record is in use' }] });
    make_due($site, q{kind = 'synchronise' AND company_uuid = ?}, $tenant->{uuid});
    ok wait_until(sub { grep { $_ eq 'After trouble' } @{ options($tenant) } }, 20), 'in the end it works';
    at_rest($tenant);

    $sandbox->fault(api => 'assessfirst', credential => $tenant->{token}, path => 'predictive-models', status => 418);
    synchronise_now($site, $tenant);
    my $row = $site->dbh->selectrow_hashref(q{SELECT * FROM afp_follow_up WHERE kind = 'synchronise' AND company_uuid = ?},
        undef, $tenant->{uuid});
    is $row->{state}, 'ready', 'a final refusal does not end it';
    like $row->{reason}, qr/answered 418/, 'its reason is kept';
    cmp_ok $row->{due_at} - now_us(), '>', 800e6, 'it goes on at its interval';
    is $site->rows('afp_finished', q{kind = 'synchronise'}), 0, 'there is no dead letter';
};

subtest 'a missing permission waits for the connection to work again' => sub {
    my $tenant = company();
    $sandbox->company(key => $tenant->{key}, deny => { custom_fields => 'write' });
    models($tenant, 'Not yet');
    make_due($site, q{kind = 'synchronise' AND company_uuid = ?}, $tenant->{uuid});
    ok wait_until(sub { $site->rows('afp_parking', 'owner = ?', $tenant->{uuid}) }, 10), 'it is parked';
    my $parking = $site->dbh->selectrow_hashref('SELECT * FROM afp_parking WHERE owner = ?', undef, $tenant->{uuid});
    is $parking->{kind}, 'synchronise', 'alone';
    like $parking->{words}, qr/the API key needs Custom Field: Write/, 'with the permission that is missing';
    is invite($site, $tenant, model => 'Not yet', email => 'meanwhile@example.test')->{result}, 'invited', 'others are invited meanwhile';
    $sandbox->company(key => $tenant->{key}, deny => {});
    make_due($site, q{kind = 'check-pinpoint' AND company_uuid = ?}, $tenant->{uuid});
    ok wait_until(sub { grep { $_ eq 'Not yet' } @{ options($tenant) } }, 15), 'and goes on when the permission is there';
};

subtest '60 models in pages, and none at all' => sub {
    my $tenant = company(models => [map { "Model $_" } 10 .. 69]);
    $sandbox->account(token => $tenant->{token}, shapes => { models => 'paged' });
    is synchronise_now($site, $tenant)->{models}, 60, 'all pages are read';
    is scalar @{ options($tenant) }, 61, 'each is an option';
    $sandbox->account(token => $tenant->{token}, models => []);
    synchronise_now($site, $tenant);
    is_deeply options($tenant), [$none], 'without models the no-model choice is left';
};

done_testing;
