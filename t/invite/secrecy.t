# Neither secrets nor candidates are in the log or in the database, however much is logged.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Results;

my $site = invite_site(log_level => 'trace8');
my $sandbox = $site->sandbox;
my $acme = connected($site, 'acme', limit => 0,
    key => 'QkeyQ7f3a91', token => 'QtokenQ55b2e', secret => 'QsecretQ0d9c4');
my %person = (email => 'Qmail.q+tag@example.test', first_name => 'Qfirstname', last_name => "Qlast O'name");
my $words = "QtokenQ55b2e Qmail.q+tag\@example.test qMAIL.Q%2Btag%40example.test Qfirstname Qlast O'name";

sub with_fault
{
    my (%fault) = @_;
    $sandbox->fault(%fault);
    return worked_off();
}

# Until nothing of the application is under way that could meet the next fault.
sub worked_off
{
    my $end = invite($site, $acme, %person, seconds => 40);
    idle($site, $end->{application_id});
    return $end;
}

is worked_off()->{result}, 'invited', 'an invitation';
my @ends = (
    with_fault(api => 'assessfirst', path => 'send-invitation', status => 422, body => { message => $words }),
    with_fault(api => 'assessfirst', path => 'send-invitation', status => 500, body => "<title>$words</title>"),
    with_fault(api => 'assessfirst', path => 'send-invitation', do => 'process_then_close'),
    with_fault(api => 'assessfirst', path => 'send-invitation', status => 302, headers => { Location => "https://x/?$words" }),
    with_fault(api => 'pinpoint', path => '/applications/', status => 400,
        body => { errors => [{ detail => 'QkeyQ7f3a91 Qmail.q+tag@example.test' }] }),
    with_fault(api => 'pinpoint', path => '/custom_attributes', status => 400,
        body => { errors => [{ detail => 'QkeyQ7f3a91 Qmail.q+tag@example.test Qfirstname' }] }),
    with_fault(api => 'pinpoint', path => '/custom_attributes', status => 500, body => 'QkeyQ7f3a91'),
    with_fault(api => 'pinpoint', path => '/applications/', do => 'garbage'),
);
$sandbox->fault(api => 'assessfirst', method => 'POST', path => 'send-invitation', do => 'close');
$sandbox->fault(api => 'assessfirst', method => 'GET', path => 'candidates', status => 422, body => { message => $words });
my $uncertain = invite($site, $acme, %person);
is $uncertain->{result}, 'uncertain', 'a look-up that is refused';
push @ends, $uncertain;
is scalar @ends, 9, 'all of them ended';

my $pattern = qr/QkeyQ|QtokenQ|QsecretQ|Qmail|Qfirstname|Qlast|O'name/i;
my @lines = grep { $_ =~ $pattern } split /\n/, $site->server->error_log;
is scalar @lines, 0, 'nothing of them is in the error log' or diag join "\n", @lines[0 .. ($#lines < 5 ? $#lines : 5)];
like $site->server->error_log, qr/AFP0201/, 'where every call is logged';
unlike $site->server->error_log, qr/email=|%40/, 'without the query of the look-up';
unlike $site->server->access_log, $pattern, 'nor in the access log';

for my $table (qw(afp_delivery afp_follow_up afp_finished afp_invitation afp_parking afp_notice afp_budget afp_tenant)) {
    my $rows = $site->dbh->selectall_arrayref("SELECT * FROM $table");
    my @found = grep { defined && $_ =~ $pattern } map { @$_ } @$rows;
    is scalar @found, 0, "nor in $table" or diag "@found[0 .. ($#found < 3 ? $#found : 3)]";
}

done_testing;
