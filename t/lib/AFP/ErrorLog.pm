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

# httpd's own: a child of the event MPM that ends at once has closed the socket already, see below; a
# system whose OpenSSL was not updated together with its httpd.
my $harmless = qr{
    \[mpm_event:error\].*(?:
        AH03092:\ process_lingering_close:\ apr_pollset_add\ failure
        | \(9\)Bad\ file\ descriptor:\ AH00468:\ error\ closing\ socket)
    | \[ssl:warn\].*AH01882:\ Init:\ this\ version\ of\ mod_ssl\ was\ compiled\ against\ a\ newer\ library
    }x;

# A child of the event MPM that is told to end at once may crash while requests end, with this module or
# without: its main thread closes the sockets of its worker threads, and reads them from memory that
# these threads, or the listener, are giving back (server/mpm/event/event.c, close_worker_sockets(); still
# in 2.4.71, of whose cores this is; without symbols, by the addresses):
#
#     #0 apr_os_sock_get            the socket is on a page that is unmapped
#     #1 close_socket_nonblocking_
#     #2 signal_threads             in close_worker_sockets, inlined
#     #3 child_main
#     #4 make_child
#     #5 startup_children           or as a later child
#     #6 event_run
#     a worker: munmap < apr_allocator_destroy < ap_queue_info_push_pool < worker_thread
#     the listener: munmap < apr_allocator_destroy < ap_queue_info_free_idle_pools < listener_thread
#
# httpd with no module but mpm_event and authz_core: 13 such children in 146 restarts under "wrk -c24",
# and none that crashed elsewhere. The worker MPM keeps that memory: none in 190.
#
# Such a crash, and no other, comes between two lines of the child's main thread: this one, which
# signal_threads() begins with, and that of the hook which it calls at its end (AFP0329; "joining
# workers" where the module is not enabled). AFP::Server has both of them logged.
my $closes_sockets = qr{\[mpm_event:debug\] .* wake up listener$};

# The lines of a log that speak against a server. %allow: killed => process ids that a test killed
# itself, declared => patterns of lines that a test declared (among them AH00045, where a test makes
# children slow to end, but never AH00046).
sub complaints
{
    my ($text, %allow) = @_;
    my %killed = map { $_ => 1 } @{ $allow{killed} // [] };
    my (@complaints, %last_words);

    for my $line (split /\n/, $text) {
        $last_words{$1} = $line if $line =~ /\[pid (\d+):tid \g1\]/;
        if ($line =~ $crash) {
            next if $line =~ /child pid (\d+) exit signal/ && $killed{$1};
            next if $line =~ /child pid (\d+) exit signal Segmentation fault/ && ($last_words{$1} // '') =~ $closes_sockets;
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
