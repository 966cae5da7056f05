package AFP::Invite;

# What the tests of the invite follow-up share: a site whose waits are short, and short ways to
# cause an invitation and to look at what it did.
#
#     my $site = invite_site();
#     my $acme = connected($site, 'acme');
#     my $end = invite($site, $acme, email => 'ada.example@example.test');
#     is $end->{result}, 'invited';

use strict;
use warnings;

use Exporter 'import';
use Time::HiRes ();

use AFP::Process qw(wait_until);
use AFP::Site ();

our @EXPORT = qw(invite_site connected checks_done applicant invite trigger posts lookups reads
    again_row make_due now_us wait_until);

# How slow a busy machine makes a call must not matter.
our $retry = 'PinpointRetry first=1 cap=1 missing=2';
our $timeout = 'PinpointTimeout uncertain=2 assessfirst=20 pinpoint=20 connect=10';

# A started site; `config` goes behind the short waits.
sub invite_site
{
    my (%option) = @_;
    my $config = delete $option{config} // '';
    return AFP::Site->new(%option, config => "$retry\n$timeout\n$config")->start;
}

# A connected company whose first checks and synchronisation are over, so that no call of theirs is
# counted.
sub connected
{
    my ($site, $company, %option) = @_;
    my $tenant = $site->connect($company, %option);
    checks_done($site, $tenant);
    return $tenant;
}

sub checks_done
{
    my ($site, $tenant) = @_;
    my $checks = "company_uuid = ? AND kind LIKE 'check%'";
    my $now = q{company_uuid = ? AND kind = 'synchronise' AND (state = 'leased' OR (state = 'ready' AND due_at <= ?))};
    for my $try (1 .. 6) {
        wait_until(sub { !$site->rows('afp_follow_up', $checks, $tenant->{uuid})
            && !$site->rows('afp_follow_up', $now, $tenant->{uuid}, now_us()) }, 10) and return;
        # One that a busy machine answered too late waits for a minute.
        $site->dbh->do("UPDATE afp_follow_up SET due_at = 0 WHERE $checks AND state = 'ready'", undef, $tenant->{uuid});
    }
    die "the checks of $tenant->{company} did not finish\n";
}

my $last_application = 5_000_000;

# A job with a model and an application for it, as Site::application; its id occurs in no other
# company, so that rows can be found by it.
sub applicant
{
    my ($site, $tenant, %option) = @_;
    return $site->application($tenant, id => ++$last_application, %option);
}

# Sends the webhook of an application (an id, or what the sandbox returned).
sub trigger
{
    my ($site, $tenant, $application, %option) = @_;
    my $id = ref $application ? $application->{id} : $application;
    $option{job_id} //= $application->{job_id} if ref $application;
    my ($attempt) = $site->webhook($tenant, application_id => $id, %option);
    $attempt->{status} =~ /^20[02]$/
        or die "the webhook was answered with " . ($attempt->{status} // $attempt->{error}) . "\n";
    return $id;
}

# A new application, its webhook, and the end of its follow-up.
sub invite
{
    my ($site, $tenant, %option) = @_;
    my $seconds = delete $option{seconds};
    my $application = applicant($site, $tenant, %option);
    trigger($site, $tenant, $application);
    return $site->finished($application->{id}, $seconds ? (seconds => $seconds) : ());
}

# ---- calls that the sandbox saw -----------------------------------------------------------------

sub of_tenant
{
    my ($site, $tenant, $api, $method, $path) = @_;
    my ($header, $credential) = $api eq 'pinpoint' ? ('x-api-key', 'key') : ('af-token', 'token');
    return grep {
        $_->{method} eq $method && $_->{path} =~ $path
            && (!$tenant || ($_->{headers}{$header} // '') eq $tenant->{$credential})
    } $site->sandbox->calls(api => $api);
}

# Invitations posted to AssessFirst, whatever became of them.
sub posts { my ($site, $tenant) = @_; return of_tenant($site, $tenant, 'assessfirst', 'POST', qr{/send-invitation$}) }
sub lookups { my ($site, $tenant) = @_; return of_tenant($site, $tenant, 'assessfirst', 'GET', qr{/candidates$}) }

# Reads of one application at Pinpoint.
sub reads
{
    my ($site, $tenant, $id) = @_;
    return of_tenant($site, $tenant, 'pinpoint', 'GET', qr{/applications/\Q$id\E$});
}

# ---- rows ---------------------------------------------------------------------------------------

sub now_us { return int(Time::HiRes::time() * 1_000_000) }

# Adds an invite follow-up as the page does, due now. %option: occurrence, anyway.
sub again_row
{
    my ($site, $tenant, $application_id, %option) = @_;
    my $id = sprintf '%016x%08x%08x', now_us(), $$, int rand 2**31;
    $site->dbh->do('INSERT INTO afp_follow_up (id, company_uuid, kind, state, due_at, lease, delivery_id,'
        . ' application_id, job_id, occurrence, anyway, attempts, missing, tried_for, created_at, reason)'
        . q{ VALUES (?, ?, ?, 'ready', ?, '', '', ?, '', ?, ?, 0, 0, 0, ?, '')}, undef,
        $id, $tenant->{uuid}, $option{kind} // 'invite', $option{due_at} // now_us(), $application_id,
        $option{occurrence} // 1, $option{anyway} // 0, now_us());
    return $id;
}

# Makes a waiting follow-up due instead of waiting for it; true if there was one.
sub make_due
{
    my ($site, $where, @values) = @_;
    return $site->dbh->do("UPDATE afp_follow_up SET due_at = ? WHERE state = 'ready' AND $where",
        undef, now_us(), @values) > 0;
}

1;
