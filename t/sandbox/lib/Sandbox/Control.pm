package Sandbox::Control;

# The control API; the documentation is at the end of this file.

use Mojo::Base -base, -signatures;

use Mojo::JSON qw(decode_json);

has 'sandbox';

my %TYPE = (
    application      => 'applications',      comment          => 'comments',
    custom_attribute => 'custom_attributes', custom_field     => 'custom_fields',
    hiring_workflow  => 'hiring_workflows',  job              => 'jobs',
    stage            => 'stages',            user             => 'users',
);

my %PUT = (
    applications      => sub ($company, $given) { $company->put_application($given) },
    custom_attributes => \&put_custom_attribute,
    custom_fields     => sub ($company, $given) { $company->put_custom_field($given) },
    jobs              => sub ($company, $given) { $company->put_job($given) },
    stages            => sub ($company, $given) { $company->put_stage($given) },
);

sub add_routes ($self, $routes) {
    my $control = $routes->any('/sandbox');
    my $add     = sub ($method, $path, $deed) {
        $control->any([$method] => $path => sub ($c) { $self->run($c, $deed) });
    };
    $add->(POST   => '/reset'                   => \&reset_all);
    $add->(POST   => '/pinpoint/company'        => \&post_company);
    $add->(GET    => '/pinpoint/company'        => \&get_company);
    $add->(DELETE => '/pinpoint/company'        => \&delete_company);
    $add->(POST   => '/pinpoint/:kind'          => \&post_record);
    $add->(GET    => '/pinpoint/:kind'          => \&get_records);
    $add->(DELETE => '/pinpoint/:kind'          => \&delete_record);
    $add->(POST   => '/assessfirst/account'     => \&post_account);
    $add->(GET    => '/assessfirst/account'     => \&get_account);
    $add->(DELETE => '/assessfirst/account'     => \&delete_account);
    $add->(GET    => '/assessfirst/invitations' => \&get_invitations);
    $add->(POST   => '/assessfirst/candidate'   => \&post_candidate);
    $add->(GET    => '/assessfirst/candidate'   => \&get_candidates);
    $add->(DELETE => '/assessfirst/candidate'   => \&delete_candidate);
    $add->(POST   => '/assessfirst/progress'    => \&post_progress);
    $add->(POST   => '/faults'                  => \&post_fault);
    $add->(GET    => '/faults'                  => \&get_faults);
    $add->(DELETE => '/faults'                  => \&delete_faults);
    $add->(GET    => '/calls'                   => \&get_calls);
    $add->(DELETE => '/calls'                   => \&delete_calls);
    $add->(POST   => '/webhook'                 => \&post_webhook);
    $add->(POST   => '/test-event'              => \&post_test_event);
    $add->(POST   => '/callback'                => \&post_callback);
    $add->(POST   => '/page-config'             => \&post_page_config);
    $add->(GET    => '/page-config'             => \&get_page_config);
    $control->any('/*rest' => { rest => '' } => sub ($c) {
        $c->render(json => { error => 'no such control call' }, status => 404);
    });
    return;
}

