# What the body of an authentic webhook may look like.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Site;
use AFP::Wire;

my $site = AFP::Site->new;
$site->start;
my $acme = $site->connect('acme', no_sandbox => 1);

sub deliver { return $site->deliver($acme, $_[0]) }

# The row that this body left.
sub stored
{
    my ($body) = @_;
    my $answer = deliver($body);
    is $answer->code, 202, 'is taken: ' . substr $body =~ s/[^ -~]/./gr, 0, 70;
    my $id = AFP::Wire::json($answer)->{delivery} // '';
    return $site->dbh->selectrow_hashref('SELECT * FROM afp_delivery WHERE id = ?', undef, $id) // {};
}

sub is_no_event
{
    my ($body, $name) = @_;
    my $rows = $site->rows('afp_delivery');
    my $answer = deliver($body);
    is $answer->code, 400, "$name is not understood";
    is $answer->content_type, 'application/problem+json', 'and the answer is a problem';
    is $site->rows('afp_delivery'), $rows, 'that is not stored';
    return;
}

sub nested { my ($depth) = @_; return '[' x $depth . ']' x $depth }
sub event { my ($more) = @_; return qq({"event":"application_created","data":{"application":{"id":1}},$more}) }

# ---- not JSON ----

my $valid = event('"a":1');
my %broken = (
    'nothing' => '',
    'a blank' => ' ',
    'a word' => 'hello',
    'a form' => 'event=application_created&id=1',
    'an array' => "[$valid]",
    'a string' => '"application_created"',
    'a number' => '12',
    'null' => 'null',
    'half an object' => substr($valid, 0, -1),
    'an object and more' => "$valid x",
    'two objects' => "$valid$valid",
    'a comment' => "/* a */ $valid",
    'single quotes' => $valid =~ tr/"/'/r,
    'a last comma' => event('"a":[1,]'),
    'NaN' => event('"a":NaN'),
    'a bare control' => event("\"a\":\"\x01\""),
    'a bare line break in a string' => event("\"a\":\"\n\""),
    'a NUL byte' => event("\"a\":\"\0\""),
    'a NUL byte at the end' => "$valid\0",
    'a byte order mark' => "\xef\xbb\xbf$valid",
    'invalid UTF-8' => event("\"a\":\"\xff\""),
    'half a character' => event("\"a\":\"\xc3\""),
    'an overlong character' => event("\"a\":\"\xc0\xaf\""),
    'a surrogate' => event("\"a\":\"\xed\xa0\x80\""),
    'UTF-16' => join('', map { "\0$_" } split //, $valid),
    'a nesting of 33' => event('"a":' . nested(32)),
    'a nesting of 10000' => nested(10_000),
    'no event' => '{"data":{"application":{"id":1}}}',
    'an event that is null' => '{"event":null,"data":{"application":{"id":1}}}',
    'an event that is no text' => '{"event":["application_created"],"data":{"application":{"id":1}}}',
    'an event with a NUL' => '{"event":"application_created\u0000","data":{"application":{"id":1}}}',
);
is_no_event($broken{$_}, $_) for sort keys %broken;

# ---- JSON ----

is stored(event('"a":' . nested(31)))->{application_id}, '1', 'a nesting of 32 is not too deep';
is stored("\r\n  $valid\r\n")->{application_id}, '1', 'with white space around it';
is stored($valid =~ s/([{,:])/$1\n    /gr . "\n")->{application_id}, '1', 'when it is pretty printed';
is stored(event("\"a\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""))->{application_id}, '1', 'with any character';
is stored(event('"a":1e999,"b":-1e-999,"c":123456789012345678901234567890'))->{application_id}, '1', 'with any number';
is stored('{"event":"application_created","event":"application_created","data":{"application":{"id":1,"id":2}}}')
    ->{application_id}, '2', 'the last of equal names counts';

# ---- ids ----

sub with { my ($data) = @_; return qq({"event":"application_created","data":$data}) }

is stored(with('{"application":{"id":8863880},"job":{"id":7}}'))->{application_id}, '8863880', 'as a number';
is stored(with('{"application":{"id":"8863881"},"job":{"id":"7"}}'))->{application_id}, '8863881', 'as a text';
is stored(with('{"application":{"id":8863882},"job":{"id":"77"}}'))->{job_id}, '77', 'with its job';
is stored(with('{"application_id":31}'))->{application_id}, '31', 'as application_id';
is stored(with('{"type":"applications","id":"32"}'))->{application_id}, '32', 'as id of what is an application';
is stored(with('{"application":{"id":18446744073709551614}}'))->{application_id}, '18446744073709551614', 'up to 64 bits';
is stored(with('{"application":{"id":33}}'))->{job_id}, '', 'without a job';
for my $id ('null', '""', '"abc"', '-1', '1.5', '1e3', 'true', '[1]', '{}', '" 12"', '"12abc"', '99999999999999999999999',
    '18446744073709551615', '"123456789012345678901"') {
    is deliver(with(qq({"application":{"id":$id}})))->code, 422, "$id is no application";
}
is deliver(with('{"type":"jobs","id":"32"}'))->code, 422, 'the id of a job is no application';
is deliver('{"event":"application_created"}')->code, 422, 'nor is an event without data';
my $problem = deliver(with('{}'));
is $problem->content_type, 'application/problem+json', 'the answer is a problem';
is AFP::Wire::json($problem)->{status}, 422, 'with its status';

# ---- when it happened ----

sub at { my ($name, $time) = @_; return qq({"event":"application_created","$name":$time,"data":{"application":{"id":50}}}) }

is stored(at('triggeredAt', 1614687278))->{triggered_at}, 1614687278_000_000, 'in seconds';
is stored(at('triggeredAt', 1614687278123))->{triggered_at}, 1614687278_123_000, 'in milliseconds';
is stored(at('triggered_at', '"2021-03-02T12:14:38Z"'))->{triggered_at}, 1614687278_000_000, 'as a text';
for my $time ('"yesterday"', '-1', 'null', '99999999999999999999', '[1]') {
    is stored(at('triggeredAt', $time))->{triggered_at}, 0, "$time is no time, and that does not matter";
}

# ---- names of events ----

is stored('{"event":"  Application.Created\n","data":{"application":{"id":60}}}')->{event}, 'Application.Created',
    'under its name, trimmed';
{
    my $body = "{\"event\":\"application_cr\xc3\xa9\xc3\xa9e\",\"data\":{\"application\":{\"id\":61}}}";
    is deliver($body)->code, 200, 'a name in another language is understood as unknown';
    my ($name) = $site->dbh->selectrow_array('SELECT event FROM afp_delivery WHERE application_id = ?', undef, '61');
    utf8::encode($name) if utf8::is_utf8($name);
    is $name, "application_cr\xc3\xa9\xc3\xa9e", 'and stored as it is';
    $body = '{"event":"application_' . "\xc3\xa9" x 200 . '","data":{"application":{"id":62}}}';
    is deliver($body)->code, 200, 'a very long name as well';
    ($name) = $site->dbh->selectrow_array('SELECT event FROM afp_delivery WHERE application_id = ?', undef, '62');
    utf8::encode($name) if utf8::is_utf8($name);
    is $name, 'application_' . "\xc3\xa9" x 26, 'cut between characters';
}

done_testing;
