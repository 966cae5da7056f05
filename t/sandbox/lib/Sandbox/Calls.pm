package Sandbox::Calls;

# What both APIs were asked and what they answered, numbered from 1.

use Mojo::Base -base, -signatures;

use Mojo::Util qw(decode);
use Time::HiRes qw(time);

has list   => sub { [] };
has number => 0;

my $KEPT = 50_000;

# The numbers go on after a reset: a reader's "since" stays meaningful.
sub reset ($self) { return $self->list([]) }

# Returns the new entry; its status is undefined until the call is answered.
sub record ($self, $api, $request) {
    $self->number($self->number + 1);
    my $call = {
        number  => $self->number,
        time    => time,
        api     => $api,
        method  => $request->{method},
        path    => $request->{full_path},
        query   => $request->{raw_query},
        headers => $request->{headers},
        body    => decode('UTF-8', $request->{body}) // decode('ISO-8859-1', $request->{body}),
        status  => undef,
        fault   => undef,
    };
    push @{ $self->list }, $call;
    shift @{ $self->list } if @{ $self->list } > $KEPT;
    return $call;
}

# Calls after number $since, of one API if $api is given.
sub since ($self, $since, $api = undef) {
    return [grep { $_->{number} > $since && (!defined $api || $_->{api} eq $api) }
            @{ $self->list }];
}

1;
