# A company that disconnects may have the fields deleted that we made, and no others.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Results;

my $site = invite_site();
my $sandbox = $site->sandbox;
my $number = 0;

sub company { return connected($site, 'company' . ++$number, limit => 0, @_) }

# As the page does it; the end of the deletion.
sub disconnect
{
    my ($tenant) = @_;
    $site->dbh->do(q{UPDATE afp_tenant SET state = 'disconnected', generation = generation + 5000 WHERE company_uuid = ?}, undef, $tenant->{uuid});
    again_row($site, $tenant, '', kind => 'delete-fields');
    my $end;
    wait_until(sub { $end = $site->dbh->selectrow_hashref(
        q{SELECT * FROM afp_finished WHERE kind = 'delete-fields' AND company_uuid = ?}, undef, $tenant->{uuid}) }, 20)
        or die "the fields of $tenant->{company} were not deleted\n";
    return $end;
}

subtest 'all that we made' => sub {
    my $tenant = company();
    my $candidate = invited($site, $tenant);
    my $theirs = $sandbox->custom_field(key => $tenant->{key}, name => 'Theirs', resource_type => 'application',
        field_type => 'text', sample_value => 'x');
    my $end = disconnect($tenant);
    is $end->{result}, 'done', 'done';
    is $end->{reason}, '8 custom fields were deleted in Pinpoint', 'with their number';
    is_deeply [map { $_->{id} } fields($site, $tenant)], [$theirs->{id}], 'only what is not ours is left';
    is $site->rows('afp_field', 'company_uuid = ?', $tenant->{uuid}), 0, 'they are forgotten';
    is $site->rows('afp_written', 'company_uuid = ? AND value <> ?', $tenant->{uuid}, ''), 0, 'and what was in them';
    is $site->dbh->selectrow_array('SELECT api_key FROM afp_tenant WHERE company_uuid = ?', undef, $tenant->{uuid}), '',
        'the key is erased after that';
};

subtest 'none that we found' => sub {
    my $tenant = { key => 'key-of-found', token => 'token-of-found' };
    $sandbox->company(key => $tenant->{key});
    my $made = $sandbox->custom_field(key => $tenant->{key}, name => 'AssessFirst score', resource_type => 'application',
        field_type => 'integer', sample_value => '1');
    $tenant = connected($site, 'found', %$tenant);
    is disconnect($tenant)->{reason}, '7 custom fields were deleted in Pinpoint', 'seven of eight';
    is_deeply [map { $_->{id} } fields($site, $tenant)], [$made->{id}], 'the one that was there before stays';
};

subtest 'what is in use stays, and is said' => sub {
    my $tenant = company();
    my $candidate = invited($site, $tenant);
    $sandbox->company(key => $tenant->{key}, fields_in_use => 'reject');
    my $end = disconnect($tenant);
    is $end->{result}, 'done', 'that is no failure';
    like $end->{reason}, qr/^6 custom fields were deleted in Pinpoint; it keeps: "AssessFirst [^"]+" \([^()]*Record is in use[^()]*\), "AssessFirst/, 'the names are said, and why';
    is scalar(fields($site, $tenant)), 2, 'they are there';
};

subtest 'one that is gone already is as good as deleted' => sub {
    my $tenant = company();
    $sandbox->remove(custom_field => key => $tenant->{key}, id => model_field($site, $tenant)->{id});
    is disconnect($tenant)->{reason}, '8 custom fields were deleted in Pinpoint', 'it counts';
};

subtest 'trouble is tried again; a refused key ends it' => sub {
    my $tenant = company();
    $sandbox->fault(api => 'pinpoint', credential => $tenant->{key}, method => 'DELETE', path => '/custom_fields/', skip => 3, status => 500);
    is disconnect($tenant)->{result}, 'done', 'a 500 in the middle';
    is scalar(fields($site, $tenant)), 0, 'all are gone';

    $tenant = company();
    $sandbox->company(key => $tenant->{key}, deny => { custom_fields => 'delete' });
    my $end = disconnect($tenant);
    is $end->{result}, 'dead', 'without the permission nothing can be done';
    like $end->{reason}, qr/the API key needs Custom Field: Delete/, 'and the reason says so';
};

done_testing;
