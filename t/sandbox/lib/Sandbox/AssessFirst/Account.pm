package Sandbox::AssessFirst::Account;

# What one AF-Token sees: models, candidates and the invitations it has sent. Ids are derived from
# the token and a name, so that the same test always meets the same ids.

use Mojo::Base -base, -signatures;

use List::Util qw(sum);
use Mojo::Util qw(md5_sum encode);
use POSIX qw(strftime);
use Time::HiRes qw(time);

has 'token';
has by_email    => sub { {} };
has candidates  => sub { {} };
has invitations => sub { [] };
has limit       => 100;
has window      => 60;
has recent      => sub { [] };
has shapes      => sub { {
    models            => 'data',
    invitation        => 'flat',
    invitation_status => 200,
    duplicate         => 'accept',
    numbers           => 'number',
    results           => 'v2',
    model_key         => 'predictive_model_uuid',
    last_page         => 'number',
    prefix            => '',
} };

our %QUESTIONNAIRES = (swipe => 'SHAPE', drive => 'DRIVE', brain => 'BRAIN', voice => 'VOICE');
our @QUESTIONNAIRES = qw(swipe drive brain voice);

my @DEFAULT_MODELS = ('Sales Executive', 'Developer');

sub models ($self, @new) {
    return $self->{models} //= [map { $self->model($_) } @DEFAULT_MODELS] unless @new;
    my %count;
    $self->{models} = [map { $self->model($_, $count{ ref ? $_->{name} // '' : $_ }++) }
            @{ $new[0] }];
    return $self;
}

# A name, or a hash with what is not default; $namesakes have come before it.
sub model ($self, $wish, $namesakes = 0) {
    my %wish = ref $wish ? %$wish : (name => $wish);
    my %only = %{ delete $wish{assessments} // { swipe => 1, drive => 1, brain => 1 } };
    $wish{name} //= 'A model';
    return {
        uuid        => $self->uuid_of("model $wish{name}" . ($namesakes ? " $namesakes" : '')),
        is_public   => 1,
        created_at  => '2025-03-27 13:49:40',
        assessments => { map { $_ => $only{$_} ? \1 : \0 } @QUESTIONNAIRES },
        %wish,
    };
}

sub model_by_uuid ($self, $uuid) {
    my ($model) = grep { $_->{uuid} eq ($uuid // '') } @{ $self->models };
    return $model;
}

sub uuid_of ($self, $name) { return md5_sum(encode 'UTF-8', $self->token . "\n$name") }

sub candidate_by_email ($self, $email) {
    return $self->by_email->{ lc $email };
}

sub candidate_for ($self, $email) {
    my $known = $self->candidate_by_email($email);
    return $known if $known;
    my $uuid = $self->uuid_of('candidate ' . lc $email);
    return $self->by_email->{ lc $email } = $self->candidates->{$uuid} = {
        uuid        => $uuid,
        token       => substr($uuid, 0, 8),
        email       => $email,
        first_name  => undef,
        last_name   => undef,
        status      => 'pending',
        model       => undef,
        invited_at  => undef,
        assessments => {},
        adequacy    => {},
        reports     => [],
        number      => 1 + keys %{ $self->candidates },
        url         => "https://app.assessfirst.com/_/candidate/$uuid",
    };
}

sub remove_candidate ($self, $candidate) {
    delete $self->by_email->{ lc $candidate->{email} };
    delete $self->candidates->{ $candidate->{uuid} };
    return;
}

# In the order in which they came.
sub all_candidates ($self) {
    return sort { $a->{number} <=> $b->{number} } values %{ $self->candidates };
}

# Records an accepted invitation and returns the candidate. Who was tested before keeps his
# results; they are shared again once he accepts.
sub invite ($self, $email, $model, $names, $record) {
    my $candidate = $self->candidate_for($email);
    my $now       = time;
    $candidate->{status}     = 'pending';
    $candidate->{model}      = $model;
    $candidate->{invited_at} = strftime('%Y-%m-%d %H:%M:%S', gmtime $now);
    $candidate->{$_} = $names->{$_} for grep { defined $names->{$_} } qw(first_name last_name);
    push @{ $self->invitations }, {
        number         => 1 + @{ $self->invitations },
        time           => $now,
        invited_at     => $candidate->{invited_at},
        email          => $email,
        model          => $model,
        candidate_uuid => $candidate->{uuid},
        %$record,
    };
    return $candidate;
}

# Seconds until the next call is allowed; 0 if this one is, which is then counted.
sub seconds_to_wait ($self) {
    return 0 unless $self->limit;
    my $now    = time;
    my $recent = $self->recent;
    shift @$recent while @$recent && $recent->[0] <= $now - $self->window;
    if (@$recent < $self->limit) {
        push @$recent, $now;
        return 0;
    }
    return $recent->[ @$recent - $self->limit ] + $self->window - $now;
}

# Changes what is named. finished: a list of questionnaires that are done; assessments: a map
# questionnaire -> status or {status, finished_at}. Without a status it follows from what is done.
sub script_candidate ($self, $wish) {
    my %wish = %$wish;
    my $email = delete $wish{email};
    my $candidate = defined $wish{uuid} && $self->candidates->{ $wish{uuid} }
        || $self->candidate_for($email // 'ada.example@example.test');
    for my $name (@{ delete $wish{finished} // [] }) {
        $wish{assessments}{$name} //= 'finish';
    }
    my $assessments = delete $wish{assessments};
    for my $name (keys %{ $assessments // {} }) {
        my $given = $assessments->{$name};
        my %state = ref $given eq 'HASH' ? %$given : (status => $given);
        $state{finished_at} //= strftime('%Y-%m-%d %H:%M:%S', gmtime)
            if $state{status} eq 'finish';
        $candidate->{assessments}{$name} = \%state;
    }
    if (my $adequacy = delete $wish{adequacy}) {
        $candidate->{adequacy}{$_} = $adequacy->{$_} for keys %$adequacy;
    }
    $wish{status} //= $self->progress($candidate) if $assessments;
    $candidate->{$_} = $wish{$_} for keys %wish;
    return $candidate;
}

# Results are shared once the person has accepted, and stay so when the invitation expires.
sub is_shared ($self, $candidate) {
    return !!$candidate->{expired_shared} if $candidate->{status} eq 'expired';
    return $candidate->{status} !~ /\A(?:pending|declined)\z/;
}

# The candidate answers. finish: "next", "all", or a list of questionnaires; decline: a true value;
# or never does, expire: a true value.
# A score depends on the questionnaire's name alone; the global one comes with the last of them.
# Who had finished everything before this invitation shares it by "next" or "all".
sub advance ($self, $wish) {
    my %wish      = %$wish;
    my $email     = delete $wish{email};
    my $uuid      = delete $wish{uuid};
    my $candidate = defined $uuid ? $self->candidates->{$uuid}
        : $self->candidate_by_email($email // '');
    $candidate // die "there is no such candidate\n";
    my ($finish, $declines, $expires) = delete @wish{qw(finish decline expire)};
    die "progress has no member '$_'\n" for sort keys %wish;
    die "the invitation is $candidate->{status}; only a new one changes that\n"
        if $candidate->{status} =~ /\A(?:declined|expired)\z/;
    return $self->script_candidate({ uuid => $candidate->{uuid}, status => 'declined' })
        if $declines;
    return $self->script_candidate({ uuid => $candidate->{uuid}, status => 'expired',
        expired_shared => $self->is_shared($candidate) }) if $expires;

    my @names = $self->named($candidate, $finish // 'next');
    $self->script_candidate({ uuid => $candidate->{uuid}, finished => \@names,
        adequacy => { map { $_ => plausible_score($_) } @names } });
    $candidate->{status} = $self->progress($candidate);
    my @required = $self->required($candidate);
    $candidate->{adequacy}{global} = int(sum(map { plausible_score($_) } @required) / @required)
        if $candidate->{status} eq 'completed';
    return $candidate;
}

sub named ($self, $candidate, $finish) {
    my @unfinished = $self->unfinished($candidate);
    return @unfinished if $finish eq 'all';
    return grep { defined } $unfinished[0] if $finish eq 'next';
    my @names = ref $finish eq 'ARRAY' ? @$finish : $finish;
    for my $name (@names) {
        $QUESTIONNAIRES{$name} // die "there is no questionnaire '$name'\n";
    }
    return @names;
}

# 45 to 95.
sub plausible_score ($name) { return 45 + hex(substr md5_sum($name), 0, 4) % 51 }

sub required ($self, $candidate) {
    my $model = $self->model_by_uuid($candidate->{model});
    return qw(swipe drive brain) unless $model;
    return grep { my $flag = $model->{assessments}{$_}; ref $flag eq 'SCALAR' ? $$flag : $flag }
        @QUESTIONNAIRES;
}

# The questionnaires that are still to do.
sub unfinished ($self, $candidate) {
    my $states = $candidate->{assessments};
    return grep { !$states->{$_} || $states->{$_}{status} ne 'finish' }
        $self->required($candidate);
}

sub progress ($self, $candidate) {
    return $self->unfinished($candidate) ? 'in_progress' : 'completed';
}

1;
