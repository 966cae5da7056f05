# The settings: masked, changed under the page's rules, and never over somebody else's change.
# matrix: database

use strict;
use utf8;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Digest::SHA qw(sha256_hex);
use Mojo::JSON qw(false true);
use Test::More;

use AFP::Invite;

my $site = invite_site();
my $acme = connected($site, 'acme', key => 'pinpoint-key-of-acme-4711', status => 'Phone Screen');
my $api = $site->api($acme);

sub tag { return $api->get('settings')->header('ETag') }
sub settings { $api->get('settings'); return $api->json }

# Changes something as of now; the errors' pointers, if there are any.
sub change
{
    my ($method, $body) = @_;
    my $code = $api->$method('settings', $body, 'If-Match' => tag())->code;
    return $code == 200 ? 'changed' : join ' ', $code, sort { $a cmp $b } map { $_->{pointer} } @{ $api->json->{errors} // [] };
}

# ---- read ----

my $answer = $api->get('settings');
is $answer->code, 200, 'the settings are read';
my $settings = $api->json;
is_deeply { map { $_ => $settings->{$_} } qw(state subdomain status locale unreadable) },
    { state => 'connected', subdomain => 'acme', status => 'Phone Screen', locale => 'en-US', unreadable => false }, 'they are told';
is $settings->{webhook_url}, "https://site.example$acme->{path}", 'with the address for Pinpoint';
is_deeply [grep { !$_ } values %{ $settings->{choices} }], [], 'and what is written';
my $key = $settings->{secrets}{api_key};
is $key->{masked}, '****4711', 'a secret is masked';
is $key->{fingerprint}, substr(sha256_hex($acme->{key}), 0, 8), 'with its fingerprint';
is $key->{set_by}, 'acme', 'who set it';
is $settings->{secrets}{api_token}{fingerprint}, substr(sha256_hex($acme->{api_token}), 0, 8), 'of the API token as well';
is $settings->{secrets}{former_secret}, undef, 'one that is not there is null';
my $secrets = join '|', map { quotemeta $acme->{$_} } qw(key secret token api_token);
unlike $answer->content, qr/$secrets/, 'no secret is told';
like $answer->header('ETag'), qr/^"\d+"$/, 'they have a tag';
is $api->get('settings', 'If-None-Match' => $answer->header('ETag'))->code, 304, 'who has them need not read them again';
is length $api->response->content, 0, 'without a body';
is $api->get('settings', 'If-None-Match' => '"0"')->code, 200, 'others are told';
is $api->head('settings')->header('ETag'), $answer->header('ETag'), 'HEAD tells the tag';

# ---- changed ----

is change(patch => { status => ' Hired <b>"é"</b> ' }), 'changed', 'one is changed';
is settings()->{status}, 'Hired <b>"é"</b>', 'and trimmed';
is settings()->{subdomain}, 'acme', 'others stay';
is settings()->{secrets}{api_key}{fingerprint}, $key->{fingerprint}, 'secrets too';
is change(patch => { status => undef, choices => { swipe => false, comment => false } }), 'changed', 'null empties';
is settings()->{status}, '', 'a status';
is_deeply [sort grep { !settings()->{choices}{$_} } keys %{ settings()->{choices} }], [qw(comment swipe)], 'of choices those that are named are changed';
is change(patch => { choices => { swipe => undef } }), 'changed', 'null is the usual choice';
is_deeply [grep { !settings()->{choices}{$_} } keys %{ settings()->{choices} }], ['comment'], 'of that one';
is change(patch => { subdomain => 'https://Acme.pinpointhq.com/admin' }), 'changed', 'an address is understood';
is settings()->{subdomain}, 'acme', 'as on the page';

is change(patch => { signing_secret => 'the-second-signing-secret' }), 'changed', 'a secret is replaced';
is settings()->{secrets}{former_secret}{fingerprint}, substr(sha256_hex($acme->{secret}), 0, 8), 'the former one is kept';
is settings()->{secrets}{signing_secret}{set_by}, 'API token ' . substr(sha256_hex($acme->{api_token}), 0, 8), 'who set it is the API token';
is change(patch => { former_secret => undef }), 'changed', 'until it is removed';
is settings()->{secrets}{former_secret}, undef, 'it is gone';
is change(patch => { signing_secret => 'the-third-signing-secret', keep_former => false }), 'changed', 'or it is not kept';
is settings()->{secrets}{former_secret}, undef, 'then there is none';
$acme->{status} = '';
is $site->deliver({ %$acme, secret => 'the-third-signing-secret' }, AFP::Site::body($acme, 11))->code, 202, 'the new one counts at once';
ok wait_until(sub { $site->deliver($acme, AFP::Site::body($acme, 12))->code == 401 }, 10), 'the former one no more, as soon as all children know';

# ---- replaced ----

my $got = settings();
is change(put => $got), 'changed', 'what was read may be sent as it is';
my $after = settings();
delete $_->{updated_at} for $got, $after;
is_deeply $after, $got, 'and changes nothing';
is change(put => { subdomain => 'acme', locale => 'fr-FR' }), 'changed', 'what is left out';
is_deeply [settings()->{status}, grep { !$_ } values %{ settings()->{choices} }], [''], 'becomes what it is at first';
is settings()->{secrets}{api_key}{fingerprint}, $key->{fingerprint}, 'but secrets stay';

# ---- what is wrong ----

$got = settings();
is change(patch => { subdomain => '10.0.0.1', locale => 'tlh', api_key => 'a b', status => "a\nb" }), '422 #/api_key #/locale #/status #/subdomain', 'all faults are told';
my ($fault) = grep { $_->{pointer} eq '#/subdomain' } @{ $api->json->{errors} };
like $fault->{detail}, qr/pinpointhq|address/i, 'in the words of the page';
is change(patch => { subdomain => 5, status => [], locale => {}, api_key => undef, choices => 1, keep_former => 'no', former_secret => 'x' }),
    '422 #/api_key #/choices #/former_secret #/keep_former #/locale #/status #/subdomain', 'also what is of another kind';
is change(patch => { apikey => 'x', 'a/b~c<>' => 1, choices => { stars => true, 'x/y' => 1, score => 'yes' } }),
    '422 #/apikey #/a~1b~0c%3C%3E #/choices/score #/choices/stars #/choices/x~1y', 'and what does not exist';
is change(patch => { api_key => '' }), '422 #/api_key', 'an empty secret';
is change(patch => { api_key => 'x' x 513 }), '422 #/api_key', 'one that is too long';
is change(patch => { status => "a\0b" }), '422 #/status', 'a NUL';
is change(put => {}), '422 #/locale #/subdomain', 'replacing needs what has no default';
is_deeply settings(), $got, 'nothing was changed by any of it';

# ---- nobody's change is lost ----

my $seen = tag();
is $api->patch('settings', { status => 'First' })->code, 428, 'without If-Match nothing is changed';
is $api->put('settings', { subdomain => 'acme', locale => 'en-US' })->code, 428, 'nor replaced';
is $api->patch('settings', { status => 'First' }, 'If-Match' => $seen)->code, 200, 'the first to change something';
is $api->response->header('ETag'), tag(), 'is told the tag of what there is now';
isnt tag(), $seen, 'which is another';
is $api->patch('settings', { status => 'Second' }, 'If-Match' => $seen)->code, 412, 'the second one is not heard';
is $api->response->header('ETag'), tag(), 'but told the tag';
is settings()->{status}, 'First', 'nothing is overwritten';
is $api->patch('settings', { status => 'Weak' }, 'If-Match' => 'W/' . tag())->code, 412, 'a weak tag fits nothing';
is $api->patch('settings', { status => 'Any' }, 'If-Match' => '"1", ' . tag())->code, 200, 'one of several does';
is $api->patch('settings', { status => 'Star' }, 'If-Match' => '*')->code, 200, 'a star is whatever there is';
my $page = $site->page('acme')->settings;
$seen = tag();
$page->fill('Status' => 'From the page')->press('Save');
is $api->patch('settings', { locale => 'de-DE' }, 'If-Match' => $seen)->code, 412, 'a change on the page counts';
$page->settings->fill('Status' => 'From the page again');
is change(patch => { status => 'From a program' }), 'changed', 'and the other way round';
$page->press('Save');
is $page->code, 422, 'the page says so';
is settings()->{status}, 'From a program', 'and nothing is lost';

my @both = map { my $pid = fork // die; if (!$pid) {
    my $other = $site->api($acme);
    my @tags = map { $other->get('settings')->header('ETag') } 1;
    my $won = 0;
    for my $try (1 .. 20) {
        my $tag = $other->get('settings')->header('ETag');
        my $number = $other->json->{status} =~ /^n(\d+)$/ ? $1 : 0;
        $won += $other->patch('settings', { status => 'n' . ($number + 1) }, 'If-Match' => $tag)->code == 200;
    }
    $site->server->write_file("won.$$", $won);
    require POSIX;
    POSIX::_exit(0);
} $pid } 1 .. 3;
waitpid $_, 0 for @both;
my $won = 0;
$won += AFP::Process::slurp($site->server->dir . "/won.$_") for @both;
is settings()->{status}, "n$won", "of three who count at the same time nobody's change is lost ($won)";

