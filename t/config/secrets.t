# PinpointSecretKeys and AssessFirstToken: files and commands, what is refused, and that nothing of
# their content is told.
# matrix: mpm

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use MIME::Base64 qw(encode_base64);
use Test::More;
use Time::HiRes qw(time);

use AFP::Process qw(slurp wait_until);
use AFP::Server;

my $server = AFP::Server->new;
my $key = encode_base64('canary-canary-canary-canary-cana', '');

sub configtest
{
    my ($keys, $more) = @_;
    $server->configure(<<"CONF" . ($more // ''));
PinpointEngine on
PinpointWebhookURL https://www.example.com/integrations/webhook/pinpoint
PinpointSecretKeys $keys
DBDriver sqlite3
DBDParams \@STATE\@/site.sqlite
CONF
    return $server->configtest;
}

sub file { my ($text, $mode) = @_; return $server->write_file('keys', $text, $mode // 0600) }

# A command that a test can look at, without a shell in between.
sub program
{
    my ($body) = @_;
    return $server->write_file('give-keys', "#!/bin/sh\n$body\n", 0755);
}

sub accepted
{
    my ($what, @arguments) = @_;
    my ($code, $output) = configtest(@arguments);
    is $code, 0, $what or diag $output;
    unlike $output, qr/canary|\Q$key\E/, '... without a word about the content';
    return;
}

sub refused
{
    my ($what, $pattern, @arguments) = @_;
    my ($code, $output) = configtest(@arguments);
    isnt $code, 0, "$what: refused";
    like $output, $pattern, '... with the reason';
    like $output, qr/the main server/, '... and the place';
    unlike $output, qr/canary|\Q$key\E/, '... without a word about the content';
    return;
}

# ---- files ----

accepted('one key', file("one:$key\n"));
accepted('several keys, comments and blank lines', file("# ours\n\nnew:$key\nold:" . encode_base64('x' x 32, '') . "\r\n"));
accepted('a file that the group may read', file("one:$key\n", 0640));
refused('a file that everyone can read', qr/chmod 600 \S+keys/, file("one:$key\n", 0644));
refused('a file that everyone can write', qr/chmod 600 \S+keys/, file("one:$key\n", 0602));
refused('an empty file', qr/keys: holds no key; each line must read id:base64/, file(''));
refused('a key that is too short', qr/keys: line 1: .*exactly 32 bytes/, file('one:' . encode_base64('canary', '')));
refused('a key in hex', qr/keys: line 2: /, file("one:$key\ntwo:" . unpack('H*', 'canary-canary-canary-canary-cana')));
refused('no key but text', qr/keys: line 1: not of the form id:base64/, file("canary\n"));
refused('a repeated id', qr/keys: line 2: this id was used/, file("one:$key\none:$key\n"));
refused('too many keys', qr/line 9: more than 8 keys/, file(join '', map { "key$_:$key\n" } 1 .. 9));
refused('a NUL byte', qr/gives a NUL byte/, file("one:$key\n\0"));
refused('a file that is too large', qr/more than 64 KiB/, file('#' x 70000));
refused('no file', qr{/nowhere cannot be opened .*create it}, '@DIR@/nowhere');
refused('a directory', qr/is not a regular file/, '@DIR@/conf');

# ---- commands ----

my $program = program("echo 'one:$key'");
accepted('a command', qq{"exec:$program"});
accepted('a command with arguments', qq{"exec:/bin/echo one:$key"});
$server->write_file('seen', '', 0666);
program('echo "$1|$2|$#" >>' . $server->dir . "/seen; echo 'one:$key'");
accepted('arguments with blanks', qq{"exec:$program 'a \$(touch x); b' c"});
is slurp($server->dir . '/seen'), "a \$(touch x); b|c|2\n", 'no shell reads them, and it runs once';
program("echo 'one:$key'; exit 3");
refused('a command that fails', qr/ended with status 3; run it by hand/, qq{"exec:$program"});
program("echo 'one:$key'; kill -TERM \$\$");
refused('a command that is killed', qr/ended with signal 15/, qq{"exec:$program"});
program('cat');
refused('a command that asks its terminal', qr/holds no key/, qq{"exec:$program"});
refused('no command', qr/cannot be run/, 'exec:/nowhere/command');
refused('a command without end', qr/more than 64 KiB/, 'exec:/usr/bin/yes');

program('sleep 100 & sleep 100');
my $begun = time;
refused('a command that does not end', qr/did not end within 10 seconds/, qq{"exec:$program"});
cmp_ok time - $begun, '<', 20, '... after 10 seconds';

# ---- once per start and vhost ----

$server->write_file('seen', '', 0666);
program('echo run >>' . $server->dir . "/seen; echo 'one:$key'");
my ($code) = configtest(qq{"exec:$program"}, <<"CONF");
<VirtualHost 127.0.0.1:1>
    ServerName other.example
    PinpointWebhookURL https://other.example/integrations/webhook/pinpoint
    DBDParams \@STATE\@/other.sqlite
</VirtualHost>
CONF
is $code, 0, 'two vhosts with one command';
is slurp($server->dir . '/seen'), "run\n", 'run it once';
$server->write_file('seen', '', 0666);
$server->start;
is slurp($server->dir . '/seen'), "run\nrun\n", 'a start runs it twice, for each reading of the configuration';
$server->graceful;
ok wait_until(sub { slurp($server->dir . '/seen') eq "run\nrun\nrun\n" }, 10), 'a restart once';
unlike $server->error_log, qr/canary|\Q$key\E/, 'the log tells nothing about it';
$server->stop;

# ---- AssessFirstToken ----

my $keys = file("one:$key\n");
my $token = $server->write_file('token', "  canary-token\n", 0600);
accepted('a token', $keys, "AssessFirstToken $token\n");
$server->write_file('token', "canary-token\n", 0644);
refused('a token that everyone can read', qr/AssessFirstToken: .*chmod 600 \S+token/, $keys, "AssessFirstToken $token\n");
$server->write_file('token', "canary token\n", 0600);
refused('a token with a blank', qr/AssessFirstToken: \S+token must hold nothing but the token/, $keys, "AssessFirstToken $token\n");
$server->write_file('token', "\n", 0600);
refused('an empty token', qr/AssessFirstToken: \S+token must hold nothing but the token/, $keys, "AssessFirstToken $token\n");
refused('a command without output', qr{AssessFirstToken: exec:/bin/true must hold}, $keys, "AssessFirstToken exec:/bin/true\n");

# ---- configuration dumps ----

$server->write_file('token', "canary-token\n", 0600);
$server->write_file('keys', "one:$key\n", 0600);
configtest($keys, "LoadModule info_module " . AFP::Process::apxs('libexecdir')
    . "/mod_info.so\nAssessFirstToken $token\n");
my $dump = qx{@{[ join ' ', map { "'$_'" } $server->command ]} -t -D DUMP_CONFIG 2>&1};
like $dump, qr/PinpointSecretKeys/, 'a dump of the configuration shows directives';
unlike $dump, qr/canary|\Q$key\E/, 'but no secret';
chmod 0644, $keys;
my $list = qx{@{[ join ' ', map { "'$_'" } $server->command ]} -S 2>&1};
is $?, 0, 'a list of the vhosts needs no keys';

done_testing;
