package AFP::Site;

# A whole site for one test file: a private httpd with the module enabled, a database of the kind
# under test, the sandbox, and companies that are connected.
#
#     my $site = AFP::Site->new(config => 'PinpointRetry first=1 cap=1');
#     $site->start;
#     my $acme = $site->connect('acme');                      # or connect('acme', status => 'Phone Screen')
#     my $application = $site->application($acme);             # a job with a model, and a candidate
#     my ($attempt) = $site->webhook($acme, application_id => $application->{id});
#     my $end = $site->finished($application->{id});           # waits for the follow-up's end

use strict;
use warnings;

use Carp qw(croak);
use Digest::SHA qw(hmac_sha256 hmac_sha256_base64 hmac_sha256_hex sha1_base64);
use MIME::Base64 qw(encode_base64);
use Time::HiRes ();

use AFP::API ();
use AFP::Databases ();
use AFP::Page ();
use AFP::Process qw(wait_until);
use AFP::Sandbox ();
use AFP::Server ();

our $webhook_path = '/integrations/webhook/pinpoint';
our $page_path = '/marketplace/pinpoint';
our $results_path = '/integrations/results/assessfirst';
our $api_path = '/integrations/api/pinpoint';

# %option: config (further directives of the main server), outside (text behind them, for example
# other virtual hosts), mpm, kind (of database), databases (an AFP::Databases), tls (0: the sandbox's
# plain listener), sandbox (an AFP::Sandbox), site (PinpointSite), ports, log_level, environment.
# Of the secrets at rest, and of forms.
our $key = '0123456789abcdef' x 2;

sub new
{
    my ($class, %option) = @_;
    my $sandbox = $option{sandbox} // AFP::Sandbox->start;
    my $databases = $option{databases}
        // AFP::Databases->new($option{kind} ? (kind => $option{kind}) : ());
    my $self = bless {
        sandbox => $sandbox,
        name => $option{site} // 'site.example',
        keys => $option{keys} // 'first:' . encode_base64($key, ''),
        database => $databases->create,
        databases => $databases,
        option => \%option,
        users => {},
    }, $class;
    $self->{server} = AFP::Server->new(
        database => $self->{database},
        map { $_ => $option{$_} } grep { exists $option{$_} } qw(mpm ports log_level environment),
    );
    $self->{server}->write_file('secret.keys', "$self->{keys}\n", 0600);
    $self->configure($option{config});
    return $self;
}

