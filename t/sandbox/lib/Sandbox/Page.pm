package Sandbox::Page;

# The page for people: what both stand-ins hold, and buttons that make something happen.

use Mojo::Base -base, -signatures;

use Mojo::Loader qw(data_section);
use Mojo::Template;
use POSIX qw(strftime);
use Sandbox::Pinpoint::Schema qw(%SCHEMA);

has sandbox  => undef, weak => 1;
has sent     => sub { [] };
has template => sub {
    Mojo::Template->new(vars => 1, auto_escape => 1)->parse(data_section(__PACKAGE__, 'page'));
};

my $NEW_EVENT   = 'application_created';
my $STAGE_EVENT = 'application_stage_changed';
my $MODEL_FIELD = 'AssessFirst predictive model';
my $SHOWN       = 10;
my $POLICY      = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    . "base-uri 'none'; frame-ancestors 'none'";

sub add_routes ($self, $routes) {
    $routes->get('/' => sub ($c) { $self->show($c) });
    my %deed = ('webhook-url' => sub ($self, $c) { $self->set_url($c, 'webhook_url') },
        'callback-url' => sub ($self, $c) { $self->set_url($c, 'callback_url') },
        apply => \&apply, move => \&move, model => \&choose_model,
        'test-event' => \&send_test_event, progress => \&advance);
    for my $name (keys %deed) {
        $routes->post("/page/$name" => sub ($c) { $deed{$name}->($self, $c) });
    }
    return;
}

sub reset ($self) { return $self->sent([]) }

sub config ($self) { return $self->sandbox->page_config }

sub company ($self) {
    my $pinpoint = $self->sandbox->pinpoint;
    my $key      = $self->config->{key};
    return defined $key && $pinpoint->companies->{$key} || $pinpoint->put_company({});
}

sub account ($self) {
    my $assessfirst = $self->sandbox->assessfirst;
    my $token       = $self->config->{token};
    return defined $token && $assessfirst->accounts->{$token} || $assessfirst->put_account({});
}

