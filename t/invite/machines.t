# Two servers on one database share the work: one invitation each.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;
use AFP::Process qw(slurp);
use AFP::Server ();

# SQLite is the database of one machine.
my $kind = ($ENV{AFP_DATABASE} // '') eq 'mysql' ? 'mysql' : 'pgsql';
my $site = invite_site(kind => $kind);
my $sandbox = $site->sandbox;

my $first = $site->server;
my $second = AFP::Server->new(database => $site->database, config => $first->{text});
$second->write_file('secret.keys', slurp($first->dir . '/secret.keys'), 0600);
my @companies = map { connected($site, "company$_", limit => 0) } 1 .. 3;
$second->write_file('users', slurp($first->dir . '/users'));
$second->start;

my @applications = map { my $tenant = $_; map { [$tenant, applicant($site, $tenant)] } 1 .. 10 } @companies;
my $number = 0;
for my $pair (@applications) {
    my ($tenant, $application) = @$pair;
    my $body = AFP::Site::body($tenant, $application->{id}, job_id => $application->{job_id});
    # The same delivery reaches both machines, a further one of the application only one.
    for my $server ($first, $second) {
        my $answer = $server->post($tenant->{path}, $body, 'Content-Type' => 'application/json',
            'PINPOINT-HMAC-SHA256' => AFP::Site::signature($tenant, $body));
        like $answer->code, qr/^20[02]$/, 'accepted' unless $answer->code =~ /^20[02]$/;
    }
    my $other = AFP::Site::body($tenant, $application->{id}, job_id => $application->{job_id}, triggered_at => 1700000000);
    my $server = $number++ % 2 ? $first : $second;
    $server->post($tenant->{path}, $other, 'Content-Type' => 'application/json',
        'PINPOINT-HMAC-SHA256' => AFP::Site::signature($tenant, $other));
}
for my $pair (@applications) {
    my ($tenant, $application) = @$pair;
    $site->finished($application->{id}, count => 2, seconds => 60);
    my @results = sort map { $_->[0] } @{ $site->dbh->selectall_arrayref(
        'SELECT result FROM afp_finished WHERE application_id = ?', undef, $application->{id}) };
    is "@results", 'invited skipped', "application $application->{id}: invited, and skipped";
}
is scalar(posts($site, $_)), 10, "$_->{company}: ten calls for ten applications" for @companies;
is $site->rows('afp_delivery'), 60, 'each body is stored once';

# The line is written after the end is stored.
sub worked { my $count = 0; $count += () = $_->error_log =~ /AFP0312: .*: invited/g for $first, $second; return $count }
wait_until(sub { worked() >= 30 }, 10);
is worked(), 30, 'each invitation was sent by one machine';

done_testing;
