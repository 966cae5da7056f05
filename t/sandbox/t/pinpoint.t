# The Pinpoint stand-in keeps to the contract (sections 1 to 10; checklist in section 16).

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../../lib";

use AFP::Sandbox;
use JSON::PP;
use Test::More;

my $sandbox = AFP::Sandbox->start;
my $ALL     = 'filter%5Bjob_visibility%5D=external,internal,confidential';

sub api {
    my ($method, $path, $content, %headers) = @_;
    return $sandbox->pinpoint_call($method, $path, $content, 'X-API-KEY' => 'k1', %headers);
}

sub refused {
    my ($answer, $status, $detail, $name) = @_;
    is $answer->{status}, $status, "$name: status";
    like $answer->{json}{errors}[0]{detail}, $detail, "$name: detail";
    return;
}

sub field {
    my (%attributes) = @_;
    return { data => { type => 'custom_fields', attributes => { resource_type => 'application',
        field_type => 'varchar', sample_value => 'x', %attributes } } };
}

sub attribute {
    my ($field, $type, $id, %value) = @_;
    return { data => { type => 'custom_attributes', attributes => \%value, relationships => {
        custom_field        => { data => { type => 'custom_fields', id => $field } },
        custom_attributable => { data => { type => $type, id => $id } },
    } } };
}

$sandbox->company(key => 'k1', subdomain => 'acme');
$sandbox->company(key => 'k2', subdomain => 'other');
my $job = $sandbox->job(key => 'k1', id => 1000044, title => 'Sales', model => 'Sales Executive');
my $application = $sandbox->application(key => 'k1', id => 1000050, job_id => 1000044,
    stage_name => 'Phone Screen');

subtest 'a key opens its own company only' => sub {
    refused(api(GET => 'users', undef, 'X-API-KEY' => undef), 401,
        qr/^X-API-KEY header not provided$/, 'no key');
    refused(api(GET => 'users', undef, 'X-API-KEY' => 'wrong'), 401, qr/^Invalid API key$/,
        'unknown key');
    is api(GET => 'applications/1000050', undef, 'X-API-KEY' => 'k2')->{status}, 404,
        'another company does not see the application';
    $sandbox->company(key => 'k2', integration_enabled => JSON::PP::false);
    refused(api(GET => 'users', undef, 'X-API-KEY' => 'k2'), 403, qr/^Integration not enabled$/,
        'switched off');
    $sandbox->company(key => 'k2', integration_enabled => JSON::PP::true, revoked => 1);
    refused(api(GET => 'users', undef, 'X-API-KEY' => 'k2'), 401, qr/Invalid API key/, 'revoked');
    $sandbox->company(key => 'k1', deny => { comments => 'write', jobs => 'all' });
    refused(api(GET => 'jobs'), 403, qr/permission for Job/, 'permission missing');
    refused(api(GET => 'applications?include=job'), 403, qr/permission for Job/,
        'permission missing for what is included');
    is api(GET => 'comments')->{status}, 200, 'other levels stay allowed';
    my @nobody = ('custom_attributes/0', { data => { id => '0', type => 'custom_attributes' } });
    $sandbox->company(key => 'k1', deny => { custom_attributes => 'write',
        custom_fields => 'delete' });
    refused(api(PUT => @nobody), 403, qr/write permission for Custom Attribute/,
        'a permission counts before what exists');
    refused(api(DELETE => 'custom_fields/0'), 403, qr/delete permission for Custom Field/,
        'deleting too');
    $sandbox->company(key => 'k1', deny => {});
    is api(PUT => @nobody)->{status}, 404, 'then it is not found';
    is api(DELETE => 'custom_fields/0')->{status}, 404, 'nor deleted';
};

