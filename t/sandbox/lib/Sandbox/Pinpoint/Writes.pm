package Sandbox::Pinpoint::Writes;

# What may be written at Pinpoint, and how it is refused (contract, sections 1.5, 5.5, 8 and 9).
# A create_ or update_ function gets the company, the "data" of the body and, for an update, the
# record; it returns the record, or throws an error of Sandbox::JSONAPI.

use Mojo::Base -strict, -signatures;

use B ();
use Mojo::JSON qw(false);
use Sandbox::JSONAPI qw(fail refuse request_error validation_error);
use Sandbox::Pinpoint::Schema qw(%SCHEMA);

my @FIELD_TYPES    = qw(varchar text integer decimal date boolean single_select multi_select);
my @RESOURCE_TYPES = qw(application candidate job job_seeker offer);
my @LOCALES        = qw(de en es fr pt pt-BR);
my $LONGEST        = 255;

my %KIND_OF_KEY = (
    varchar_value => 'string', text_value => 'string', integer_value => 'integer',
    decimal_value => 'number', date_value => 'date', boolean_value => 'boolean',
    single_select_value => 'string', multi_select_value => 'strings',
);

my %FIELD_ATTRIBUTES = (
    name => 'string', field_type => 'string', resource_type => 'string', sample_value => 'string',
    options => 'strings', description => 'string', position => 'integer', required => 'boolean',
);

my @PERSONAL = qw(locale phone_iso2 first_name last_name email phone date_of_birth linkedin_url
    address1 address2 town country postcode start_on);

my %IS_KIND = (
    string  => sub ($v) { !ref $v && !is_number($v) },
    integer => sub ($v) { !ref $v && is_number($v) && $v == int $v },
    number  => sub ($v) { !ref $v && is_number($v) },
    boolean => sub ($v) { ref $v eq ref false },
    date    => sub ($v) { !ref $v && $v =~ /\A\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d))?\z/ },
    strings => sub ($v) { ref $v eq 'ARRAY' && !grep { ref || is_number($_) } @$v },
    object  => sub ($v) { ref $v eq 'HASH' },
    objects => sub ($v) { ref $v eq 'ARRAY' && !grep { ref ne 'HASH' } @$v },
);

# A number in the JSON text, not digits in a string.
sub is_number ($value) {
    my $flags = B::svref_2object(\$value)->FLAGS;
    return !!($flags & (B::SVp_IOK | B::SVp_NOK)) && !($flags & B::SVp_POK);
}

# Every attribute must be writable and of its kind; $writable maps names to kinds.
sub check_attributes ($data, $writable, $type) {
    for my $name (sort keys %{ $data->{attributes} }) {
        my $pointer = "data/attributes/$name";
        my $value   = $data->{attributes}{$name};
        if (!$writable->{$name}) {
            my $shown = grep { $_ eq $name } @{ $SCHEMA{$type}{attributes} }, 'id';
            request_error(400, $pointer, $shown ? 'cannot be written' : 'is an unknown attribute');
        }
        next unless defined $value;
        $IS_KIND{ $writable->{$name} }->($value)
            or request_error(400, $pointer, "should be type $writable->{$name}");
    }
    return;
}

# The identifier {type, id} of a relationship, or undef; relationships not named are refused.
sub relationships ($data, @allowed) {
    my %identifier;
    for my $name (sort keys %{ $data->{relationships} }) {
        my $pointer = "data/relationships/$name";
        grep { $_ eq $name } @allowed or request_error(400, $pointer, 'is an unknown relationship');
        my $relationship = $data->{relationships}{$name};
        my $found        = ref $relationship eq 'HASH' ? $relationship->{data} : undef;
        ref $found eq 'HASH' && defined $found->{type} && defined $found->{id}
            or request_error(400, $pointer, 'should be a resource identifier');
        ref $found->{id} || is_number($found->{id})
            and request_error(400, "$pointer/data/id", 'should be type string');
        $identifier{$name} = $found;
    }
    return @identifier{@allowed};
}

