# conf/assessfirst_pinpoint.conf: what it shows is true.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use MIME::Base64 qw(encode_base64);
use Test::More;

use AFP::Process qw(slurp top_dir);
use AFP::Server;

my $example = slurp(top_dir() . '/conf/assessfirst_pinpoint.conf');
my $readme = slurp(top_dir() . '/README.md');
my $sources = join '', map { slurp($_) } glob top_dir() . '/mod_assessfirst_pinpoint/web/*.c';
my @directives = $sources =~ /(?:TEXT|NUMBER|KEYS|PAIRS|AP_INIT_\w+)\("(\w+)"/g;
ok @directives > 20, 'the directives are found in the sources';

for my $directive (@directives) {
    my @shown = $example =~ /^#\s+\Q$directive\E\s+\S/mg;
    my $expected = $directive eq 'PinpointEvent' ? 2 : 1;
    is scalar @shown, $expected, "$directive is shown";
    like $readme, qr/^\| `(?:\w+`, `)?\Q$directive\E[ `]/m, 'and described in the README';
}
my %known = map { $_ => 1 } @directives;
for my $shown ($example =~ /^#\s+((?:Pinpoint|AssessFirst)\w+)\s/mg) {
    ok $known{$shown}, "$shown exists";
}
is_deeply [grep { !/^\s*(?:#|$)/ } split /\n/, $example], [], 'nothing in it is active';

# With the comments taken away, and with files of our own, it is accepted.
my $server = AFP::Server->new;
$server->write_file('keys', 'one:' . encode_base64('k' x 32, '') . "\n", 0600);
$server->write_file('token', "assessfirst-token\n", 0600);
my ($key_file, $certificate) = map { $server->dir . "/$_.pem" } qw(key cert);
qx(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -batch -subj /CN=www.example.com -keyout $key_file -out $certificate 2>&1);
is $?, 0, 'a certificate is made';

# With files and a port of here.
sub here
{
    my ($vhost) = @_;
    $vhost =~ s{/etc/apache2/assessfirst_pinpoint\.keys}{\@DIR\@/keys};
    $vhost =~ s{/etc/apache2/assessfirst\.token}{\@DIR\@/token};
    $vhost =~ s{/etc/apache2/companies\.htpasswd}{\@DIR\@/users};
    $vhost =~ s{/etc/ssl/certs/\S+}{\@DIR\@/cert.pem}g;
    $vhost =~ s{/etc/ssl/private/\S+}{\@DIR\@/key.pem};
    $vhost =~ s{/var/lib/assessfirst_pinpoint/}{\@STATE\@/};
    $vhost =~ s{\*:443}{127.0.0.1:\@PORT\@};
    $vhost =~ s{AuthType openid-connect}{AuthType Basic\nAuthName x\nAuthUserFile \@DIR\@/users};
    return $vhost;
}

my ($vhost) = $example =~ /^(#<VirtualHost.*)/ms;
$vhost = here($vhost =~ s/^#//mgr);
my ($of_readme) = $readme =~ m{^```apache\n(<VirtualHost.*?)^```}ms;
my ($code, $output);
for my $case ([$vhost, 'the example'], [here($of_readme), 'the virtual host of the README']) {
    $server->configure($case->[0]);
    ($code, $output) = $server->configtest;
    is $code, 0, "$case->[1] is accepted" or diag $output;
    unlike $output, qr/AFP/, 'without a warning';
}

# What is shown as the default is the default: a vhost with all of it is the same site as one without.
my $full = join "\n", grep { !/^\s*(?:Pinpoint(?:Proxy|Event|CACertificateFile|AutomationURL)|AssessFirst(?:Token|CACertificateFile|ResultsURL))\s/ } split /\n/, $vhost;
my $bare = <<'CONF';
<VirtualHost 127.0.0.1:1>
    ServerName www.example.com
    PinpointEngine on
    PinpointWebhookURL https://www.example.com/integrations/webhook/pinpoint
    PinpointSecretKeys @DIR@/keys
    DBDriver sqlite3
    DBDParams @STATE@/site.sqlite
</VirtualHost>
CONF
$server->configure("$full\n$bare");
($code, $output) = $server->configtest;
is $code, 0, 'it may stand beside a vhost with the defaults' or diag $output;
unlike $output, qr/AFP0502/, 'and both have the same settings';
$server->configure(($full =~ s/cap=1h/cap=2h/r) . "\n$bare");
($code, $output) = $server->configtest;
like $output, qr/AFP0502/, 'which would be told otherwise';

done_testing;
