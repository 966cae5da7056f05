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
    model_field fields profile notes assessment status_of progress calls_of writes_of));

my $number = 0;

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
    my $found = make_due($site, q{kind = 'read-results' AND application_id = ?}, $candidate->{id});
    idle($site, $candidate->{id}, $seconds) or die "the reading of application $candidate->{id} did not end\n";
    return $found;
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

# Has the tenant's models synchronised now, and waits for it.
sub synchronise_now
{
    my ($site, $tenant, $seconds) = @_;
    my $open = q{company_uuid = ? AND kind = 'synchronise'};
    make_due($site, $open, $tenant->{uuid}) or die "nothing synchronises $tenant->{company}\n";
    wait_until(sub {
        !$site->rows('afp_follow_up', "$open AND (state = 'leased' OR (state = 'ready' AND due_at <= ?))",
            $tenant->{uuid}, now_us());
    }, $seconds // 20) or die "the synchronisation of $tenant->{company} did not end\n";
    return $site->dbh->selectrow_hashref('SELECT * FROM afp_synchronised WHERE company_uuid = ?', undef,
        $tenant->{uuid});
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
