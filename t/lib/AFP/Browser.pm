package AFP::Browser;

# The marketplace page in a real browser, as administrators visit it: in each language, with scripts and
# without. What is on the page is named in English, whatever the visit's language is.
#
#     for my $visit (AFP::Browser->visits($site)) {
#         $visit->open->press('Generate a token');
#         like $visit->text, $visit->pattern('State: %s', 'Not connected'), ...;
#         $visit->check('generated');
#     }
#
# The browser is driven by t/browser/driver.js. Pictures of what was checked are below
# build/screenshots.

use strict;
use warnings;

use Carp qw(croak);
use File::Path qw(make_path);
use IPC::Open2 qw(open2);
use JSON::PP ();
use Mojo::DOM ();
use Test::More ();

use AFP::Catalogue ();
use AFP::Process qw(top_dir scratch_dir);

my $json = JSON::PP->new->utf8;
my ($pid, $to, $from);
my $visits = 0;

our $pictures = top_dir() . '/build/screenshots';

# One visit for each language with scripts and without, each by a company of its own: named as the
# visit is, "en", "en-plain", "fr", "fr-plain".
sub visits
{
    my ($class, $site) = @_;
    return map {
        my ($language, $scripts) = @$_;
        $class->new($site, language => $language, scripts => $scripts)
    } ['en', 1], ['en', 0], ['fr', 1], ['fr', 0];
}

