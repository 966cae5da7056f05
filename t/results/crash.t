# Children that are killed in the middle: everything is done in the end, and nothing twice.
# matrix: mpm database

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

# Kills every child while a call of the tenant is on its way to Pinpoint (or `api`), and lets the
# leases of the dead run out. %fault: method, path, and what the sandbox does.
sub killed_during
{
    my ($tenant, $start, %fault) = @_;
    my $api = delete $fault{api} // 'pinpoint';
    my $since = $sandbox->last_call_number;
    $sandbox->fault(api => $api, credential => $tenant->{ $api eq 'pinpoint' ? 'key' : 'token' }, %fault);
    $start->();
    ok wait_until(sub { grep { ($_->{fault} // '') ne '' && $_->{path} =~ /$fault{path}/ } $sandbox->calls(api => $api, since => $since) }, 20),
        'the call is on its way';
    $site->server->kill_child($_) for $site->server->children;
    wait_until(sub { $site->server->answers }, 20);
    $site->dbh->do(q{UPDATE afp_follow_up SET due_at = ? WHERE state = 'leased'}, undef, now_us());
    return;
}

sub is_complete
{
    my ($candidate, $played) = @_;
    ok wait_until(sub { notes($site, $candidate) && !$site->open_follow_ups($candidate->{id}) }, 40), 'everything is done in the end';
    is_deeply profile($site, $candidate), {
        'AssessFirst status' => 'Completed', 'AssessFirst results' => $played->{url},
        (map { ("AssessFirst $_" => $played->{adequacy}{lc $_}) } qw(SWIPE DRIVE BRAIN)),
        'AssessFirst score' => $played->{adequacy}{global},
    }, 'the profile is complete';
    is scalar(grep { $_->{attributable_id} eq $candidate->{id} } @{ $sandbox->look(custom_attribute => key => $candidate->{tenant}{key}) }),
        6, 'each value is there once';
    is scalar(notes($site, $candidate)), 1, 'and one comment';
    return;
}

# Longer than it takes to see the call and to kill the children, whatever else the machine does.
my $slow = 15;
my @moments = (
    ['while the results are read', { api => 'assessfirst', method => 'GET', path => '/candidate/', delay => $slow }],
    ['when the values were written, and nobody knows', { method => 'PUT', path => '/applications/', delay => $slow }],
    ['before the values are written', { method => 'PUT', path => '/applications/', do => 'close', delay => $slow }],
    ['when the comment was added, and nobody knows', { method => 'POST', path => '/comments$', delay => $slow }],
    ['before the comment is added', { method => 'POST', path => '/comments$', do => 'close', delay => $slow }],
    ['between single values, which this Pinpoint would take twice', { method => 'POST', path => '/custom_attributes$', skip => 2, delay => $slow },
        side_posting => 0, unique_attributes => 0],
);
for my $moment (@moments) {
    my ($about, $fault, %setting) = @$moment;
    subtest "killed $about" => sub {
        my $tenant = company();
        $sandbox->company(key => $tenant->{key}, %setting) if %setting;
        my $candidate = invited($site, $tenant);
        my $played = progress($site, $candidate, finish => 'all');
        killed_during($tenant, sub { make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id}) }, %$fault);
        is_complete($candidate, $played);
    };
}

subtest 'killed while the fields are made, and the options set' => sub {
    for my $fault ({ method => 'POST', path => '/custom_fields$', skip => 3, delay => $slow },
        { method => 'PUT', path => '/custom_fields/', delay => $slow }) {
        my $tenant = company();
        for my $field (fields($site, $tenant)) {
            $sandbox->remove(custom_field => key => $tenant->{key}, id => $field->{id}) if $fault->{method} eq 'POST';
        }
        $sandbox->account(token => $tenant->{token}, models => ['Another', 'Yet another']);
        killed_during($tenant, sub { make_due($site, q{kind = 'synchronise' AND company_uuid = ?}, $tenant->{uuid}) }, %$fault);
        ok wait_until(sub { join(',', @{ (model_field($site, $tenant) // { options => [] })->{options} })
            eq "Don't use a predictive model,Another,Yet another" && fields($site, $tenant) == 8 }, 30), 'the options and fields are there in the end';
        is scalar(fields($site, $tenant)), 8, 'each field once';
        is $site->rows('afp_option', q{company_uuid = ? AND option_text = 'Another'}, $tenant->{uuid}), 1, 'and what the options mean is known';
    }
};

done_testing;
