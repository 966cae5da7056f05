package AFP::Catalogue;

# The page's texts in each language, found by what they are in English, or by their ids where that is
# not enough:
#
#     my $words = AFP::Catalogue->new('fr');
#     $words->of('Save');                          # Enregistrer
#     $words->of('State: %s', 'Connected');        # État : Connecté
#     like $text, $words->pattern('Last event received %a.');

use strict;
use warnings;
use utf8;

use Carp qw(croak);
use Encode qw(decode_utf8);

use AFP::Process qw(top_dir slurp);

my %text; # by language and id

sub new
{
    my ($class, $language) = @_;
    $text{$_} //= catalogue($_) for 'en', $language;
    my $self = bless { language => $language, of => {} }, $class;
    for my $id (sort keys %{ $text{en} }) {
        my @here = split /\|/, $text{$language}{$id};
        my $form = 0;
        for my $english (split /\|/, $text{en}{$id}) {
            $self->{of}{$english}{ $here[$form] // $here[-1] } = 1;
            $form++;
        }
    }
    return $self;
}

# All texts of one language by id, without markup.
sub catalogue
{
    my ($language) = @_;
    my $source = decode_utf8(slurp(top_dir() . "/mod_assessfirst_pinpoint/web/catalogue_$language.c"));
    my %found;
    while ($source =~ /\[(AFP_WORDS_\w+)\]\s*=\s*((?:"(?:[^"\\]|\\.)*"\s*)+)/g) {
        my ($id, $literals) = ($1, $2);
        my $words = join '', $literals =~ /"((?:[^"\\]|\\.)*)"/g;
        $words =~ s/\\u([0-9a-fA-F]{4})|\\(.)/defined $1 ? chr hex $1 : $2/ge;
        $found{$id} = $words =~ s/<[^>]*>//gr;
    }
    return \%found;
}

# The text with these values in its places, those that are texts themselves in the same language.
sub of
{
    my ($self, $english, @values) = @_;
    my $text = $self->find($english) // croak "no text \"$english\" in the catalogues";
    $text =~ s/%(?:(\d)\$)?[sqrta]/$self->value($values[ defined $1 ? $1 - 1 : 0 ])/ge;
    return $text;
}

# The same where the values are not known.
sub pattern
{
    my ($self, $english, @values) = @_;
    my $text = $self->find($english) // croak "no text \"$english\" in the catalogues";
    my @parts = split /(%(?:\d\$)?[sqrta])/, $text;
    my $pattern = join '', map {
        /^%(?:(\d)\$)?[sqrta]$/ ? place($self, $values[ defined $1 ? $1 - 1 : 0 ]) : quotemeta
    } @parts;
    return qr/$pattern/;
}

sub place { my ($self, $value) = @_; return defined $value ? quotemeta $self->value($value) : '.+?' }

sub value { my ($self, $value) = @_; return $self->find($value) // $value }

sub find
{
    my ($self, $english) = @_;
    return $text{ $self->{language} }{$english} if exists $text{en}{$english};
    my @found = sort keys %{ $self->{of}{$english} // {} };
    croak "\"$english\" is several texts: " . join ', ', map { "\"$_\"" } @found if @found > 1;
    return $found[0];
}

1;
