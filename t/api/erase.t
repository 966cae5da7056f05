# Erasing a candidate's data by a program.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use MIME::Base64 qw(encode_base64);
use Test::More;

use AFP::Results;

my $site = invite_site();
my $acme = connected($site, 'acme');
my $beta = connected($site, 'beta');
my $api = $site->api($acme);

my @tables = qw(afp_delivery afp_follow_up afp_finished afp_invitation afp_assessment afp_written afp_comment afp_attempt);

sub held
{
    my ($id) = @_;
    my $rows = 0;
    $rows += $site->rows($_, 'application_id = ?', $id) for @tables;
    return $rows;
}

my $ada = invited($site, $acme);
my $bob = invited($site, $acme);
my $eve = invited($site, $acme, email => $bob->{email});
my ($candidate_id) = $site->dbh->selectrow_array('SELECT candidate_id FROM afp_invitation WHERE application_id = ?', undef, $bob->{id});

is $site->api($beta)->delete("candidates/$candidate_id")->code, 404, 'another company erases nobody';
is $api->delete("applications/$ada->{id}", { x => 1 })->code, 422, 'there is nothing to say about it';
is $api->delete("applications/$ada->{id}", undef, 'If-Match' => '"0"')->code, 412, 'a tag is heeded';
ok held($ada->{id}) >= 5, 'nothing is erased so far';

is $api->delete("applications/$ada->{id}")->code, 200, 'by an application';
is_deeply $api->json, { applications => 1 }, 'one';
is held($ada->{id}), 0, 'nothing is held of it';
is $api->get("applications/$ada->{id}")->code, 410, 'it is gone, and that is told';
is $api->delete("applications/$ada->{id}")->code, 200, 'who asks twice succeeds, too';
is_deeply $api->json, { applications => 0 }, 'and is told that nothing was held any more';
is $api->delete('applications/4711')->code, 200, 'what has not come yet';
is_deeply $api->json, { applications => 0 }, 'is nothing that was held';
is $api->get('applications/4711')->code, 410, 'but is kept away';
is $api->get('applications/0004711')->code, 410, 'whatever zeros stand before it';
is $api->delete('applications/x')->code, 404, 'a word is no application';

is $api->delete("candidates/$candidate_id")->code, 200, 'by the candidate';
is_deeply $api->json, { applications => 2 }, 'all applications';
is held($bob->{id}) + held($eve->{id}), 0, 'nothing is held of either';
is $api->delete("candidates/$candidate_id")->code, 404, 'then there is no such candidate';
is $api->delete('candidates/' . 'x' x 65)->code, 404, 'nor one whose id is too long';
is $api->delete("candidates/%27%20OR%201%3D1")->code, 404, 'nor any trick';

trigger($site, $acme, { id => $ada->{id}, job_id => $ada->{job_id} });
is idle($site, $ada->{id}), 1, 'a webhook that comes later';
is held($ada->{id}), 0, 'brings nothing back';
is $api->get("deliveries?application_id=$ada->{id}")->code, 200, 'the list';
is_deeply $api->json->{deliveries}, [], 'names it no more';

my @who = map { $_->[0] } @{ $site->dbh->selectall_arrayref("SELECT who FROM afp_audit WHERE action = 'erased'") };
is_deeply [grep { !/^API token [0-9a-f]{8}$/ } @who], [], 'the trail tells who did it';
is scalar @who, 4, 'each time';
unlike $site->server->error_log, qr/Bearer|afp_[0-9a-f]{64}/, 'the log holds no token';

# ---- also when the company has left ----

my $ida = invited($site, $beta);
$site->page('beta')->open->press('Disconnect')->press('Disconnect');
$api = $site->api($beta);
$api->get("deliveries?application_id=00$ida->{id}");
is $api->json->{deliveries}[0]{application_id}, $ida->{id}, 'an id with zeros in front is the same application';
is $api->delete("applications/00$ida->{id}")->code, 200, 'a company that has left can still have data erased';
is_deeply $api->json, { applications => 1 }, 'who is found with zeros in front as well';
is held($ida->{id}), 0, 'it is gone';

# ---- when the key of the site is lost ----

$site->server->expect_log(qr/AFP0110/);
$site->server->expect_log(qr/AFP0170/);
$site->server->write_file('secret.keys', 'other:' . encode_base64('y' x 32, '') . "\n", 0600);
$site->server->renew;
$api = $site->api($acme);
is $api->delete("applications/$eve->{id}")->code, 503, 'nothing is erased without the key of those who were';
like $api->json->{detail}, qr/list the former key in PinpointSecretKeys again/, 'with the remedy';
is $api->get("applications/$ada->{id}")->code, 404, 'and of nobody it is said that he was erased';

done_testing;
