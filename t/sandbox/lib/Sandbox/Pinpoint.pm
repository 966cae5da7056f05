package Sandbox::Pinpoint;

# The Pinpoint API: who may call, which resource, reading. Writing is in Sandbox::Pinpoint::Writes.

use Mojo::Base -base, -signatures;

use Mojo::Date;
use Mojo::JSON qw(decode_json encode_json);
use Sandbox::JSONAPI qw(document error_answer fail parse_query refuse request_error);
use Sandbox::Pinpoint::Company;
use Sandbox::Pinpoint::Schema qw(%CLASS %SCHEMA);
use Sandbox::Pinpoint::Writes;

has companies => sub { {} };

my $MEDIA_TYPE = 'application/vnd.api+json';

my %IS_RESOURCE = map { $_ => 1 }
    qw(applications comments custom_attributes custom_fields hiring_workflows jobs users);

sub reset ($self) { return $self->companies({}) }

# The company with this key; made if it is new.
sub put_company ($self, $members) {
    my %given   = %$members;
    my $key     = delete $given{key}     // 'pinpoint-key';
    my $rename  = delete $given{new_key};
    my $company = $self->companies->{$key}
        //= Sandbox::Pinpoint::Company->new(key => $key, subdomain => 'example');
    if (defined $rename) {
        $self->companies->{$rename} = delete $self->companies->{$key};
        $company->key($rename);
    }
    my $subdomain = delete $given{subdomain};
    $company->subdomain($subdomain) if defined $subdomain;
    for my $name (keys %given) {
        exists $company->settings->{$name} or die "a company has no setting '$name'\n";
        $company->settings->{$name} = $given{$name};
    }
    return $company;
}

sub answer ($self, $request) {
    my $answer = eval { $self->route($request) };
    if (!$answer) {
        die $@ unless ref $@ eq 'HASH' && $@->{errors};
        $answer = error_answer($@);
    }
    return {
        status  => $answer->{status},
        headers => { 'Content-Type' => $MEDIA_TYPE },
        body    => encode_json($answer->{content}),
    };
}

