# The results location under a flood: everybody gets an answer, few calls reach the database, the
# rest of the site does not notice.
# matrix: alone mpm

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

use AFP::Process qw(scratch_dir slurp spit wait_until patience);
use AFP::Site;
use AFP::Wire;

my $site = AFP::Site->new(config => <<'CONF', log_level => 'warn assessfirst_pinpoint:debug');
PinpointSchedule results=100000
KeepAliveTimeout 60
CONF
my $server = $site->start->server;
my $acme = $site->connect('acme');
my $beta = $site->connect('beta');

# Clients that call an address until they are told to stop; each notes how often it got which answer.
my $dir = scratch_dir('flood');
my @clients;
sub flood
{
    my ($path, $body, $clients) = @_;
    for my $client (1 .. $clients) {
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
            my %codes;
            while (!-e "$dir/stop") {
                my $wire = AFP::Wire->new($server);
                for (1 .. 50) {
                    $wire->head(POST => $path, 'Content-Length: ' . length $body)->send($body);
                    my $answer = $wire->answer(10);
                    $codes{ $answer ? $answer->{code} : 'none' }++;
                    last if !$answer || ($answer->{headers}{connection} // '') =~ /close/;
                }
            }
            spit("$dir/codes.$$", join '', map { "$_ $codes{$_}\n" } sort keys %codes);
            POSIX::_exit(0);
        }
        push @clients, $pid;
    }
    return;
}

my $ids = '[' . join(',', map { qq("unknown-$_") } 1 .. 64) . ']';
my $flooded = time;
flood($acme->{results}, $ids, 3);
flood($acme->{results} =~ s/[0-9a-f]\z/x/r, $ids, 1);
flood($acme->{results}, 'x' x 60_000, 1);
sleep 1;

my $begun = time;
my $application = $site->application($beta);
my ($attempt) = $site->webhook($beta, application_id => $application->{id}, job_id => $application->{job_id});
is $attempt->{status}, 202, 'webhooks are taken';
cmp_ok $attempt->{seconds}, '<', 4, 'while Pinpoint still listens';
is $site->finished($application->{id})->{result}, 'invited', 'and worked off';
is $site->page('beta')->open->code, 200, 'the page answers';
sleep 0.1 while time < $begun + 4;
wait_until(sub { (() = $server->access_log =~ m{" 204 }g) > 500 }, 30);
{
    my $since = time;
    is $server->post($beta->{results}, '{}')->code, 204, 'another company\'s call is answered';
    cmp_ok time - $since, '<', patience(4), 'before long';
}
spit("$dir/stop", '');
waitpid $_, 0 for @clients;
my $seconds = time - $flooded;
my %codes;
for my $file (glob "$dir/codes.*") {
    /^(\S+) (\d+)$/ and $codes{$1} += $2 for split /\n/, slurp($file);
}
note join ', ', map { "$_: $codes{$_}" } sort keys %codes;
is_deeply [sort keys %codes], [204, 404], 'whoever called got his answer';
cmp_ok $codes{204}, '>', 500, 'and there were many';

my %followed; # by each child
$followed{$_}++ for $server->error_log =~ /\[pid (\d+)\b[^\n]*AFP0530: tenant $acme->{uuid}/g;
my $followed = 0;
$followed += $_ for values %followed;
note "$followed of $codes{204} calls were followed";
cmp_ok $followed, '>', 0, 'some of the calls were followed';
is_deeply [grep { $_ > 10 * ($seconds + 2) } values %followed], [], 'at most ten a second in each child';
unlike $server->error_log, qr/unknown-\d/, 'and nothing of them is logged';
is $site->rows('afp_follow_up', "kind = 'read-results' AND company_uuid = ?", $acme->{uuid}), 0,
    'nobody is read because of ids that nobody has';

done_testing;
