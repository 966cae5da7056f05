# What happened, for programs: deliveries, applications, invitations, and how the connection is.
# matrix: database

use strict;
use utf8;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Mojo::JSON qw(false true);
use Test::More;

use AFP::Invite;

my $site = invite_site();
my $acme = connected($site, 'acme');
my $beta = connected($site, 'beta');
my $api = $site->api($acme);
my $others = $site->api($beta);

sub got { my ($path, $from) = @_; $from //= $api; $from->get($path)->code == 200 or die $from->response->as_string; return $from->json }
sub ids { return [map { $_->{application_id} } @{ $_[0]{deliveries} }] }

is_deeply got('deliveries'), { deliveries => [], next => undef, newer => undef }, 'at first there is nothing';
is got('status')->{state}, 'waiting-for-first-event', 'and the first event is waited for';
is_deeply got('invitations'), { invitations => [], next => undef }, 'nobody is invited';

# ---- deliveries ----

my $ada = applicant($site, $acme);
trigger($site, $acme, $ada);
is $site->finished($ada->{id})->{result}, 'invited', 'one is invited';
my $hostile = 'Screen "<b>\\ &amp; ' . "\x{2028}\x{1F600}" . ' é';
my $hired = applicant($site, $acme, hired_at => 1);
trigger($site, $acme, $hired);
is $site->finished($hired->{id})->{result}, 'skipped', 'one is skipped';
$site->webhook($acme, event => 'application_stage_changed', application_id => 77);
ok wait_until(sub { @{ got('deliveries?state=ignored')->{deliveries} } }, 10), 'one is ignored';

# One that a busy machine answered too late is tried again, and is the latest while it waits.
ok wait_until(sub { !$site->rows('afp_follow_up', q{kind = 'write-back'}) }, 20), 'what was written to Pinpoint is done';

my $list = got('deliveries');
my %of = map { $_->{application_id} => $_ } @{ $list->{deliveries} };
is_deeply ids($list), [77, $hired->{id}, $ada->{id}], 'the latest is first';
is_deeply { map { $_ => $of{ $ada->{id} }{$_} } qw(kind state reason action event job_id) },
    { kind => 'invite', state => 'invited', reason => $of{ $ada->{id} }{reason}, action => 'send-again', event => undef, job_id => "$ada->{job_id}" }, 'an invitation';
is_deeply { map { $_ => $of{ $hired->{id} }{$_} } qw(state action) }, { state => 'skipped', action => 'invite-anyway' }, 'a skipped one';
like $of{ $hired->{id} }{reason}, qr/hired/, 'with its reason';
is_deeply { map { $_ => $of{77}{$_} } qw(kind state action event) },
    { kind => 'delivery', state => 'ignored', action => 'decide-again', event => 'application_stage_changed' }, 'an ignored one';
is_deeply ids(got("deliveries?application_id=$ada->{id}")), [$ada->{id}], 'those of an application';
is_deeply ids(got('deliveries?state=skipped')), [$hired->{id}], 'those in a state';
is_deeply ids(got("deliveries?state=skipped&application_id=$ada->{id}")), [], 'both';
is_deeply ids(got('deliveries', $others)), [], 'another company sees none of them';

# ---- pages ----

my $first = got('deliveries?limit=2');
is_deeply ids($first), [77, $hired->{id}], 'a page';
like $api->response->header('Link'), qr/<\Q$first->{next}\E>; rel="next"/, 'with a link to the next one';
my $second = got("deliveries$first->{next}");
is_deeply [@{ ids($second) }, $second->{next}], [$ada->{id}, undef], 'the last page';
is_deeply ids(got("deliveries$second->{newer}")), [77, $hired->{id}], 'back again';
my $newer = $first->{newer};
is_deeply ids(got("deliveries$newer")), [], 'nothing is newer than the newest';
is got("deliveries$newer")->{newer}, $newer, 'one may ask again';
my $eve = applicant($site, $acme);
trigger($site, $acme, $eve);
$site->finished($eve->{id});
my %newer = map { $_ => 1 } @{ ids(got("deliveries$newer")) };
is_deeply [keys %newer], [$eve->{id}], 'until there is something';
is_deeply [map { $api->get("deliveries?$_")->code } qw(state=dead state=x limit=0 limit=101 limit=x application_id=x before=x after=1
    before=1-2 stat=x limit=1&limit=1 state=%), "before=1-$ada->{id}", 'after=1-' . 'a' x 32 . '&before=1-' . 'a' x 32], [(400) x 14], 'what is no query is refused';
is $api->json->{title}, 'Not a query', 'and why is told';

# ---- one ----

my $one = got("deliveries/$of{ $ada->{id} }{id}");
is $one->{state}, 'invited', 'one of them';
is_deeply [map { $_->{what} } @{ $one->{timeline} }[0, 1]], [qw(received finished)], 'with its timeline';
is $one->{timeline}[0]{event}, 'application_created', 'from the webhook on';
is $api->get("deliveries/$of{ $ada->{id} }{id}", 'X' => 1)->code, 200, 'again';
is $others->get("deliveries/$of{ $ada->{id} }{id}")->code, 404, 'not for another company';
is $api->get("deliveries/$_")->code, 404, "no delivery: $_" for '0' x 32, 'x', "' OR 1=1", 'A' x 32;

# ---- applications ----

my $application = got("applications/$ada->{id}");
is $application->{verdict}, 'invited', 'was the candidate invited?';
is $application->{invitations}[0]{model}{name}, 'Sales Executive', 'with a model';
$application = got("applications/$hired->{id}");
is_deeply [@$application{qw(verdict invitations)}], ['skipped', []], 'why not?';
like $application->{reason}, qr/hired/, 'that is why';
is got('applications/77')->{verdict}, 'ignored', 'or there was no trigger';
is $others->get("applications/$ada->{id}")->code, 404, 'another company knows nothing of it';
is $api->get("applications/$_")->code, 404, "no application: $_" for 78, 'x', '1' x 21;

# ---- invitations ----

my $again = applicant($site, $acme, model => "Don't use a predictive model");
trigger($site, $acme, $again);
is $site->finished($again->{id})->{result}, 'invited', 'one without a model';
my $invitations = got('invitations');
is_deeply [map { $_->{application_id} } @{ $invitations->{invitations} }], [$again->{id}, $eve->{id}, $ada->{id}], 'the latest is first';
is_deeply { map { $_ => $invitations->{invitations}[0]{$_} } qw(occurrence state model) }, { occurrence => 1, state => 'invited', model => undef }, 'one';
ok $invitations->{invitations}[0]{candidate_id}, 'with the candidate at AssessFirst';
is $invitations->{invitations}[0]{assessment}{progress}, 'invited', 'and how far the assessment is';
my $page = got('invitations?limit=1');
my @seen = @{ $page->{invitations} };
while ($page->{next}) {
    $page = got("invitations$page->{next}");
    push @seen, @{ $page->{invitations} };
}
is_deeply \@seen, $invitations->{invitations}, 'page by page the same';
is scalar @{ got("invitations?application_id=$ada->{id}")->{invitations} }, 1, 'those of an application';
is_deeply got('invitations', $others)->{invitations}, [], 'not for another company';
is_deeply [map { $api->get("invitations?$_")->code } qw(before=x before=1-2 before=1-x-1 before=1-2-x state=invited limit=0 application_id=x)], [(400) x 7],
    'what is no query is refused';

# Moments and numbers that are equal do not hide anything.
$site->dbh->do('UPDATE afp_invitation SET sending_at = 1700000000000000 WHERE company_uuid = ?', undef, $acme->{uuid});
$page = got('invitations?limit=1');
@seen = $page->{invitations}[0]{application_id};
while ($page->{next} && @seen < 9) {
    $page = got("invitations$page->{next}");
    push @seen, $page->{invitations}[0]{application_id};
}
is_deeply [sort @seen], [sort $ada->{id}, $eve->{id}, $again->{id}], 'nor do equal moments';

# ---- hostile texts ----

$site->dbh->do('UPDATE afp_finished SET reason = ? WHERE application_id = ?', undef, $hostile, $hired->{id});
$site->dbh->do('UPDATE afp_invitation SET model_name = ? WHERE application_id = ?', undef, $hostile, $ada->{id});
is got("applications/$hired->{id}")->{reason}, $hostile, 'a hostile text comes out as it is';
is got("applications/$ada->{id}")->{invitations}[0]{model}{name}, $hostile, 'another one';

# ---- status and test ----

ok wait_until(sub { got('status')->{state} eq 'connected' }, 10), 'the connection is told';
ok got('status')->{last_received_at}, 'with the last webhook';
ok got('status')->{secrets_used_at}{$_}, "and when it was used: $_" for qw(api_key signing_secret assessfirst_token api_token);
is $api->post('test')->code, 202, 'a test begins';
is $api->response->header('Location'), "https://site.example$AFP::Site::api_path/test", 'its outcome is at an address';
ok wait_until(sub { !got('test')->{pending} }, 20), 'it ends';
is_deeply [map { got('test')->{$_}{result} } qw(pinpoint assessfirst stages)], [qw(works works works)], 'and works';
is_deeply [grep { $_->{granted} ne 'given' } @{ got('test')->{permissions} }], [], 'with all permissions';
ok @{ got('test')->{permissions} } > 5, 'which are named';

$site->sandbox->fault(api => 'pinpoint', key => $acme->{key}, status => 401, times => 20);
$api->post('test');
ok wait_until(sub { got('status')->{state} eq 'needs-attention' }, 20), 'what is wrong is told';
is_deeply [map { [@$_{qw(api kind)}] } @{ got('status')->{problems} }], [['pinpoint', '*']], 'with the API';
ok wait_until(sub { got('test')->{pinpoint}{result} eq 'refused' }, 20), 'also by the test';

done_testing;