# %option: language (en), scripts (1), company (that of visits()), port (one of the server's).
sub new
{
    my ($class, $site, %option) = @_;
    my ($language, $scripts) = ($option{language} // 'en', $option{scripts} // 1);
    my $name = $language . ($scripts ? '' : '-plain');
    my $company = $option{company} // $name;
    my $origin = $site->server->url('', $option{port});
    $site->page($company); # who may sign in
    my $self = bless {
        visit => ++$visits,
        name => $name,
        company => $company,
        language => $language,
        scripts => $scripts,
        words => AFP::Catalogue->new($language),
        origin => $origin,
        url => "$origin$AFP::Site::page_path",
    }, $class;
    $self->ask('begin', origin => $origin, user => $company, password => "password of $company",
        language => $language, scripts => $scripts ? JSON::PP::true : JSON::PP::false);
    return $self;
}

sub name { $_[0]{name} }
sub company { $_[0]{company} }
sub language { $_[0]{language} }
sub has_scripts { $_[0]{scripts} }
sub words { my ($self, @text) = @_; return $self->{words}->of(@text) }

# ---- what a person does ------------------------------------------------------------------------

# The page, or one of its views: open('view=activity&state=failed'); or another path: open('/page').
sub open
{
    my ($self, $what) = @_;
    my $url = !length($what // '') ? $self->{url} : $what =~ m{^/} ? "$self->{origin}$what" : "$self->{url}?$what";
    $self->{status} = $self->ask('open', url => $url);
    return $self;
}

sub reload { my ($self) = @_; $self->{status} = $self->ask('reload'); return $self }

# Presses a button, or follows a link, that leads to a page. %option: within (a selector).
sub press { my ($self, $name, %option) = @_; return $self->lead('button', $name, %option) }
sub follow { my ($self, $name, %option) = @_; return $self->lead('link', $name, %option) }

sub lead
{
    my ($self, $role, $name, %option) = @_;
    $self->{status} = $self->ask('press', role => $role, name => $self->named($name), %option);
    return $self;
}

# A button that only does something on the page. %option: within (a selector), shows ([selector, text]: waits
# until that can be seen, which may be for a moment only).
sub click
{
    my ($self, $name, %option) = @_;
    my $shown = $self->shown(delete $option{shows});
    $self->ask('click', role => 'button', name => $self->named($name), shows => $shown, %option);
    return $self;
}

sub shown { my ($self, $what) = @_; return $what && { selector => $what->[0], text => $self->{words}->of($what->[1]) } }

# fill(label => value, ...): text, the words of an option, 1 or 0.
sub fill
{
    my ($self, @values) = @_;
    while (my ($label, $value) = splice @values, 0, 2) {
        $self->ask('fill', label => $self->named($label), value => "$value");
    }
    return $self;
}

# keys('Tab', ['some text'], 'Enter'); with leads => 1 in front the last one leads to a page, with shows as
# for click() what they do is waited for.
sub keys
{
    my ($self, @keys) = @_;
    my $leads = @keys && $keys[0] eq 'leads' ? (shift(@keys), shift @keys)[1] : 0;
    my $shown = $self->shown(@keys && $keys[0] eq 'shows' ? (shift(@keys), shift @keys)[1] : undef);
    $self->{status} = $self->ask('keys', leads => $leads, shows => $shown, keys => [map { ref ? { type => $_->[0] } : $_ } @keys]);
    return $self;
}

# Moves on by Tab until the link, button or field of this name has the focus.
sub tab_to
{
    my ($self, $name) = @_;
    my $wanted = join ' ', split ' ', $self->named($name);
    my @seen;
    for (1 .. 100) {
        $self->keys('Tab');
        my $focus = $self->focused // next;
        return $self if $focus->{name} eq $wanted;
        push @seen, $focus->{name};
    }
    croak "\"$wanted\" is not reached by Tab, but ", join ', ', map { "\"$_\"" } @seen;
}

# A name is a text of the catalogues, [text, values], or \'what stands there in every language'.
sub named
{
    my ($self, $name) = @_;
    return $$name if ref $name eq 'SCALAR';
    return ref $name ? $self->{words}->of(@$name) : $self->{words}->value($name);
}

# ---- what a person sees ------------------------------------------------------------------------

sub status { $_[0]{status} }
sub dom { my ($self) = @_; return Mojo::DOM->new($self->ask('content')) }
sub text { my ($self) = @_; return $self->ask('text') =~ s/[ \t\r\n]+/ /gr }
sub address { my ($self) = @_; return $self->ask('url') =~ s/^\Q$self->{url}\E//r }
sub value { my ($self, $label) = @_; return $self->ask('value', label => $self->named($label)) }
sub focused { my ($self) = @_; return $self->ask('focused') }
sub clipboard { my ($self) = @_; return $self->ask('clipboard') }
sub has { my ($self, $role, $name) = @_; return $self->ask('has', role => $role, name => $self->named($name)) }

# What a text looks like in this language, whatever stands in its places; and whether the page says so.
sub pattern { my ($self, @text) = @_; return $self->{words}->pattern(@text) }
sub says { my ($self, @text) = @_; return $self->text =~ $self->pattern(@text) }

# Whether the page says that what the checks found is not known yet.
sub is_still_checking { my ($self) = @_; return grep { $self->says($_) } 'AFP_WORDS_SAID_SAVED_CHECKING', 'AFP_WORDS_SAID_CHECKING' }

# Waits until what the selector finds says so, without touching the page.
sub await
{
    my ($self, $selector, @text) = @_;
    return $self->ask('await', selector => $selector, text => $self->{words}->of(@text));
}

# The way through the page by Tab: { stops, expected }.
sub stops { my ($self, $width) = @_; return $self->ask('stops', width => $width) }

# ---- what must hold on every page --------------------------------------------------------------

my %taken;

# One assertion: the page as it is now is valid and accessible, fits into narrow windows, asks nothing
# of other hosts, and its scripts and policy agree. Returns its size in bytes, with all that it loads.
sub check
{
    my ($self, $state) = @_;
    my $name = "$self->{name}-$state";
    croak "two states are called $name" if $taken{$name}++;
    my $answer = $self->inspect($name);
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    Test::More::is(join("\n", @{ $answer->{found} }), '', "$name: nothing speaks against the page");
    Test::More::note("$name: $answer->{bytes} bytes");
    return $answer->{bytes};
}

# What check() looks at: { found, bytes }. There are pictures of what scripts made; what does not depend on
# the language is looked at in one.
sub inspect
{
    my ($self, $name) = @_;
    make_path($pictures);
    return $self->ask('check', name => $name, pictures => $self->{scripts} ? $pictures : undef,
        thorough => $self->{scripts} && $self->{language} eq 'en' ? JSON::PP::true : JSON::PP::false);
}

# ---- the driver --------------------------------------------------------------------------------

sub ask
{
    my ($self, $command, %option) = @_;
    start() unless $pid;
    print {$to} $json->encode({ command => $command, visit => $self->{visit}, %option }), "\n";
    my $line = readline $from;
    croak 'the browser ended' unless defined $line;
    my $answer = $json->decode($line);
    croak "$self->{name}: $command: $answer->{error}" if defined $answer->{error};
    return $answer->{result};
}

sub start
{
    my $modules = top_dir() . '/build/browser/node_modules';
    -d $modules or croak "nothing in $modules: run scripts/packages test";
    local @ENV{qw(NODE_PATH TMPDIR)} = ($modules, scratch_dir('browser'));
    $pid = open2($from, $to, 'setpriv', '--pdeathsig', 'TERM', '--', 'node', top_dir() . '/t/browser/driver.js');
    return;
}

END {
    if ($pid) {
        local $?;
        close $to;
        waitpid $pid, 0;
    }
}

1;
