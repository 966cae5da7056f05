# The test programs of the store, on this suite's database: `make check` runs them on SQLite only.
# matrix: database

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use File::Basename qw(basename);
use TAP::Parser ();
use Test::More;

use AFP::Databases;
use AFP::Process qw(build_dir slurp top_dir);

my @programs = map { basename($_, '.c') }
    grep { slurp($_) =~ /^#include "store_fixture\.h"/m } sort glob top_dir() . '/t/unit/test_*.c';
cmp_ok scalar(@programs), '>', 9, 'there are test programs of the store';

my $databases = AFP::Databases->new;
for my $program (@programs) {
    local %ENV = (%ENV, CMOCKA_MESSAGE_OUTPUT => 'TAP', environment());
    my $parser = TAP::Parser->new(
        { exec => ['timeout', '--kill-after=20', 300, build_dir() . "/t/unit/$program"] });
    while (my $result = $parser->next) {
        if ($result->is_test) {
            ok $result->is_ok && !$result->has_skip && !$result->has_todo,
                $program . ': ' . ($result->description =~ s/^[-\s]+//r =~ tr/_/ /r);
        }
        elsif ($result->is_comment && $result->comment !~ /^ok - /) {
            diag $result->comment;
        }
    }
    is $parser->wait, 0, "$program ends well";
    is_deeply [$parser->parse_errors], [], "$program says how many tests it has";
}
done_testing;

# SQLite's programs make a file for each test by themselves. What the clients of the servers keep as
# long as the process lives is not ours to free.
sub environment
{
    return () if $databases->kind eq 'sqlite3';
    return (AFP_TEST_DRIVER => $databases->kind, AFP_TEST_PARAMS => $databases->create->params,
        ASAN_OPTIONS => 'detect_leaks=0');
}
