# The AssessFirst stand-in keeps to the contract (sections 2 to 8; checklist in section 14).

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::RealBin/../../lib";

use AFP::Sandbox;
use JSON::PP;
use Test::More;

my $sandbox = AFP::Sandbox->start;
my $client  = AFP::Sandbox::Client->new;
my $json    = JSON::PP->new->utf8;

sub api {
    my ($method, $path, $content, %headers) = @_;
    my %request = (headers => { 'AF-Token' => 't1', %headers });
    delete $request{headers}{$_} for grep { !defined $headers{$_} } keys %headers;
    if (defined $content) {
        $request{headers}{'Content-Type'} //= 'application/json';
        $request{content} = ref $content ? $json->encode($content) : $content;
    }
    my $answer = $client->request($method, $sandbox->assessfirst_api . "/$path", \%request);
    $answer->{json} = eval { $json->decode($answer->{content}) };
    return $answer;
}

sub invite { return api(POST => 'candidate/send-invitation?locale=fr-FR', @_) }

my $account = $sandbox->account(token => 't1', models => ['Sales', 'Vente à Genève',
    { name => 'Voice only', assessments => { voice => 1 } }]);
my $sales = $account->{models}[0]{uuid};

subtest 'a token opens its own account only' => sub {
    is api(GET => 'predictive-models', undef, 'AF-Token' => undef)->{status}, 401, 'no token';
    is api(GET => 'predictive-models', undef, 'AF-Token' => 'x')->{status},   401, 'unknown token';
    is api(GET => 'nowhere')->{status}, 404, 'an unknown path';
};

subtest 'models are listed' => sub {
    my $models = api(GET => 'predictive-models')->{json}{data};
    is_deeply [map { $_->{name} } @$models], ['Sales', 'Vente à Genève', 'Voice only'], 'names';
    like $models->[0]{uuid}, qr/\A[0-9a-f]{32}\z/, 'uuid';
    is_deeply $models->[2]{assessments}, { swipe => JSON::PP::false, drive => JSON::PP::false,
        brain => JSON::PP::false, voice => JSON::PP::true }, 'questionnaires';
    $sandbox->account(token => 't1', shapes => { models => 'array' });
    is ref api(GET => 'predictive-models')->{json}, 'ARRAY', 'as a bare array';
    $sandbox->account(token => 'many', models => [map {"Model $_"} 1 .. 50],
        shapes => { models => 'paged', last_page => 'string' });
    my $page = api(GET => 'predictive-models?page=3', undef, 'AF-Token' => 'many');
    is @{ $page->{json}{data} }, 10, 'the last page';
    like $page->{content}, qr/"last_page":"3"/, 'a number as text';
    $sandbox->account(token => 'none', models => []);
    is_deeply api(GET => 'predictive-models', undef, 'AF-Token' => 'none')->{json}, { data => [] },
        'none at all';
    my $twins = $sandbox->account(token => 'twins', models => ['Sales', 'Sales'])->{models};
    isnt $twins->[0]{uuid}, $twins->[1]{uuid}, 'equal names have uuids of their own';
};

subtest 'an invitation is recorded, whatever its encoding' => sub {
    my $answer = invite({ email => 'ada@example.test', predictive_model_uuid => $sales });
    is $answer->{status}, 200, 'JSON';
    like $answer->{json}{uuid}, qr/\A[0-9a-f]{32}\z/, 'candidate';
    is invite('email=b%40example.test', 'Content-Type' => 'application/x-www-form-urlencoded')
        ->{status}, 200, 'urlencoded';
    my $multipart = qq{--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n}
        . "c\@example.test\r\n--x--\r\n";
    is invite($multipart, 'Content-Type' => 'multipart/form-data; boundary=x')->{status}, 200,
        'multipart';
    my @invitations = $sandbox->invitations(token => 't1');
    is_deeply [map { $_->{email} } @invitations],
        ['ada@example.test', 'b@example.test', 'c@example.test'], 'addresses';
    is $invitations[0]{model},  $sales,  'model';
    is $invitations[0]{locale}, 'fr-FR', 'locale';
    is_deeply $invitations[0]{keys}, ['email', 'predictive_model_uuid'], 'keys';
    is $invitations[1]{model}, undef, 'without a model';
    is_deeply [$sandbox->invitations(token => 'none')], [], 'another account has none';
};

subtest 'a bad invitation is refused and leaves no trace' => sub {
    my $before = $sandbox->invitations(token => 't1');
    is invite({ email => 'nonsense' })->{status}, 422, 'address';
    is invite({ email => 'd@example.test', predictive_model_uuid => 'x' })->{status}, 422, 'model';
    is invite({ email => 'd@example.test', predictive_model_uuid => undef })->{status}, 422,
        'a null model';
    is invite('{')->{status}, 400, 'broken JSON';
    is scalar $sandbox->invitations(token => 't1'), $before, 'nothing recorded';
};

