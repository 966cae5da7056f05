# A database server that hangs while httpd stops: the children end by themselves.
# matrix: alone

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);

use AFP::Databases;
use AFP::Load;
use AFP::Process qw(wait_until);
use AFP::Site;

my $httpd_patience = 9;
my $sandbox = AFP::Sandbox->start;

for my $kind (qw(pgsql mysql)) {
    subtest $kind => sub {
        my $databases = AFP::Databases->new(kind => $kind, own => 1);
        my $site = AFP::Site->new(sandbox => $sandbox, databases => $databases)->start;
        # AFP0104: a connection that was wanted just then. AFP0301: deliveries that could not be stored.
        # AH00045: httpd's reminder after 3 seconds.
        my $server = $site->server->expect_log(qr/AFP0331: /)->allow_log(qr/AFP0104: |AFP030[12]: |AH00045: /);
        my $acme = $site->connect('acme');
        my $application = $site->application($acme);
        $site->webhook($acme, application_id => $application->{id}, job_id => $application->{job_id});
        is $site->finished($application->{id})->{result}, 'invited', 'the site works';

        my $busy = $site->connect('busy');
        my $load = AFP::Load->start($site, [$busy], clients => 2);
        $load->goes_on(3);
        $databases->freeze;
        my $since = time;
        my $before = $load->sent;
        wait_until(sub { $load->sent > $before + 2 || time - $since > 2 }, 3);
        $since = time;
        ok $server->stop, 'the server ends while the database hangs';
        cmp_ok time - $since, '<', $httpd_patience, 'before httpd loses its patience';
        unlike $server->error_log, qr/AH00046/, 'no child is killed';
        my @sent = $load->stop;
        $databases->thaw;
        $server->start;
        my $again = $site->application($acme);
        $site->webhook($acme, application_id => $again->{id}, job_id => $again->{job_id});
        is $site->finished($again->{id})->{result}, 'invited', 'after the start it works again';
        my @lost = grep { $_->{code} == 202 && !$site->rows('afp_delivery', 'application_id = ?', $_->{application}) } @sent;
        is scalar @lost, 0, 'what was accepted is stored';
    };
}

done_testing;
