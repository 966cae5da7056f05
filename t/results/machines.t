# Two machines at a time: on one database they share the work, and with databases of their own they
# share the fields in Pinpoint.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Process qw(slurp);
use AFP::Results;
use AFP::Server ();

# SQLite is the database of one machine.
my $kind = ($ENV{AFP_DATABASE} // '') eq 'mysql' ? 'mysql' : 'pgsql';
my $site = invite_site(kind => $kind);
my $sandbox = $site->sandbox;

my $first = $site->server;
my $second = AFP::Server->new(database => $site->database, config => $first->{text});
$second->write_file('secret.keys', slurp($first->dir . '/secret.keys'), 0600);
my $acme = connected($site, 'acme', limit => 0);
$second->write_file('users', slurp($first->dir . '/users'));
$second->start;

# Name to id, of the fields that are remembered.
sub known_fields
{
    my ($site, $tenant) = @_;
    return { map { @$_ } @{ $site->dbh->selectall_arrayref('SELECT name, field_id FROM afp_field WHERE company_uuid = ?',
        undef, $tenant->{uuid}) } };
}

subtest 'two workers read the same candidate, and the profile is written once' => sub {
    my @candidates = map { invited($site, $acme) } 1 .. 6;
    my $since = $sandbox->last_call_number;
    for my $candidate (@candidates) {
        progress($site, $candidate, finish => 'all');
        # By the schedule, by AssessFirst's call and by the page: all at once.
        wanted_now($site, $candidate, 'read-results') for 1, 2;
    }
    make_due($site, q{kind = 'read-results'});
    for my $candidate (@candidates) {
        ok wait_until(sub { !$site->open_follow_ups($candidate->{id}) }, 40), "application $candidate->{id} is done";
        is status_of($site, $candidate), 'Completed', 'complete';
        is scalar(notes($site, $candidate)), 1, 'with one comment';
    }
    my @writes = writes_of($site, $acme, 'pinpoint', $since);
    is scalar(grep { /^PUT/ } @writes), scalar @candidates, 'one update for each';
    is scalar(grep { /comments/ } @writes), scalar @candidates, 'and one comment for each';
};

subtest 'both of them do work' => sub {
    for my $server ($first, $second) {
        ok wait_until(sub { invited($site, $acme); $server->error_log =~ /AFP0312: .*: invited/ }, 60), 'this one';
    }
};

subtest 'one synchronisation at a time' => sub {
    my $since = $sandbox->last_call_number;
    $sandbox->account(token => $acme->{token}, models => [map { "Model $_" } 1 .. 5]);
    $sandbox->fault(api => 'pinpoint', method => 'GET', path => '/custom_fields$', do => 'pass', delay => 2);
    make_due($site, q{kind = 'synchronise'});
    ok wait_until(sub { grep { /custom_fields$/ } calls_of($site, $acme, 'pinpoint', $since) }, 10), 'it runs';
    make_due($site, q{kind = 'synchronise'});
    ok wait_until(sub { grep { $_ eq 'Model 5' } @{ model_field($site, $acme)->{options} } }, 15), 'the options follow';
    ok wait_until(sub { !$site->rows('afp_follow_up', q{kind = 'synchronise' AND (state = 'leased' OR due_at <= ?)}, now_us()) }, 15),
        'and it runs again';
    is scalar(grep { /^PUT/ } writes_of($site, $acme, 'pinpoint', $since)), 1, 'set once';
};

subtest 'two sites with databases of their own make the fields of one Pinpoint' => sub {
    my @sites = map { invite_site(sandbox => $sandbox, site => "site$_.example", databases => $site->databases) } 1, 2;
    for my $unique (1, 0) {
        my %tenant = (key => "key-of-both-$unique", token => "token-of-both-$unique");
        $sandbox->company(key => $tenant{key}, unique_field_names => $unique);
        $sandbox->account(token => $tenant{token}, limit => 0, models => ['Sales Executive', 'Developer']);
        # Both see that there are no fields before either makes one.
        $sandbox->fault(api => 'pinpoint', credential => $tenant{key}, method => 'GET', path => '/custom_fields$', do => 'pass',
            delay => 2, query => 'page', times => 2);
        # A double is taken away again, also if that does not succeed at once.
        $sandbox->fault(api => 'pinpoint', credential => $tenant{key}, method => 'DELETE', path => '/custom_fields/', status => 500);
        my @tenants = map { $_->connect("both$unique", %tenant, no_sandbox => 1) } @sites;
        checks_done($sites[$_], $tenants[$_]) for 0, 1;
        my $both = { %tenant };
        ok wait_until(sub { fields($sites[0], $both) == 8
            && !grep { $_->rows('afp_follow_up', q{kind = 'synchronise' AND (state = 'leased' OR due_at <= ?)}, now_us() + 60e6) } @sites }, 30),
            ($unique ? 'names are unique' : 'names may be doubled') . ': eight fields' or diag scalar fields($sites[0], $both);
        my @known = map { known_fields($sites[$_], $tenants[$_]) } 0, 1;
        is_deeply $known[0], $known[1], 'both know the same ones';
        is_deeply [sort values %{ $known[0] }], [sort map { $_->{id} } fields($sites[0], $both)], 'which are there';
        my $made = 0;
        $made += $sites[$_]->rows('afp_field', 'company_uuid = ? AND created = 1', $tenants[$_]{uuid}) for 0, 1;
        is $made, 8, 'each was made by one of them';
    }
};

done_testing;
