package AFP::Results;

# What the tests of models and results share: invited candidates, readings that are due when the test
# says so, and what Pinpoint's profile shows. Brings AFP::Invite along.
#
#     my $site = invite_site();
#     my $acme = connected($site, 'acme');
#     my $ada = invited($site, $acme);                        # {id, email, job_id}; profile written
#     $site->sandbox->progress(token => $acme->{token}, email => $ada->{email});
#     read_now($site, $ada);
#     is profile($site, $acme, $ada)->{'AssessFirst status'}, 'In progress 1/3';

use strict;
use warnings;

use Exporter 'import';

use AFP::Invite;

our @EXPORT = (@AFP::Invite::EXPORT, qw(candidate invited idle read_now read_until wanted_now synchronise_now
    synchronised due_reading most_in model_field fields profile notes assessment status_of progress calls_of writes_of));

my $number = 0;
my $synchronisation = q{company_uuid = ? AND kind = 'synchronise'};

# An application of a candidate whom nobody else has; %option as for applicant.
sub candidate
{
    my ($site, $tenant, %option) = @_;
    my $email = $option{email} // sprintf 'candidate%d.%d@example.test', $$, ++$number;
    my $application = applicant($site, $tenant, %option, email => $email);
    return { id => $application->{id}, job_id => $application->{job_id}, email => $email, tenant => $tenant };
}

# One who was invited, with the profile written.
sub invited
{
    my ($site, $tenant, %option) = @_;
    my $seconds = delete $option{seconds} // 20;
    my $candidate = candidate($site, $tenant, %option);
    trigger($site, $tenant, { id => $candidate->{id}, job_id => $candidate->{job_id} });
    my $end = $site->finished($candidate->{id}, seconds => $seconds);
    $end->{result} eq 'invited' or die "application $candidate->{id} was not invited: $end->{reason}\n";
    idle($site, $candidate->{id}) or die "the profile of application $candidate->{id} was not written\n";
    return $candidate;
}