# A deed gets the members of the body and of the query; it returns what is answered as JSON, or a
# promise of it. What it dies with is the caller's mistake.
sub run ($self, $c, $deed) {
    my $given = eval { members($c) };
    my $done  = $given && eval { $deed->($self, $given, $c) };
    return $c->render(json => { error => "$@" =~ s/\n\z//r }, status => 400) unless defined $done;
    return $c->render(json => $done) unless ref $done && eval { $done->can('then') };
    $c->render_later;
    my $tx = $c->tx;
    $done->then(sub ($result) { $c->render(json => $result) })
        ->catch(sub ($error) { $c->render(json => { error => "$error" }, status => 500) })
        ->finally(sub { undef $tx });
    return;
}

sub members ($c) {
    my %members = %{ $c->req->query_params->to_hash };
    return \%members unless length $c->req->body;
    my $body = decode_json($c->req->body);
    die "the body must be a JSON object\n" unless ref $body eq 'HASH';
    return { %members, %$body };
}

sub reset_all ($self, $given, $c) {
    $self->sandbox->reset;
    return { reset => \1 };
}

# -- Pinpoint

sub post_company ($self, $given, $c) {
    return company_view($self->sandbox->pinpoint->put_company($given));
}

sub get_company ($self, $given, $c) { return company_view($self->company($given)) }

sub delete_company ($self, $given, $c) {
    my $company = $self->company($given);
    delete $self->sandbox->pinpoint->companies->{ $company->key };
    return { deleted => \1 };
}

sub company_view ($company) {
    return { key => $company->key, subdomain => $company->subdomain, %{ $company->settings } };
}

# Takes the key out of $given. Without one it is the default company, which is made if needed.
sub company ($self, $given) {
    my $key = delete $given->{key};
    return $self->sandbox->pinpoint->put_company({}) unless defined $key;
    return $self->sandbox->pinpoint->companies->{$key} // die "there is no company '$key'\n";
}

sub type_of ($c) {
    my $kind = $c->stash('kind');
    return $TYPE{$kind} // die "there is no kind '$kind'\n";
}

sub post_record ($self, $given, $c) {
    my $type    = type_of($c);
    my $company = $self->company($given);
    my $put     = $PUT{$type} // sub ($company, $given) { $company->put($type, $given) };
    my $record  = $put->($company, $given);
    return ref $record ? $company->overview($record) : {};
}

sub put_custom_attribute ($company, $given) {
    my ($type, $id) = defined $given->{job_id} ? ('jobs', $given->{job_id})
        : ('applications', $given->{application_id} // die "application_id or job_id is missing\n");
    $company->record($type, $id) // die "there is no such record\n";
    my $resource = $type =~ s/s\z//r;
    my ($field)  = $company->records('custom_fields', sub ($field) {
        return $field->{id} eq $given->{custom_field_id} if defined $given->{custom_field_id};
        return $field->{name} eq ($given->{field} // '') && $field->{resource_type} eq $resource;
    });
    $field // die "there is no such custom field\n";
    return $company->put_custom_attribute({ custom_field_id => $field->{id},
        record_type => $type, record_id => $id, value => $given->{value} });
}

sub get_records ($self, $given, $c) {
    my $type    = type_of($c);
    my $company = $self->company($given);
    return [map { $company->overview($_) } $company->records($type)] unless defined $given->{id};
    my $record = $company->record($type, $given->{id}) // die "there is no such $type\n";
    return $company->overview($record);
}

sub delete_record ($self, $given, $c) {
    my $type = type_of($c);
    $self->company($given)->remove($type, $given->{id} // '') or die "there is no such record\n";
    return { deleted => \1 };
}

# -- AssessFirst

sub post_account ($self, $given, $c) {
    return account_view($self->sandbox->assessfirst->put_account($given));
}

sub get_account ($self, $given, $c) { return account_view($self->account($given)) }

sub delete_account ($self, $given, $c) {
    $self->sandbox->assessfirst->remove_account($self->account($given)->token);
    return { deleted => \1 };
}

sub account_view ($account) {
    return { map { $_ => $account->$_ } qw(token limit window models shapes) };
}

# As company, for the token.
sub account ($self, $given) {
    my $token = delete $given->{token};
    return $self->sandbox->assessfirst->put_account({}) unless defined $token;
    return $self->sandbox->assessfirst->accounts->{$token}
        // die "there is no account '$token'\n";
}

sub get_invitations ($self, $given, $c) { return $self->account($given)->invitations }

sub post_candidate ($self, $given, $c) {
    return $self->account($given)->script_candidate($given);
}

sub post_progress ($self, $given, $c) { return $self->account($given)->advance($given) }

sub get_candidates ($self, $given, $c) { return [$self->account($given)->all_candidates] }

sub delete_candidate ($self, $given, $c) {
    my $account   = $self->account($given);
    my $candidate = defined $given->{email} ? $account->candidate_by_email($given->{email})
        : $account->candidates->{ $given->{uuid} // '' };
    $candidate // die "there is no such candidate\n";
    $account->remove_candidate($candidate);
    return { deleted => \1 };
}

# -- faults, calls, webhooks, page

sub post_fault ($self, $given, $c) { return $self->sandbox->faults->add($given) }

sub get_faults ($self, $given, $c) { return $self->sandbox->faults->list }

sub delete_faults ($self, $given, $c) {
    $self->sandbox->faults->reset;
    return { deleted => \1 };
}

sub get_calls ($self, $given, $c) {
    return $self->sandbox->calls->since($given->{since} // 0, $given->{api});
}

sub delete_calls ($self, $given, $c) {
    $self->sandbox->calls->reset;
    return { deleted => \1 };
}

sub post_webhook ($self, $given, $c) {
    $given->{url} // die "url is missing\n";
    return $self->sandbox->webhooks->send($given);
}

sub post_test_event ($self, $given, $c) {
    return $self->post_webhook({ %$given, application_id => 1, job_id => 1 }, $c);
}

sub post_callback ($self, $given, $c) {
    my $account = $self->account($given);
    my %wish    = %$given;
    my ($uuid, $email) = delete @wish{qw(uuid email)};
    if (defined $email) {
        my $candidate = $account->candidate_by_email($email) // die "there is no such candidate\n";
        $uuid = $candidate->{uuid};
    }
    $wish{url} // die "url is missing\n";
    return $self->sandbox->webhooks->send_callback($uuid, \%wish);
}

sub post_page_config ($self, $given, $c) {
    my %config = (%{ $self->sandbox->page_config }, %$given);
    $self->sandbox->page_config(\%config);
    return \%config;
}

sub get_page_config ($self, $given, $c) { return $self->sandbox->page_config }

1;

__END__

=encoding UTF-8

=head1 NAME

Sandbox::Control - the control API of the sandbox

=head1 DESCRIPTION

All calls are below C</sandbox/>. A body is a JSON object; GET and DELETE take the same members
in the query. The answer is JSON: what was made, or a list. A mistake is answered with 400 and
C<{"error":"..."}>.

C<key> names a company at Pinpoint, C<token> an account at AssessFirst. Left out, they are
C<pinpoint-key> and C<af-token>, made on first use. Anything else left out has a usable default.

=head2 POST /sandbox/reset

Forgets companies, accounts, calls, faults and the page's configuration.

=head2 POST /sandbox/pinpoint/company

    {"key":"k1","subdomain":"acme"}

Creates a company or changes its settings; GET and DELETE take C<key>. Settings:

=over

=item integration_enabled (true)

false: every call is answered 403 "Integration not enabled".

=item revoked (false)

true: the key is not accepted any more, 401. C<new_key> replaces it by another one.

=item deny ({}), deny_status (403)

Missing permissions: C<{"custom_attributes":"write","comments":"all"}>, levels C<read>,
C<write>, C<delete> (separated by blanks) or C<all>.

=item mask ("text")

What concealed applications show instead of personal data: C<text> the words that Pinpoint
uses, C<null> null.

=item unique_field_names (true), unique_attributes (true)

Whether a second field of the same name and resource type, and a second value of one field on
one record, are refused with 422.

=item options_in_use ("keep")

C<reject>: an option that a record uses cannot be taken away (422).

=item fields_in_use ("remove")

C<reject>: a custom field that a record has a value of cannot be deleted (422).

=item side_posting (true)

false: an application's update does not take custom attributes along; they are refused with 400
as an unknown relationship.

=back

=head2 POST /sandbox/pinpoint/job

    {"title":"Sales","visibility":"confidential","model":"Sales Executive","stages":["Applied"]}

Creates a job, or changes the one with this C<id>, as all calls of this kind do. C<model> is the
text of an option: the job's custom field "AssessFirst predictive model" (C<model_field>) is made
if there is none, the option is added, and the job's value set; null takes the value away.
Without C<stages> a new job has Applied, Phone Screen, Assessment, Interview, Offer, Hired and
Rejected. Further members: C<status>, and any attribute of Pinpoint's jobs.

=head2 POST /sandbox/pinpoint/application

    {"id":"1000050","job_id":"1000044","stage_name":"Phone Screen","email":"ada@example.test",
     "first_name":"Ada","last_name":"Example","locale":"fr","concealed":true}

C<stage_id> or C<stage_name> (made if the job lacks it); default the job's first stage. Without
C<job_id> the company's first job. A time, such as C<rejected_at> or C<hired_at>, may be 1: now.

The answer, and that of GET with C<id>, adds C<stage_name>, C<attributes> (the values of custom
attributes by field name) and C<comments> (their texts).

=head2 POST /sandbox/pinpoint/stage, custom_field, custom_attribute, user, hiring_workflow

    {"job_id":"1000001","name":"Phone Screen","basic_type":"review"}
    {"name":"Score","resource_type":"application","field_type":"integer"}
    {"application_id":"1000050","field":"Score","value":85}

A custom attribute is named by C<field> or C<custom_field_id>, and C<application_id> or
C<job_id>; a null value takes it away.

=head2 GET and DELETE /sandbox/pinpoint/{kind}?key=&id=

Kinds are those above and C<comment>. GET without C<id> lists all.

=head2 POST /sandbox/assessfirst/account

    {"token":"t1","models":["Sales Executive",{"uuid":"...","name":"Voice only",
     "assessments":{"voice":true}}],"limit":100,"shapes":{"invitation":"wrapped"}}

Creates an account or changes it; GET and DELETE take C<token>. C<limit> is the number of calls
in C<window> (60) seconds, 0 is no limit. A model may be just a name. Shapes:

=over

=item models: C<data>, C<array>, C<paged> (20 a page, with meta.last_page)

=item invitation: C<flat>, C<wrapped>, C<candidate>, C<no_id>, C<empty> (204), C<error> (200 with
an error; nothing is sent)

=item invitation_status: 200

=item duplicate: C<accept>, C<conflict> (409 for an address already invited)

=item model_key: the name of the model's key, C<predictive_model_uuid>

=item numbers: C<number>, C<string>

=item results: C<v2>, C<v1> (the second version's call for one candidate answers 404: only
C</user/{uuid}> and C</adequacies/{token}> tell results)

=item last_page: C<number>, C<string>

=item prefix: empty, or for example C<v2>: the calls of the second version are below it only

=back

=head2 GET /sandbox/assessfirst/invitations?token=

The accepted invitations in order: C<number>, C<email>, C<model> (uuid or null), C<locale>,
C<keys> (of the body), C<content_type>, C<first_name>, C<last_name>, C<candidate_uuid>, C<time>
(seconds), C<invited_at>.

=head2 POST /sandbox/assessfirst/candidate

    {"email":"ada@example.test","finished":["swipe","drive"],"adequacy":{"swipe":71,"drive":64}}

Scripts a candidate, who is made if unknown; DELETE (C<email> or C<uuid>) and GET (list) exist.
C<status> is pending, accepted, declined, in_progress, completed or expired; left out, it follows
from the questionnaires. C<finished> is short for C<assessments>, a map of questionnaire to status
or {status, finished_at}. C<adequacy> maps swipe, drive, brain, voice and global to scores. Further
members: C<model> (uuid), C<invited_at>, C<url> (of any host), C<reports>, C<extra> (more members of
the answer), C<hide> (members left out), C<padding> (bytes), C<raw> (the whole answer).
While pending or declined nothing is shared.

=head2 POST /sandbox/assessfirst/progress

    {"email":"ada@example.test","finish":["swipe"]}

Plays an invited candidate (C<email> or C<uuid>) who finishes questionnaires: C<finish> is a list,
C<next> (default) or C<all> that the model wants. The scores follow from the questionnaires' names,
always the same; the global one comes when all are done. C<decline> (1) refuses instead, and
C<expire> (1) lets the time run out: what was shared before stays so. Answers with the candidate.

=head2 POST /sandbox/faults

    {"api":"assessfirst","method":"POST","path":"send-invitation","do":"process_then_close"}
    {"api":"pinpoint","path":"/applications/","status":429,"headers":{"Retry-After":"2"},"times":3}

Faults are tried in the order in which they were made. C<path> is a regular expression for the
whole path (such as C</betty/candidate/send-invitation>), C<query> one for the raw query,
C<credential> an API key or token. C<times> (1) is how often it applies, 0 until cleared; C<skip>
(0) calls pass first. C<delay> is in seconds; C<status>, C<headers>, C<body> (text or JSON) are
the answer. DELETE clears all; GET lists them with C<used>. C<do> is one of:

=over

=item answer (default): C<status> (500), C<headers>, C<body>, after the delay; nothing is processed

=item pass (default with only a delay), process_then_delay: processed at once, answered after the
delay

=item process_then_answer: processed, but answered as C<answer> would

=item process_then_close: processed, the connection closed without an answer

=item close, reset: not processed; the connection ends, with FIN or RST

=item partial: half a body, then the end; stall: half a body, then nothing. Without C<body> the
call is processed and it is the real answer that is cut

=item endless: a body that never ends, in pieces of C<body> every C<interval> (0.005) seconds

=item garbage: bytes that are not HTTP

=item html502: a gateway's 502 in HTML

=back

=head2 GET /sandbox/calls?api=&since=

Every call to both APIs after number C<since>: C<number>, C<time>, C<api>, C<method>, C<path>,
C<query>, C<headers> (names in lower case), C<body>, C<status> (null: never answered), C<fault>.
DELETE forgets them; numbers go on.

=head2 POST /sandbox/webhook

    {"url":"http://127.0.0.1:8080/integrations/webhook/pinpoint?company_uuid=...",
     "secret":"s","event":"application_stage_changed","application_id":1000050,"job_id":1000044}

Sends a webhook signed as Pinpoint does and answers, once it is done, with the list of attempts:
C<number>, C<copy>, C<status>, C<headers>, C<body>, C<seconds>, C<error>. C<event> defaults to
C<application_created>. No two bodies are equal unless C<triggered_at> or C<body> says so.

C<body> (text or JSON) or C<body_base64> replaces the body; C<headers> adds and replaces headers,
null takes one away, a list repeats it. After a failure (no 2xx; redirects are failures) the same
bytes are sent again after each of C<delays> (seconds), or C<retries> times. C<timeout> is 5.
C<copies> sends the same bytes several times at once. C<insecure> skips the check of the server's
certificate, C<ca> names another trust anchor than the sandbox's.

=head2 POST /sandbox/test-event

    {"url":"...","secret":"s"}

As above with application 1 and job 1.

=head2 POST /sandbox/callback

    {"url":"http://127.0.0.1:8080/integrations/results/...","email":"ada@example.test"}

Posts C<{"uuid":"..."}> as AssessFirst may when a candidate has got further, and answers with the
list of attempts. The candidate is named by C<email> or by C<uuid>, which need not exist. C<body>,
C<body_base64>, C<headers>, C<copies>, C<delays>, C<retries>, C<timeout>, C<insecure> and C<ca> are
as for a webhook.

=head2 GET and POST /sandbox/page-config

    {"webhook_url":"...","secret":"s","key":"k1","token":"t1"}

What the human page uses; C<new_event> and C<stage_event> rename its two events. With
C<callback_url> every step of a candidate is posted there.

=cut
