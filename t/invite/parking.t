# An API that refuses us: its work waits, a check finds out when it works again.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', limit => 0);
my $globex = connected($site, 'globex', limit => 0);

sub state_of { my ($id) = @_; return (($site->open_follow_ups($id))[0] // { state => 'finished' })->{state} }

sub held
{
    my ($id) = @_;
    return wait_until(sub { state_of($id) eq 'held' }, 10);
}

# No write-back is on its way that would meet a refusal made for something else.
sub profiles_written { return wait_until(sub { !$site->rows('afp_follow_up', q{kind = 'write-back'}) }, 10) }

sub parking { return $site->dbh->selectrow_hashref('SELECT * FROM afp_parking WHERE owner = ?', undef, $_[0]) }

sub open_check
{
    my ($tenant, $api) = @_;
    return $site->dbh->selectrow_hashref('SELECT * FROM afp_follow_up WHERE company_uuid = ? AND kind = ?',
        undef, $tenant->{uuid}, "check-$api");
}

subtest 'a revoked key parks all work of the tenant at Pinpoint' => sub {
    $sandbox->company(key => $acme->{key}, revoked => 1);
    my @applications = map { applicant($site, $acme) } 1 .. 4;
    trigger($site, $acme, $_) for @applications;
    ok held($_->{id}), "follow-up of application $_->{id} is held" for @applications;
    my $parking = parking($acme->{uuid});
    is $parking->{api}, 'pinpoint', 'Pinpoint is parked';
    is $parking->{kind}, '*', 'for every kind of work';
    is $parking->{words}, 'Pinpoint answered 401: Invalid API key', 'with Pinpoint\'s words';
    my $check = open_check($acme, 'pinpoint');
    is $check->{state}, 'ready', 'a check is waiting';
    my $wait = $check->{due_at} - now_us();
    ok $wait > 40e6 && $wait <= 61e6, 'for a minute';
    is invite($site, $globex)->{result}, 'invited', 'the other company is served meanwhile';
    my $held = (map { $site->open_follow_ups($_->{id}) } @applications)[0];
    is $held->{tried_for}, 0, 'the time does not count as trying';

    make_due($site, q{kind = 'check-pinpoint' AND company_uuid = ?}, $acme->{uuid});
    ok wait_until(sub { (open_check($acme, 'pinpoint') // { attempts => 0 })->{attempts} == 1
        && open_check($acme, 'pinpoint')->{state} eq 'ready' }, 10), 'a check that is refused checks again later';
    make_due($site, q{kind = 'check-pinpoint' AND company_uuid = ?}, $acme->{uuid});
    wait_until(sub { my $c = open_check($acme, 'pinpoint'); $c->{attempts} == 2 && $c->{state} eq 'ready' }, 10);
    $wait = open_check($acme, 'pinpoint')->{due_at} - now_us();
    ok $wait > 100e6 && $wait <= 121e6, 'more and more slowly';
    is $site->rows('afp_parking', 'owner = ?', $acme->{uuid}), 1, 'one parking is noted';

    $sandbox->company(key => $acme->{key}, revoked => 0);
    make_due($site, q{kind = 'check-pinpoint' AND company_uuid = ?}, $acme->{uuid});
    is $site->finished($_->{id})->{result}, 'invited', 'the first success resumes everything' for @applications;
    is parking($acme->{uuid}), undef, 'the parking is over';
    is scalar($site->invitations($acme)), 4, 'each was invited once';
};

subtest 'a missing permission parks only invitations' => sub {
    $sandbox->company(key => $acme->{key}, deny => { applications => 'read' });
    my $application = applicant($site, $acme);
    trigger($site, $acme, $application);
    ok held($application->{id}), 'held';
    is parking($acme->{uuid})->{kind}, 'invite', 'invitations are parked';
    like parking($acme->{uuid})->{words}, qr/^Pinpoint answered 403/, 'with the reason';
    make_due($site, q{kind = 'check-pinpoint' AND company_uuid = ?}, $acme->{uuid});
    wait_until(sub { (open_check($acme, 'pinpoint') // {})->{reason} =~ /needs/ }, 10);
    like open_check($acme, 'pinpoint')->{reason}, qr/the API key needs Application: Read/,
        'the check names the permission';
    $sandbox->company(key => $acme->{key}, deny => {});
    make_due($site, q{kind = 'check-pinpoint' AND company_uuid = ?}, $acme->{uuid});
    is $site->finished($application->{id})->{result}, 'invited', 'resumed by the check';
};

# Lets the tenant's check run, once.
sub check_now
{
    my ($tenant) = @_;
    my $attempts = open_check($tenant, 'pinpoint')->{attempts};
    make_due($site, q{kind = 'check-pinpoint' AND company_uuid = ?}, $tenant->{uuid});
    return wait_until(sub {
        my $check = open_check($tenant, 'pinpoint') // return 1;
        $check->{attempts} > $attempts && $check->{state} eq 'ready';
    }, 10);
}

sub kinds_parked
{
    my ($tenant) = @_;
    return join ' ', sort map { $_->[0] }
        @{ $site->dbh->selectall_arrayref('SELECT kind FROM afp_parking WHERE owner = ?', undef, $tenant->{uuid}) };
}

subtest 'a missing permission to write is found before it is needed, and holds no invitation' => sub {
    profiles_written();
    my @traces = map { scalar @{ $sandbox->look($_, key => $acme->{key}) } } qw(comment custom_field);
    $sandbox->company(key => $acme->{key}, deny => { comments => 'write', custom_attributes => 'write' });
    $site->save_settings($acme);
    ok wait_until(sub { kinds_parked($acme) eq 'write-back' }, 10), 'writing to profiles is parked';
    is parking($acme->{uuid})->{words}, 'Pinpoint answered 403: This API key does not have the write permission for'
        . ' Custom Attribute (the API key needs Custom Attributes: Write and Comment: Write)', 'with what is missing';
    is invite($site, $acme)->{result}, 'invited', 'invitations go on';
    ok check_now($acme), 'the check goes on as well';
    is kinds_parked($acme), 'write-back', 'and changes nothing';
    $sandbox->company(key => $acme->{key}, deny => {});
    check_now($acme);
    is parking($acme->{uuid}), undef, 'until the permissions are given';
    is_deeply [map { scalar @{ $sandbox->look($_, key => $acme->{key}) } } qw(comment custom_field)], \@traces,
        'trying them has left no trace';
};

subtest 'what may go on does not wait for what may not' => sub {
    $sandbox->company(key => $acme->{key}, deny => { applications => 'read', comments => 'write' });
    my $application = applicant($site, $acme);
    trigger($site, $acme, $application);
    ok held($application->{id}), 'held';
    check_now($acme);
    is kinds_parked($acme), 'invite', 'invitations are parked';
    $sandbox->company(key => $acme->{key}, deny => { comments => 'write' });
    check_now($acme);
    is $site->finished($application->{id})->{result}, 'invited', 'they resume with their own permission';
    is kinds_parked($acme), 'write-back', 'what still lacks one is parked';
    $sandbox->company(key => $acme->{key}, deny => {});
    check_now($acme);
    is kinds_parked($acme), '', 'until it has it';
};

subtest 'a check that cannot try everything resumes what it could' => sub {
    $sandbox->company(key => $acme->{key}, revoked => 1);
    my $application = applicant($site, $acme);
    trigger($site, $acme, $application);
    ok held($application->{id}), 'held';
    $sandbox->company(key => $acme->{key}, revoked => 0);
    $sandbox->fault(api => 'pinpoint', method => 'POST', path => '/comments', status => 503, times => 0);
    check_now($acme);
    is $site->finished($application->{id})->{result}, 'invited', 'invitations resume';
    like open_check($acme, 'pinpoint')->{reason}, qr/503/, 'the check is not content';
    $sandbox->clear_faults;
    check_now($acme);
    is open_check($acme, 'pinpoint'), undef, 'until all works';
};

subtest 'a comment that is not wanted needs no permission' => sub {
    my $comment = 1 << 7; # AFP_WRITE_COMMENT
    $site->dbh->do('UPDATE afp_tenant SET choices = choices - ? WHERE company_uuid = ?', undef, $comment, $acme->{uuid});
    $sandbox->company(key => $acme->{key}, deny => { comments => 'all' });
    $site->save_settings($acme);
    ok wait_until(sub { !open_check($acme, 'pinpoint') }, 10), 'the check is content';
    is kinds_parked($acme), '', 'nothing is parked';
    $sandbox->company(key => $acme->{key}, deny => {});
};

subtest 'a switched-off integration parks, whichever read meets it' => sub {
    for my $path ('/applications/\d+$', '/custom_attributes$') {
        my $application = applicant($site, $acme);
        $sandbox->fault(api => 'pinpoint', credential => $acme->{key}, path => $path, status => 403,
            body => { errors => [{ status => '403', detail => 'Integration not enabled' }] });
        trigger($site, $acme, $application);
        ok held($application->{id}), 'held';
        is parking($acme->{uuid})->{words}, 'Pinpoint answered 403: Integration not enabled', 'with the words';
        make_due($site, q{kind = 'check-pinpoint' AND company_uuid = ?}, $acme->{uuid});
        is $site->finished($application->{id})->{result}, 'invited', 'and resumed';
        profiles_written();
    }
};

subtest 'new settings resume at once' => sub {
    $sandbox->company(key => $acme->{key}, revoked => 1);
    my $application = applicant($site, $acme);
    trigger($site, $acme, $application);
    ok held($application->{id}), 'held';
    $sandbox->company(key => $acme->{key}, revoked => 0, new_key => 'the-new-key');
    $acme->{key} = 'the-new-key';
    $site->save_settings($acme);
    is $site->finished($application->{id})->{result}, 'invited', 'with the new key';
    is parking($acme->{uuid}), undef, 'nothing is parked';
};

subtest 'an AssessFirst token that is refused parks AssessFirst\'s work' => sub {
    $sandbox->remove(account => token => $globex->{token});
    my $application = applicant($site, $globex);
    trigger($site, $globex, $application);
    ok wait_until(sub { state_of($application->{id}) =~ /held/ }, 15), 'held';
    is parking($globex->{uuid})->{api}, 'assessfirst', 'AssessFirst is parked';
    my $check = open_check($globex, 'assessfirst');
    is $check->{state}, 'ready', 'its check is waiting';
    $sandbox->account(token => $globex->{token}, models => ['Sales Executive'], limit => 0);
    make_due($site, q{kind = 'check-assessfirst' AND company_uuid = ?}, $globex->{uuid});
    is $site->finished($application->{id})->{result}, 'invited', 'resumed by the check';
};

done_testing;
