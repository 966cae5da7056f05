# What is written to the candidate's profile in Pinpoint, and what is not.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Results;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $number = 0;

sub company { return connected($site, 'company' . ++$number, limit => 0, @_) }

my $acme = company();

# What a run of everything that is due called at Pinpoint.
sub calls_while
{
    my ($candidate, $deed) = @_;
    my $since = $sandbox->last_call_number;
    $deed->();
    return calls_of($site, $candidate->{tenant}, 'pinpoint', $since);
}

sub attribute_ids
{
    my ($candidate) = @_;
    my %name = map { $_->{id} => $_->{name} } fields($site, $candidate->{tenant});
    return { map { $name{ $_->{custom_field_id} } => $_->{id} } grep { $_->{attributable_id} eq $candidate->{id} }
        @{ $sandbox->look(custom_attribute => key => $candidate->{tenant}{key}) } };
}

sub open_write_back { my ($candidate) = @_; return (grep { $_->{kind} eq 'write-back' } $site->open_follow_ups($candidate->{id}))[0] }

# Makes the results of a candidate known, and waits until a write-back has met what is in its way.
sub read_into
{
    my ($candidate, $met) = @_;
    make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id});
    return wait_until($met, 20);
}

subtest 'at most two calls for an update, and a comment is one of them' => sub {
    my $candidate = candidate($site, $acme);
    my @calls = calls_while($candidate, sub {
        trigger($site, $acme, { id => $candidate->{id}, job_id => $candidate->{job_id} });
        $site->finished($candidate->{id});
        idle($site, $candidate->{id});
    });
    is_deeply [@calls[2 .. $#calls]], ['GET /custom_attributes', 'POST /custom_attributes'],
        'Invited: what is there is read once, the status is written';
    my @expected = (
        # The link is new: it must not be written if the application is concealed.
        ["GET /applications/$candidate->{id}", 'GET /custom_attributes', "PUT /applications/$candidate->{id}"],
        ["PUT /applications/$candidate->{id}"],
        ["PUT /applications/$candidate->{id}", 'POST /comments'],
    );
    for my $expected (@expected) {
        progress($site, $candidate);
        is_deeply [calls_while($candidate, sub { read_now($site, $candidate) })], $expected, status_of($site, $candidate);
    }
    is scalar(keys %{ attribute_ids($candidate) }), 6, 'each value once';

    # Everything is known now: a change of the global score alone.
    $sandbox->candidate(token => $acme->{token}, email => $candidate->{email}, adequacy => { global => 12 });
    wanted_now($site, $candidate, 'read-results');
    is_deeply [calls_while($candidate, sub { idle($site, $candidate->{id}) })],
        ['GET /custom_attributes', 'PUT /custom_attributes/' . attribute_ids($candidate)->{'AssessFirst score'}],
        'a single value is written by itself';
    $sandbox->candidate(token => $acme->{token}, email => $candidate->{email}, adequacy => { global => 13, brain => 14 });
    wanted_now($site, $candidate, 'read-results');
    is_deeply [calls_while($candidate, sub { idle($site, $candidate->{id}) })], ["PUT /applications/$candidate->{id}"],
        'and two of them together, without looking first';
    is scalar(notes($site, $candidate)), 1, 'there is one comment';
};

subtest 'a link that changes when the assessment is complete: the comment is a run of its own' => sub {
    my ($number, $concealed) = (0, 0);
    # A step on, with another link; what it called.
    my $step = sub {
        my ($candidate, %how) = @_;
        progress($site, $candidate, %how);
        my $link = 'https://app.assessfirst.com/results/' . ++$number;
        $sandbox->candidate(token => $acme->{token}, email => $candidate->{email}, url => $link);
        my @calls = calls_while($candidate, sub { read_now($site, $candidate) });
        is profile($site, $candidate)->{'AssessFirst results'}, $concealed || $link, 'the link on the profile';
        return @calls;
    };
    for my $hidden (0, 1) {
        my $candidate = invited($site, $acme);
        my ($ask, $put) = ("GET /applications/$candidate->{id}", "PUT /applications/$candidate->{id}");
        $concealed = 0;
        $step->($candidate);
        is_deeply [$step->($candidate)], [$ask, 'GET /custom_attributes', $put], 'the ids of the first ones are asked for once';
        if ($hidden) {
            $concealed = profile($site, $candidate)->{'AssessFirst results'};
            $sandbox->application(key => $acme->{key}, id => $candidate->{id}, concealed => 1);
        }
        my @calls = $step->($candidate, finish => 'all');
        is_deeply [splice @calls, 0, 2], [$ask, $put], 'is it concealed; the values with the link';
        is_deeply \@calls, [$ask, $hidden ? () : 'POST /comments'], 'and again, for the comment';
        is status_of($site, $candidate), 'Completed', 'it is complete';
        is scalar(notes($site, $candidate)), $hidden ? 0 : 1, $hidden ? 'a concealed one gets no comment' : 'there is one comment';
        is scalar($site->open_follow_ups($candidate->{id})), 0, 'and nothing is left to do';
    }
};

subtest 'a person\'s own edits are left alone' => sub {
    my $candidate = invited($site, $acme);
    $sandbox->custom_field(key => $acme->{key}, name => 'Notes of the recruiter', resource_type => 'application',
        field_type => 'text', sample_value => 'x');
    $sandbox->custom_attribute(key => $acme->{key}, application_id => $candidate->{id}, field => 'Notes of the recruiter', value => 'Call on Monday');
    progress($site, $candidate);
    read_now($site, $candidate);
    $sandbox->custom_attribute(key => $acme->{key}, application_id => $candidate->{id}, field => 'AssessFirst SWIPE', value => 1);
    progress($site, $candidate);
    read_now($site, $candidate);
    my $profile = profile($site, $candidate);
    is $profile->{'Notes of the recruiter'}, 'Call on Monday', 'in a field of theirs';
    is $profile->{'AssessFirst SWIPE'}, 1, 'and in one of ours that did not change';
    is $profile->{'AssessFirst status'}, 'In progress 2/3', 'while what changed is written';
};

subtest 'a Pinpoint that takes no attributes along gets them one by one' => sub {
    my $tenant = company();
    $sandbox->company(key => $tenant->{key}, side_posting => 0);
    my $candidate = invited($site, $tenant);
    my $played = progress($site, $candidate, finish => 'all');
    read_now($site, $candidate);
    is_deeply profile($site, $candidate), {
        'AssessFirst status' => 'Completed', 'AssessFirst results' => $played->{url},
        (map { ("AssessFirst $_" => $played->{adequacy}{lc $_}) } qw(SWIPE DRIVE BRAIN)),
        'AssessFirst score' => $played->{adequacy}{global},
    }, 'everything is written';
    is scalar(notes($site, $candidate)), 1, 'with its comment';
};

subtest 'what the company did not choose is not written' => sub {
    my $tenant = company();
    # Status and SWIPE only (core/profile.h).
    $site->dbh->do('UPDATE afp_tenant SET choices = 5, generation = generation + 1000 WHERE company_uuid = ?', undef, $tenant->{uuid});
    my $candidate = invited($site, $tenant);
    my $played = progress($site, $candidate, finish => 'all');
    read_now($site, $candidate);
    is_deeply profile($site, $candidate), { 'AssessFirst status' => 'Completed', 'AssessFirst SWIPE' => $played->{adequacy}{swipe} },
        'two fields';
    is_deeply [notes($site, $candidate)], [], 'and no comment';
    $site->dbh->do('UPDATE afp_tenant SET choices = 255, generation = generation + 2000 WHERE company_uuid = ?', undef, $tenant->{uuid});
    wanted_now($site, $candidate, 'write-back');
    idle($site, $candidate->{id});
    is scalar(keys %{ profile($site, $candidate) }), 6, 'chosen later, the others follow';
    is scalar(notes($site, $candidate)), 1, 'with the comment';

    my $none = company();
    $site->dbh->do('UPDATE afp_tenant SET choices = 0, generation = generation + 3000 WHERE company_uuid = ?', undef, $none->{uuid});
    $candidate = invited($site, $none);
    progress($site, $candidate, finish => 'all');
    is_deeply [grep { !/^GET/ } calls_while($candidate, sub { read_now($site, $candidate) })], [], 'nothing chosen, nothing written';
};

subtest 'one value and a comment' => sub {
    my $tenant = company();
    $site->dbh->do('UPDATE afp_tenant SET choices = 129, generation = generation + 4000 WHERE company_uuid = ?', undef, $tenant->{uuid});
    my $candidate = invited($site, $tenant);
    progress($site, $candidate, finish => 'all');
    is_deeply [grep { !/^GET/ } calls_while($candidate, sub { read_now($site, $candidate) })],
        ["PUT /applications/$candidate->{id}", 'POST /comments'], 'status and comment: two writes';
};

subtest 'a comment that would give a name away is not written' => sub {
    for my $side_posting (1, 0) {
        my $tenant = company();
        $sandbox->company(key => $tenant->{key}, side_posting => $side_posting);
        my $candidate = invited($site, $tenant);
        $sandbox->application(key => $tenant->{key}, id => $candidate->{id}, concealed => 1);
        progress($site, $candidate, finish => 'all');
        read_now($site, $candidate);
        is status_of($site, $candidate), 'Completed', 'the profile of a concealed application tells the status'
            . ($side_posting ? '' : ', one by one');
        is profile($site, $candidate)->{'AssessFirst results'}, undef, 'without the link, which may name the candidate';
        is scalar(keys %{ profile($site, $candidate) }), 5, 'and with the scores';
        is_deeply [notes($site, $candidate)], [], 'there is no comment';
        is scalar($site->open_follow_ups($candidate->{id})), 0, 'and nothing is left to do';
    }
};

subtest 'a comment that may have been added is looked for, whatever its line breaks and scores' => sub {
    for my $case (["\r\n"], ["\n"], [' '], ["\nAnd more.\n"], ["\n", 'Somebody else said: '], ["\n", '', 1]) {
        my ($ending, $before, $earlier) = @$case;
        $before //= '';
        my $candidate = invited($site, $acme);
        my $played = progress($site, $candidate, finish => 'all');
        my $text = join $ending, "${before}AssessFirst assessment completed.", 'Model: Sales Executive', "Score: $played->{adequacy}{global}",
            join(', ', map { "$_ " . $played->{adequacy}{lc $_} } qw(SWIPE DRIVE BRAIN)), "Results: $played->{url}";
        my $answer = $sandbox->pinpoint_call(POST => 'comments', { data => { type => 'comments', attributes => { body_text => $text },
            relationships => { commentable => { data => { type => 'applications', id => "$candidate->{id}" } } } } }, 'X-API-KEY' => $acme->{key});
        is $answer->{status}, 201, 'somebody added it';
        $site->dbh->do(q{INSERT INTO afp_comment (company_uuid, application_id, occurrence, purpose, state, lease, updated_at)}
            . q{ VALUES (?, ?, 1, 'completed', 'adding', 'of-one-who-died', 0)}, undef, $acme->{uuid}, $candidate->{id});
        $site->dbh->do(q{INSERT INTO afp_comment (company_uuid, application_id, occurrence, purpose, state, lease, updated_at)}
            . q{ VALUES (?, ?, 0, 'completed', 'added', 'of-another', 0)}, undef, $acme->{uuid}, $candidate->{id}) if $earlier;
        read_now($site, $candidate);
        is scalar(notes($site, $candidate)), $before || $earlier ? 2 : 1, $before ? 'another first line is another comment'
            : $earlier ? 'that of an earlier invitation is not ours' : 'nobody adds it again';
        is $site->rows('afp_comment', q{application_id = ? AND occurrence = 1 AND state = 'added'}, $candidate->{id}), 1, 'and it is noted as added';
    }
};

subtest 'fields of a wrong type are left out' => sub {
    $site->server->expect_log(qr/AFP0333/);
    for my $case (['AssessFirst score', 'text', 0], ['AssessFirst score', 'text', 1], ['AssessFirst results', 'varchar', 0]) {
        my ($name, $type, $concealed) = @$case;
        my $company = 'odd' . ++$number;
        my $tenant = { key => "key-of-$company", token => "token-of-$company" };
        $sandbox->company(key => $tenant->{key});
        $sandbox->custom_field(key => $tenant->{key}, name => $name, resource_type => 'application', field_type => $type, sample_value => 'x');
        $tenant = connected($site, $company, %$tenant, limit => 0);
        my $candidate = invited($site, $tenant);
        $sandbox->application(key => $tenant->{key}, id => $candidate->{id}, concealed => 1) if $concealed;
        progress($site, $candidate, finish => 'all');
        my @calls = calls_while($candidate, sub { read_now($site, $candidate) });
        is profile($site, $candidate)->{$name}, undef, "$name is" . ($concealed ? ', of a concealed one' : '');
        is scalar(keys %{ profile($site, $candidate) }), $concealed ? 4 : 5, 'the others are written';
        is scalar(notes($site, $candidate)), $concealed ? 0 : 1, $concealed ? 'without a comment' : 'with the comment';
        is scalar(grep { $_ eq "PUT /applications/$candidate->{id}" } @calls), 1, 'with one update' or diag join "\n", @calls;
        is scalar($site->open_follow_ups($candidate->{id})), 0, 'and nothing is left to do';
    }
};

subtest 'attributes and fields that somebody takes away are made again' => sub {
    my $tenant = company();
    my $candidate = invited($site, $tenant);
    progress($site, $candidate);
    read_now($site, $candidate);
    my $ids = attribute_ids($candidate);
    $sandbox->remove(custom_attribute => key => $tenant->{key}, id => $ids->{'AssessFirst status'});
    progress($site, $candidate);
    read_now($site, $candidate);
    is status_of($site, $candidate), 'In progress 2/3', 'the attribute is there again';
    isnt attribute_ids($candidate)->{'AssessFirst status'}, $ids->{'AssessFirst status'}, 'with another id';

    my ($field) = fields($site, $tenant, name => 'AssessFirst status');
    $sandbox->remove(custom_field => key => $tenant->{key}, id => $field->{id});
    progress($site, $candidate);
    read_now($site, $candidate);
    is status_of($site, $candidate), 'Completed', 'the field is there again, with its value';
    is scalar(fields($site, $tenant, name => 'AssessFirst status')), 1, 'once';
    is scalar(notes($site, $candidate)), 1, 'and one comment';
    is scalar($site->open_follow_ups($candidate->{id})), 0, 'nothing is left to do';
};

subtest 'a value that somebody wrote before is changed, not doubled' => sub {
    my $candidate = candidate($site, $acme);
    $sandbox->custom_attribute(key => $acme->{key}, application_id => $candidate->{id}, field => 'AssessFirst status', value => 'By hand');
    trigger($site, $acme, { id => $candidate->{id}, job_id => $candidate->{job_id} });
    $site->finished($candidate->{id});
    idle($site, $candidate->{id});
    is status_of($site, $candidate), 'Invited', 'it says Invited';
    # Behind our back, after we looked.
    $sandbox->custom_attribute(key => $acme->{key}, application_id => $candidate->{id}, field => 'AssessFirst SWIPE', value => 2);
    my $played = progress($site, $candidate);
    $site->dbh->do(q{UPDATE afp_written SET attribute_id = '-' WHERE application_id = ? AND field = 'swipe'}, undef, $candidate->{id});
    read_now($site, $candidate);
    is profile($site, $candidate)->{'AssessFirst SWIPE'}, $played->{adequacy}{swipe}, 'and the score is ours';
};

subtest 'trouble in the middle is tried again, and nothing is done twice' => sub {
    my @troubles = (
        ['a 429', { status => 429, headers => { 'Retry-After' => 1 } }],
        ['a 409', { status => 409, body => { errors => [{ status => '409', detail => 'Record is in use' }] } }],
        ['a 500', { status => 500 }],
        ['an HTML 502', { do => 'html502' }],
        ['a closed connection', { do => 'close' }],
        ['an answer that was lost', { do => 'process_then_close' }],
    );
    for my $side_posting (1, 0) {
        my $tenant = company();
        $sandbox->company(key => $tenant->{key}, side_posting => $side_posting);
        for my $trouble ($side_posting ? @troubles : @troubles[0, 1, 5]) {
            my $candidate = invited($site, $tenant);
            my $played = progress($site, $candidate, finish => 'all');
            # At the whole update, or at the third of the single ones.
            $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, %{ $trouble->[1] },
                $side_posting ? (method => 'PUT', path => '/applications/') : (method => 'POST', path => '/custom_attributes$', skip => 2));
            $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, method => 'POST', path => '/comments$', %{ $trouble->[1] });
            make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id});
            ok wait_until(sub { notes($site, $candidate) && !$site->open_follow_ups($candidate->{id}) }, 40),
                "$trouble->[0] at the values and at the comment" . ($side_posting ? '' : ', one by one');
            is scalar(notes($site, $candidate)), 1, 'one comment';
            is_deeply [sort keys %{ profile($site, $candidate) }],
                [map { "AssessFirst $_" } qw(BRAIN DRIVE SWIPE results score status)], 'every value';
            is scalar(keys %{ attribute_ids($candidate) }), scalar(grep { $_->{attributable_id} eq $candidate->{id} }
                @{ $sandbox->look(custom_attribute => key => $tenant->{key}) }), 'each of them once';
            $sandbox->clear_faults;
        }
    }
};

