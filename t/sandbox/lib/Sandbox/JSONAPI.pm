package Sandbox::JSONAPI;

# JSON:API as Pinpoint's server speaks it (contract, sections 1.3, 1.5, 2 and 3): errors, query
# parameters and documents. Nothing here knows a resource type; types are given as a schema, see
# Sandbox::Pinpoint::Schema.

use Mojo::Base -strict, -signatures;

use Exporter qw(import);
use Mojo::JSON qw(encode_json false);

our @EXPORT_OK = qw(document error_answer fail parse_query refuse request_error validation_error);

my %KIND = (
    400 => ['bad_request',           'Bad Request'],
    401 => ['unauthorized',          'Unauthorized'],
    403 => ['forbidden',             'Forbidden'],
    404 => ['not_found',             'Not Found'],
    409 => ['conflict',              'Conflict'],
    422 => ['unprocessable_entity',  'Validation Error'],
    429 => ['too_many_requests',     'Too Many Requests'],
    500 => ['internal_server_error', 'Internal Server Error'],
);

my $DEFAULT_PAGE_SIZE = 100;
my $LARGEST_PAGE      = 1000;

# Each of these ends the request: error_answer makes the answer of what was thrown.
sub fail ($status, $detail) {
    my ($code, $title) = @{ $KIND{$status} };
    die { status => $status,
        errors => [{ title => $title, code => $code, status => "$status", detail => $detail }] };
}

sub refuse ($detail) { return fail(400, $detail) }

sub request_error ($status, $pointer, $message) {
    my ($attribute) = $pointer =~ m{([^/]+)\z};
    die { status => $status, errors => [{
        code   => 'bad_request', title => 'Request Error', status => "$status",
        detail => "$pointer $message",
        source => { pointer => $pointer },
        meta   => { attribute => $attribute, message => $message, code => 'invalid' },
    }] };
}

# $attribute in snake_case; the sentence starts with its human name.
sub validation_error ($attribute, $message, $place = 'attributes') {
    my $name = ucfirst $attribute =~ tr/_/ /r;
    die { status => 422, errors => [{
        code   => 'unprocessable_entity', title => 'Validation Error', status => '422',
        detail => "$name $message",
        source => { pointer => "/data/$place/$attribute" },
        meta   => { attribute => $attribute, message => $message, code => 'invalid' },
    }] };
}

sub error_answer ($thrown) { return { status => $thrown->{status},
    content => { errors => $thrown->{errors} } } }

# The query as {filter, page, fields, extra_fields, include, sort, stats}; every value is checked
# against the schema of $type. Parameters that are none of these are ignored, as Rails does.
sub parse_query ($parameters, $schema, $type) {
    my %query = (filter => {}, fields => {}, extra_fields => {}, include => {}, sort => [],
        page => { number => 1, size => $DEFAULT_PAGE_SIZE }, stats => 0);
    my %reader = (
        extra_fields => \&read_extra_fields,
        fields       => \&read_fields,
        filter       => \&read_filter,
        filters      => \&read_filter,
        include      => \&read_include,
        page         => \&read_page,
        sort         => \&read_sort,
        stats        => \&read_stats,
    );
    my @pairs = @{ $parameters->pairs };
    while (my ($name, $value) = splice @pairs, 0, 2) {
        my ($root, $rest) = $name =~ /\A(\w+)((?:\[[^\]\[]*\])*)\z/
            or refuse('Malformed query params');
        my @keys = $rest =~ /\[([^\]]*)\]/g;
        $reader{$root}->(\%query, \@keys, $value, $schema, $type) if $reader{$root};
    }
    return \%query;
}

