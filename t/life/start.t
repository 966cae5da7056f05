# Children that cannot start what they need: they say so, answer 503, and end like any other.
# matrix: mpm unsanitized

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Process qw(scratch_dir spit);
use AFP::Site;

my $mpm = $ENV{AFP_MPM} // 'event';
my $sandbox = AFP::Sandbox->start;
my $dir = scratch_dir('shim');

# Preloaded into httpd: the n-th thread of each child, counted from the fork, cannot be made.
spit("$dir/shim.c", <<'C');
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    static pid_t counted;
    static int count;

    if (!real) {
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    }
    if (counted != getpid()) {
        counted = getpid();
        count = 0;
    }
    if (++count == atoi(getenv("FAILING_THREAD"))) {
        return EAGAIN;
    }
    return real(thread, attr, start, arg);
}
C
system('gcc', '-D_GNU_SOURCE', '-shared', '-fPIC', '-o', "$dir/shim.so", "$dir/shim.c", '-ldl') == 0 or die "gcc\n";

sub failing_site
{
    my ($number) = @_;
    return AFP::Site->new(sandbox => $sandbox, kind => 'sqlite3',
        environment => { LD_PRELOAD => "$dir/shim.so", FAILING_THREAD => $number })->start;
}

# Committer and ticker; on prefork, where requests commit for themselves, the ticker.
for my $number ($mpm eq 'prefork' ? 1 : (1, 2)) {
    subtest "without its thread number $number" => sub {
        my $site = failing_site($number);
        my $server = $site->server->expect_log(qr/AFP0330: /);
        my $somebody = { path => "$AFP::Site::webhook_path?company_uuid=" . '0' x 32, secret => 'secret', status => '' };
        my $answer = $site->deliver($somebody, AFP::Site::body($somebody, 1));
        is $answer->code, 503, 'a child answers 503';
        like $answer->header('Retry-After'), qr/^\d+$/, 'and says when to come again';
        is $server->get('/')->code, 404, 'other requests are served';
        $server->graceful;
        is $site->deliver($somebody, AFP::Site::body($somebody, 1))->code, 503, 'the next generation too';
        ok $server->stop, 'it stops';
    };
}

if ($mpm eq 'prefork') {
    subtest 'without one of the worker threads' => sub {
        my $site = failing_site(3);
        my $server = $site->server->expect_log(qr/AFP0314: /);
        ok $server->wait_log(qr/AFP0320: /), 'they are started a second later';
        my $acme = $site->connect('acme');
        my $application = $site->application($acme);
        $site->webhook($acme, application_id => $application->{id}, job_id => $application->{job_id});
        is $site->finished($application->{id})->{result}, 'invited', 'and work';
        ok $server->stop, 'it stops';
    };
}

done_testing;
