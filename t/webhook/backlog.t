# One company's backlog has a limit; others are not concerned.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Process qw(wait_until);
use AFP::Site;
use AFP::Wire;

my $limit = 10;
# One child, so that its own count is everybody's.
my $site = AFP::Site->new(config => <<"CONF");
PinpointBacklogLimit $limit
PinpointRetry first=1 cap=1 missing=1
<IfModule prefork.c>
    StartServers 1
    ServerLimit 1
    MaxRequestWorkers 1
</IfModule>
<IfModule !prefork.c>
    StartServers 1
    ServerLimit 1
    MaxRequestWorkers 16
</IfModule>
CONF
$site->start->server->allow_log(qr/AH00161: server reached MaxRequestWorkers/);
my $acme = $site->connect('acme');
my $beta = $site->connect('beta');
my $number = 0;

sub body { my ($tenant, %option) = @_; return AFP::Site::body($tenant, ++$number, %option) }
sub deliver { my ($tenant, %option) = @_; return $site->deliver($tenant, body($tenant, %option)) }

my $page = $site->page('acme');
$page->open->press('Pause')->press('Pause');
select undef, undef, undef, 1.5;

# What the module does for the company by itself, such as synchronising its models, counts as well
# once it is counted.
my $own = $site->rows('afp_follow_up', 'company_uuid = ?', $acme->{uuid});
cmp_ok $own, '<', 4, 'little is open yet';
my ($taken, $first) = (0);
while ($taken <= $limit) {
    my $body = body($acme);
    last if $site->deliver($acme, $body)->code != 202;
    $first //= $body;
    $taken++;
}
cmp_ok $taken, '>=', $limit - $own, 'deliveries find room';
cmp_ok $taken, '<=', $limit, 'up to the limit';
my $answer = deliver($acme);
is $answer->code, 503, 'the next one does not';
like $answer->header('Retry-After'), qr/\A\d+\z/, 'and is told when to come again';
is $answer->content_type, 'application/problem+json', 'with a problem as body';
is $site->rows('afp_delivery', 'application_id = ?', $number), 0, 'it is not stored';
is $site->deliver($acme, $first)->code, 200, 'a repeat needs none';
is deliver($acme, event => 'application_hired')->code, 200, 'what needs no work finds room';
is deliver($beta)->code, 202, 'and so does another company';

$page->open->press('Resume')->press('Resume');
ok wait_until(sub { $site->rows('afp_follow_up', 'company_uuid = ?', $acme->{uuid}) < $limit }, 30),
    'the backlog is worked off';
my $code;
ok wait_until(sub { select undef, undef, undef, 0.5; ($code = deliver($acme)->code) == 202 }, 20),
    'then there is room again without anybody\'s doing';

# Follow-ups of a company as if they had come in another time: many batches of what is held and
# released together.
my $many = 3_000;

sub add_many
{
    my ($from) = @_;
    for (my $n = $from; $n < $from + $many; $n += 1_000) {
        my $last = $n + 999;
        $site->dbh->do(<<"SQL", undef, $acme->{uuid}, time * 1_000_000);
INSERT INTO afp_follow_up (id, company_uuid, kind, state, due_at, lease, delivery_id, application_id,
    job_id, occurrence, anyway, attempts, missing, tried_for, created_at, reason, priority)
WITH RECURSIVE numbers (n) AS (SELECT $n UNION ALL SELECT n + 1 FROM numbers WHERE n < $last)
SELECT CAST(n AS CHAR(32)), ?, 'invite', 'ready', ?, '', '', CAST(n AS CHAR(20)), '', 1, 0, 0, 0, 0, 0, '', 0
FROM numbers
SQL
    }
    return;
}

sub in_state { return $site->rows('afp_follow_up', 'company_uuid = ? AND state = ?', $acme->{uuid}, $_[0]) }

$page->open->press('Pause')->press('Pause');
add_many(500_000);
is deliver($beta)->code, 202, 'another company is served while a large backlog is to be held';
ok wait_until(sub { !in_state('ready') && !in_state('leased') }, 60), 'all of it is held';
cmp_ok in_state('held'), '>=', $many, 'and stays so';
is $site->rows('afp_finished', q{company_uuid = ? AND application_id LIKE '50____'}, $acme->{uuid}), 0,
    'nothing of it was worked on';
$page->open->press('Resume')->press('Resume');
is deliver($beta)->code, 202, 'another company is served while it is to be released';
ok wait_until(sub { !in_state('held') }, 60), 'all of it is released';
ok wait_until(sub { !$site->rows('afp_parking') }, 10), 'and that is over';
$page->open->press('Pause')->press('Pause');
ok wait_until(sub { !in_state('ready') && !in_state('leased') }, 60), 'it can be held again';

done_testing;
