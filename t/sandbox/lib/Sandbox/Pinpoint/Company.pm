package Sandbox::Pinpoint::Company;

# One company's data at Pinpoint, with the defaults that let a test say only what matters to it.
# Records are plain hashes with a type and an id (a string of digits); ids count up from 1000001,
# in every company the same.

use Mojo::Base -base, -signatures;

use Mojo::JSON qw(false true);
use POSIX qw(strftime);
use Sandbox::Pinpoint::Schema qw(%SCHEMA);

has [qw(key subdomain)];
has last_id  => 1_000_000;
has position => 0;
has tables   => sub { {} };
has settings => sub { {
    integration_enabled => true,
    revoked             => false,
    deny                => {},
    deny_status         => 403,
    mask                => 'text',
    unique_field_names  => true,
    unique_attributes   => true,
    options_in_use      => 'keep',
    fields_in_use       => 'remove',
    side_posting        => true,
} };

my @STAGES = (
    ['Applied', 'applied'], ['Phone Screen', 'review'], ['Assessment', 'review'],
    ['Interview', 'interview'], ['Offer', 'offer'], ['Hired', 'hired'], ['Rejected', 'rejected'],
);

my %DEFAULTS = (
    users => { email => 'recruiter@example.test', first_name => 'Rosa', last_name => 'Recruiter',
        time_zone => 'Europe/Paris', employee => true },
    jobs => { title => 'Account Manager', description => '<p>A job.</p>', status => 'open',
        visibility => 'external', employment_type => 'permanent_full_time',
        workplace_type => 'hybrid', remote => false },
    stages => { external_name => undef, description => undef, visible => true, position => 0,
        basic_type => 'review' },
    applications => { first_name => 'Ada', last_name => 'Example',
        email => 'ada.example@example.test', locale => 'en', internal_candidate => false,
        is_demo => false, concealed => false, channel => 'manual',
        channel_source => 'Added manually', rejected_at => undef, hired_at => undef,
        attachments => [], average_rating => undef, tags => [] },
    custom_fields => { description => undef, options => [], required => false },
    comments      => { private_comment => false },
);

my %IS_FLAG = map { $_ => 1 } qw(concealed employee internal_candidate is_demo private_comment
    remote required visible);

sub now () { return strftime('%Y-%m-%dT%H:%M:%S+00:00', gmtime) }

sub new_id ($self, $wanted = undef) {
    if (defined $wanted) {
        $self->last_id($wanted) if $wanted > $self->last_id;
        return "$wanted";
    }
    $self->last_id($self->last_id + 1);
    return '' . $self->last_id;
}

sub record ($self, $type, $id) { return $self->tables->{$type}{$id} }

# In the order of their ids.
sub records ($self, $type, $is_wanted = sub ($record) { 1 }) {
    my $table = $self->tables->{$type} // {};
    return grep { $is_wanted->($_) } map { $table->{$_} } sort { $a <=> $b } keys %$table;
}

# Ids are texts, flags are booleans, and 1 as a time means now.
sub normalised ($members) {
    my %given = %$members;
    for my $name (grep { defined $given{$_} } keys %given) {
        $given{$name} = "$given{$name}" if $name =~ /_id\z/;
        $given{$name} = $given{$name} ? true : false if $IS_FLAG{$name};
        $given{$name} = now() if $name =~ /_at\z/ && $given{$name} eq '1';
    }
    return %given;
}

