package Sandbox::Pinpoint::Schema;

# Pinpoint's resource types (contract, sections 5 to 10). For each type:
#   permission     what an API key needs to be allowed
#   attributes     members always shown; extra: members shown when asked for with extra_fields
#   view           makes the shown members of a stored record, where they differ
#   relationships  {type, find}; without find it cannot be included
#   filters        {key} compares that member; {range} takes gt and lt; {match} decides by itself
#   sort           keys besides id, created_at and updated_at

use Mojo::Base -strict, -signatures;

use Exporter qw(import);

our @EXPORT_OK = qw(%CLASS %SCHEMA);

# The class names that filters use, and the types they stand for.
our %CLASS = (
    Application => 'applications', Job => 'jobs', JobTemplate => 'job_templates',
    JobSeeker => 'job_seekers', Offer => 'offers',
);

my @VISIBILITIES   = qw(confidential external internal);
my $CREATED        = { range => 1, key => 'created_at' };
my $UPDATED        = { range => 1, key => 'updated_at' };
my $HIDDEN         = 'Hidden due to blind screening';
my @PERSONAL       = qw(first_name last_name full_name email phone linkedin_url date_of_birth
    address1 address2 town country postcode preferred_pronouns national_identifier);

sub one ($type, $key) {
    return { type => $type, find => sub ($company, $record) {
        return defined $record->{$key} ? $company->record($type, $record->{$key}) : undef;
    } };
}