sub route ($self, $request) {
    my $company = $self->authenticate($request);
    my ($type, $id, @rest) = split m{/}, $request->{path};
    fail(404, 'Not Found') if @rest || !$IS_RESOURCE{ $type // '' };
    fail(404, 'Not Found') if defined $id && $id !~ /\A[0-9]+\z/;

    my $method = $request->{method} =~ s/\APATCH\z/PUT/r;
    my $query  = parse_query($request->{query}, \%SCHEMA, $type);
    if ($method eq 'GET' || $method eq 'HEAD') {
        $self->require_permission($company, $type, 'read');
        $self->require_permission($company, $_, 'read') for included_types($query, $type);
        return defined $id ? $self->show($company, $type, $id, $query)
            : $self->list($company, $type, $query);
    }
    my $verb = { POST => 'create', PUT => 'update', DELETE => 'delete' }->{$method};
    my $deed = $verb && Sandbox::Pinpoint::Writes->can("${verb}_$type");
    fail(404, 'Not Found') if !$deed || ($verb eq 'create') == defined $id;
    $self->require_permission($company, $type, $verb eq 'delete' ? 'delete' : 'write');
    return $self->write_record($company, $request, $query, $type, $id, $verb, $deed);
}

sub authenticate ($self, $request) {
    my $key = $request->{headers}{'x-api-key'};
    fail(401, 'X-API-KEY header not provided') unless length($key // '');
    my $company = $self->companies->{$key};
    fail(401, 'Invalid API key') if !$company || $company->settings->{revoked};
    fail(403, 'Integration not enabled') unless $company->settings->{integration_enabled};
    return $company;
}

# The setting "deny" maps a resource type to read, write, delete, or all.
sub require_permission ($self, $company, $type, $level) {
    my $denied = $company->settings->{deny}{$type} // return;
    return unless grep { $_ eq 'all' || $_ eq $level } split /[,\s]+/, $denied;
    fail($company->settings->{deny_status},
        "This API key does not have the $level permission for $SCHEMA{$type}{permission}");
    return;
}

sub included_types ($query, $type) {
    return grep { $SCHEMA{$_}{permission} }
        map { $SCHEMA{$type}{relationships}{$_}{type} } keys %{ $query->{include} };
}

sub show ($self, $company, $type, $id, $query) {
    my $record = $company->record($type, $id);
    fail(404, 'Record not found') unless $record && is_visible($company, $record, $query);
    return { status => 200, content => document($record, \%SCHEMA, $query, $company) };
}

sub list ($self, $company, $type, $query) {
    my @records = grep { is_visible($company, $_, $query) && passes($company, $_, $query) }
        $company->records($type);
    my $total = @records;
    for my $sort (reverse @{ $query->{sort} }) {
        my ($name, $direction) = @$sort;
        @records = sort { $direction * compare($name, $a, $b) } @records;
    }
    my ($number, $size) = @{ $query->{page} }{qw(number size)};
    my $first = ($number - 1) * $size;
    my @page  = $first < @records ? splice @records, $first, $size : ();
    my $document = document(\@page, \%SCHEMA, $query, $company);
    $document->{meta}{stats}{total}{count} = $total if $query->{stats};
    return { status => 200, content => $document };
}

sub compare ($name, $left, $right) {
    return $left->{id} <=> $right->{id} if $name eq 'id';
    return ($left->{$name} // '') cmp($right->{$name} // '');
}

# What belongs to a confidential job is there only for who asks for it (section 5.2).
sub is_visible ($company, $record, $query) {
    my $filters = $SCHEMA{ $record->{type} }{filters} // {};
    for my $name (grep { $filters->{$_}{default} } keys %$filters) {
        my $wanted = $query->{filter}{$name} // $filters->{$name}{default};
        return 0 unless $filters->{$name}{match}->($company, $record, $wanted);
    }
    return 1;
}

sub passes ($company, $record, $query) {
    for my $name (keys %{ $query->{filter} }) {
        my $rule   = $SCHEMA{ $record->{type} }{filters}{$name};
        my $wanted = $query->{filter}{$name};
        if ($rule->{match}) {
            return 0 unless $rule->{match}->($company, $record, $wanted);
            next;
        }
        my $value = $record->{ $rule->{key} };
        if ($rule->{range}) {
            return 0 unless is_in_range($value, $wanted);
            next;
        }
        $value = $value ? 'true' : 'false' if ref $value;
        $value //= '';
        return 0 unless grep { $value eq ($rule->{class} ? $CLASS{$_} : $_) } @$wanted;
    }
    return 1;
}

sub is_in_range ($value, $limits) {
    my $at    = epoch($value);
    my %holds = (
        gt => sub ($limit) { $at > $limit },  gte => sub ($limit) { $at >= $limit },
        lt => sub ($limit) { $at < $limit },  lte => sub ($limit) { $at <= $limit },
    );
    for my $operator (keys %$limits) {
        return 0 unless $holds{$operator}->(epoch($limits->{$operator}));
    }
    return 1;
}

sub epoch ($text) {
    $text .= 'T00:00:00Z' if $text =~ /\A\d{4}-\d\d-\d\d\z/;
    return Mojo::Date->new($text)->epoch // refuse('Malformed query params');
}

sub write_record ($self, $company, $request, $query, $type, $id, $verb, $deed) {
    my $data = $verb eq 'delete' ? undef : payload($request, $type, $id);
    $self->require_permission($company, 'custom_attributes', 'write')
        if $type eq 'applications' && $data && $data->{relationships}{custom_attributes};
    my $record = defined $id ? $company->record($type, $id) : undef;
    fail(404, 'Record not found')
        if defined $id && !($record && is_visible($company, $record, $query));
    if ($verb eq 'delete') {
        $deed->($company, $record);
        return { status => 200, content => { meta => undef } };
    }
    $record = $deed->($company, $data, $record);
    $query->{include}{$_} //= {} for grep { $verb eq 'create' } keys %{ $data->{relationships} };
    my $document = document($record, \%SCHEMA, $query, $company);
    delete $document->{included};
    return { status => $verb eq 'create' ? 201 : 200, content => $document };
}

# The "data" of a JSON:API body, whose type and id fit the address, with its "included" in it.
sub payload ($request, $type, $id) {
    my $media_type = lc(($request->{headers}{'content-type'} // '') =~ s/\s*;.*//sr);
    refuse("Content-Type $media_type is not $MEDIA_TYPE")
        unless grep { $_ eq $media_type } $MEDIA_TYPE, 'application/json';
    my $document = eval { decode_json($request->{body}) };
    my $data     = ref $document eq 'HASH' ? $document->{data} : undef;
    refuse('Malformed request body') unless ref $data eq 'HASH';
    for my $part (qw(attributes relationships)) {
        refuse("Malformed request body: $part") if ref($data->{$part} //= {}) ne 'HASH';
    }
    my $beside = $data->{included} = $document->{included} // [];
    refuse('Malformed request body: included')
        if ref $beside ne 'ARRAY' || grep { ref ne 'HASH' } @$beside;
    my $mismatch = 'does not match the server endpoint';
    request_error(409, 'data/type', $mismatch) if ($data->{type} // '') ne $type;
    return $data unless defined $id;
    request_error(409, 'data/id', $mismatch) if ref $data->{id} || ($data->{id} // '') ne $id;
    return $data;
}

1;
