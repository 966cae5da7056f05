# The database does not answer: the page says so in plain words.
# matrix: mpm

use strict;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Databases;
use AFP::Process qw(wait_until);
use AFP::Site;

my $databases = AFP::Databases->new(kind => 'pgsql', own => 1);
my $site = AFP::Site->new(databases => $databases)->start;
my $server = $site->server;
$server->allow_log(qr/AFP0[13]\d\d/);
$site->connect('acme');
my $page = $site->page('acme')->open;
is $page->code, 200, 'the page works';

sub is_unavailable
{
    my ($answer, $what, $words) = @_;
    is $answer->code, 503, "$what: 503";
    like $answer->decoded_content, $words // qr/The database does not answer\. Nothing is lost/, "$what: with plain words";
    ok $answer->header('Retry-After'), "$what: and when to come back";
    unlike $answer->decoded_content =~ s{<(style|script)>.*?</\1>}{}sgr, qr/pgsql|PostgreSQL|afp_|SELECT/i,
        "$what: without the machinery";
    return;
}

$site->{dbh}->disconnect if $site->{dbh};
$databases->stop;
is_unavailable($page->agent->get($page->url), 'the database is stopped');
my $token = $page->dom->at('input[name="token"]')->attr('value');
is_unavailable($page->agent->post($page->url, [token => $token, action => 'pause']), 'a form');
is_unavailable($page->agent->post($page->url, [token => $token, action => 'save', subdomain => 'typed']), 'settings',
    qr/your settings may not be saved\. Reload this page in a moment and have your browser send the form again/);
$databases->start;
ok wait_until(sub { $page->open->code == 200 }, 20), 'the page works again by itself';
like $page->text, qr/State: Waiting for your first event/, 'and nothing has happened';

done_testing;
