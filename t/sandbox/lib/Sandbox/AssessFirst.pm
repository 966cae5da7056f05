package Sandbox::AssessFirst;

# The AssessFirst API: the documented calls, and for what is not public the shapes that the
# contract assumes (sections 6 to 8). An account's shapes switch between the forms that a client
# must tolerate; they are listed in Sandbox::Control.

use Mojo::Base -base, -signatures;

use Mojo::JSON qw(decode_json encode_json);
use Mojo::Message::Request;
use POSIX qw(ceil);
use Sandbox::AssessFirst::Account;

has accounts => sub { {} };

my @LOCALES = qw(de-DE en-US es-ES fr-FR pt-PT pt-BR);

my $V1_PAGE = 50;

my %FRENCH = (swipe => 'Personnalité', drive => 'Motivation', brain => 'Aptitudes',
    voice => 'Voix');

# The second element of a route: is it part of the second version of the API?
my @ROUTES = (
    ['GET',  1, qr{\Apredictive-models\z},           \&get_models],
    ['POST', 1, qr{\Acandidate/send-invitation\z},   \&post_invitation],
    ['GET',  1, qr{\Acandidates\z},                  \&get_candidates],
    ['GET',  1, qr{\Acandidate/([^/]+)\z},           \&get_candidate],
    ['GET',  1, qr{\Alocales\z},                     \&get_locales],
    ['GET',  0, qr{\Atargets\z},                     \&get_targets],
    ['POST', 0, qr{\Auser/send-invitation\z},        \&post_invitation],
    ['GET',  0, qr{\Ausers\z},                       \&get_users],
    ['GET',  0, qr{\Auser/([^/]+)\z},                \&get_user],
    ['GET',  0, qr{\Aadequacies/([^/]+)\z},          \&get_adequacies],
);

sub reset ($self) { return $self->accounts({}) }

# The account with this token; made if it is new.
sub put_account ($self, $members) {
    my %given   = %$members;
    my $token   = delete $given{token} // 'af-token';
    my $account = $self->accounts->{$token}
        //= Sandbox::AssessFirst::Account->new(token => $token);
    my $shapes = delete $given{shapes} // {};
    for my $name (keys %$shapes) {
        exists $account->shapes->{$name} or die "an account has no shape '$name'\n";
        $account->shapes->{$name} = $shapes->{$name};
    }
    for my $name (keys %given) {
        $name =~ /\A(?:limit|models|window)\z/ or die "an account has no member '$name'\n";
        $account->$name($given{$name});
    }
    return $account;
}

sub remove_account ($self, $token) { return delete $self->accounts->{$token} }