# Creates a record, or changes the one that already has this id.
sub put ($self, $type, $members) {
    my %given = normalised($members);
    my $known = defined $given{id} ? $self->record($type, $given{id}) : undef;
    if ($known) {
        delete $given{id};
        return $self->change($known, \%given);
    }
    my $now = now();
    my %record = (%{ $DEFAULTS{$type} // {} }, created_at => $now, updated_at => $now, %given,
        type => $type, id => $self->new_id($given{id}));
    return $self->tables->{$type}{ $record{id} } = \%record;
}

sub change ($self, $record, $members) {
    @$record{ keys %$members } = values %$members;
    $record->{updated_at} = $members->{updated_at} // now();
    return $record;
}

# Takes away a record and what hangs on it.
sub remove ($self, $type, $id) {
    my $removed = delete $self->tables->{$type}{$id} or return 0;
    my %key = (jobs => 'job_id', applications => 'application_id', stages => 'stage_id',
        custom_fields => 'custom_field_id');
    for my $other (keys %{ $self->tables }) {
        for my $record ($self->records($other)) {
            my $hangs = $key{$type} && ($record->{ $key{$type} } // '') eq $id;
            for my $prefix (qw(attributable commentable)) {
                $hangs ||= ($record->{"${prefix}_type"} // '') eq $type
                    && $record->{"${prefix}_id"} eq $id;
            }
            $self->remove($other, $record->{id}) if $hangs;
        }
    }
    return 1;
}

# stages: a list of names, or of {name, basic_type, ...}; model: the text of an option, see
# choose_model.
sub put_job ($self, $members) {
    my %given  = %$members;
    my $stages = delete $given{stages};
    my $chosen = exists $given{model};
    my ($model, $field) = delete @given{qw(model model_field)};
    my $is_new = !defined $given{id} || !$self->record('jobs', $given{id});
    my $job    = $self->put('jobs', \%given);
    if ($is_new) {
        my $url = 'https://' . $self->subdomain . ".pinpointhq.com/en/jobs/$job->{id}";
        $job->{url}       //= $url;
        $job->{path}      //= "/en/jobs/$job->{id}";
        $job->{opened_at} //= $job->{created_at};
        $job->{hiring_manager_user_id} //= $self->some_user->{id};
        $stages //= [map { { name => $_->[0], basic_type => $_->[1] } } @STAGES];
    }
    $self->put_stage({ job_id => $job->{id}, %{ ref $_ ? $_ : { name => $_ } } })
        for @{ $stages // [] };
    $self->choose_model($job, $model, $field) if $chosen;
    return $job;
}

sub put_stage ($self, $members) {
    my %given = %$members;
    if (!defined $given{id}) {
        $given{job_id} //= $self->some_job->{id} unless defined $given{hiring_workflow_id};
        $given{name}   //= 'Assessment';
        my @siblings = $self->records('stages',
            sub ($r) { defined $given{job_id} && ($r->{job_id} // '') eq $given{job_id} });
        $given{position} //= @siblings;
        my ($known) = grep { $_->[0] eq $given{name} } @STAGES;
        $given{basic_type} //= $known ? $known->[1] : 'review';
    }
    return $self->put('stages', \%given);
}

# Sets the job's value of the models' custom field, which is made, with this option, if needed.
# Without a text the value is taken away.
sub choose_model ($self, $job, $text, $field_name = undef) {
    $field_name //= 'AssessFirst predictive model';
    my ($field) = $self->records('custom_fields',
        sub ($r) { $r->{name} eq $field_name && $r->{resource_type} eq 'job' });
    $field //= $self->put_custom_field({ name => $field_name, resource_type => 'job',
        field_type => 'single_select', options => [] });
    if (defined $text && !grep { $_ eq $text } @{ $field->{options} }) {
        push @{ $field->{options} }, $text;
    }
    return $self->put_custom_attribute({ custom_field_id => $field->{id}, record_type => 'jobs',
        record_id => $job->{id}, value => $text });
}

# stage_name names a stage of the job, which is made if the job has none of that name.
sub put_application ($self, $members) {
    my %given      = %$members;
    my $stage_name = delete $given{stage_name};
    my $known = defined $given{id} ? $self->record('applications', $given{id}) : undef;
    $given{job_id} //= $known ? $known->{job_id} : $self->some_job->{id};
    $self->record('jobs', $given{job_id}) // $self->put_job({ id => $given{job_id} });
    my $is_moved_to_job = $known && $known->{job_id} ne $given{job_id};
    if (!defined $given{stage_id} && (!$known || $is_moved_to_job || defined $stage_name)) {
        $given{stage_id} = $self->stage_named($given{job_id}, $stage_name)->{id};
    }
    return $self->put('applications', \%given);
}

# The job's first stage when no name is given.
sub stage_named ($self, $job_id, $name) {
    my @stages = sort { $a->{position} <=> $b->{position} }
        $self->records('stages', sub ($r) { ($r->{job_id} // '') eq $job_id });
    return $stages[0] if !defined $name && @stages;
    my ($stage) = grep { $_->{name} eq ($name // 'Applied') } @stages;
    return $stage // $self->put_stage({ job_id => $job_id, name => $name // 'Applied' });
}

sub put_custom_field ($self, $members) {
    my %given = %$members;
    if (!defined $given{id} || !$self->record('custom_fields', $given{id})) {
        $given{name}          //= 'A field';
        $given{resource_type} //= 'application';
        $given{field_type}    //= $given{options} ? 'single_select' : 'varchar';
        $given{sample_value}  //= 'A sample';
        $given{position}      //= scalar $self->records('custom_fields');
    }
    my $field = $self->put('custom_fields', \%given);
    $field->{unique_reference} = "custom_field_$field->{id}";
    return $field;
}

# One value of a field on a record; an earlier one is replaced, an undefined one taken away.
sub put_custom_attribute ($self, $members) {
    my ($field_id, $type, $id) = @$members{qw(custom_field_id record_type record_id)};
    my ($known) = $self->records('custom_attributes', sub ($r) {
        $r->{custom_field_id} eq $field_id && $r->{attributable_type} eq $type
            && $r->{attributable_id} eq $id;
    });
    return $known && $self->remove('custom_attributes', $known->{id})
        unless defined $members->{value};
    return $self->put('custom_attributes', { id => $members->{id} // $known && $known->{id},
        custom_field_id => "$field_id", attributable_type => $type, attributable_id => "$id",
        typed_value => $members->{value} });
}

sub some_job ($self) {
    my ($job) = $self->records('jobs');
    return $job // $self->put_job({});
}

sub some_user ($self) {
    my ($user) = $self->records('users');
    return $user // $self->put('users', {});
}

# A record as a test wants to see it: with its stage's name, its custom attributes by field name
# and its comments' texts.
sub overview ($self, $record) {
    my %overview = %$record;
    my $stage = defined $record->{stage_id} && $self->record('stages', $record->{stage_id});
    $overview{stage_name} = $stage->{name} if $stage;
    my $relationships = $SCHEMA{ $record->{type} }{relationships} // {};
    if (my $attributes = $relationships->{custom_attributes}) {
        my @shown = map { $SCHEMA{custom_attributes}{view}->($self, $_) }
            @{ $attributes->{find}->($self, $record) };
        $overview{attributes} = { map { $_->{field_name} => $_->{value} } @shown };
    }
    if (my $comments = $relationships->{comments}) {
        $overview{comments} =
            [map { $_->{body_text} } @{ $comments->{find}->($self, $record) }];
    }
    return \%overview;
}

1;
