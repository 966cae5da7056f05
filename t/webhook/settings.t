# Settings that change count from the next delivery on, in every child: secrets, trigger, pause.
# matrix: alone mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(sleep);

use AFP::Site;
use AFP::Wire;

my $site = AFP::Site->new(config => <<'CONF');
KeepAliveTimeout 30
<IfModule prefork.c>
    StartServers 8
    MinSpareServers 8
</IfModule>
CONF
my $server = $site->start->server;
my $acme = $site->connect('acme', no_sandbox => 1);
my $number = 0;

sub body { my ($tenant) = @_; return AFP::Site::body($tenant, ++$number) }

# One connection to as many children as there are; every child has used its snapshot.
my @wires;

sub connect_all
{
    $_->close for @wires;
    @wires = map { AFP::Wire->new($server) } 1 .. ($server->mpm eq 'prefork' ? 8 : 32);
    return;
}

# What each of the connections is answered to a delivery of its own, as "code status" => how often.
sub answers
{
    my ($tenant, %option) = @_;
    my %said;
    for my $wire (@wires) {
        my $answer = $wire->deliver($tenant, body($tenant))->answer // { code => 'none', body => '{}' };
        my $status = eval { AFP::Wire::json($answer)->{status} } // '';
        $said{ $answer->{code} =~ /^2/ ? "$answer->{code} $status" : $answer->{code} }++;
    }
    return \%said;
}

sub all { my ($what) = @_; return { $what => scalar @wires } }

connect_all();
is_deeply answers($acme), all('202 accepted'), 'every child takes a delivery';
sleep 1.2; # a child looks a company up once a second at most

# ---- a new company ----

# The first delivery makes a child read the company; those beside it must not be refused meanwhile.
# There need not be room for all of them at once. On new connections: httpd closes one after a 503, and
# kept ones when its threads are busy.
for my $turn (1 .. 5) {
    my $fresh = $site->connect("fresh$turn", no_sandbox => 1);
    connect_all();
    $_->deliver($fresh, body($fresh)) for @wires;
    my @codes = map { ($_->answer // { code => 'none' })->{code} } @wires;
    is scalar(grep { !/^(?:202|503)$/ } @codes), 0, 'many deliveries at once of a new company are not refused'
        or diag "@codes";
}
connect_all();

# ---- secrets ----

my %former = %$acme;
$acme->{secret} = 'the-second-secret';
$site->save_settings($acme);
is_deeply answers($acme), all('202 accepted'), 'a new secret counts at once in every child';
is_deeply answers(\%former), all('202 accepted'), 'and the former one still does';

my %second = %$acme;
$acme->{secret} = 'the-third-secret';
$site->save_settings($acme);
sleep 1.5;
is_deeply answers($acme), all('202 accepted'), 'the third counts';
is_deeply answers(\%second), all('202 accepted'), 'with the second';
is_deeply answers(\%former), all('401'), 'the first does not any more';

$site->dbh->do('UPDATE afp_tenant SET former_until = ?, generation = generation + 1 WHERE company_uuid = ?', undef,
    int(Time::HiRes::time() * 1_000_000) - 1, $acme->{uuid});
$site->dbh->do(q{UPDATE afp_meta SET value = value + 1 WHERE name = 'generation'});
sleep 1.5;
is_deeply answers($acme), all('202 accepted'), 'a day later the third still counts';
is_deeply answers(\%second), all('401'), 'and the second does not';

# ---- the trigger ----

# Children that rested know the former status; they must not ignore a candidate for it.
$acme->{status} = 'Phone Screen';
$site->save_settings($acme);
sleep 1.5;
is_deeply answers($acme), all('202 accepted'), 'a new status counts in every child within a second';
sleep 7;
$acme->{status} = '';
$site->save_settings($acme);
sleep 1.5;
is_deeply answers($acme), all('202 accepted'), 'also when they had nothing to do for a while';

# ---- pause ----

$site->page('acme')->open->press('Pause')->press('Pause');
sleep 1.5;
my $body = body($acme);
my $answer = $site->deliver($acme, $body);
is $answer->code, 202, 'a paused company\'s delivery is taken';
is AFP::Wire::json($answer)->{status}, 'accepted', 'like any other';
sleep 2;
is $site->rows('afp_follow_up', 'application_id = ?', $number), 1, 'its follow-up waits';
is $site->rows('afp_finished', 'application_id = ?', $number), 0, 'and is not worked off';
is AFP::Wire::json($site->deliver($acme, $body))->{status}, 'repeat', 'a repeat meanwhile is a repeat';
$site->page('acme')->open->press('Resume')->press('Resume');
is $site->deliver($acme, body($acme))->code, 202, 'after the pause deliveries are taken';

# ---- a new child ----

$server->graceful;
connect_all();
is_deeply answers($acme), all('202 accepted'), 'a new generation of children knows every company from its first request on';
{
    my @many = map { $site->connect("company$_", no_sandbox => 1) } 1 .. 30;
    $server->graceful;
    my %said;
    $said{ $site->deliver($_, body($_))->code }++ for @many;
    is_deeply \%said, { 202 => 30 }, 'however many there are';
}

# The worker MPM does not end while a connection is kept alive.
$_->close for @wires;

done_testing;
