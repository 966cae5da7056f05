package AFP::Page;

# A browser without JavaScript for the marketplace page: it keeps cookies, follows the redirect
# after a post, fills fields by their label and presses buttons by their text. What is not on the view
# that is open, but on the settings, is looked for there.
#
#     my $page = AFP::Page->new($url, user => 'acme', password => 'secret');
#     $page->open->press('Generate a token');
#     $page->fill('API key' => '...')->press('Save');
#     is $page->code, 200;
#     like $page->text, qr/.../;

use strict;
use warnings;

use Carp qw(croak);
use HTTP::Cookies ();
use HTTP::Request::Common qw(GET POST);
use LWP::UserAgent ();
use Mojo::DOM ();
use URI ();

# %option: user and password (Basic authentication), headers (a hash, sent with every request).
sub new
{
    my ($class, $url, %option) = @_;
    my $agent = LWP::UserAgent->new(timeout => 60, max_redirect => 0, env_proxy => 0,
        cookie_jar => HTTP::Cookies->new);
    $agent->default_headers->authorization_basic($option{user}, $option{password} // '')
        if defined $option{user};
    $agent->default_header(%{ $option{headers} }) if $option{headers};
    return bless { url => $url, agent => $agent, filled => {} }, $class;
}

sub url { $_[0]{url} }
sub agent { $_[0]{agent} }
sub response { $_[0]{response} }
sub code { $_[0]{response}->code }
sub dom { $_[0]{dom} }
sub html { $_[0]{response}->decoded_content }

# What a person reads, blanks folded.
sub text { my ($self) = @_; return $self->{dom}->at('body')->all_text =~ s/\s+/ /gr }

sub settings { my ($self) = @_; return $self->open("$self->{url}?view=settings") }
sub open { my ($self, $url) = @_; return $self->take($self->{agent}->request(GET $url // $self->{url})) }

# The value of the field with this label; of what was filled in, or of what the page holds.
sub value
{
    my ($self, $label) = @_;
    my $field = $self->reach(sub { $self->field($label) }) // croak "no field \"$label\" in: " . $self->text;
    return $self->{filled}{ $field->attr('name') } // $field->val;
}

# fill(label => value, ...); a checkbox takes 1 or 0.
sub fill
{
    my ($self, %values) = @_;
    for my $label (sort keys %values) {
        my $field = $self->reach(sub { $self->field($label) }) // croak "no field \"$label\" in: " . $self->text;
        $self->{filled}{ $field->attr('name') } = $values{$label};
    }
    return $self;
}

# Sends the form of the (first, or the %option{nth}) button with this text, with what was filled in.
sub press
{
    my ($self, $text, %option) = @_;
    my $button = $self->reach(sub { ($self->buttons($text))[$option{nth} // 0] }) // croak "no button \"$text\" in: " . $self->text;
    my $form = $button->ancestors('form')->first;
    my @pairs = $self->pairs($form);
    push @pairs, $button->attr('name') => $button->attr('value') // '' if $button->attr('name');
    my $action = URI->new_abs($form->attr('action') // '', $self->{url});
    my $origin = URI->new($self->{url})->scheme . '://' . URI->new($self->{url})->host_port;
    $self->take($self->{agent}->request(POST $action, \@pairs,
        $option{headers} ? @{ $option{headers} } : (Origin => $origin)));
    $self->{posted} = $self->{response};
    if ($self->code == 303) {
        $self->open(URI->new_abs($self->{response}->header('Location'), $self->{url}));
    }
    return $self;
}

# Whether the page says that what the checks found is not known yet.
sub is_still_checking { my ($self) = @_; return $self->text =~ /The check is still running|The connection is being tested/ }

# The answer to the last post itself, before its redirect was followed.
sub posted { $_[0]{posted} }

sub has_button { my ($self, $text) = @_; return scalar $self->buttons($text) }

sub buttons
{
    my ($self, $text) = @_;
    return grep { ($_->all_text =~ s/\s+/ /gr) =~ /^\s*\Q$text\E\s*$/ } $self->{dom}->find('form button')->each;
}

# What a function finds on the view that is open, or else on the settings.
sub reach
{
    my ($self, $find) = @_;
    my $found = $find->();
    return $found if $found || !$self->{dom}->at('nav a[href$="?view=settings"]:not([aria-current])');
    $self->settings;
    return $find->();
}

sub field
{
    my ($self, $label) = @_;
    for my $found ($self->{dom}->find('label')->each) {
        next unless ($found->all_text =~ s/\s+/ /gr) =~ /^\s*\Q$label\E\b/i;
        my $id = $found->attr('for') // next;
        my $field = $self->{dom}->at("[id=\"$id\"]");
        return $field if $field;
    }
    return;
}

sub pairs
{
    my ($self, $form) = @_;
    my @pairs;
    for my $field ($form->find('input, select, textarea')->each) {
        my $name = $field->attr('name') // next;
        my $type = $field->attr('type') // '';
        my $filled = $self->{filled}{$name};
        if ($type eq 'checkbox') {
            my $on = $filled // exists $field->attr->{checked};
            push @pairs, $name => $field->attr('value') // 'on' if $on;
        }
        elsif ($type eq 'radio') {
            my $on = defined $filled ? $filled eq $field->attr('value') : exists $field->attr->{checked};
            push @pairs, $name => $field->attr('value') if $on;
        }
        elsif ($type !~ /^(?:submit|button|image|reset)$/) {
            push @pairs, $name => $filled // $field->val // '';
        }
    }
    return @pairs;
}

sub take
{
    my ($self, $response) = @_;
    $self->{response} = $response;
    $self->{filled} = {};
    $self->{dom} = Mojo::DOM->new($response->decoded_content // '');
    return $self;
}

1;