sub show ($self, $c) {
    my $company = $self->company;
    my $account = $self->account;
    my %model   = map { $_->{uuid} => $_->{name} } @{ $account->models };
    my @jobs    = map { $self->job_view($company, $_) } $company->records('jobs');
    my %job     = map { $_->{id} => $_ } @jobs;
    my @applications = map { { %{ $company->overview($_) }, job => $job{ $_->{job_id} } } }
        reverse $company->records('applications');
    my @invitations = map { { %$_, model_name => defined $_->{model}
        ? $model{ $_->{model} } // $_->{model} : 'no model' } } reverse @{ $account->invitations };

    my @candidates = map { { %$_, unfinished => [$account->unfinished($_)],
        adequacy   => defined $_->{model} ? $_->{adequacy} : {},
        model_name => defined $_->{model} ? $model{ $_->{model} } // $_->{model} : 'no model' } }
        reverse $account->all_candidates;

    $c->res->headers->header('Content-Security-Policy' => $POLICY);
    $c->res->headers->cache_control('no-store');
    $c->render(format => 'html', text => $self->template->process({
        company      => $company,
        account      => $account,
        config       => $self->config,
        jobs         => \@jobs,
        applications => \@applications,
        invitations  => \@invitations,
        candidates   => \@candidates,
        sent         => $self->sent,
    }));
    return;
}

# With its stages, and with its model's field name, choice and choices. The field is that of the
# usual name, or else the first one of its kind.
sub job_view ($self, $company, $job) {
    my @stages  = sort { $a->{position} <=> $b->{position} }
        @{ $SCHEMA{jobs}{relationships}{stages}{find}->($company, $job) };
    my @fields = $company->records('custom_fields', sub ($field) {
        return $field->{resource_type} eq 'job' && $field->{field_type} eq 'single_select';
    });
    my ($usual) = grep { $_->{name} eq $MODEL_FIELD } @fields;
    my $field   = $usual // $fields[0];
    my $name = $field ? $field->{name} : undef;
    return { %$job, stages => \@stages, field => $name,
        model   => $name && $company->overview($job)->{attributes}{$name},
        options => $field ? $field->{options} : [] };
}

# -- what the buttons do

sub set_url ($self, $c, $name) {
    my $url = $c->param($name) // '';
    $self->sandbox->page_config({ %{ $self->config }, $name => $url =~ s/\A\s+|\s+\z//gr });
    return $c->redirect_to('/');
}

sub choose_model ($self, $c) {
    my $company = $self->company;
    my $job     = $company->record('jobs', $c->param('job_id') // '') or return missing($c);
    my $view    = $self->job_view($company, $job);
    my $wanted  = $c->param('model') // '';
    $company->choose_model($job, length $wanted ? $wanted : undef, $view->{field})
        if $view->{field};
    return $c->redirect_to('/');
}

sub apply ($self, $c) {
    my $company = $self->company;
    my %person;
    for my $name (qw(first_name last_name email locale job_id)) {
        my $value = $c->param($name) // '';
        $person{$name} = $value if length $value;
    }
    return missing($c) unless $company->record('jobs', $person{job_id} // '');
    my $application = $company->put_application(\%person);
    return $self->send($c, $self->config->{new_event} // $NEW_EVENT, $application);
}

sub move ($self, $c) {
    my $company     = $self->company;
    my $application = $company->record('applications', $c->param('application_id') // '');
    my $stage       = $company->record('stages', $c->param('stage_id') // '');
    return missing($c) unless $application && $stage;
    $company->put_application({ id => $application->{id}, stage_id => $stage->{id} });
    return $self->send($c, $self->config->{stage_event} // $STAGE_EVENT, $application);
}

# The candidate finishes one questionnaire or all of them, declines, or lets the time run out.
sub advance ($self, $c) {
    my %wish = map { $_ => $c->param($_) } grep { defined $c->param($_) }
        qw(uuid finish decline expire);
    my $candidate = eval { $self->account->advance(\%wish) } or return missing($c);
    my $url       = $self->config->{callback_url} // '';
    return $c->redirect_to('/') unless length $url;
    return $self->deliver($c, { event => 'callback', about => $candidate->{email} },
        sub { $self->sandbox->webhooks->send_callback($candidate->{uuid}, { url => $url }) });
}

sub send_test_event ($self, $c) {
    my $event = $self->config->{new_event} // $NEW_EVENT;
    return $self->send($c, $event, { id => 1, job_id => 1 });
}

sub missing ($c) {
    return $c->render(text => "There is no such record any more.\n", status => 404,
        format => 'txt');
}

sub send ($self, $c, $event, $application) {
    my $url   = $self->config->{webhook_url} // '';
    my %entry = (event => $event, about => $application->{id});
    if (!length $url) {
        $self->remember({ %entry, error => 'No webhook URL is set.' });
        return $c->redirect_to('/');
    }
    return $self->deliver($c, \%entry, sub {
        $self->sandbox->webhooks->send({
            url            => $url,
            secret         => $self->config->{secret},
            event          => $event,
            application_id => $application->{id},
            job_id         => $application->{job_id},
        });
    });
}

sub remember ($self, $entry) {
    unshift @{ $self->sent }, { at => strftime('%Y-%m-%d %H:%M:%S', gmtime), %$entry };
    splice @{ $self->sent }, $SHOWN;
    return;
}

# Sends what $post promises, keeps the answer for the page, and goes back to it.
sub deliver ($self, $c, $entry, $post) {
    my $done = sub (%result) {
        $self->remember({ %$entry, %result });
        return $c->redirect_to('/');
    };
    my $tx = $c->render_later->tx;
    return $post->()->then(sub ($attempts) { $done->(%{ $attempts->[0] }) })
        ->catch(sub ($error) { $done->(error => "$error") })
        ->finally(sub { undef $tx });
}

1;

__DATA__

@@ page
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox: Pinpoint and AssessFirst</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; color: #1f2933; background: #f4f6f8; margin: 0; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
h1 { font-size: 1.5rem; margin: 1rem 0 0; }
h2 { font-size: 1.1rem; margin: 0 0 .6rem; }
section { background: #fff; border: 1px solid #dde3e9; border-radius: 8px; padding: 1rem 1.2rem;
  margin-top: 1rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; vertical-align: top;
  border-bottom: 1px solid #edf0f3; }
th { font-weight: 600; color: #52606d; font-size: .85rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
form + form, form + table { margin-top: .8rem; }
label { display: flex; flex-direction: column; font-size: .8rem; color: #52606d; }
input, select, button { font: inherit; padding: .3rem .5rem; border: 1px solid #b8c2cc;
  border-radius: 5px; background: #fff; color: inherit; }
button { background: #1d5fa8; border-color: #1d5fa8; color: #fff; cursor: pointer; }
input:focus, select:focus, button:focus { outline: 3px solid #9cc5f0; outline-offset: 1px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0 0 .8rem; }
dt { color: #52606d; }
dd { margin: 0; overflow-wrap: anywhere; }
code { font-size: .9em; overflow-wrap: anywhere; }
.wide { flex: 1; min-width: 20rem; }
.good { color: #0b6b3a; font-weight: 600; }
.bad { color: #a61b1b; font-weight: 600; }
.quiet { color: #616e7c; }
.lines { white-space: pre-line; }
</style>
</head>
<body>
<main>
<h1>Sandbox</h1>
<p class="quiet">Stand-ins of Pinpoint and AssessFirst. Nobody is really invited.</p>

<section aria-labelledby="connection">
<h2 id="connection">Connection</h2>
<dl>
<dt>Pinpoint subdomain</dt><dd><code><%= $company->subdomain %></code></dd>
<dt>Pinpoint API key</dt><dd><code><%= $company->key %></code></dd>
<dt>Signing secret</dt><dd><code><%= $config->{secret} // '' %></code></dd>
<dt>AssessFirst token</dt><dd><code><%= $account->token %></code></dd>
</dl>
<form method="post" action="/page/webhook-url">
<label class="wide">Webhook URL, as the marketplace page shows it
<input name="webhook_url" type="url" value="<%= $config->{webhook_url} // '' %>"></label>
<button>Save</button>
</form>
<form method="post" action="/page/test-event"><button>Send test event</button></form>
<form method="post" action="/page/callback-url">
<label class="wide">Callback URL: where AssessFirst posts each step of a candidate, if anywhere
<input name="callback_url" type="url" value="<%= $config->{callback_url} // '' %>"></label>
<button>Save</button>
</form>
</section>

<section aria-labelledby="jobs">
<h2 id="jobs">Pinpoint: jobs</h2>
% if (@$jobs) {
<table>
<thead><tr><th>Job</th><th>Visibility</th><th>Predictive model</th></tr></thead>
<tbody>
% for my $job (@$jobs) {
<tr><td><%= $job->{title} %> <span class="quiet"><%= $job->{id} %></span></td>
<td><%= $job->{visibility} %></td>
<td>
% if ($job->{field}) {
<form method="post" action="/page/model">
<input type="hidden" name="job_id" value="<%= $job->{id} %>">
<select name="model" aria-label="<%= $job->{field} %>">
<option value="">(nothing selected)</option>
% for my $option (@{ $job->{options} }) {
<option<%= ($job->{model} // '') eq $option ? ' selected' : '' %>><%= $option %></option>
% }
</select>
<button>Set</button>
</form>
% } else {
<span class="quiet">The custom field is not there yet.</span>
% }
</td></tr>
% }
</tbody>
</table>
% } else {
<p class="quiet">No jobs yet.</p>
% }
</section>

<section aria-labelledby="applications">
<h2 id="applications">Pinpoint: applications</h2>
% if (@$jobs) {
<form method="post" action="/page/apply">
<label>First name <input name="first_name" value="Ada" required></label>
<label>Last name <input name="last_name" value="Example" required></label>
<label>E-mail
<input name="email" type="email" size="26" value="ada.example@example.test" required></label>
<label>Language <select name="locale">
% for my $locale (qw(en fr de es pt pt-BR)) {
<option><%= $locale %></option>
% }
</select></label>
<label>Job <select name="job_id">
% for my $job (@$jobs) {
<option value="<%= $job->{id} %>"><%= $job->{title} %></option>
% }
</select></label>
<button>A candidate applies</button>
</form>
% }
% if (@$applications) {
<table>
<thead><tr><th>Application</th><th>Job</th><th>Stage</th><th>Written back</th></tr></thead>
<tbody>
% for my $application (@$applications) {
<tr><td><%= "$application->{first_name} $application->{last_name}" %><br>
<span class="quiet"><%= $application->{id} %> · <%= $application->{email} %></span></td>
<td><%= $application->{job}{title} %></td>
<td><form method="post" action="/page/move">
<input type="hidden" name="application_id" value="<%= $application->{id} %>">
<select name="stage_id" aria-label="Stage">
% for my $stage (@{ $application->{job}{stages} }) {
% my $selected = $stage->{id} eq $application->{stage_id} ? ' selected' : '';
<option value="<%= $stage->{id} %>"<%= $selected %>><%= $stage->{name} %></option>
% }
</select>
<button>Move to stage</button>
</form></td>
<td>
% for my $name (sort keys %{ $application->{attributes} }) {
<%= $name %>: <%= $application->{attributes}{$name} %><br>
% }
% for my $comment (@{ $application->{comments} }) {
<span class="quiet lines">“<%= $comment %>”</span><br>
% }
</td></tr>
% }
</tbody>
</table>
% } else {
<p class="quiet">Nobody has applied yet.</p>
% }
</section>

<section aria-labelledby="webhooks">
<h2 id="webhooks">Webhooks and callbacks sent</h2>
% if (@$sent) {
<table>
<thead><tr><th>Time (UTC)</th><th>Event</th><th>About</th><th>Answer</th></tr></thead>
<tbody>
% for my $entry (@$sent) {
% my $is_good = ($entry->{status} // 0) =~ /^2/;
<tr><td><%= $entry->{at} %></td><td><%= $entry->{event} %></td>
<td><%= $entry->{about} %></td>
<td><span class="<%= $is_good ? 'good' : 'bad' %>"><%= $entry->{status} // $entry->{error} %></span>
<code><%= substr $entry->{body} // '', 0, 1000 %></code></td></tr>
% }
</tbody>
</table>
% } else {
<p class="quiet">None yet.</p>
% }
</section>

<section aria-labelledby="invitations">
<h2 id="invitations">AssessFirst: invitations received</h2>
% if (@$invitations) {
<table>
<thead><tr><th>Time (UTC)</th><th>Candidate</th><th>Model</th><th>Language</th></tr></thead>
<tbody>
% for my $invitation (@$invitations) {
<tr><td><%= $invitation->{invited_at} %></td><td><%= $invitation->{email} %></td>
<td><%= $invitation->{model_name} %></td><td><%= $invitation->{locale} // '' %></td></tr>
% }
</tbody>
</table>
% } else {
<p class="quiet">None yet.</p>
% }
</section>

<section aria-labelledby="candidates">
<h2 id="candidates">AssessFirst: candidates</h2>
% if (@$candidates) {
<table>
<thead><tr><th>Candidate</th><th>Model</th><th>Questionnaires</th><th>What happens next</th></tr>
</thead>
<tbody>
% for my $candidate (@$candidates) {
% my ($states, $scores) = @$candidate{qw(assessments adequacy)};
<tr><td><%= $candidate->{email} %><br>
<span class="quiet"><%= $candidate->{status} %></span></td>
<td><%= $candidate->{model_name} %></td>
<td>
% for my $name (grep { $states->{$_} } qw(swipe drive brain voice)) {
<%= uc $name %>: <%= $scores->{$name} // $states->{$name}{status} %><br>
% }
% if (defined $scores->{global}) {
global: <%= $scores->{global} %>
% }
</td>
<td>
% my @unfinished = @{ $candidate->{unfinished} };
% if ($candidate->{status} !~ /\A(?:completed|declined|expired)\z/) {
<form method="post" action="/page/progress">
<input type="hidden" name="uuid" value="<%= $candidate->{uuid} %>">
<button name="finish" value="next"><%=
    @unfinished ? "Finish \U$unfinished[0]" : 'Share the earlier results' %></button>
% if (@unfinished > 1) {
<button name="finish" value="all">Finish all</button>
% }
<button name="decline" value="1">Decline</button>
<button name="expire" value="1">Let it expire</button>
</form>
% }
</td></tr>
% }
</tbody>
</table>
% } else {
<p class="quiet">Nobody has been invited yet.</p>
% }
</section>
</main>
</body>
</html>