sub find ($company, $identifier) {
    return undef unless $identifier;
    return $company->record(@$identifier{qw(type id)});
}

sub is_blank ($value) { return !defined $value || (!ref $value && $value !~ /\S/) }

# -- comments

sub create_comments ($company, $data, $record = undef) {
    check_attributes($data, { body_text => 'string' }, 'comments');
    my ($commentable) = relationships($data, 'commentable');
    validation_error('body_text', "can't be blank") if is_blank($data->{attributes}{body_text});
    $commentable && $commentable->{type} =~ /\A(?:applications|job_seekers)\z/
        && find($company, $commentable)
        or validation_error('commentable', 'must exist', 'relationships');
    return $company->put('comments', {
        body_text        => $data->{attributes}{body_text},
        commentable_type => $commentable->{type},
        commentable_id   => $commentable->{id},
        user_id          => $company->some_user->{id},
    });
}

# -- custom fields

sub create_custom_fields ($company, $data, $record = undef) {
    check_attributes($data, \%FIELD_ATTRIBUTES, 'custom_fields');
    relationships($data);
    my %field = %{ $data->{attributes} };
    check_choice(\%field, 'field_type',    \@FIELD_TYPES);
    check_choice(\%field, 'resource_type', \@RESOURCE_TYPES);
    check_field($company, \%field, undef);
    return $company->put_custom_field(\%field);
}

sub update_custom_fields ($company, $data, $record) {
    my %writable = %FIELD_ATTRIBUTES;
    delete @writable{qw(field_type position resource_type)};
    check_attributes($data, \%writable, 'custom_fields');
    relationships($data);
    my %field = (%$record, %{ $data->{attributes} });
    check_field($company, \%field, $record);
    return $company->change($record, $data->{attributes});
}

sub delete_custom_fields ($company, $record) {
    my $is_used = $company->records('custom_attributes',
        sub ($r) { $r->{custom_field_id} eq $record->{id} });
    fail(422, 'Record is in use') if $is_used && $company->settings->{fields_in_use} eq 'reject';
    return $company->remove('custom_fields', $record->{id});
}

sub check_choice ($members, $name, $choices) {
    validation_error($name, "can't be blank") if is_blank($members->{$name});
    validation_error($name, 'is not included in the list')
        unless grep { $_ eq $members->{$name} } @$choices;
    return;
}

sub check_field ($company, $field, $record) {
    for my $name (qw(name sample_value)) {
        validation_error($name, "can't be blank") if is_blank($field->{$name});
    }
    validation_error('name', "is too long (maximum is $LONGEST characters)")
        if length $field->{name} > $LONGEST;
    my @namesakes = $company->records('custom_fields', sub ($r) {
        return $r->{name} eq $field->{name} && $r->{resource_type} eq $field->{resource_type}
            && (!$record || $r->{id} ne $record->{id});
    });
    validation_error('name', 'has already been taken')
        if @namesakes && $company->settings->{unique_field_names};
    check_options($company, $field, $record);
    return;
}