sub answer ($self, $request) {
    my $token   = $request->{headers}{'af-token'};
    my $account = $self->accounts->{ $token // '' }
        or return json(401, { message => 'Unauthorized' });
    if (my $wait = $account->seconds_to_wait) {
        return json(429, { message => 'Too Many Attempts.' }, 'Retry-After' => ceil $wait);
    }
    my $path   = $request->{path};
    my $prefix = $account->shapes->{prefix};
    my $is_prefixed = length $prefix && $path =~ s{\A\Q$prefix\E/}{};
    for my $route (@ROUTES) {
        my ($method, $is_v2, $pattern, $deed) = @$route;
        next unless $method eq $request->{method} && $path =~ $pattern;
        next if length $prefix && $is_v2 != $is_prefixed;
        return $deed->($self, $account, $request, $1);
    }
    return json(404, { message => 'Not Found' });
}

sub json ($status, $content, %headers) {
    return { status => $status, headers => { 'Content-Type' => 'application/json', %headers },
        body => encode_json($content) };
}

# -- models and locales

sub get_models ($self, $account, $request, @) {
    my $models = $account->models;
    my $shape  = $account->shapes->{models};
    return json(200, $models) if $shape eq 'array';
    return json(200, { data => $models }) unless $shape eq 'paged';
    return json(200, page_of($account, $models, $request, 20));
}

sub get_targets ($self, $account, @) {
    return json(200, [map { { uuid => $_->{uuid}, name => $_->{name} } } @{ $account->models }]);
}

sub get_locales ($self, @) { return json(200, { data => \@LOCALES }) }

# -- invitations

sub post_invitation ($self, $account, $request, @) {
    my $given = body_members($request)
        or return json(400, { message => 'The body could not be read.' });
    my $shapes    = $account->shapes;
    my $email     = $given->{email};
    my $model_key = $shapes->{model_key};
    my %errors;
    $errors{email} = ['The email must be a valid email address.']
        unless defined $email && !ref $email && $email =~ /\A[^\s@]+@[^\s@]+\.[^\s@]+\z/;
    $errors{$model_key} = ["The selected $model_key is invalid."]
        if exists $given->{$model_key} && !$account->model_by_uuid($given->{$model_key});
    return json(422, { message => 'The given data was invalid.', errors => \%errors }) if %errors;

    my $shape = $shapes->{invitation};
    return json(200, { error => 'The invitation could not be sent.' }) if $shape eq 'error';
    my $model = $given->{$model_key};
    return json(409, { message => 'This candidate has already been invited.' })
        if $shapes->{duplicate} eq 'conflict'
        && grep { lc $_->{email} eq lc $email } @{ $account->invitations };

    my $candidate = $account->invite($email, $model, $given, {
        keys         => [sort keys %$given],
        locale       => $request->{query}->param('locale'),
        content_type => $request->{headers}{'content-type'},
        first_name   => $given->{first_name},
        last_name    => $given->{last_name},
    });
    my %reply = (notification => 'sent');
    $reply{uuid} = $candidate->{uuid} unless $shape eq 'no_id' || $shape eq 'candidate';
    $reply{candidate} = { uuid => $candidate->{uuid} } if $shape eq 'candidate';
    my $status = $shapes->{invitation_status};
    return { status => 204, headers => {}, body => '' } if $shape eq 'empty';
    return json($status, $shape eq 'wrapped' ? { data => \%reply } : \%reply);
}

# The members of a JSON, urlencoded or multipart body; undef if it is none of these.
sub body_members ($request) {
    my $type = $request->{headers}{'content-type'} // '';
    if ($type =~ m{\Aapplication/json\b}i) {
        my $content = eval { decode_json($request->{body}) };
        return ref $content eq 'HASH' ? $content : undef;
    }
    return undef
        unless $type =~ m{\A(?:application/x-www-form-urlencoded|multipart/form-data)\b}i;
    my $message = Mojo::Message::Request->new;
    $message->parse("POST / HTTP/1.1\r\nContent-Type: $type\r\nContent-Length: "
            . length($request->{body}) . "\r\n\r\n$request->{body}");
    return $message->body_params->to_hash;
}

# -- candidates, second version

sub get_candidates ($self, $account, $request, @) {
    my @found = candidates_asked_for($account, $request);
    return json(200, { data => [map { candidate_view($account, $_, undef) } @found] });
}

sub get_candidate ($self, $account, $request, $uuid) {
    my $is_told   = $account->shapes->{results} eq 'v2';
    my $candidate = $is_told && $account->candidates->{$uuid}
        or return json(404, { message => 'Candidate not found.' });
    return json(200, $candidate->{raw}) if defined $candidate->{raw};
    my $model = $request->{query}->param($account->shapes->{model_key});
    return json(200, { data => candidate_view($account, $candidate, $model) });
}

sub candidates_asked_for ($account, $request) {
    my $email = $request->{query}->param('email') // return $account->all_candidates;
    return grep { defined } $account->candidate_by_email($email);
}

# Results are shared only after the person has accepted. Scores are those of the model that the
# candidate was invited with; asked for another one, there are none.
sub candidate_view ($account, $candidate, $asked_model) {
    my $is_shared = $account->is_shared($candidate);
    my $model     = $account->model_by_uuid($candidate->{model});
    my $is_scored = $is_shared && $model && ($asked_model // $model->{uuid}) eq $model->{uuid};
    my %view      = (
        (map { $_ => $candidate->{$_} }
            qw(uuid token email first_name last_name status invited_at url)),
        predictive_model => $model && { uuid => $model->{uuid}, name => $model->{name} },
        assessments      => $is_shared ? [assessments($candidate)] : [],
        adequacy         => { map { $_ => $is_scored ? score($account, $candidate, $_) : undef }
                @Sandbox::AssessFirst::Account::QUESTIONNAIRES, 'global' },
        reports => $is_shared ? reports($candidate, sub ($name) { $name }) : [],
        %{ $candidate->{extra} // {} },
    );
    $view{url} = undef unless $is_shared;
    $view{padding} = 'x' x $candidate->{padding} if $candidate->{padding};
    delete $view{$_} for @{ $candidate->{hide} // [] };
    return \%view;
}

sub assessments ($candidate) {
    my $states = $candidate->{assessments};
    return map { { name => $_, status => $states->{$_}{status},
        finished_at => $states->{$_}{finished_at} } } in_order(keys %$states);
}

sub score ($account, $candidate, $name) {
    my $score = $candidate->{adequacy}{$name} // return undef;
    return $account->shapes->{numbers} eq 'string' ? "$score" : $score;
}

# One report per finished questionnaire, unless the candidate was given his own.
sub reports ($candidate, $label) {
    return $candidate->{reports} if @{ $candidate->{reports} };
    my $states = $candidate->{assessments};
    return [map { { assessment => $label->($_), name => "Report \U$_",
        web_link => "$candidate->{url}/report/$_.pdf" } }
        grep { $states->{$_}{status} eq 'finish' } in_order(keys %$states)];
}

sub in_order (@names) {
    my %is_named = map { $_ => 1 } @names;
    my @known    = grep { delete $is_named{$_} } @Sandbox::AssessFirst::Account::QUESTIONNAIRES;
    return (@known, sort keys %is_named);
}

# -- candidates, first version

sub get_users ($self, $account, $request, @) {
    my @found = map { { uuid => $_->{uuid}, email => $_->{email} } }
        candidates_asked_for($account, $request);
    return json(200, page_of($account, \@found, $request, $V1_PAGE));
}

sub page_of ($account, $list, $request, $size) {
    my $wanted = $request->{query}->param('page') // 1;
    my $page   = $wanted =~ /\A[1-9][0-9]{0,5}\z/ ? $wanted : 1;
    my $last   = ceil(@$list / $size) || 1;
    my $first  = ($page - 1) * $size;
    my @rows   = $first < @$list ? grep { defined } @$list[$first .. $first + $size - 1] : ();
    return { data => \@rows, meta => {
        current_page => 0 + $page, per_page => $size, total => scalar @$list,
        last_page    => $account->shapes->{last_page} eq 'string' ? "$last" : 0 + $last,
    } };
}

sub get_user ($self, $account, $request, $uuid) {
    my $candidate = $account->candidates->{$uuid}
        or return json(404, { message => 'User not found.' });
    return json(200, $candidate->{raw}) if defined $candidate->{raw};
    my $is_french = ($request->{query}->param('locale') // '') =~ /\Afr/;
    my $label     = sub ($name) { $is_french && $FRENCH{$name} || v1_name($name) };
    my $is_shared = $account->is_shared($candidate);
    my %view      = ((map { $_ => $candidate->{$_} } qw(uuid token email)), campaign => undef,
        assessments => [], results => [], %{ $candidate->{extra} // {} });
    if ($is_shared) {
        $view{assessments} =
            [map { { %$_, name => v1_name($_->{name}) } } assessments($candidate)];
        my $reports = reports($candidate, $label);
        $view{reports} = $reports if @$reports;
    }
    delete $view{$_} for @{ $candidate->{hide} // [] };
    return json(200, \%view);
}

sub v1_name ($name) { return $Sandbox::AssessFirst::Account::QUESTIONNAIRES{$name} // uc $name }

sub get_adequacies ($self, $account, $request, $token) {
    my ($candidate) = grep { $_->{token} eq $token } values %{ $account->candidates };
    return json(404, { message => 'Not Found' }) unless $candidate;
    my %adequacies;
    for my $uuid (split /,/, $request->{query}->param('targets') // '') {
        next unless ($candidate->{model} // '') eq $uuid;
        next unless $account->is_shared($candidate);
        for my $name (in_order(keys %{ $candidate->{adequacy} })) {
            my $score = score($account, $candidate, $name) // next;
            $adequacies{$uuid}{ $name eq 'global' ? $name : v1_name($name) } =
                { adequacy => $score };
        }
    }
    return json(200, \%adequacies);
}

1;
