# Custom attributes that are posted beside their application (contract, sections 7 and 9.2).

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::RealBin/../../lib";

use AFP::Sandbox;
use JSON::PP;
use Test::More;

my $sandbox = AFP::Sandbox->start;
$sandbox->application(id => 1000050);
$sandbox->application(id => 1000051);
my %field = map { $_->{name} => $_->{id} } map { $sandbox->custom_field(%$_) } (
    { name => 'Score',  field_type => 'integer' },
    { name => 'Status', field_type => 'varchar' },
    { name => 'Note',   field_type => 'varchar' },
    { name => 'Model',  field_type => 'single_select', options => ['Sales', 'Developer'] },
    { name => 'Of jobs', resource_type => 'job' },
);

# The id of a value of application 1000050.
sub id_of {
    my ($name) = @_;
    my ($attribute) = grep { "$_->{custom_field_id} $_->{attributable_id}" eq "$field{$name} 1000050" }
        @{ $sandbox->look('custom_attribute') };
    return $attribute->{id};
}

# An update of the application with values; each is [field or id, key, value].
sub put {
    my ($path, @values) = @_;
    my (@links, @included);
    for my $value (@values) {
        my ($which, $key, $content) = @$value;
        my $is_new = exists $field{$which};
        my %name = $is_new ? ('temp-id' => "t$which") : (id => $which);
        push @links, { type => 'custom_attributes', %name, method => $is_new ? 'create' : 'update' };
        push @included, { type => 'custom_attributes', %name, attributes => { $key => $content },
            $is_new ? (relationships => { custom_field =>
                { data => { type => 'custom_fields', id => $field{$which} } } }) : () };
    }
    return raw($path, \@links, \@included);
}

sub raw {
    my ($path, $links, $included) = @_;
    my ($id) = $path =~ /(\d+)/;
    return $sandbox->pinpoint_call(PUT => $path, { included => $included, data => { id => $id,
        type => 'applications', relationships => { custom_attributes => { data => $links } } } });
}

sub refused {
    my ($answer, $status, $detail, $name) = @_;
    is $answer->{status}, $status, "$name: status";
    like $answer->{json}{errors}[0]{detail}, $detail, "$name: detail";
    return;
}

my $PATH = 'applications/1000050';

subtest 'values are made and changed together' => sub {
    my $made = put("$PATH?fields%5Bapplications%5D=concealed", ['Score', integer_value => 70],
        ['Model', single_select_value => 'Sales']);
    is $made->{status}, 200, 'made';
    is_deeply $made->{json}{data}{attributes}, { concealed => JSON::PP::false },
        'the answer is the application';
    is_deeply $sandbox->attributes(id => 1000050), { Score => '70', Model => 'Sales' }, 'values';
    is put($PATH, [id_of('Score'), integer_value => 85], ['Status', varchar_value => 'In progress 1/3'])
        ->{status}, 200, 'one changed, one made';
    is_deeply $sandbox->attributes(id => 1000050),
        { Score => '85', Model => 'Sales', Status => 'In progress 1/3' }, 'values';
    is put($PATH, [id_of('Score'), integer_value => undef])->{status}, 200, 'one emptied';
    is $sandbox->attributes(id => 1000050)->{Score}, undef, 'it is empty';
    is_deeply $sandbox->attributes(id => 1000051), {}, 'another application has none';
};

