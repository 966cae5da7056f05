package AFP::API;

# A client of the JSON API. Every answer is held against the API's own description, web/openapi.json, and
# so is the body of every request that succeeded: what does not fit is a failed test.
#
#     my $api = $site->api($acme);
#     my $settings = $api->get('settings');
#     is $settings->code, 200;
#     is $api->json->{subdomain}, 'acme';
#     $api->patch('settings', { status => 'Hired' }, 'If-Match' => $settings->header('ETag'));

use strict;
use warnings;

use HTTP::Request ();
use LWP::UserAgent ();
use Mojo::JSON qw(decode_json encode_json);
use Test::More ();

use AFP::Process qw(slurp top_dir);

our $description = top_dir() . '/mod_assessfirst_pinpoint/web/openapi.json';

my ($document, $schema);

# %option: token, and headers (a hash, sent with every request).
sub new
{
    my ($class, $url, %option) = @_;
    my $agent = LWP::UserAgent->new(timeout => 60, max_redirect => 0, env_proxy => 0);
    $agent->default_header(Authorization => "Bearer $option{token}") if defined $option{token};
    return bless { url => $url, agent => $agent }, $class;
}

sub url { $_[0]{url} }
sub agent { $_[0]{agent} }
sub response { $_[0]{response} }

# The latest answer's document.
sub json { decode_json($_[0]{response}->content) }

# Each takes a path below the API's address, with its query; a body (a reference, or a text that is sent
# as it is); and headers. Returns the HTTP::Response.
sub get { my ($self, $path, %headers) = @_; return $self->call(GET => $path, undef, %headers) }
sub head { my ($self, $path, %headers) = @_; return $self->call(HEAD => $path, undef, %headers) }
sub put { my ($self, @rest) = @_; return $self->call(PUT => @rest) }
sub post { my ($self, @rest) = @_; return $self->call(POST => @rest) }
sub delete { my ($self, @rest) = @_; return $self->call(DELETE => @rest) }

sub patch
{
    my ($self, $path, $body, %headers) = @_;
    return $self->call(PATCH => $path, $body, 'Content-Type' => 'application/merge-patch+json', %headers);
}

sub call
{
    my ($self, $method, $path, $body, %headers) = @_;
    my $text = ref $body ? encode_json($body) : $body;
    my $type = delete $headers{'Content-Type'} // 'application/json';
    my $request = HTTP::Request->new($method, $path eq '' ? $self->{url} : "$self->{url}/$path",
        [%headers, defined $text ? ('Content-Type' => $type) : ()], $text);
    $self->{response} = $self->{agent}->request($request);
    my @faults = faults($method, $path, $self->{response});
    push @faults, body_faults($method, $path, $body) if ref $body && $self->{response}->is_success;
    Test::More::fail("$method $path fits the API's description"), Test::More::diag(join "\n", @faults,
        $self->{response}->as_string) if @faults;
    return $self->{response};
}

# ---- the description ---------------------------------------------------------------------------

sub document { return $document //= decode_json(slurp($description)) }

# JSON::Validator follows references to schemas, but not those to responses and parameters.
sub schema
{
    return $schema //= do {
        require JSON::Validator; # not for the benchmarks, which use the same sites
        my $made = JSON::Validator->new->schema(inlined(document()))->schema;
        $made->coerce({});
        $made;
    };
}

sub inlined
{
    my ($value) = @_;
    return [map { inlined($_) } @$value] if ref $value eq 'ARRAY';
    return $value if ref $value ne 'HASH';
    return inlined(document()->{components}{$1}{$2})
        if ($value->{'$ref'} // '') =~ m{^#/components/(responses|parameters)/(\w+)$};
    return { map { $_ => inlined($value->{$_}) } keys %$value };
}

# The description's path that a request's path fits, those without places first.
sub template
{
    my ($path) = @_;
    $path =~ s/\?.*//s;
    for my $template (sort { $a =~ tr/{// <=> $b =~ tr/{// || $a cmp $b } keys %{ document()->{paths} }) {
        my $pattern = join '[^/]+', map { quotemeta } split /\{\w+\}/, $template, -1;
        return $template if "/$path" =~ /^$pattern$/;
    }
    return;
}

# What is wrong with an answer.
sub faults
{
    my ($method, $path, $response) = @_;
    my $template = template($path);
    my $documented = lc($method eq 'HEAD' ? 'GET' : $method);
    my $status = $response->code;
    my @faults;
    push @faults, 'Cache-Control is not no-store' if ($response->header('Cache-Control') // '') ne 'no-store';
    return @faults if $status == 304;
    if ($response->is_error) {
        push @faults, 'an error is no problem document' if $response->content_type ne 'application/problem+json';
        push @faults, "the problem's status is another" if $method ne 'HEAD'
            && (eval { decode_json($response->content)->{status} } // 0) != $status;
    }
    if ($method eq 'HEAD') {
        push @faults, 'HEAD has a body' if length $response->content;
        return @faults;
    }
    my $value = eval { decode_json($response->content) };
    return (@faults, "the body is no JSON: $@") unless defined $value;
    my $operation = $template && document()->{paths}{$template}{$documented};
    if (!$operation) {
        push @faults, "$status, although there is no such operation" unless $status == 404 || $status == 405;
        return (@faults, schema()->validate($value, document()->{components}{schemas}{Problem}));
    }
    return (@faults, "$status is not described") unless $operation->{responses}{$status};
    return (@faults, response_faults($documented, $template, $response, $value));
}

sub response_faults
{
    my ($method, $template, $response, $value) = @_;
    return map { "$_" } schema()->validate_response([$method, $template, $response->code], {
        body => sub { +{ exists => 1, content_type => scalar $response->content_type, value => $value } },
        header => sub {
            my ($name) = @_;
            my $header = $response->header($name);
            return { exists => defined $header, value => $header };
        },
    });
}

# What is wrong with a body that was accepted.
sub body_faults
{
    my ($method, $path, $body) = @_;
    my $template = template($path) or return;
    my $described = schema()->data->{paths}{$template}{ lc $method }{requestBody} or return 'no body is described';
    my ($content) = values %{ $described->{content} };
    return map { "the body: $_" } schema()->validate($body, $content->{schema});
}

1;