sub check_options ($company, $field, $record) {
    my @options = @{ $field->{options} // [] };
    if ($field->{field_type} !~ /_select\z/) {
        validation_error('options', 'must be blank') if @options;
        return;
    }
    validation_error('options', "can't be blank") if !@options || grep { is_blank($_) } @options;
    validation_error('options', "is too long (maximum is $LONGEST characters)")
        if grep { length > $LONGEST } @options;
    my %count;
    validation_error('options', 'must be unique') if grep { $count{$_}++ } @options;
    return unless $record && $company->settings->{options_in_use} eq 'reject';
    for my $attribute ($company->records('custom_attributes',
        sub ($r) { $r->{custom_field_id} eq $record->{id} })) {
        my $value = $attribute->{typed_value};
        for my $used (ref $value ? @$value : $value // ()) {
            validation_error('options', 'are in use') unless $count{$used};
        }
    }
    return;
}

# -- custom attributes

sub create_custom_attributes ($company, $data, $record = undef) {
    check_attributes($data, \%KIND_OF_KEY, 'custom_attributes');
    my ($to_field, $to_record) = relationships($data, qw(custom_field custom_attributable));
    return $company->put('custom_attributes',
        new_attribute($company, $data, $to_field, find($company, $to_record)));
}

# The members of a value that is to be made, of the field $to_field on the record $target.
sub new_attribute ($company, $data, $to_field, $target) {
    my $names_field = $to_field && $to_field->{type} eq 'custom_fields';
    my $field       = $names_field ? find($company, $to_field) : undef;
    $field  or validation_error('custom_field', 'must exist', 'relationships');
    $target or validation_error('custom_attributable', 'must exist', 'relationships');
    $target->{type} eq "$field->{resource_type}s"
        or validation_error('custom_attributable', "must be a $field->{resource_type}",
            'relationships');
    my @known = $company->records('custom_attributes', sub ($r) {
        return $r->{custom_field_id} eq $field->{id} && $r->{attributable_id} eq $target->{id}
            && $r->{attributable_type} eq $target->{type};
    });
    validation_error('custom_field', 'has already been taken', 'relationships')
        if @known && $company->settings->{unique_attributes};
    return {
        custom_field_id   => $field->{id},
        attributable_type => $target->{type},
        attributable_id   => $target->{id},
        typed_value       => checked_value($data, $field),
    };
}

sub update_custom_attributes ($company, $data, $record) {
    return $company->change($record, changed_attribute($company, $data, $record));
}

sub changed_attribute ($company, $data, $record) {
    check_attributes($data, \%KIND_OF_KEY, 'custom_attributes');
    relationships($data);
    my $field = $company->record('custom_fields', $record->{custom_field_id});
    return { typed_value => checked_value($data, $field) };
}

sub delete_custom_attributes ($company, $record) {
    return $company->remove('custom_attributes', $record->{id});
}

# The one value of the body, which must fit the field.
sub checked_value ($data, $field) {
    my @keys = sort keys %{ $data->{attributes} };
    validation_error('value', "can't be blank") unless @keys;
    validation_error('value', 'must be given once') if @keys > 1;
    my ($key)  = @keys;
    my $value  = $data->{attributes}{$key};
    my $wanted = "$field->{field_type}_value";
    validation_error($key, "does not fit a $field->{field_type} field") if $key ne $wanted;
    return undef unless defined $value;
    validation_error($key, "is too long (maximum is $LONGEST characters)")
        if $key eq 'varchar_value' && length $value > $LONGEST;
    if ($field->{field_type} =~ /_select\z/) {
        my %is_option = map { $_ => 1 } @{ $field->{options} };
        validation_error($key, 'is not included in the list')
            if grep { !$is_option{$_} } ref $value ? @$value : $value;
    }
    return $key eq 'date_value' ? substr $value, 0, 10 : $value;
}

# -- applications

sub create_applications ($company, $data, $record = undef) {
    check_attributes($data, { map { $_ => 'string' } @PERSONAL, 'summary' }, 'applications');
    my ($to_job) = relationships($data, 'job');
    my $job = $to_job && $to_job->{type} eq 'jobs' ? find($company, $to_job) : undef;
    $job or validation_error('job', 'must exist', 'relationships');
    check_person($data->{attributes}, $data->{attributes});
    return $company->put_application({ %{ $data->{attributes} }, job_id => $job->{id} });
}

sub update_applications ($company, $data, $record) {
    check_attributes($data, { (map { $_ => 'string' } @PERSONAL),
        add_tags_with_context => 'objects', remove_tag_with_context => 'object' }, 'applications');
    my @beside     = $company->settings->{side_posting} ? beside($company, $data, $record) : ();
    my ($to_stage) = relationships($data, 'stage');
    my %members = %{ $data->{attributes} };
    my $added   = delete $members{add_tags_with_context}   // [];
    my $removed = delete $members{remove_tag_with_context};
    check_person(\%members, { %$record, %members });
    if ($to_stage) {
        my $stage = $to_stage->{type} eq 'stages' ? find($company, $to_stage) : undef;
        $stage && ($stage->{job_id} // '') eq $record->{job_id}
            or validation_error('stage', 'must exist', 'relationships');
        $members{stage_id} = $stage->{id};
    }
    $members{tags} = changed_tags($record->{tags}, $added, $removed);
    $_->() for @beside;
    return $company->change($record, \%members);
}

# The custom attributes that are posted beside their application (sections 7 and 9.2): what is to
# be done, once everything has been checked. They are taken out of $data.
sub beside ($company, $data, $application) {
    my $relationship = delete $data->{relationships}{custom_attributes} // return;
    my $pointer      = 'data/relationships/custom_attributes';
    my $links        = ref $relationship eq 'HASH' ? $relationship->{data} : undef;
    ref $links eq 'ARRAY' && !grep { ref ne 'HASH' } @$links
        or request_error(400, $pointer, 'should be a list of resource identifiers');
    my (@deeds, %fields);
    for my $link (@$links) {
        my $posted = posted_for($data, $link, $pointer);
        if ($link->{method} eq 'update') {
            my $record = attribute_of($company, $application, $link->{id});
            my $change = changed_attribute($company, $posted, $record);
            push @deeds, sub { $company->change($record, $change) };
            next;
        }
        check_attributes($posted, \%KIND_OF_KEY, 'custom_attributes');
        my ($to_field) = relationships($posted, 'custom_field');
        my $members = new_attribute($company, $posted, $to_field, $application);
        validation_error('custom_field', 'has already been taken', 'relationships')
            if $fields{ $members->{custom_field_id} }++ && $company->settings->{unique_attributes};
        push @deeds, sub { $company->put('custom_attributes', $members) };
    }
    return @deeds;
}

# What "included" holds for a link: the same id, or the same temp-id of what is to be made.
sub posted_for ($data, $link, $pointer) {
    my $key = { update => 'id', create => 'temp-id' }->{ $link->{method} // '' }
        // request_error(400, $pointer, 'should have the method create or update');
    my $name = $link->{$key};
    defined $name && !ref $name && !is_number($name)
        or request_error(400, "$pointer/data/$key", 'should be type string');
    ($link->{type} // '') eq 'custom_attributes'
        or request_error(409, "$pointer/data/type", 'does not match the relationship');
    my ($posted) = grep { ($_->{type} // '') eq $link->{type} && ($_->{$key} // '') eq $name }
        @{ $data->{included} };
    $posted or request_error(400, $pointer, "has no resource for $name in included");
    my %parts = map { $_ => $posted->{$_} // {} } qw(attributes relationships);
    refuse('Malformed request body: included') if grep { ref ne 'HASH' } values %parts;
    return \%parts;
}

sub attribute_of ($company, $application, $id) {
    my $record = $company->record('custom_attributes', $id);
    fail(404, 'Record not found') unless $record
        && $record->{attributable_type} eq 'applications'
        && $record->{attributable_id} eq $application->{id};
    return $record;
}

sub check_person ($given, $whole) {
    if (defined $given->{locale}) {
        grep { $_ eq $given->{locale} } @LOCALES
            or refuse("$given->{locale} is not a valid locale");
    }
    for my $name (qw(first_name last_name email)) {
        validation_error($name, "can't be blank") if is_blank($whole->{$name});
    }
    return;
}

sub changed_tags ($tags, $added, $removed) {
    my %known = map { ("$_->{context} $_->{name}" => $_) } @$tags;
    for my $tag (@$added) {
        my ($context, $name) = ($tag->{context} // '', $tag->{tag});
        validation_error('add_tags_with_context', "can't be blank") if is_blank($name);
        $known{"$context $name"} = { context => $context, name => $name };
    }
    delete $known{ ($removed->{context} // '') . ' ' . ($removed->{tag} // '') } if $removed;
    return [map { $known{$_} } sort keys %known];
}

1;