# ---- pause and resume ----

checks_done($site, $acme);
is $api->post('pause')->code, 200, 'it is paused';
is $api->json->{state}, 'paused', 'and says so';
is $api->post('pause', {})->code, 200, 'also to who asks twice';
is $api->post('pause', { why => 'x' })->code, 422, 'there is nothing to say about it';
is $api->post('test')->code, 409, 'what is paused is not tested';
is $api->post('resume', undef, 'If-Match' => '"1"')->code, 412, 'a tag is heeded here as well';
is $api->post('resume', undef, 'If-Match' => tag())->code, 200, 'it is resumed';
is settings()->{state}, 'connected', 'and connected';

# ---- the trail ----

like $site->page('acme')->open($page->url . '?view=changes')->text, qr/API token [0-9a-f]{8} Resumed .*API token [0-9a-f]{8} Paused/, 'the page tells who did it';
is scalar(grep { grep { defined && /second-signing|third-signing|$secrets/ } @$_ } @{ $site->dbh->selectall_arrayref('SELECT * FROM afp_audit') }), 0, 'no secret is in the trail';
unlike $site->server->error_log, qr/second-signing|third-signing|$secrets/, 'nor in the log';

# ---- from the beginning ----

$page = $site->page('beta')->open->press('Generate a token');
my %beta = (api_token => $page->html =~ /\b(afp_[0-9a-f]{64})\b/);
$site->sandbox->company(key => 'key-of-beta');
$site->sandbox->account(token => 'token-of-beta', limit => 100, models => ['Developer']);
$api = $site->api(\%beta);
is settings()->{state}, 'created', 'a company without settings';
is change(patch => { subdomain => 'beta' }), '422 #/api_key #/assessfirst_token #/signing_secret', 'needs all of them';
is $api->post('pause')->code, 409, 'cannot be paused';
is change(put => { subdomain => 'beta', locale => 'fr-FR', api_key => 'key-of-beta', signing_secret => 'secret-of-beta', assessfirst_token => 'token-of-beta' }),
    'changed', 'is connected by a program';
is settings()->{state}, 'connected', 'as it says';
ok wait_until(sub { $api->get('test'); !$api->json->{pending} && $api->json->{pinpoint}{at} }, 20), 'its connection is tested';
is_deeply [map { $api->json->{$_}{result} } qw(pinpoint assessfirst)], [qw(works works)], 'and works';
$page->open->press('Disconnect')->press('Disconnect');
is settings()->{state}, 'disconnected', 'a disconnected company';
is_deeply [grep { defined } @{ settings()->{secrets} }{qw(api_key signing_secret assessfirst_token)}], [], 'has no secrets';
is change(patch => { status => 'x' }), '409', 'and is not changed by a program';
is $api->post('resume')->code, 409, 'nor resumed';

done_testing;
