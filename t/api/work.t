# What programs can have done: one again, all of them, anyway, once more.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Mojo::JSON qw(true);
use Test::More;

use AFP::Invite;

my $site = invite_site();
$site->server->allow_log(qr/AFP03\d\d/, qr/AFP02\d\d/);
my $acme = connected($site, 'acme');
my $beta = connected($site, 'beta');
my $api = $site->api($acme);
my $others = $site->api($beta);
my $uuid = $acme->{uuid};

sub got { my ($path) = @_; $api->get($path)->code == 200 or die $api->response->as_string; return $api->json }
sub only { my ($application) = @_; return got("deliveries?application_id=$application->{id}")->{deliveries}[0] }
sub reaches { my ($application, $state) = @_; return wait_until(sub { (only($application) // { state => q{} })->{state} eq $state }, 20) || (diag(explain(got("deliveries?application_id=$application->{id}"), [$site->open_follow_ups($application->{id})])), 0) }

# A follow-up that failed: AssessFirst refuses the invitation.
sub failed
{
    my $application = applicant($site, $acme);
    $site->sandbox->fault(api => 'assessfirst', path => '/candidate/send-invitation', status => 422, times => 1);
    trigger($site, $acme, $application);
    reaches($application, 'failed') or die 'it did not fail';
    return $application;
}

# ---- one ----

my $ada = failed();
my $id = only($ada)->{id};
is only($ada)->{action}, 'retry', 'what failed can be tried again';
is $others->post("deliveries/$id/retry")->code, 404, 'not by another company';
is $api->post("deliveries/$id/$_")->code, 409, "$_ is for others" for qw(invite-anyway decide-again);
is $api->post("deliveries/$id/send-again", { occurrence => 1 })->code, 409, 'so is send-again';
is $api->post("deliveries/$id/retry", { x => 1 })->code, 422, 'there is nothing to say about it';
is $api->post("deliveries/$id/retry")->code, 202, 'it is';
my $new = $api->json;
is $api->response->header('Location'), "https://site.example$AFP::Site::api_path/deliveries/$new->{id}", 'what was added has an address';
ok reaches($ada, 'invited'), 'and goes on';
is $api->post("deliveries/$id/retry")->code, 409, 'what was tried again is that no more';
is $api->post('deliveries/' . '0' x 32 . '/retry')->code, 404, 'what is not there is not';
is scalar(() = posts($site, $acme)), 2, 'one refused, one sent';

# ---- once more ----

$id = only($ada)->{id};
is $api->post("deliveries/$id/send-again")->code, 400, 'to send again one says after which';
is $api->post("deliveries/$id/send-again", { occurrence => $_ })->code, 422, "not: $_" for 'x', '1', 0, 1.5;
is $api->post("deliveries/$id/send-again", {})->code, 422, 'nor nothing';
is $api->post("deliveries/$id/send-again", { occurrence => 2 })->code, 409, 'another than the latest is no more';
like $api->json->{detail}, qr/number 1/, 'which is told';
is $api->post("deliveries/$id/send-again", { occurrence => 1 })->code, 202, 'the latest one is';
my @more = map { $api->post("deliveries/$id/send-again", { occurrence => 1 })->code } 1 .. 3;
ok wait_until(sub { @{ got("applications/$ada->{id}")->{invitations} } == 2 }, 20), 'a second one is sent';
is $api->post("deliveries/$id/send-again", { occurrence => 1 })->code, 409, 'what was said once counts once';
ok wait_until(sub { !$site->open_follow_ups($ada->{id}) || !grep { $_->{kind} eq 'invite' } $site->open_follow_ups($ada->{id}) }, 20), 'nothing is left';
is scalar(() = posts($site, $acme)), 3, 'one more was sent';

# ---- anyway ----

my $hired = applicant($site, $acme, hired_at => 1);
trigger($site, $acme, $hired);
ok reaches($hired, 'skipped'), 'one is skipped';
is $api->post('deliveries/' . only($hired)->{id} . '/invite-anyway')->code, 202, 'and invited anyway';
ok reaches($hired, 'invited'), 'at once';

# ---- all ----

sub bulk { my ($what, %body) = @_; $api->post("deliveries/$what", %body ? \%body : undef)->code == 200 or die $api->response->as_string; return $api->json }

is bulk('retry')->{count}, 0, 'nothing failed';
my @failed = map { failed() } 1 .. 3;
is $api->post('deliveries/retry', { only_count => true })->code, 200, 'those that failed are counted';
my $counted = $api->json;
is $counted->{count}, 3, 'all of them';
is scalar @{ got('deliveries?state=failed')->{deliveries} }, 3, 'nothing is done';
is bulk('retry', only_count => true, application_id => $failed[0]{id})->{count}, 1, 'of an application';
my $late = failed();
is bulk('retry', until => $counted->{until})->{count}, 3, 'those that were counted are tried again';
ok reaches($_, 'invited'), 'and go on' for @failed;
is only($late)->{state}, 'failed', 'what came later is not touched';
is bulk('retry', application_id => $late->{id})->{count}, 1, 'one application';
ok reaches($late, 'invited'), 'goes on';
is_deeply [map { $api->post('deliveries/retry', $_)->code } { until => 'x' }, { until => 1 }, { application_id => 1 }, { application_id => 'x' },
    { only_count => 1 }, { only_count => true, until => $counted->{until} }, { state => 'failed' }], [(422) x 7], 'what is wrong is refused';

# ---- decided again ----

# Those that came before the settings changed: what comes at that moment may meet the former ones.
my $eve = applicant($site, $acme, stage_name => 'Phone Screen');
$site->webhook($acme, event => 'application_stage_changed', application_id => $_) for $eve->{id}, 5_900_001 .. 5_900_003;
ok wait_until(sub { bulk('decide-again', only_count => true)->{count} == 4 }, 10), 'some are ignored, and counted';
$id = only($eve)->{id};
is $api->post("deliveries/$id/decide-again")->code, 200, 'one is decided again by the same settings';
is $api->json->{state}, 'ignored', 'it still is';
my $decided = bulk('decide-again');
is_deeply [@$decided{qw(count triggers)}], [4, 0], 'so are all of them';
is $api->patch('settings', { status => 'Phone Screen' }, 'If-Match' => '*')->code, 200, 'other settings';
is $api->post("deliveries/$id/decide-again")->code, 202, 'decide otherwise';
is got("deliveries/$id")->{delivery_id}, $id, 'its own address stays';
ok reaches($eve, 'invited'), 'it is invited';
is got("deliveries/$id")->{state}, 'invited', 'which is told there as well';
is $api->post("deliveries/$id/decide-again")->code, 409, 'it is ignored no more';
is_deeply [@{ bulk('decide-again', application_id => '5900001') }{qw(count triggers)}], [1, 1], 'one application';
is_deeply [@{ bulk('decide-again') }{qw(count triggers)}], [2, 2], 'the others';

# ---- on the page ----

my $page = $site->page('acme');
my $changes = $page->open("$page->{url}?view=changes")->text;
like $changes, qr/API token [0-9a-f]{8} $_/, "the page tells: $_" for 'An invitation sent again', 'A candidate invited anyway', '1 item tried again',
    '3 items tried again', '2 ignored webhooks decided again';
$page->agent->default_header('Accept-Language' => 'fr');
like $page->open("$page->{url}?view=changes")->text, qr/jeton d.API [0-9a-f]{8} Une invitation renvoy/, 'in French as well';

# ---- paused and disconnected ----

$api->post('pause');
is bulk('retry')->{count}, 0, 'what is paused can be tried again';
$site->page('acme')->open->press('Disconnect')->press('Disconnect');
is $api->post('deliveries/retry')->code, 409, 'what is disconnected cannot';
is $api->post('deliveries/' . only($ada)->{id} . '/send-again', { occurrence => 2 })->code, 409, 'nor one of it';
is only($ada)->{action}, undef, 'nor is it offered';

# ---- the trail ----

my %done;
$done{"$_->[0] $_->[1]"}++ for @{ $site->dbh->selectall_arrayref("SELECT action, present FROM afp_audit WHERE company_uuid = ? AND who LIKE 'API token %'", undef, $uuid) };
is_deeply { map { $_ => $done{$_} } grep { /retried|decided|sent-again|anyway/ } keys %done },
    { 'retried 1' => 2, 'retried 3' => 1, 'sent-again 1' => $done{'sent-again 1'}, 'invited-anyway 1' => 1, 'decided 1' => 3, 'decided 4' => 1, 'decided 2' => 1 },
    'all of it is in the trail';
ok $done{'sent-again 1'} >= 1, 'sending again too';
ok $site->server->error_log =~ /AFP0512: tenant $uuid: application \d+: invite anyway, by API token [0-9a-f]{8}/, 'and in the log';

done_testing;