sub read_extra_fields ($query, $keys, $value, $schema, $type) {
    @$keys == 1 && $schema->{ $keys->[0] } or refuse('Malformed query params');
    for my $name (split /,/, $value) {
        grep { $_ eq $name } @{ $schema->{ $keys->[0] }{extra} // [] }
            or refuse("$keys->[0]: extra field $name is unknown");
        $query->{extra_fields}{ $keys->[0] }{$name} = 1;
    }
    return;
}

sub read_fields ($query, $keys, $value, $schema, $type) {
    @$keys == 1 or refuse('Malformed query params');
    $query->{fields}{ $keys->[0] }{$_} = 1 for split /,/, $value;
    return;
}

sub read_filter ($query, $keys, $value, $schema, $type) {
    my ($name, $operator) = @$keys;
    my $rule = defined $name ? $schema->{$type}{filters}{$name} : undef;
    $rule or refuse("$type: filter " . ($name // '') . ' is unknown');
    my @values = split /,/, $value, -1;
    for my $given (@values) {
        $rule->{values} && !grep { $_ eq $given } @{ $rule->{values} }
            and refuse("$type: $given is not a value of filter $name");
        $rule->{integer} && $given !~ /\A[0-9]+\z/
            and refuse("$type: filter $name should be an integer");
    }
    if ($rule->{range}) {
        ($operator // '') =~ /\A(?:gt|gte|lt|lte)\z/
            or refuse("$type: filter $name needs gt or lt");
        $query->{filter}{$name}{$operator} = $value;
        return;
    }
    defined $operator && $operator ne 'eq' and refuse("$type: filter $name has no $operator");
    push @{ $query->{filter}{$name} }, @values;
    return;
}

sub read_include ($query, $keys, $value, $schema, $type) {
    @$keys == 0 or refuse('Malformed query params');
    for my $path (split /,/, $value) {
        my ($tree, $at) = ($query->{include}, $type);
        for my $step (split /\./, $path, -1) {
            my $relationship = $schema->{$at}{relationships}{$step};
            my $is_nested    = $tree != $query->{include};
            $relationship && $relationship->{find}
                && !($is_nested && $relationship->{side_loaded_as})
                or refuse("$at: The requested included relationship \"$step\" is not supported");
            $tree = $tree->{$step} //= {};
            $at   = $relationship->{type};
        }
    }
    return;
}

sub read_page ($query, $keys, $value, $schema, $type) {
    my ($name) = @$keys;
    @$keys == 1 && $name =~ /\A(?:number|size)\z/ && $value =~ /\A[0-9]{1,9}\z/
        or refuse('Malformed query params');
    $name eq 'number' && $value < 1 and refuse('Malformed query params');
    $name eq 'size' && $value > $LARGEST_PAGE
        and refuse("Requested page size $value is greater than max supported size $LARGEST_PAGE");
    $query->{page}{$name} = 0 + $value;
    return;
}

sub read_sort ($query, $keys, $value, $schema, $type) {
    my %seen;
    for my $wish (split /,/, $value) {
        my ($minus, $name) = $wish =~ /\A(-?)(\w+)\z/ or refuse('Malformed query params');
        grep { $_ eq $name } qw(id created_at updated_at), @{ $schema->{$type}{sort} // [] }
            or refuse("$type: sort by $name is unknown");
        $seen{$name}++ and refuse("$type: sort names $name twice");
        push @{ $query->{sort} }, [$name, $minus ? -1 : 1];
    }
    return;
}

sub read_stats ($query, $keys, $value, $schema, $type) {
    @$keys == 1 && $keys->[0] eq 'total' && $value eq 'count' or refuse('Malformed query params');
    $query->{stats} = 1;
    return;
}

# A document for one record or for a list of them. Records are hashes with a type and an id; the
# store is handed on to the schema's functions.
sub document ($data, $schema, $query, $store) {
    my %included;
    my $render = sub ($record) {
        return resource($record, $schema, $query, $store, $query->{include}, \%included, 0);
    };
    my $rendered = ref $data eq 'ARRAY' ? [map { $render->($_) } @$data] : $render->($data);
    my %document = (data => $rendered, meta => {});
    my @included = map { $included{$_} } sort keys %included;
    $document{included} = \@included if @included;
    return \%document;
}

sub resource ($record, $schema, $query, $store, $include, $included, $is_side_loaded) {
    my $type       = $record->{type};
    my $kind       = $schema->{$type};
    my $attributes = $kind->{view} ? $kind->{view}->($store, $record) : $record;
    my @names      = @{ $kind->{attributes} };
    push @names, grep { $query->{extra_fields}{$type}{$_} } @{ $kind->{extra} // [] };
    @names = grep { $query->{fields}{$type}{$_} } @names if $query->{fields}{$type};

    my %resource = (id => "$record->{id}", type => $type,
        attributes => { map { ($_ => $attributes->{$_}) } @names });
    my $relationships = $kind->{relationships} or return \%resource;
    for my $name (keys %$relationships) {
        next if $query->{fields}{$type} && !$query->{fields}{$type}{$name};
        my $relationship = $relationships->{$name};
        my $shown_as     = $is_side_loaded && $relationship->{side_loaded_as} || $name;
        $resource{relationships}{$shown_as} = $include->{$name}
            ? loaded($relationship->{find}->($store, $record), $schema, $query, $store,
                $include->{$name}, $included)
            : { meta => { included => false } };
    }
    return \%resource;
}

sub loaded ($found, $schema, $query, $store, $include, $included) {
    my @records = ref $found eq 'ARRAY' ? @$found : grep { defined } $found;
    for my $record (@records) {
        my $resource = resource($record, $schema, $query, $store, $include, $included, 1);
        my $known    = $included->{"$record->{type} $record->{id}"} //= $resource;
        for my $name (keys %{ $resource->{relationships} // {} }) {
            my $relationship = $resource->{relationships}{$name};
            $known->{relationships}{$name} = $relationship if exists $relationship->{data};
        }
    }
    my @identifiers = map { { type => $_->{type}, id => "$_->{id}" } } @records;
    return { data => ref $found eq 'ARRAY' ? \@identifiers : $identifiers[0] };
}

1;
