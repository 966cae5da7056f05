# A company connects with lynx, by keyboard: no JavaScript, no Origin, cookies that it accepts.

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Site;

my $site = AFP::Site->new;
$site->page('acme');
$site->start;
my $server = $site->server;
$site->sandbox->company(key => 'pinpoint-key');
$site->sandbox->account(token => 'assessfirst-token', models => ['Sales Executive']);

my @keys;
sub press { push @keys, map { "key $_" } @_; return }
sub enter { press(map { $_ eq ' ' ? '<space>' : $_ } split //, $_[0]); return }

my @top = ('<tab>') x 3;                      # the ways to the content, to the page, to the other language
press(@top, '^J');                             # Generate a token
my @views = ('<tab>') x 3;                     # to the overview, the activity, the changes
press(@top, @views, ('<tab>') x 3);            # behind the ways to the step, to the page, to the form
enter('acme.pinpointhq.com');
press('<tab>'); enter('pinpoint-key');
press('<tab>'); enter('signing-secret');
press('<tab>'); enter('Phone Screen');
press('<tab>', '<tab>');                       # the language stays
enter('assessfirst-token');
press(('<tab>') x 8);                          # what is written to Pinpoint: everything
press('<tab>', '^J');                          # Save
press('q', 'y');

my $script = $server->write_file('lynx.cmd', join "\n", @keys, '');
my $screen = $server->dir . '/logs/lynx';
my $url = $server->url('/marketplace/pinpoint');
# --foreground: whatever shell is between, lynx may use the terminal.
my $status = do {
    local $ENV{TERM} = 'vt100';
    system "script -qec \"timeout --foreground 60 lynx -nopause -delay=0 -accept_all_cookies"
        . " '-auth=acme:password of acme' -cmd_script=$script $url\" $screen </dev/null >$screen.out 2>&1";
};
is $status, 0, 'lynx ran';
my $tenant = $site->dbh->selectrow_hashref('SELECT * FROM afp_tenant');
is $tenant->{state}, 'connected', 'the company is connected';
is $tenant->{subdomain}, 'acme', 'with its subdomain';
is $tenant->{status}, 'Phone Screen', 'and its status';
is $tenant->{locale}, 'en-US', 'and a language';
like AFP::Process::slurp($screen), qr/afp_[0-9a-f]{64}/, 'the API token was on the screen';
like $site->page('acme')->open->text, qr/State: Waiting for your first event/, 'the page says so';

done_testing;