subtest 'each rule of the plain calls holds, and what is refused leaves nothing' => sub {
    my $before   = $sandbox->attributes(id => 1000050);
    my $score    = id_of('Score');
    my $foreign  = $sandbox->custom_attribute(application_id => '1000051', field => 'Score',
        value => 1)->{id};
    my @good     = (id_of('Status'), varchar_value => 'Completed');
    my @refusals = (
        [400, qr/unknown attribute/, 'an unknown key', [$score, colour_value => 'red']],
        [400, qr/cannot be written/, 'a read-only key', [$score, value => '1']],
        [400, qr/should be type integer/, 'a number as text', [$score, integer_value => '90']],
        [422, qr/does not fit/, 'a key that does not fit', [$score, varchar_value => '90']],
        [422, qr/too long/, 'a long text', ['Note', varchar_value => 'x' x 256]],
        [422, qr/not included in the list/, 'no option',
            [id_of('Model'), single_select_value => 'Green']],
        [422, qr/already been taken/, 'a second value', ['Score', integer_value => 1]],
        [422, qr/must be a job/, 'a field of jobs', ['Of jobs', varchar_value => 'x']],
        [404, qr/not found/, 'an unknown attribute', ['77', integer_value => 1]],
        [404, qr/not found/, "another application's attribute", [$foreign, integer_value => 1]],
    );
    for my $refusal (@refusals) {
        my ($status, $detail, $name, $bad) = @$refusal;
        refused(put($PATH, \@good, $bad), $status, $detail, $name);
        is_deeply $sandbox->attributes(id => 1000050), $before, "$name: nothing was written";
    }
    $sandbox->company(unique_attributes => 0);
    is put($PATH, ['Score', integer_value => 1])->{status}, 200, 'a second value, where that is allowed';
    $sandbox->company(unique_attributes => 1);
    $sandbox->remove(custom_attribute => id => $_->{id}) for grep { ($_->{typed_value} // 0) eq '1'
        && $_->{attributable_id} eq '1000050' } @{ $sandbox->look('custom_attribute') };
    $sandbox->remove(custom_attribute => id => $foreign);
};

subtest 'links and resources must belong together' => sub {
    my %link = (type => 'custom_attributes', id => id_of('Score'), method => 'update');
    my %posted = (type => 'custom_attributes', id => $link{id}, attributes => { integer_value => 5 });
    refused(raw($PATH, [\%link], []), 400, qr/no resource for/, 'nothing included');
    refused(raw($PATH, [{ %link, method => 'destroy' }], [\%posted]), 400, qr/method/, 'another method');
    refused(raw($PATH, [{ %link, type => 'jobs' }], [\%posted]), 409, qr/does not match/,
        'another type');
    refused(raw($PATH, [{ %link, id => 455 }], [\%posted]), 400, qr/type string/,
        'an id as a number');
    refused(raw($PATH, \%link, [\%posted]), 400, qr/should be a list/, 'no list');
    refused(raw($PATH, [\%link], \%posted), 400, qr/Malformed/, 'included no list');
    my $other = $sandbox->pinpoint_call(PUT => $PATH,
        { data => { id => '1000051', type => 'applications' } });
    refused($other, 409, qr/does not match/, "another application's id");
    is raw($PATH, [\%link], [\%posted])->{status}, 200, 'as it should be';
};

subtest 'it takes both permissions, whatever exists' => sub {
    my @value = (id_of('Score'), integer_value => 6);
    for my $denied (qw(applications custom_attributes)) {
        $sandbox->company(deny => { $denied => 'write' });
        refused(put($_, \@value), 403, qr/write permission/, "$denied, $_") for $PATH, 'applications/1';
    }
    $sandbox->company(deny => {});
    is put('applications/1', \@value)->{status}, 404, 'an unknown application';
};

subtest 'an application of a confidential job is named by its visibility' => sub {
    my $job = $sandbox->job(visibility => 'confidential');
    $sandbox->application(id => 1000052, job_id => $job->{id});
    my @value = ['Score', integer_value => 1];
    is put('applications/1000052', @value)->{status}, 404, 'otherwise it is hidden';
    is put('applications/1000052?filter%5Bjob_visibility%5D=confidential', @value)->{status}, 200,
        'then it is found';
};

subtest 'a company may not have it at all' => sub {
    my $before = $sandbox->attributes(id => 1000050);
    $sandbox->company(side_posting => 0);
    refused(put($PATH, [id_of('Score'), integer_value => 9]), 400, qr/unknown relationship/, 'refused');
    is_deeply $sandbox->attributes(id => 1000050), $before, 'nothing was written';
};

done_testing;
