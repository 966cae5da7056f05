# The page for people: its buttons do what they say, and it shows what happened.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::RealBin/../../lib";

use AFP::Sandbox;
use Encode qw(decode);
use Test::More;

my $sandbox = AFP::Sandbox->start;
my $client  = AFP::Sandbox::Client->new(max_redirect => 5);

sub page { return $client->get($sandbox->http . '/') }

sub press {
    my ($button, %fields) = @_;
    my $answer = $client->post_form($sandbox->http . "/page/$button", \%fields);
    return $answer->{status} == 302
        ? $client->get($sandbox->http . '/') : $answer;
}

$sandbox->company(key => 'k1', subdomain => 'acme');
$sandbox->account(token => 't1');
$sandbox->page_config(key => 'k1', token => 't1', secret => 'a <secret>',
    webhook_url => $sandbox->assessfirst_api . '/hook?company_uuid=1');
my $job = $sandbox->job(key => 'k1', title => 'Sales <b>&</b> more', model => 'Sales Executive');

subtest 'everything shown is escaped' => sub {
    my $answer = page();
    is $answer->{status}, 200, 'status';
    like $answer->{headers}{'content-type'}, qr{\Atext/html;\s*charset=utf-8\z}i, 'type';
    like $answer->{headers}{'content-security-policy'}, qr/default-src 'none'/, 'policy';
    like $answer->{content}, qr{Sales &lt;b&gt;&amp;&lt;/b&gt; more}, 'job';
    like $answer->{content}, qr/a &lt;secret&gt;/, 'secret';
    unlike $answer->{content}, qr/<script/, 'no script';
};

subtest 'a candidate applies' => sub {
    $sandbox->fault(path => '/hook', status => 202, body => { answer => '<i>' });
    my $shown = press(apply => first_name => 'Ada', last_name => '<Example>',
        email => 'ada@example.test', job_id => $job->{id});
    my ($application) = @{ $sandbox->look(application => key => 'k1') };
    is $application->{email}, 'ada@example.test', 'there is an application';
    like $shown->{content}, qr/Ada &lt;Example&gt;/, 'shown';
    like $shown->{content}, qr/<span class="good">202/, 'with the answer to its webhook';
    like $shown->{content}, qr/&lt;i&gt;/, 'escaped';
    like +($sandbox->calls)[-1]{body}, qr/"event":"application_created".*"id":$application->{id}\b/,
        'which named it';
};

subtest 'an application is moved' => sub {
    my ($application) = @{ $sandbox->look(application => key => 'k1') };
    my ($stage) = grep { $_->{name} eq 'Assessment' } @{ $sandbox->look(stage => key => 'k1') };
    my $shown = press(move => application_id => $application->{id}, stage_id => $stage->{id});
    is $sandbox->look(application => key => 'k1', id => $application->{id})->{stage_name},
        'Assessment', 'stage';
    like $shown->{content}, qr/application_stage_changed/, 'webhook';
    like $shown->{content}, qr/<span class="bad">401/, 'a failure shows';
};

subtest 'the other buttons' => sub {
    like press('test-event')->{content}, qr/<td>1<\/td>/, 'test event';
    press(model => job_id => $job->{id}, model => '');
    is_deeply $sandbox->look(job => key => 'k1', id => $job->{id})->{attributes}, {}, 'no model';
    $sandbox->custom_field(key => 'k1', name => 'Colour', resource_type => 'job', options => ['Red']);
    my $other = $sandbox->job(key => 'k1', title => 'Another');
    press(model => job_id => $other->{id}, model => 'Sales Executive');
    is_deeply $sandbox->look(job => key => 'k1', id => $other->{id})->{attributes},
        { 'AssessFirst predictive model' => 'Sales Executive' }, 'the model among other fields';
    press('webhook-url' => webhook_url => ' ');
    like press('test-event')->{content}, qr/No webhook URL is set/, 'no address';
    is press(move => application_id => 1, stage_id => 1)->{status}, 404, 'what is gone is gone';
};

subtest 'invitations are shown with the name of their model' => sub {
    my $account = $sandbox->account(token => 't1');
    $client->post_form($sandbox->assessfirst_api . '/candidate/send-invitation?locale=fr-FR',
        { email => 'x@example.test', predictive_model_uuid => $account->{models}[0]{uuid} },
        { headers => { 'AF-Token' => 't1' } });
    like page()->{content}, qr{x\@example\.test</td>\s*<td>Sales Executive</td><td>fr-FR}, 'row';
};

subtest 'a candidate is played' => sub {
    my ($candidate) = $sandbox->candidates(token => 't1');
    my @uuid = (uuid => $candidate->{uuid});
    like page()->{content}, qr/>Finish SWIPE</, 'a button for the next questionnaire';
    my $shown = press(progress => @uuid, finish => 'next');
    like $shown->{content}, qr/SWIPE: 59.*in_progress|in_progress.*SWIPE: 59/s, 'its score';
    like $shown->{content}, qr/>Finish DRIVE</, 'the next one';
    $shown = press(progress => @uuid, finish => 'all');
    like $shown->{content}, qr/global: 73/, 'all of them';
    unlike $shown->{content}, qr/>Decline</, 'then there is nothing left to do';
    $sandbox->candidate(token => 't1', @uuid, status => 'pending');
    like page()->{content}, qr/>Share the earlier results</, 'who was tested before shares';
    $shown = press(progress => @uuid, decline => 1);
    like $shown->{content}, qr/>declined</, 'or declines';
    is press(progress => uuid => 'x')->{status}, 404, 'an unknown candidate';
    $sandbox->candidate(token => 't1', @uuid, status => 'pending');
    like press(progress => @uuid, expire => 1)->{content}, qr/>expired</, 'or is too late';
};

subtest 'each step of a candidate is posted to the callback URL' => sub {
    my ($candidate) = $sandbox->candidates(token => 't1');
    my @uuid = (uuid => $candidate->{uuid});
    $sandbox->candidate(token => 't1', @uuid, status => 'pending');
    $sandbox->fault(path => '/results', status => 204);
    press('callback-url' => callback_url => $sandbox->assessfirst_api . '/results');
    my $shown = press(progress => @uuid, finish => 'next');
    like $shown->{content},
        qr{callback</td>\s*<td>x\@example\.test</td>\s*<td><span class="good">204}, 'shown';
    is +($sandbox->calls)[-1]{body}, qq({"uuid":"$candidate->{uuid}"}), 'posted';
};

subtest 'what stands on a profile is shown' => sub {
    my ($application) = @{ $sandbox->look(application => key => 'k1') };
    $sandbox->custom_field(key => 'k1', name => 'AssessFirst score', field_type => 'integer');
    $sandbox->custom_attribute(key => 'k1', application_id => $application->{id},
        field => 'AssessFirst score', value => 73);
    $sandbox->pinpoint_call(POST => 'comments', { data => { type => 'comments',
        attributes => { body_text => "Completed <now>\nScore: 73" }, relationships => { commentable =>
            { data => { type => 'applications', id => $application->{id} } } } } }, 'X-API-KEY' => 'k1');
    my $shown = decode('UTF-8', page()->{content});
    like $shown, qr/AssessFirst score: 73/, 'attributes';
    like $shown, qr/“Completed &lt;now&gt;\nScore: 73”/, 'comments';
    is_deeply [$sandbox->comments(key => 'k1', id => $application->{id})],
        ["Completed <now>\nScore: 73"], 'also to a program';
};

done_testing;