# The main server's configuration; `more` goes behind the defaults, so that a directive in it wins.
sub configure
{
    my ($self, $more) = @_;
    my $base = ($self->{option}{tls} // 1) ? $self->{sandbox}->https : $self->{sandbox}->http;
    my ($pinpoint, $assessfirst) =
        ($self->{sandbox}->pinpoint_api($base), $self->{sandbox}->assessfirst_api($base));
    my $ca = $self->{server}->write_file('ca.pem', AFP::Process::slurp($self->{sandbox}->ca));
    my $outside = $self->{option}{outside} // '';
    $more //= '';
    $self->{server}->configure(<<"CONF");
PinpointEngine on
PinpointSite $self->{name}
PinpointWebhookURL https://$self->{name}$webhook_path
PinpointPageOrigin http://127.0.0.1:\@PORT\@
PinpointSecretKeys \@DIR\@/secret.keys
PinpointAPI $pinpoint
AssessFirstAPI $assessfirst
PinpointCACertificateFile $ca
AssessFirstCACertificateFile $ca
PinpointCompany %{REMOTE_USER}
AssessFirstResultsURL https://$self->{name}$results_path
<Location $results_path>
    SetHandler assessfirst-pinpoint-results
</Location>
PinpointAutomationURL https://$self->{name}$api_path
<Location $api_path>
    SetHandler assessfirst-pinpoint-api
</Location>
<Location $webhook_path>
    SetHandler assessfirst-pinpoint-webhook
</Location>
<Location $page_path>
    SetHandler assessfirst-pinpoint-marketplace
    AuthType Basic
    AuthName company
    AuthUserFile "\@DIR\@/users"
    Require valid-user
</Location>
$more
$outside
CONF
    return $self;
}

sub sandbox { $_[0]{sandbox} }
sub server { $_[0]{server} }
sub database { $_[0]{database} }
sub databases { $_[0]{databases} }
sub dbh { $_[0]{dbh} //= $_[0]{database}->dbh }

# A fresh connection, after the database or its server was restarted.
sub reconnect { my ($self) = @_; delete $self->{dbh}; return $self->dbh }

sub start { my ($self) = @_; $self->{server}->start; return $self }

# ---- companies ---------------------------------------------------------------------------------

# Connects a company: a Pinpoint account and an AssessFirst account in the sandbox, and a tenant
# with these settings. Returns {company, uuid, path, url, results, secret, key, token, status, api_token}:
# `results` is the path of its results address, `api_token` opens the JSON API.
sub connect
{
    my ($self, $company, %option) = @_;
    my $tenant = {
        company => $company,
        key => $option{key} // "pinpoint-key-of-$company",
        token => $option{token} // "assessfirst-token-of-$company",
        secret => $option{secret} // "signing-secret-of-$company",
        subdomain => $option{subdomain} // $company,
        status => $option{status} // '',
    };
    unless ($option{no_sandbox}) {
        $self->{sandbox}->company(key => $tenant->{key});
        $self->{sandbox}->account(token => $tenant->{token}, limit => $option{limit} // 100,
            models => $option{models} // ['Sales Executive', 'Developer']);
    }
    $self->save_settings($tenant);
    $tenant->{path} = "$webhook_path?company_uuid=$tenant->{uuid}";
    $tenant->{url} = $self->{server}->url($tenant->{path});
    return $tenant;
}

# Enters what is in $tenant on the marketplace page, as an administrator does.
sub save_settings
{
    my ($self, $tenant) = @_;
    my $page = $self->page($tenant->{company})->open;
    if ($page->has_button('Generate a token')) {
        $page->press('Generate a token');
        ($tenant->{api_token}) = $page->html =~ /\b(afp_[0-9a-f]{64})\b/;
    }
    $page->fill(
        'Tenant ID and subdomain' => $tenant->{subdomain},
        'API key' => $tenant->{key},
        'Webhook secret signature' => $tenant->{secret},
        'Status' => $tenant->{status},
        $page->field('AssessFirst API token') ? ('AssessFirst API token' => $tenant->{token}) : (),
    )->press('Save');
    ($tenant->{uuid}) = $page->html =~ /company_uuid=([0-9a-f]{32})/
        or croak "the settings were not taken: " . $page->text;
    ($tenant->{results}) = $page->html =~ m{(\Q$results_path\E/[0-9a-f]{32}/[0-9a-f]{64})};
    return $page;
}

# Presses a button that starts checks, and of which the page tells what they found; on a page, or on one in a
# browser. The page waits for the checks, but not for long, and a busy machine may need longer: then it is
# pressed once more when they have ended. Returns the page.
sub press_checked
{
    my ($self, $page, $button) = @_;
    for (1 .. 10) {
        $page->press($button);
        last unless $page->is_still_checking;
        wait_until(sub { !$self->rows('afp_follow_up',
            q{kind LIKE 'check-%' AND (state = 'leased' OR (state = 'ready' AND due_at <= ?))}, int(Time::HiRes::time() * 1_000_000)) }, 30);
    }
    return $page;
}

# The marketplace page in the eyes of a company's administrator (not opened yet).
sub page
{
    my ($self, $company) = @_;
    $self->{users}{$company} //= do {
        open my $users, '>>', $self->{server}->dir . '/users' or croak "users: $!";
        print {$users} "$company:{SHA}", sha1_base64("password of $company"), "=\n";
        close $users;
    };
    return AFP::Page->new($self->{server}->url($page_path),
        user => $company, password => "password of $company");
}

# The JSON API in the hands of a company's program, or (without one) of somebody who has no token.
sub api
{
    my ($self, $tenant) = @_;
    return AFP::API->new($self->{server}->url($api_path), token => $tenant && $tenant->{api_token});
}

# ---- Pinpoint's side ---------------------------------------------------------------------------

# A job with this option selected as model, and an application for it; %option goes to the
# application. `model => undef`: nothing is selected.
sub application
{
    my ($self, $tenant, %option) = @_;
    my $model = exists $option{model} ? delete $option{model} : 'Sales Executive';
    my $job = delete $option{job_id};
    $job //= $self->{sandbox}->job(key => $tenant->{key}, model => $model,
        %{ delete $option{job} // {} })->{id};
    return $self->{sandbox}->application(key => $tenant->{key}, job_id => $job,
        email => 'ada.example@example.test', first_name => 'Ada', last_name => 'Example', %option);
}

# Has the sandbox send a signed webhook; returns the attempts.
sub webhook
{
    my ($self, $tenant, %option) = @_;
    return $self->{sandbox}->webhook(url => $tenant->{url}, secret => $tenant->{secret},
        event => $tenant->{status} eq '' ? 'application_created' : 'application_stage_changed',
        %option);
}

# The header value for a body.
# A form token as the module makes it.
sub form_token
{
    my ($user, $company, $time, $with) = @_;
    my $derived = hmac_sha256("form token\x01", hmac_sha256($with // $key, "\0" x 32));
    my $seconds = sprintf '%x', $time;
    return "$seconds." . hmac_sha256_hex(
        sprintf('%d:%s%d:%s%s', length $user, $user, length $company, $company, $seconds), $derived);
}

sub signature
{
    my ($tenant, $body) = @_;
    my $value = hmac_sha256_base64($body, ref $tenant ? $tenant->{secret} : $tenant);
    return $value . '=' x (-length($value) % 4);
}

# A body of the event that triggers this tenant.
sub body
{
    my ($tenant, $application, %option) = @_;
    my $event = $option{event}
        // ($tenant->{status} eq '' ? 'application_created' : 'application_stage_changed');
    my $job = $option{job_id} // 1000044;
    my $at = $option{triggered_at} // time;
    return qq({"event":"$event","triggeredAt":$at,"data":{"application":{"id":$application},"job":{"id":$job}}});
}

# Posts a signed body to the tenant's webhook URL: an HTTP::Response. Further headers replace ours.
sub deliver
{
    my ($self, $tenant, $body, %header) = @_;
    return $self->{server}->post($tenant->{path}, $body, 'Content-Type' => 'application/json',
        'PINPOINT-HMAC-SHA256' => signature($tenant, $body), %header);
}

# ---- what became of it -------------------------------------------------------------------------

# Waits until a follow-up of the application is finished: its row of afp_finished (the latest one).
# Dies with what is open when it does not come in time.
sub finished
{
    my ($self, $application_id, %option) = @_;
    my $count = $option{count} // 1;
    my $rows;
    wait_until(sub {
        $rows = $self->dbh->selectall_arrayref(
            'SELECT * FROM afp_finished WHERE application_id = ? ORDER BY finished_at DESC',
            { Slice => {} }, $application_id);
        return @$rows >= $count;
    }, $option{seconds} // 20)
        or croak "no follow-up of application $application_id finished: "
            . join ', ', map { "$_->{state} ($_->{reason})" } $self->open_follow_ups($application_id);
    return $rows->[0];
}

sub open_follow_ups
{
    my ($self, $application_id) = @_;
    return @{ $self->dbh->selectall_arrayref(
        'SELECT * FROM afp_follow_up WHERE application_id = ?', { Slice => {} }, $application_id) };
}

# The latest invitation row of an application.
sub invitation
{
    my ($self, $application_id) = @_;
    return $self->dbh->selectrow_hashref(
        'SELECT * FROM afp_invitation WHERE application_id = ? ORDER BY occurrence DESC',
        undef, $application_id);
}

# What AssessFirst received from a company.
sub invitations
{
    my ($self, $tenant) = @_;
    return $self->{sandbox}->invitations(token => $tenant->{token});
}

# The number of rows of a table.
sub rows
{
    my ($self, $table, $where, @values) = @_;
    my $sql = "SELECT count(*) FROM $table" . ($where ? " WHERE $where" : '');
    return ($self->dbh->selectrow_array($sql, undef, @values))[0];
}

1;