# Waits until nothing of an application runs or is due, and nothing is still to be written: a busy
# machine may have answered too late, and then it is tried again.
sub idle
{
    my ($site, $application_id, $seconds) = @_;
    return wait_until(sub {
        !$site->rows('afp_follow_up', q{application_id = ? AND (state = 'leased'}
            . q{ OR (state = 'ready' AND (due_at <= ? OR kind = 'write-back')))}, $application_id, now_us());
    }, $seconds // 20);
}

# Reads the candidate's results now, and waits until what follows is done. True if there was a
# reading to be made due.
sub read_now
{
    my ($site, $candidate, $seconds) = @_;
    my $reading = q{kind = 'read-results' AND application_id = ?};
    # One that is under way may have asked too early.
    wait_until(sub { !$site->rows('afp_follow_up', "$reading AND state = 'leased'", $candidate->{id}) }, $seconds // 20);
    my $found = make_due($site, $reading, $candidate->{id});
    idle($site, $candidate->{id}, $seconds) or die "the reading of application $candidate->{id} did not end\n";
    return $found;
}

my $last_reading = 8_000_000;

# Rows as the module writes them: an invitation that was sent so many seconds ago, and its reading,
# which is due. {id, uuid of the candidate}; with unknown => 1 AssessFirst has no such candidate.
sub due_reading
{
    my ($site, $tenant, $age, %option) = @_;
    my $id = ++$last_reading;
    my $uuid = sprintf '%032x', $id;
    $uuid = $site->sandbox->candidate(token => $tenant->{token}, email => "many$id\@example.test", status => 'pending')->{uuid}
        unless $option{unknown};
    my %key = (company_uuid => $tenant->{uuid}, application_id => $id, occurrence => 1);
    my $sent = now_us() - $age * 1_000_000;
    my $rank = 0;
    for (my $limit = 300; $age > $limit && $rank < 15; $limit *= 2) { $rank++ }
    insert($site, 'afp_invitation', %key, job_id => '1', state => 'invited', lease => '', model_uuid => '', model_name => '',
        candidate_id => $uuid, resent => 0, delivery_id => '', sending_at => $sent, updated_at => $sent);
    insert($site, 'afp_assessment', %key, progress => 'invited', finished => 0, wanted => 7,
        (map { $_ => -1 } qw(swipe drive brain voice score)),
        link => '', polls => 1, read_at => $sent, failure => '', closed => '');
    insert($site, 'afp_follow_up', id => sprintf('%032x', $id), company_uuid => $tenant->{uuid}, kind => 'read-results',
        state => 'ready', due_at => now_us() - 60_000_000 + $id % 1000, lease => '', delivery_id => '', application_id => $id,
        job_id => '1', occurrence => 1, anyway => 0, attempts => 0, missing => 0, tried_for => 0, created_at => $sent,
        reason => '', priority => 2 + $rank);
    return { id => $id, uuid => $uuid };
}

sub insert
{
    my ($site, $table, %row) = @_;
    my @columns = sort keys %row;
    $site->dbh->do(sprintf('INSERT INTO %s (%s) VALUES (%s)', $table, join(', ', @columns), join(', ', ('?') x @columns)),
        undef, @row{@columns});
    return;
}

# The most of these times, which are sorted, in any window of this many seconds.
sub most_in
{
    my ($window, @times) = @_;
    my ($most, $first) = (0, 0);
    for my $i (0 .. $#times) {
        $first++ while $times[$i] - $times[$first] > $window;
        $most = $i - $first + 1 if $i - $first + 1 > $most;
    }
    return $most;
}

# Lets a waiting follow-up run as often as it takes.
sub read_until
{
    my ($site, $candidate, $condition, $seconds) = @_;
    return wait_until(sub {
        return 1 if $condition->();
        make_due($site, 'application_id = ?', $candidate->{id});
        return 0;
    }, $seconds // 20);
}

# A follow-up of an application as the page or AssessFirst's call wants it.
sub wanted_now
{
    my ($site, $candidate, $kind) = @_;
    return again_row($site, $candidate->{tenant}, $candidate->{id}, kind => $kind);
}

# Has the tenant's models synchronised now, and waits for it. One that is under way, because the
# settings were saved for example, may have asked too early.
sub synchronise_now
{
    my ($site, $tenant, $seconds) = @_;
    synchronised($site, $tenant, $seconds);
    make_due($site, $synchronisation, $tenant->{uuid}) or die "nothing synchronises $tenant->{company}\n";
    synchronised($site, $tenant, $seconds);
    return $site->dbh->selectrow_hashref('SELECT * FROM afp_synchronised WHERE company_uuid = ?', undef,
        $tenant->{uuid});
}

# Waits until no synchronisation of the tenant runs or is due: what asks for one meanwhile is not heard.
sub synchronised
{
    my ($site, $tenant, $seconds) = @_;
    wait_until(sub {
        !$site->rows('afp_follow_up', "$synchronisation AND (state = 'leased' OR (state = 'ready' AND due_at <= ?))",
            $tenant->{uuid}, now_us());
    }, $seconds // 20) or die "the synchronisation of $tenant->{company} did not end\n";
    return;
}

# ---- what Pinpoint holds ------------------------------------------------------------------------

sub fields
{
    my ($site, $tenant, %wanted) = @_;
    return grep { my $field = $_; !grep { $field->{$_} ne $wanted{$_} } keys %wanted }
        @{ $site->sandbox->look(custom_field => key => $tenant->{key}) };
}

sub model_field
{
    my ($site, $tenant, $name) = @_;
    return (fields($site, $tenant, resource_type => 'job', name => $name // 'AssessFirst predictive model'))[0];
}

sub profile { my ($site, $candidate) = @_; return $site->sandbox->attributes(key => $candidate->{tenant}{key}, id => $candidate->{id}) }
sub notes { my ($site, $candidate) = @_; return $site->sandbox->comments(key => $candidate->{tenant}{key}, id => $candidate->{id}) }
sub status_of { my ($site, $candidate) = @_; return profile($site, $candidate)->{'AssessFirst status'} }

# ---- what AssessFirst holds ---------------------------------------------------------------------

# Plays the candidate; %option as for the sandbox's progress.
sub progress
{
    my ($site, $candidate, %option) = @_;
    return $site->sandbox->progress(token => $candidate->{tenant}{token}, email => $candidate->{email}, %option);
}

# ---- what the database holds --------------------------------------------------------------------

# The latest assessment row of a candidate's application.
sub assessment
{
    my ($site, $candidate) = @_;
    return $site->dbh->selectrow_hashref(
        'SELECT * FROM afp_assessment WHERE application_id = ? ORDER BY occurrence DESC', undef, $candidate->{id});
}

# ---- calls --------------------------------------------------------------------------------------

# The calls of a tenant to one API since a call number, as "METHOD path".
sub calls_of
{
    my ($site, $tenant, $api, $since) = @_;
    my ($header, $credential) = $api eq 'pinpoint' ? ('x-api-key', 'key') : ('af-token', 'token');
    return map { "$_->{method} " . $_->{path} =~ s{^.*?(?:/api/v1|/betty)}{}r }
        grep { ($_->{headers}{$header} // '') eq $tenant->{$credential} }
        $site->sandbox->calls(api => $api, since => $since // 0);
}

sub writes_of { return grep { !/^GET / } calls_of(@_) }

1;