sub many ($type, $key) {
    return { type => $type, find => sub ($company, $record) {
        return [$company->records($type, sub ($r) { ($r->{$key} // '') eq $record->{id} })];
    } };
}

sub attached ($type, $attached, $prefix) {
    return { type => $attached, find => sub ($company, $record) {
        return [$company->records($attached, sub ($r) {
            $r->{"${prefix}_type"} eq $type && $r->{"${prefix}_id"} eq $record->{id};
        })];
    } };
}

sub application_view ($company, $record) {
    my %view = (%$record, full_name => "$record->{first_name} $record->{last_name}");
    return \%view unless $record->{concealed};
    my $mask = $company->settings->{mask} eq 'null' ? undef : $HIDDEN;
    $view{$_} = $mask for @PERSONAL;
    $view{channel} = $HIDDEN;
    return \%view;
}

# Without a filter on visibility, what belongs to confidential jobs is left out.
sub visibility_filter ($key) {
    return { values => \@VISIBILITIES, default => [qw(external internal)],
        match => sub ($company, $record, $wanted) {
            my $job = $record->{type} eq 'jobs' ? $record
                : $company->record('jobs', $record->{$key});
            return scalar grep { $_ eq $job->{visibility} } @$wanted;
        } };
}

our %SCHEMA = (
    applications => {
        permission => 'Application',
        attributes => [qw(summary created_at updated_at hired_at internal_candidate job_id locale
            stage_id rejected_at phone_iso2 start_on is_demo first_name last_name email phone
            date_of_birth linkedin_url address1 address2 town country postcode preferred_pronouns
            channel_source full_name national_identifier channel concealed)],
        extra         => [qw(attachments average_rating tags)],
        view          => \&application_view,
        relationships => {
            answers           => many('answers', 'application_id'),
            comments          => attached('applications', 'comments', 'commentable'),
            custom_attributes => attached('applications', 'custom_attributes', 'attributable'),
            job               => one('jobs', 'job_id'),
            offers            => many('offers', 'application_id'),
            stage             => one('stages', 'stage_id'),
            structured_section_responses => many('structured_section_responses', 'application_id'),
            map { $_ => {} } qw(onboarding_application scorecard_ratings scorecard_notes
                scorecard_answers),
        },
        filters => {
            created_at         => $CREATED,
            updated_at         => $UPDATED,
            internal_candidate => { key => 'internal_candidate', values => [qw(true false)] },
            job_id             => { key => 'job_id', integer => 1 },
            job_visibility     => visibility_filter('job_id'),
            locale             => { key => 'locale' },
            stage_id           => { key => 'stage_id', integer => 1 },
            stage_basic_type   => {
                values => [qw(applied rejected review interview hired offer)],
                match  => sub ($company, $record, $wanted) {
                    my $stage = $company->record('stages', $record->{stage_id});
                    return scalar grep { $_ eq $stage->{basic_type} } @$wanted;
                },
            },
        },
    },
    jobs => {
        permission => 'Job',
        attributes => [qw(title description status visibility url path application_form_url
            employment_type employment_type_text workplace_type workplace_type_text deadline_at
            opened_at remote reporting_to requisition_id created_at updated_at)],
        relationships => {
            custom_attributes        => attached('jobs', 'custom_attributes', 'attributable'),
            hiring_manager_user      => one('users', 'hiring_manager_user_id'),
            recruitment_manager_user => one('users', 'recruitment_manager_user_id'),
            questions                => many('questions', 'job_id'),
            stages                   => many('stages',    'job_id'),
            map { $_ => one("${_}s", "${_}_id") }
                qw(department division location structure_custom_group_one),
        },
        filters => {
            created_at => $CREATED,
            updated_at => $UPDATED,
            status     => { key => 'status', values => [qw(archived closed draft open)] },
            visibility => visibility_filter('id'),
            search     => { match => sub ($company, $record, $wanted) {
                return index(lc $record->{title}, lc $wanted->[0]) >= 0;
            } },
            hiring_manager_user_id      => { key => 'hiring_manager_user_id',      integer => 1 },
            recruitment_manager_user_id => { key => 'recruitment_manager_user_id', integer => 1 },
            remote         => { key => 'remote', values => [qw(true false)] },
            workplace_type => { key => 'workplace_type', values => [qw(hybrid onsite remote)] },
            map { $_ => { key => $_ } } qw(department_id division_id location_id employment_type),
        },
        sort => ['opened_at'],
    },
    stages => {
        attributes => [qw(name external_name description visible position basic_type created_at
            updated_at)],
        relationships => { stageable => {} },
    },
    users => {
        permission => 'User',
        attributes => [qw(created_at email first_name last_name time_zone updated_at)],
        filters    => { employee => { key => 'employee', values => [qw(true false)] } },
    },
    hiring_workflows => {
        permission    => 'Hiring Workflow',
        attributes    => [qw(name created_at updated_at)],
        relationships => { stages => many('stages', 'hiring_workflow_id') },
    },
    comments => {
        permission => 'Comment',
        attributes => [qw(body_text commentable_id commentable_type created_at private_comment
            updated_at user_id)],
        view => sub ($company, $record) {
            my %class = reverse %CLASS;
            return { %$record, commentable_type => $class{ $record->{commentable_type} } };
        },
        relationships => {
            user        => one('users', 'user_id'),
            commentable => { type => 'applications', find => sub ($company, $record) {
                return $company->record(@$record{qw(commentable_type commentable_id)});
            } },
        },
        filters => {
            created_at       => $CREATED,
            updated_at       => $UPDATED,
            commentable_id   => { key => 'commentable_id', integer => 1 },
            commentable_type => { key => 'commentable_type', class => 1,
                values => [qw(Application JobSeeker)] },
        },
    },
    custom_fields => {
        permission => 'Custom Field',
        attributes => [qw(description created_at field_type name options position required
            resource_type sample_value unique_reference updated_at)],
    },
    custom_attributes => {
        permission => 'Custom Attribute',
        attributes => [qw(value field_name created_at updated_at)],
        view       => sub ($company, $record) {
            my $field = $company->record('custom_fields', $record->{custom_field_id});
            return { %$record, field_name => $field->{name},
                value => text_of($record->{typed_value}) };
        },
        relationships => {
            custom_field => { %{ one('custom_fields', 'custom_field_id') },
                side_loaded_as => 'custom_fields' },
            custom_attributable => { type => 'applications', find => sub ($company, $record) {
                return $company->record(@$record{qw(attributable_type attributable_id)});
            } },
        },
        filters => {
            created_at               => $CREATED,
            updated_at               => $UPDATED,
            custom_attributable_id   => { key => 'attributable_id', integer => 1 },
            custom_attributable_type => { key => 'attributable_type', class => 1,
                values => [sort keys %CLASS] },
        },
    },
    (map { $_ => { attributes => ['name'] } }
        qw(answers departments divisions locations questions structure_custom_group_ones)),
    offers => {
        attributes    => [qw(created_at updated_at)],
        relationships => { creator => one('users', 'creator_id') },
    },
    structured_section_responses => {
        attributes    => [qw(created_at updated_at)],
        relationships => { answers => many('answers', 'structured_section_response_id') },
    },
);

# Whatever its type, a value reads as a string; several as an English list (section 9.2).
sub text_of ($value) {
    return undef unless defined $value;
    if (ref $value eq 'ARRAY') {
        my @texts = @$value;
        return join ' and ', @texts if @texts < 3;
        my $last = pop @texts;
        return join(', ', @texts) . ", and $last";
    }
    return $value ? 'true' : 'false' if ref $value;
    return "$value";
}

1;
