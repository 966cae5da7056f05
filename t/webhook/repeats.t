# The same bytes again: stored once, whoever receives them and however often.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;
use Time::HiRes qw(time);

use AFP::Process qw(wait_until);
use AFP::Site;
use AFP::Wire;

my $site = AFP::Site->new;
my $server = $site->start->server;
my $acme = $site->connect('acme', no_sandbox => 1);
my $beta = $site->connect('beta', no_sandbox => 1, secret => $acme->{secret});

sub rows_of { return $site->rows('afp_delivery', 'application_id = ?', $_[0]) }
sub work_of { return $site->rows('afp_follow_up', 'application_id = ?', $_[0]) + $site->rows('afp_finished', 'application_id = ?', $_[0]) }

sub last_received
{
    my ($tenant) = @_;
    return ($site->dbh->selectrow_array('SELECT last_received_at FROM afp_received WHERE company_uuid = ?', undef,
        $tenant->{uuid}))[0] // 0;
}

# ---- one after the other ----

my $body = AFP::Site::body($acme, 1);
my $answer = $site->deliver($acme, $body);
is $answer->code, 202, 'a delivery is taken';
my $first = AFP::Wire::json($answer)->{delivery};
like $first, qr/\A[0-9a-f]{32}\z/, 'and named';
for (1 .. 3) {
    $answer = $site->deliver($acme, $body);
    is $answer->code, 200, 'a repeat is not refused';
    is_deeply AFP::Wire::json($answer), { status => 'repeat', delivery => $first }, 'and is told the first one\'s name';
}
is rows_of(1), 1, 'it is stored once';
is work_of(1), 1, 'and followed up once';

$answer = $site->deliver($beta, $body);
is $answer->code, 202, 'the same bytes for another company are no repeat';
isnt AFP::Wire::json($answer)->{delivery}, $first, 'but a delivery of its own';
is $site->deliver($acme, "$body ")->code, 202, 'nor is another body for the same application';
is rows_of(1), 3, 'both are stored';

my $ignored = AFP::Site::body($acme, 2, event => 'application_hired');
is AFP::Wire::json($site->deliver($acme, $ignored))->{status}, 'ignored', 'an event that starts nothing is ignored';
is AFP::Wire::json($site->deliver($acme, $ignored))->{status}, 'repeat', 'and its repeat is a repeat';
is rows_of(2), 1, 'stored once';

# ---- when something was last received ----

for my $case (['a repeat', $body, 200], ['an event that is ignored', $ignored, 200], ['what is not understood', '[]', 400],
    ['an event without an application', '{"event":"application_created"}', 422]) {
    my ($what, $bytes, $code) = @$case;
    my $since = int(time * 1_000_000);
    is $site->deliver($acme, $bytes)->code, $code, "$what, when it is authentic,";
    ok wait_until(sub { last_received($acme) >= $since }, 4), 'counts as received';
}
{
    my $before = last_received($acme);
    is $site->deliver({ %$acme, secret => 'wrong' }, $body)->code, 401, 'what is not authentic';
    select undef, undef, undef, 1.5;
    is last_received($acme), $before, 'does not';
}

# ---- at the same time ----

# Sends the same body on so many connections at once until it is answered with success.
sub storm
{
    my ($application, $copies, @bodies) = @_;
    my @ends;
    for my $copy (1 .. $copies) {
        pipe my $in, my $out or die;
        my $pid = fork // die "fork: $!\n";
        if ($pid == 0) {
            close $in;
            my %said;
            for my $bytes (@bodies) {
                for (1 .. 500) {
                    my $got = AFP::Wire->new($server)->deliver($acme, $bytes)->answer;
                    if ($got && $got->{code} =~ /^20/) {
                        $said{ $got->{code} . ' ' . AFP::Wire::json($got)->{delivery} }++;
                        last;
                    }
                    select undef, undef, undef, 0.05;
                }
            }
            syswrite $out, join "\n", %said;
            POSIX::_exit(0);
        }
        close $out;
        push @ends, [$pid, $in];
    }
    my %said;
    for my $end (@ends) {
        my ($pid, $in) = @$end;
        my %one = split /\n/, do { local $/ = undef; <$in> // '' };
        $said{$_} += $one{$_} for keys %one;
        waitpid $pid, 0;
    }
    return %said;
}

$body = AFP::Site::body($acme, 3);
my %said = storm(3, 24, $body);
is rows_of(3), 1, 'twenty-four copies at once are stored once';
is work_of(3), 1, 'and followed up once';
my %names = map { (split)[1] => 1 } keys %said;
is scalar(keys %names), 1, 'all are told the same name';
my $accepted = 0;
$accepted += $said{$_} for grep { /^202/ } keys %said;
cmp_ok $accepted, '<=', 1, 'at most one is told that it was the first';
my $total = 0;
$total += $_ for values %said;
is $total, 24, 'and every one is answered with success in the end';

my @bodies = map { AFP::Site::body($acme, $_) } 100 .. 119;
%said = storm(0, 12, @bodies);
is $site->rows('afp_delivery', 'application_id >= ? AND application_id <= ?', '100', '119'), 20,
    'twenty bodies in twelve copies each are stored once each';
%names = map { (split)[1] => 1 } keys %said;
is scalar(keys %names), 20, 'under one name each';

done_testing;
