package Sandbox;

# The application: hands each request to one of the two stand-ins, the control API or the page.
#
# A stand-in is an object with one method, answer($request), which returns {status, headers, body}
# and knows nothing of connections. $request is {method, path, query, headers, body}: path is
# relative to the API, query a Mojo::Parameters, header names are in lower case, body is bytes.

use Mojo::Base 'Mojolicious', -signatures;

use Sandbox::AssessFirst;
use Sandbox::Calls;
use Sandbox::Control;
use Sandbox::Faults;
use Sandbox::Page;
use Sandbox::Pinpoint;
use Sandbox::WebhookSender;

has 'ca';
has assessfirst => sub { Sandbox::AssessFirst->new };
has calls       => sub { Sandbox::Calls->new };
has faults      => sub { Sandbox::Faults->new };
has page        => sub ($self) { Sandbox::Page->new(sandbox => $self) };
has page_config => sub { {} };
has pinpoint    => sub { Sandbox::Pinpoint->new };
has webhooks    => sub ($self) { Sandbox::WebhookSender->new(ca => $self->ca) };

sub startup ($self) {
    $self->mode('production');
    $self->secrets(['no sessions are used']);
    $self->log->level('error');
    $self->static->paths([])->classes([]);
    $self->max_request_size(64 * 1024 * 1024);

    # Bodies are kept as they came, multipart included.
    $self->hook(after_build_tx => sub ($tx, $app) { $tx->req->content->auto_upgrade(0) });

    my $routes = $self->routes;
    for my $api (qw(pinpoint assessfirst)) {
        my $base = base_path($api);
        $routes->any("$base/*rest" => { rest => '' } => sub ($c) { $self->serve_api($c, $api) });
    }
    Sandbox::Control->new(sandbox => $self)->add_routes($routes);
    $self->page->add_routes($routes);
    $routes->any('/*rest' => { rest => '' } => sub ($c) {
        $c->render(text => "There is nothing here.\n", status => 404, format => 'txt');
    });
    return;
}

sub base_path ($api) { return $api eq 'pinpoint' ? '/pinpoint/api/v1' : '/betty' }

sub reset ($self) {
    $self->$_->reset for qw(assessfirst calls faults page pinpoint webhooks);
    $self->page_config({});
    return;
}

sub serve_api ($self, $c, $api) {
    my $request = request_of($c, base_path($api));
    my $call    = $self->calls->record($api, $request);
    my $fault   = $self->faults->take($api, $request);
    my $handler = sub {
        my $answer = eval { $self->$api->answer($request) };
        return $answer if $answer;
        warn "the sandbox's $api stand-in failed: $@";
        return { status => 500, headers => {}, body => "sandbox error: $@" };
    };
    $self->faults->serve($c, $fault, $handler, $call);
    return;
}

sub request_of ($c, $base) {
    my $req  = $c->req;
    my $path = $req->url->path->to_string;
    my %headers;
    $headers{ lc $_ } = $req->headers->header($_) for @{ $req->headers->names };
    return {
        method    => $req->method,
        full_path => $path,
        path      => substr($path, length $base) =~ s{^/}{}r,
        query     => $req->url->query->clone,
        raw_query => $req->url->query->to_string,
        headers   => \%headers,
        body      => $req->body,
    };
}

1;