subtest 'what Pinpoint does not want at all is a dead letter, and the rest is written' => sub {
    my $tenant = company();
    $sandbox->company(key => $tenant->{key}, side_posting => 0);
    my $candidate = invited($site, $tenant);
    progress($site, $candidate);
    my ($field) = fields($site, $tenant, name => 'AssessFirst results');
    $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, method => 'POST', path => '/custom_attributes$', skip => 1, times => 0,
        status => 422, body => { errors => [{ status => '422', detail => 'Text value is not wanted' }] });
    make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id});
    my $end = $site->finished($candidate->{id}, count => 2);
    is "$end->{kind} $end->{result}", 'write-back dead', 'a dead letter';
    like $end->{reason}, qr/Text value is not wanted/, 'in Pinpoint\'s words';
    is status_of($site, $candidate), 'In progress 1/3', 'the status was written';
    $sandbox->clear_faults;
    wanted_now($site, $candidate, 'write-back');
    idle($site, $candidate->{id});
    is scalar(keys %{ profile($site, $candidate) }), 3, 'replayed, it is all there';
};

subtest 'a missing permission holds the write-backs alone' => sub {
    my $tenant = company();
    my $candidate = invited($site, $tenant);
    $sandbox->company(key => $tenant->{key}, deny => { comments => 'write' });
    progress($site, $candidate, finish => 'all');
    make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id});
    ok wait_until(sub { (open_write_back($candidate) // { state => '' })->{state} eq 'held' }, 10), 'held';
    is status_of($site, $candidate), 'Completed', 'what could be written is';
    my $parking = $site->dbh->selectrow_hashref('SELECT * FROM afp_parking WHERE owner = ?', undef, $tenant->{uuid});
    is $parking->{kind}, 'write-back', 'it is parked by itself';
    like $parking->{words}, qr/the API key needs Comment: Write/, 'with the permission that is missing';
    is invite($site, $tenant, email => 'meanwhile@example.test')->{result}, 'invited', 'candidates are invited meanwhile';
    $sandbox->company(key => $tenant->{key}, deny => {});
    make_due($site, q{kind = 'check-pinpoint' AND company_uuid = ?}, $tenant->{uuid});
    ok wait_until(sub { notes($site, $candidate) == 1 }, 15), 'and it goes on when the permission is there';
};

done_testing;
