# The sandbox starts, listens, keeps what it is told, and ends.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../../lib";

use AFP::Sandbox;
use File::Temp qw(tempdir);
use Test::More;

my $state   = tempdir(CLEANUP => 1);
my $sandbox = AFP::Sandbox->start(state => $state);

sub curl {
    my (@arguments) = @_;
    open my $pipe, '-|', 'curl', '-sS', '--noproxy', '*', '--stderr', '-', '-m', 5, @arguments
        or die "curl: $!";
    local $/ = undef;
    my $output = readline $pipe;
    close $pipe;
    return ($? >> 8, $output);
}

subtest 'the listeners have the certificates that they should' => sub {
    my $path = '/sandbox/calls';
    is_deeply [curl('--cacert', $sandbox->ca, $sandbox->https . $path)], [0, '[]'], 'trusted';
    my $other_name = $sandbox->https =~ s/127\.0\.0\.1/localhost/r;
    is_deeply [curl('--cacert', $sandbox->ca, $other_name . $path)], [0, '[]'], 'localhost';
    is +(curl($sandbox->https . $path))[0], 60, 'not without its CA';
    is +(curl('--cacert', $sandbox->ca, $sandbox->https_untrusted . $path))[0], 60, 'untrusted';
    is +(curl('--cacert', $sandbox->ca, $sandbox->https_wrong_name . $path))[0], 60, 'other name';
};

subtest 'defaults let a test say only what matters' => sub {
    my $application = $sandbox->application(stage_name => 'Phone Screen');
    is $application->{stage_name}, 'Phone Screen', 'stage';
    is $application->{email}, 'ada.example@example.test', 'e-mail';
    my $job = $sandbox->look(job => id => $application->{job_id});
    is $job->{visibility}, 'external', 'job';
    my $chosen = $sandbox->job(id => $job->{id}, model => 'Sales')->{attributes};
    is $chosen->{'AssessFirst predictive model'}, 'Sales', 'model';
    my $rejected = $sandbox->application(id => $application->{id}, rejected_at => 1);
    like $rejected->{rejected_at}, qr/\A\d{4}-.*\+00:00\z/, 'a time of 1 is now';
    is $rejected->{stage_name}, 'Phone Screen', 'what was not named stays';
    $sandbox->application(id => $application->{id}, stage_name => 'A new stage');
    is $sandbox->look(application => id => $application->{id})->{stage_name}, 'A new stage',
        'a stage is made when needed';
    is $sandbox->candidate(finished => ['swipe'])->{status}, 'in_progress', 'candidate';
};

subtest 'ids are the same in every run' => sub {
    $sandbox->reset;
    my @first = ($sandbox->application, $sandbox->account, $sandbox->candidate);
    $sandbox->reset;
    my @second = ($sandbox->application, $sandbox->account, $sandbox->candidate);
    is $second[0]{id}, $first[0]{id}, 'application';
    is $second[1]{models}[0]{uuid}, $first[1]{models}[0]{uuid}, 'model';
    is $second[2]{uuid}, $first[2]{uuid}, 'candidate';
};

subtest 'mistakes are told' => sub {
    for my $mistake (
        sub { $sandbox->application(key => 'unknown') },
        sub { $sandbox->company(colour => 'red') },
        sub { $sandbox->account(shapes => { colour => 'red' }) },
        sub { $sandbox->look('teapot') },
        sub { $sandbox->remove(application => id => 1) },
        sub { $sandbox->webhook },
    ) {
        ok !eval { $mistake->(); 1 }, $@;
    }
};

subtest 'calls are numbered and kept' => sub {
    my $since = $sandbox->last_call_number;
    curl('-H', 'X-API-KEY: pinpoint-key', $sandbox->pinpoint_api . '/users?page%5Bsize%5D=1');
    my ($call) = $sandbox->calls(since => $since, api => 'pinpoint');
    is "$call->{method} $call->{path} $call->{query} $call->{status}",
        'GET /pinpoint/api/v1/users page%5Bsize%5D=1 200', 'what was asked';
    is $call->{headers}{'x-api-key'}, 'pinpoint-key', 'headers';
    is scalar(my @none = $sandbox->calls(since => $since, api => 'assessfirst')), 0, 'by API';
};

subtest 'a running sandbox can be used by others' => sub {
    my $other = AFP::Sandbox->connect($sandbox->http . '/');
    $other->company(key => 'shared');
    is $sandbox->look('company', key => 'shared')->{subdomain}, 'example', 'same data';
    undef $other;
    ok $sandbox->look('company', key => 'shared'), 'and it goes on when they leave';
};

subtest 'it ends when told' => sub {
    my $mtime = (stat $sandbox->ca)[9];
    my $pid   = $sandbox->pid;
    kill TERM => $pid;
    is waitpid($pid, 0), $pid, 'SIGTERM';
    is $?, 0, 'with exit status 0';
    my $next = AFP::Sandbox->start(state => $state);
    is +(stat $next->ca)[9], $mtime, 'the next start uses the same certificates';
    $pid = $next->pid;
    undef $next;
    ok !kill(0 => $pid), 'and it ends with its object';
};

done_testing;
