package AFP::ErrorLog;

# What an error log must not hold: traces of a crash, reports of a sanitizer, and warnings or errors
# that no test declared.

use strict;
use warnings;

use AFP::Process qw(slurp);

my $crash = qr{
    exit\ signal | Segmentation\ fault | Assertion\ .*\ failed | \*\*\*\ .*\ \*\*\*
    | pool\ concurrency\ check | still\ did\ not\ exit,\ sending\ a\ SIGKILL | double\ free | corrupted
    | AddressSanitizer | LeakSanitizer | ThreadSanitizer | runtime\ error: | Sanitizer:DEADLYSIGNAL
}xi;

# httpd's own: a child of the event MPM that closes while it stops; a system whose OpenSSL was not
# updated together with its httpd.
my $harmless = qr{
    \[mpm_event:error\].*AH03092:\ process_lingering_close:\ apr_pollset_add\ failure
    | \[ssl:warn\].*AH01882:\ Init:\ this\ version\ of\ mod_ssl\ was\ compiled\ against\ a\ newer\ library
}x;

# The lines of a log that speak against a server. %allow: killed => process ids that a test killed
# itself, declared => patterns of lines that a test declared (among them AH00045, where a test makes
# children slow to end, but never AH00046).
sub complaints
{
    my ($text, %allow) = @_;
    my %killed = map { $_ => 1 } @{ $allow{killed} // [] };
    my @complaints;

    for my $line (split /\n/, $text) {
        if ($line =~ $crash) {
            next if $line =~ /child pid (\d+) exit signal/ && $killed{$1};
            next if $line =~ /AH00045/ && grep { $line =~ $_ } @{ $allow{declared} // [] };
            push @complaints, "crash: $line";
        } elsif ($line =~ /^\[[^\]]*\] \[[\w-]*:(?:warn|error|crit|alert|emerg)\]/) {
            next if $line =~ $harmless;
            next if grep { $line =~ $_ } @{ $allow{declared} // [] };
            push @complaints, "undeclared: $line";
        }
    }
    return @complaints;
}

# The reports that sanitizers wrote into a directory.
sub sanitizer_reports
{
    my ($dir) = @_;
    return map { "sanitizer: $_\n" . substr slurp($_), 0, 6000 } glob "$dir/*";
}

1;
