# Prefork: SIGTERM for children in the middle of commits. What was accepted is stored.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use List::Util qw(shuffle);
use Test::More;

use AFP::Invite;
use AFP::Load;

my $rounds = 15;

my $site = invite_site(mpm => 'prefork');
my $server = $site->server;
my $acme = connected($site, 'acme');
my $paused = connected($site, 'paused');
$site->page('paused')->open->press('Pause')->press('Pause');

my $load = AFP::Load->start($site, [$paused], clients => 4, insist => 1);
ok $load->goes_on(10), 'deliveries are taken';
my $ended = 0;
for my $round (1 .. $rounds) {
    my ($pid) = shuffle $server->children;
    kill 'TERM', $pid;
    $ended += !!wait_until(sub { !grep { $_ == $pid } $server->children }, 9);
    $load->goes_on(4) or last;
}
is $ended, $rounds, "$rounds children ended when they were told to";
my @sent = $load->stop;
my @accepted = grep { $_->{code} =~ /^2/ } @sent;
my %rows = map { $_->[0] => $_->[1] } @{ $site->dbh->selectall_arrayref(
    'SELECT application_id, count(*) FROM afp_delivery GROUP BY application_id') };
is scalar(grep { ($rows{ $_->{application} } // 0) != 1 } @accepted), 0,
    'each of ' . @accepted . ' accepted deliveries is stored once';
is_deeply [grep { !/^(?:20[02]|0)$/ } map { $_->{code} } @sent], [], 'and no answer was an error';
is invite($site, $acme)->{result}, 'invited', 'work goes on';

done_testing;