subtest 'the answer takes the shapes that a client must tolerate' => sub {
    my %seen;
    for my $shape (qw(wrapped candidate no_id empty error)) {
        $sandbox->account(token => 't1', shapes => { invitation => $shape });
        $seen{$shape} = invite({ email => "$shape\@example.test" });
    }
    ok $seen{wrapped}{json}{data}{uuid},        'wrapped';
    ok $seen{candidate}{json}{candidate}{uuid}, 'below candidate';
    is_deeply $seen{no_id}{json}, { notification => 'sent' }, 'without an id';
    is $seen{empty}{status},      204,                        'empty';
    ok !(grep { $_->{email} eq 'error@example.test' } $sandbox->invitations(token => 't1')),
        'an error sends nothing';
    $sandbox->account(token => 't1', shapes => { invitation => 'flat', duplicate => 'conflict' });
    is invite({ email => 'ada@example.test' })->{status}, 409, 'already invited';
    $sandbox->account(token => 't1', shapes => { duplicate => 'accept' });
    $sandbox->account(token => 'v2', shapes => { prefix => 'v2' });
    is api(GET => 'predictive-models', undef, 'AF-Token' => 'v2')->{status}, 404, 'no prefix';
    is api(GET => 'v2/predictive-models', undef, 'AF-Token' => 'v2')->{status}, 200, 'prefix';
};

subtest 'a candidate shows what was finished and shared' => sub {
    my ($found) = @{ api(GET => 'candidates?email=ADA@example.test')->{json}{data} };
    is $found->{predictive_model}{name}, 'Sales', 'model';
    like $found->{invited_at}, qr/\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\z/, 'date of the invitation';
    is_deeply api(GET => 'candidates?email=nobody@example.test')->{json}, { data => [] }, 'unknown';

    my $path = "candidate/$found->{uuid}";
    $sandbox->candidate(token => 't1', email => 'ada@example.test', finished => ['swipe'],
        adequacy => { swipe => 71 });
    my $shown = api(GET => $path)->{json}{data};
    is $shown->{status}, 'in_progress', 'in progress';
    is_deeply [map { "$_->{name} $_->{status}" } @{ $shown->{assessments} }], ['swipe finish'],
        'questionnaires';
    is $shown->{adequacy}{swipe},  71,    'score';
    is $shown->{adequacy}{global}, undef, 'no global score yet';
    is api(GET => "$path?predictive_model_uuid=other")->{json}{data}{adequacy}{swipe}, undef,
        'no score for another model';

    $sandbox->candidate(token => 't1', email => 'ada@example.test', finished => ['drive', 'brain'],
        adequacy => { drive => 64, brain => 88, global => 74 });
    is api(GET => $path)->{json}{data}{status}, 'completed', 'completed';
    $sandbox->account(token => 't1', shapes => { numbers => 'string' });
    is api(GET => $path)->{content} =~ /"global":"74"/, 1, 'numbers as text';

    my $user = api(GET => "user/$found->{uuid}?locale=fr_FR")->{json};
    is $user->{assessments}[0]{name}, 'SHAPE', 'first version: name';
    is $user->{reports}[0]{assessment}, 'Personnalité', 'first version: label';
    my $adequacies = api(GET => "adequacies/$user->{token}?targets=$sales,other")->{json};
    is $adequacies->{$sales}{SHAPE}{adequacy}, '71', 'first version: score';
    is $adequacies->{$sales}{global}{adequacy}, '74', 'first version: global';
    is_deeply [keys %$adequacies], [$sales], 'first version: only this model';

    $sandbox->candidate(token => 't1', email => 'ada@example.test', status => 'declined');
    $shown = api(GET => $path)->{json}{data};
    is $shown->{adequacy}{global}, undef, 'a refusal hides everything';
    is_deeply $shown->{assessments}, [], 'also the questionnaires';
    $sandbox->candidate(token => 't1', email => 'ada@example.test', status => 'completed',
        hide => ['reports'], extra => { mood => 'good' }, url => 'https://elsewhere.example.test/');
    $shown = api(GET => $path)->{json}{data};
    ok !exists $shown->{reports}, 'a member left out';
    is $shown->{mood}, 'good', 'a member added';
    $sandbox->remove(candidate => token => 't1', email => 'ada@example.test');
    is api(GET => $path)->{status}, 404, 'deleted';
};

