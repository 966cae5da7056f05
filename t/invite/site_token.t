# One AssessFirst token for the whole site: its state belongs to the site.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Invite;
use AFP::Process qw(scratch_dir spit);

my $file = spit(scratch_dir('token') . '/token', "the-token-of-the-site\n", 0600);
my $site = invite_site(config => "AssessFirstToken $file");
my $sandbox = $site->sandbox;
my ($acme, $globex) = map { connected($site, $_, token => 'the-token-of-the-site', limit => 0) } qw(acme globex);

sub held
{
    my ($id) = @_;
    return wait_until(sub { (($site->open_follow_ups($id))[0] // {})->{state} eq 'held' }, 10);
}

is invite($site, $_)->{result}, 'invited', "$_->{company} invites with the site's token" for $acme, $globex;
is scalar($site->invitations($acme)), 2, 'AssessFirst knows one customer';
is $site->rows('afp_budget'), 1, 'with one budget';

$sandbox->remove(account => token => $acme->{token});
my ($first, $second) = map { applicant($site, $_) } $acme, $globex;
trigger($site, $acme, $first);
ok held($first->{id}), 'a token that is refused parks AssessFirst';
my $parkings = $site->dbh->selectall_arrayref('SELECT * FROM afp_parking', { Slice => {} });
is scalar @$parkings, 1, 'once';
is $parkings->[0]{owner}, 'site.example', 'for the site';
is $parkings->[0]{api}, 'assessfirst', 'at AssessFirst';
my $calls = () = $sandbox->calls(api => 'assessfirst');
trigger($site, $globex, $second);
ok held($second->{id}), 'the other company\'s work is held without asking';
is scalar(() = $sandbox->calls(api => 'assessfirst')), $calls, 'it made no call';

$sandbox->account(token => $acme->{token}, models => ['Sales Executive'], limit => 0);
ok make_due($site, q{kind = 'check-assessfirst'}), 'a check is waiting';
is $site->finished($_->{id})->{result}, 'invited', 'its success resumes both companies' for $first, $second;
is $site->rows('afp_parking'), 0, 'nothing is parked';

done_testing;
