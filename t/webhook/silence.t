# What no log ever holds, at any level: secrets, bodies, candidates.
# matrix: mpm database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Site;
use AFP::Wire;

my $site = AFP::Site->new(log_level => 'trace8', config => "PinpointBodyLimit 2000\n");
my $server = $site->start->server;
my %canary = map { $_ => "canary-of-the-$_-0123456789" } qw(secret key token);
my $acme = $site->connect('acme', %canary);

my $email = 'canary.candidate@example.test';
my $word = 'canary-in-the-body';
my $number = 0;

sub body
{
    my ($event) = @_;
    $number++;
    return qq({"event":"$event","data":{"application":{"id":$number,"email":"$email"},"note":"$word"}});
}

my %tried = (
    'taken' => [202, body('application_created')],
    'ignored' => [200, body('application_hired')],
    'unknown' => [200, body('application_transformed')],
    'broken' => [400, body('application_created') . $word],
    'invalid' => [400, body('application_created') =~ s/note/note\xff/r],
    'without an application' => [422, qq({"event":"application_created","note":"$word $email"})],
    'too large' => [413, body('application_created') . ' ' x 2000],
);
for my $what (sort keys %tried) {
    my ($code, $body) = @{ $tried{$what} };
    is $site->deliver($acme, $body)->code, $code, "what is $what is answered with $code";
}
is $site->deliver({ %$acme, secret => 'another' }, body('application_created'))->code, 401, 'so is what is not authentic';
is $site->deliver($acme, $tried{taken}[1])->code, 200, 'and a repeat';
{
    my $body = body('application_created');
    AFP::Wire->new($server)->head(POST => $acme->{path}, 'Transfer-Encoding: chunked',
        'PINPOINT-HMAC-SHA256: ' . AFP::Site::signature($acme, $body))->send("zz\r\n$body")->answer;
    AFP::Wire->new($server)->deliver($acme, substr $body, 5)->close;
}
my $application = $site->application($acme, email => $email, first_name => 'Canary', last_name => 'Candidate');
$site->webhook($acme, application_id => $application->{id});
is $site->finished($application->{id})->{result}, 'invited', 'a real candidate is invited';

my %forbidden = (%canary, 'e-mail' => $email, 'body' => $word, 'name' => 'Canary',
    'escaped e-mail' => 'canary.candidate%40example.test');
for my $log (qw(error_log access_log output)) {
    my $text = $server->$log;
    for my $what (sort keys %forbidden) {
        my ($line) = $text =~ /^(.*\Q$forbidden{$what}\E.*)$/m;
        is $line, undef, "the $log does not hold the $what";
    }
}
like $server->error_log, qr/AFP0403: tenant $acme->{uuid}: delivery [0-9a-f]{32} is accepted/,
    'what it does hold is who and which';
for my $table ($site->dbh->tables(undef, undef, 'afp_%', 'TABLE')) {
    my $rows = $site->dbh->selectall_arrayref("SELECT * FROM $table");
    my $text = join "\n", map { join "\t", map { $_ // '' } @$_ } @$rows;
    unlike $text, qr/\Q$email\E|\Q$word\E|\Q$canary{secret}\E|\Q$canary{key}\E|\Q$canary{token}\E/,
        "nor does the table $table";
}

done_testing;