subtest 'a candidate plays through the questionnaires' => sub {
    $sandbox->account(token => 't1', shapes => { numbers => 'number' });
    my $uuid   = invite({ email => 'eve@example.test', predictive_model_uuid => $sales })
        ->{json}{uuid};
    my $shown  = sub { api(GET => "candidate/$uuid")->{json}{data} };
    my $scores = sub { +{ map { $_ => $shown->()->{adequacy}{$_} } @_ } };
    my $play   = sub { $sandbox->progress(token => 't1', email => 'eve@example.test', @_) };

    $play->(finish => ['drive']);
    is $shown->()->{status}, 'in_progress', 'begun';
    is_deeply $scores->(qw(swipe drive global)), { swipe => undef, drive => 76, global => undef },
        'only what was finished has a score';
    $play->();
    is_deeply $scores->(qw(swipe drive)), { swipe => 59, drive => 76 }, 'the next one';
    $play->(finish => 'all');
    is $shown->()->{status}, 'completed', 'completed';
    is_deeply $scores->(qw(swipe drive brain voice global)),
        { swipe => 59, drive => 76, brain => 86, voice => undef, global => 73 }, 'all scores';

    invite({ email => 'eve@example.test', predictive_model_uuid => $sales });
    is $shown->()->{status}, 'pending', 'invited again';
    is $shown->()->{adequacy}{global}, undef, 'nothing is shared';
    $play->(finish => 'all');
    is $shown->()->{adequacy}{global}, 73, 'everything at once';

    invite({ email => 'eve@example.test' });
    $play->(finish => 'all');
    is $shown->()->{status}, 'completed', 'completed without a model';
    is $shown->()->{adequacy}{global}, undef, 'and without a score';

    invite({ email => 'eve@example.test', predictive_model_uuid => $sales });
    $play->(decline => 1);
    is $shown->()->{status}, 'declined', 'declined';
    ok !eval { $play->(finish => 'all') }, 'who declined goes no further';
    like $@, qr/the invitation is declined/, 'and it is said';
    ok !eval { $sandbox->progress(token => 't1', email => 'nobody@example.test') }, 'unknown';
    invite({ email => 'eve@example.test', predictive_model_uuid => $sales });
    $play->(expire => 1);
    is $shown->()->{status}, 'expired', 'expired';
    is_deeply $shown->()->{assessments}, [], 'nothing is shared by who never accepted';
    ok !eval { $play->(finish => 'all') }, 'it is too late';
    my $late = invite({ email => 'late@example.test', predictive_model_uuid => $sales })->{json}{uuid};
    $sandbox->progress(token => 't1', uuid => $late, @$_) for [finish => 'next'], [expire => 1];
    is api(GET => "candidate/$late")->{json}{data}{adequacy}{swipe}, 59, 'what was shared stays so';

    $sandbox->candidate(token => 't1', email => 'eve@example.test', status => 'pending');
    ok !eval { $play->(finish => ['shape']) }, 'no such questionnaire';
    $sandbox->account(token => 't1', shapes => { numbers => 'string' });
};

subtest 'an account may know the first version only' => sub {
    my $uuid = invite({ email => 'old@example.test', predictive_model_uuid => $sales })->{json}{uuid};
    $sandbox->progress(token => 't1', uuid => $uuid, finish => 'all');
    $sandbox->account(token => 't1', shapes => { results => 'v1' });
    is api(GET => "candidate/$uuid")->{status}, 404, 'the second version';
    my $user = api(GET => "user/$uuid")->{json};
    is_deeply [map { "$_->{name} $_->{status}" } @{ $user->{assessments} }],
        ['SHAPE finish', 'DRIVE finish', 'BRAIN finish'], 'the first version';
    is api(GET => "adequacies/$user->{token}?targets=$sales")->{json}{$sales}{SHAPE}{adequacy}, '59',
        'its scores';
    $sandbox->account(token => 't1', shapes => { results => 'v2' });
    is api(GET => "candidate/$uuid")->{status}, 200, 'the second version again';
};

subtest 'users are listed in pages of fifty' => sub {
    $sandbox->account(token => 'list', limit => 0);
    $sandbox->candidate(token => 'list', email => "user$_\@example.test") for 1 .. 51;
    my $page = api(GET => 'users?page=2', undef, 'AF-Token' => 'list')->{json};
    is $page->{data}[0]{email}, 'user51@example.test', 'the second page';
    is $page->{meta}{last_page}, 2, 'last page';
    is @{ api(GET => 'users?email=user7@example.test', undef, 'AF-Token' => 'list')->{json}{data} },
        1, 'by address';
};

subtest 'too many calls are told to wait' => sub {
    $sandbox->account(token => 'busy');
    my %seen;
    $seen{ api(GET => 'locales', undef, 'AF-Token' => 'busy')->{status} }++ for 1 .. 101;
    is_deeply \%seen, { 200 => 100, 429 => 1 }, 'the 101st';
    my $refused = api(GET => 'locales', undef, 'AF-Token' => 'busy');
    like $refused->{headers}{'retry-after'}, qr/\A[1-9][0-9]?\z/, 'Retry-After';
    is api(GET => 'locales')->{status}, 200, 'other accounts are not concerned';
    $sandbox->account(token => 'busy', limit => 0);
    is api(GET => 'locales', undef, 'AF-Token' => 'busy')->{status}, 200, 'no limit';
    $sandbox->account(token => 'short', limit => 2, window => 0.2);
    api(GET => 'locales', undef, 'AF-Token' => 'short') for 1 .. 2;
    ok $sandbox->wait_for(sub {
        api(GET => 'locales', undef, 'AF-Token' => 'short')->{status} == 200;
    }, 5), 'the window slides';
};

done_testing;