subtest 'an application is shown as documented' => sub {
    my $answer = api(GET => "applications/1000050?include=job,stage&$ALL");
    is $answer->{status}, 200, 'status';
    is $answer->{headers}{'content-type'}, 'application/vnd.api+json', 'media type';
    my $data = $answer->{json}{data};
    is $data->{id}, '1000050', 'id';
    like $answer->{content}, qr/"stage_id":"\d+"/, 'ids are strings';
    is $data->{attributes}{full_name}, 'Ada Example', 'full name';
    is_deeply $data->{relationships}{comments}, { meta => { included => JSON::PP::false } },
        'what was not asked for is not loaded';
    is_deeply $data->{relationships}{job}, { data => { type => 'jobs', id => '1000044' } },
        'what was asked for is';
    is_deeply [map { $_->{attributes}{name} // $_->{attributes}{title} }
            @{ $answer->{json}{included} }], ['Sales', 'Phone Screen'], 'and included';
    is_deeply $answer->{json}{meta}, {}, 'meta';
    is api(GET => 'applications/1')->{status}, 404, 'an unknown one is not found';
    my $sparse = api(GET => 'applications/1000050?fields%5Bapplications%5D=hired_at,concealed');
    is_deeply $sparse->{json}{data}, { id => '1000050', type => 'applications',
        attributes => { hired_at => undef, concealed => JSON::PP::false } },
        'sparse fields leave nothing else';
};

subtest 'what is not understood in the query is refused' => sub {
    for my $query ('include=candidate', 'extra_fields=tags', 'extra_fields%5Bapplications%5D=x',
        'filter%5Bnonsense%5D=1', 'filter%5Bjob_visibility%5D=secret', 'page%5Bsize%5D=1001',
        'page%5Bnumber%5D=0', 'sort=name', 'sort=id,-id', 'include=custom_attributes,x.y',
        'include=custom_attributes.custom_field', 'filter%5Bjob_id%5D=x') {
        is api(GET => "applications?$query")->{status}, 400, $query;
    }
    is api(GET => 'applications?extra_fields%5Bapplications%5D=tags')->{status}, 200,
        'a scoped extra field is fine';
};

subtest 'confidential jobs are hidden unless named' => sub {
    my $secret = $sandbox->job(key => 'k1', visibility => 'confidential');
    my $hidden = $sandbox->application(key => 'k1', job_id => $secret->{id});
    is api(GET => "applications/$hidden->{id}")->{status}, 404, 'single application';
    is api(GET => "applications/$hidden->{id}?$ALL")->{status}, 200, 'single application, named';
    is @{ api(GET => 'applications')->{json}{data} },      1, 'list';
    is @{ api(GET => "applications?$ALL")->{json}{data} }, 2, 'list, named';
    is @{ api(GET => 'jobs')->{json}{data} }, 1, 'jobs';
    is api(GET => "jobs/$secret->{id}")->{status}, 404, 'single job';
    is api(GET => "jobs/$secret->{id}?filter%5Bvisibility%5D=confidential")->{status}, 200,
        'single job, named';
    $sandbox->remove(job => key => 'k1', id => $secret->{id});
    is api(GET => "applications/$hidden->{id}?$ALL")->{status}, 404,
        'a removed job takes its applications along';
};

subtest 'concealed applications are masked' => sub {
    $sandbox->application(key => 'k1', id => 1000060, job_id => 1000044, concealed => 1);
    my $shown = api(GET => 'applications/1000060')->{json}{data}{attributes};
    is $shown->{email},     'Hidden due to blind screening', 'e-mail';
    is $shown->{concealed}, JSON::PP::true,                  'flag';
    $sandbox->company(key => 'k1', mask => 'null');
    is api(GET => 'applications/1000060')->{json}{data}{attributes}{email}, undef, 'null';
    $sandbox->remove(application => key => 'k1', id => 1000060);
};

subtest 'lists come in pages' => sub {
    $sandbox->user(key => 'k1', email => "user$_\@example.test") for 1 .. 104;
    my $first = api(GET => 'users?stats%5Btotal%5D=count')->{json};
    my $total = $first->{meta}{stats}{total}{count};
    cmp_ok $total, '>', 104, 'total';
    is @{ $first->{data} }, 100, 'a hundred by default';
    is @{ api(GET => 'users?page%5Bnumber%5D=2')->{json}{data} }, $total - 100, 'the rest';
    is @{ api(GET => 'users?page[size]=1000')->{json}{data} }, $total, 'raw brackets, large page';
    is @{ api(GET => 'users?page[size]=10&page[number]=99')->{json}{data} }, 0, 'past the end';
    my @ids = map { $_->{id} } @{ api(GET => 'users?sort=-id&page[size]=2')->{json}{data} };
    cmp_ok $ids[0], '>', $ids[1], 'sorted';
};

subtest 'filters compare times and stages' => sub {
    is @{ api(GET => 'applications?filter[created_at][gt]=2999-01-01')->{json}{data} }, 0, 'gt';
    is @{ api(GET => 'applications?filter[created_at][lt]=2999-01-01')->{json}{data} }, 1, 'lt';
    is @{ api(GET => 'applications?filter[stage_basic_type]=review')->{json}{data} },   1, 'stage';
    is @{ api(GET => 'applications?filter[stage_basic_type]=hired')->{json}{data} },    0, 'other';
};

subtest 'the model of a job is read through the custom attributes' => sub {
    my $query = 'filter[custom_attributable_type]=Job&filter[custom_attributable_id]=1000044'
        . '&include=custom_field';
    my $answer = api(GET => "custom_attributes?$query")->{json};
    is $answer->{data}[0]{attributes}{value}, 'Sales Executive', 'value';
    is $answer->{data}[0]{attributes}{field_name}, 'AssessFirst predictive model', 'field name';
    is $answer->{data}[0]{relationships}{custom_field}{data}{id}, $answer->{included}[0]{id},
        'field';
    my $side = api(GET => 'jobs/1000044?include=custom_attributes')->{json};
    ok exists $side->{included}[0]{relationships}{custom_fields}, 'side-loaded spelling';
    $sandbox->job(key => 'k1', id => 1000044, model => undef);
    is @{ api(GET => "custom_attributes?$query")->{json}{data} }, 0, 'nothing selected';
    $sandbox->job(key => 'k1', id => 1000044, model => 'Sales Executive');
};

subtest 'custom fields are checked' => sub {
    my $made = api(POST => 'custom_fields', field(name => 'Score', field_type => 'integer'));
    is $made->{status}, 201, 'created';
    my $data = $made->{json}{data};
    is $data->{attributes}{unique_reference}, "custom_field_$data->{id}", 'reference';
    is $data->{attributes}{required}, JSON::PP::false, 'not required';
    is_deeply $data->{attributes}{options}, [], 'no options';

    my @refused = (
        [field(),                                    qr/Name can't be blank/],
        [field(name => 'A', sample_value => undef),  qr/Sample value can't be blank/],
        [field(name => 'A', field_type => 'users'),  qr/Field type is not included/],
        [field(name => 'A', field_type => 'single_select'), qr/Options can't be blank/],
        [field(name => 'A', field_type => 'single_select', options => ['a', 'a']), qr/unique/],
        [field(name => 'A', options => ['a']),       qr/Options must be blank/],
        [field(name => 'Score'),                     qr/Name has already been taken/],
    );
    refused(api(POST => 'custom_fields', $_->[0]), 422, $_->[1], "refused: $_->[1]") for @refused;
    refused(api(POST => 'custom_fields', field(name => 'A', colour => 'red')), 400,
        qr/unknown attribute/, 'unknown attribute');
    refused(api(POST => 'custom_fields', field(name => 'A', unique_reference => 'x')), 400,
        qr/cannot be written/, 'read-only attribute');
    refused(api(POST => 'custom_fields', field(name => 'A', position => '3')), 400,
        qr/should be type integer/, 'wrong type');

    my %update = (id => $data->{id}, type => 'custom_fields', attributes => { name => 'Grade' });
    is api(PUT   => "custom_fields/$data->{id}", { data => \%update })->{status}, 200, 'PUT';
    is api(PATCH => "custom_fields/$data->{id}", { data => \%update })->{status}, 200, 'PATCH';
    is api(GET => "custom_fields/$data->{id}")->{json}{data}{attributes}{name}, 'Grade', 'changed';
    $update{attributes} = { field_type => 'text' };
    is api(PUT => "custom_fields/$data->{id}", { data => \%update })->{status}, 400,
        'the type cannot be changed';
    delete $update{id};
    is api(PUT => "custom_fields/$data->{id}", { data => \%update })->{status}, 409, 'id missing';
    is api(POST => 'custom_fields', { data => { type => 'jobs' } })->{status}, 409, 'other type';

    $sandbox->company(key => 'k1', fields_in_use => 'reject');
    $sandbox->custom_attribute(key => 'k1', application_id => '1000050',
        custom_field_id => $data->{id}, value => 85);
    refused(api(DELETE => "custom_fields/$data->{id}"), 422, qr/^Record is in use$/, 'in use');
    $sandbox->company(key => 'k1', fields_in_use => 'remove');
    my $gone = api(DELETE => "custom_fields/$data->{id}");
    is $gone->{status}, 200, 'deleted';
    is $gone->{content}, '{"meta":null}', 'with null meta';
    is api(DELETE => "custom_fields/$data->{id}")->{status}, 404, 'once';
    is_deeply $sandbox->attributes(key => 'k1', id => 1000050), {}, 'and with its values';

    $sandbox->company(key => 'k1', unique_field_names => 0);
    is api(POST => 'custom_fields', field(name => 'Twin'))->{status}, 201, 'a name' for 1 .. 2;
    $sandbox->company(key => 'k1', unique_field_names => 1);
    refused(api(POST => 'custom_fields', field(name => 'Twin')), 422, qr/already been taken/, 'a third');
    is api(POST => 'custom_fields', field(name => 'Twin', resource_type => 'job'))->{status}, 201,
        'names are of one resource type';
};

subtest 'custom attributes are checked and read back as text' => sub {
    my %field = map { $_->{field_type} => $_->{id} } map {
        $sandbox->custom_field(key => 'k1', name => "A $_", field_type => $_,
            /select/ ? (options => ['Maroon', 'Vermillion', 'Blue']) : ())
    } qw(varchar integer decimal boolean date single_select multi_select);
    my %read = (
        varchar => ['Tomato', 'Tomato'], integer => [13, '13'], decimal => [3.14, '3.14'],
        boolean => [JSON::PP::true, 'true'], single_select => ['Blue', 'Blue'],
        date => ['2020-01-01T00:00:00.000Z', '2020-01-01'],
        multi_select => [['Maroon', 'Vermillion', 'Blue'], 'Maroon, Vermillion, and Blue'],
    );
    my %made;
    for my $type (sort keys %read) {
        $made{$type} = api(POST => 'custom_attributes',
            attribute($field{$type}, 'applications', '1000050', "${type}_value", $read{$type}[0]));
        is $made{$type}{status}, 201, "$type created";
        is $made{$type}{json}{data}{attributes}{value}, $read{$type}[1], "$type read back";
    }
    is $sandbox->look(application => key => 'k1', id => 1000050)->{attributes}{'A integer'}, '13',
        'shown by the control API';

    my $id = $made{integer}{json}{data}{id};
    my %update = (id => $id, type => 'custom_attributes', attributes => { integer_value => 90 });
    is api(PUT => "custom_attributes/$id", { data => \%update })->{json}{data}{attributes}{value},
        '90', 'updated';
    $update{attributes} = { varchar_value => '90' };
    refused(api(PUT => "custom_attributes/$id", { data => \%update }), 422, qr/does not fit/,
        'other value key');
    $update{attributes} = { integer_value => '90' };
    refused(api(PUT => "custom_attributes/$id", { data => \%update }), 400, qr/type integer/,
        'a number as text');

    my @app     = ('applications', '1000050');
    my @refused = (
        [attribute($field{integer}, @app, integer_value => 1),           qr/already been taken/],
        [attribute($field{varchar}, 'jobs', '1000044', varchar_value => 'x'), qr/must be a applic/],
        [attribute('999', @app, varchar_value => 'x'),                   qr/must exist/],
        [attribute($field{varchar}, 'applications', '999', varchar_value => 'x'), qr/must exist/],
    );
    refused(api(POST => 'custom_attributes', $_->[0]), 422, $_->[1], "refused: $_->[1]")
        for @refused;
    $sandbox->application(key => 'k1', id => 1000051);
    refused(api(POST => 'custom_attributes', attribute($field{single_select}, 'applications',
        '1000051', single_select_value => 'Green')), 422, qr/not included/, 'not an option');
    is api(DELETE => "custom_attributes/$id")->{content}, '{"meta":null}', 'deleted';
};

subtest 'comments can be written once and read' => sub {
    my $comment = sub {
        my (%attributes) = @_;
        return { data => { type => 'comments', attributes => \%attributes, relationships => {
            commentable => { data => { type => 'applications', id => '1000050' } } } } };
    };
    my $made = api(POST => 'comments', $comment->(body_text => 'Résultats'));
    is $made->{status}, 201, 'created';
    is $made->{json}{data}{attributes}{commentable_type}, 'Application', 'class name';
    is $made->{json}{data}{attributes}{private_comment}, JSON::PP::false, 'public';
    refused(api(POST => 'comments', $comment->(body_text => ' ')), 422,
        qr/Body text can't be blank/, 'blank');
    my $private = $comment->(body_text => 'x', private_comment => JSON::PP::true);
    refused(api(POST => 'comments', $private), 400, qr/cannot be written/, 'private_comment');
    my $list = api(GET => 'comments?filter[commentable_id]=1000050'
        . '&filter[commentable_type]=Application')->{json};
    is @{ $list->{data} }, 1, 'listed';
    my $id = $made->{json}{data}{id};
    is api(PUT => "comments/$id", $comment->(body_text => 'y'))->{status}, 404, 'no PUT';
    is api(DELETE => "comments/$id")->{status}, 404, 'no DELETE';
};

subtest 'applications take tags and stages' => sub {
    my ($offer) = grep { $_->{name} eq 'Offer' } @{ $sandbox->look('stage', key => 'k1') };
    my %data = (id => '1000050', type => 'applications',
        attributes => { add_tags_with_context => [{ tag => 'Done', context => 'assessment' }] },
        relationships => { stage => { data => { type => 'stages', id => $offer->{id} } } });
    is api(PUT => 'applications/1000050', { data => \%data })->{status}, 200, 'changed';
    my $seen = $sandbox->look(application => key => 'k1', id => 1000050);
    is $seen->{stage_name}, 'Offer', 'stage';
    is_deeply $seen->{tags}, [{ context => 'assessment', name => 'Done' }], 'tag';
    $data{attributes} = { remove_tag_with_context => { tag => 'Done', context => 'assessment' } };
    api(PUT => 'applications/1000050', { data => \%data });
    is_deeply $sandbox->look(application => key => 'k1', id => 1000050)->{tags}, [], 'removed';
    $data{attributes} = { locale => 'xx' };
    refused(api(PUT => 'applications/1000050', { data => \%data }), 400,
        qr/^xx is not a valid locale/, 'locale');
    $data{attributes} = { summary => 'x' };
    is api(PUT => 'applications/1000050', { data => \%data })->{status}, 400,
        'summary is read-only';
    my %new = (type => 'applications', attributes => { first_name => 'Ada', last_name => 'Example',
        email => 'ada@example.test' },
        relationships => { job => { data => { type => 'jobs', id => '1000044' } } });
    is api(POST => 'applications', { data => \%new })->{status}, 201, 'created';
};

subtest 'bodies must be JSON:API' => sub {
    is api(POST => 'comments', '{')->{status}, 400, 'broken JSON';
    is api(POST => 'comments', '{}', 'Content-Type' => 'text/plain')->{status}, 400, 'text';
    is api(POST => 'comments', '{"data":{"type":"comments"}}', 'Content-Type' => 'application/json')
        ->{status}, 422, 'plain JSON is read';
    is api(GET => 'nowhere')->{status}, 404, 'an unknown resource';
};

done_testing;
