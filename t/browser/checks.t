# What is looked at on every page can fail: a page on which everything is wrong.
# matrix: unsanitized

use strict;
use utf8;
use warnings;

use FindBin ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use AFP::Browser;
use AFP::Site;

my $site = AFP::Site->new(config => "<Location /bad.html>\nForceType text/html\n</Location>\n");
my $bad = <<'HTML';
<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<title>Bad</title>
<style>button { outline: none; width: 10px; height: 10px } .pale { color: #ddd; background: #fff }</style>
</head>
<body>
<p><div class="pale">pale</div></p>
<div style="width: 900px">wide</div>
<img src="http://127.0.0.1:1/elsewhere.png">
<button></button><button>x</button><button>y</button>
<script>undefined.something</script>
</body>
</html>
HTML
$site->server->write_file('htdocs/bad.html', $bad);
$site->page($_) for qw(en en-plain);
$site->start;

my %rule = (
    'html-has-lang' => qr/^desk: html-has-lang: /m,
    'color-contrast' => qr/^desk: color-contrast: .*class="pale"/m,
    'button-name' => qr/^desk: button-name: /m,
    'image-alt' => qr/^desk: image-alt: /m,
);

for my $scripts (1, 0) {
    my $visit = AFP::Browser->new($site, scripts => $scripts);
    my $name = $visit->name;
    my $answer = $visit->open('/bad.html')->inspect("$name-bad");
    my $found = join "\n", @{ $answer->{found} };
    like $found, $rule{$_}, "$name: axe-core finds $_" for sort keys %rule;
    like $found, qr/^HTML: /m, "$name: what is no HTML is found";
    like $found, qr/^asked elsewhere: \S+elsewhere\.png$/m, "$name: and a request to elsewhere";
    like $found, qr/^at 400 %: the page scrolls sideways/m, "$name: and that one must scroll sideways";
    like $found, qr/^at 400 %: sticks out: .*wide/m, "$name: with what is too wide";
    like $found, qr/^in print: the page scrolls sideways/m, "$name: on paper, too";
    if ($scripts) {
        like $found, qr/^script: /m, "$name: and an error in a script";
        like $found, qr/^dark: color-contrast: /m, "$name: and what is pale on a dark screen";
        like $found, qr/^at 400 %: target-size: /m, "$name: and what is too small to be hit";
        my @missing = grep { !-s "$AFP::Browser::pictures/$name-bad-$_.png" } qw(desk phone 400 dark forced print);
        is_deeply \@missing, [], "$name: there are pictures";
    }
    is $answer->{bytes}, length $bad, "$name: the size is told";
    my ($stop) = @{ $visit->stops(1280)->{stops} };
    ok !$stop->{is_marked}, "$name: a focus that cannot be seen is found";
}

done_testing;
