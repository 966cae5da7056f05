package Sandbox::Ready;

# The file that tells whoever started the sandbox where it listens.

use Mojo::Base -strict, -signatures;

use Mojo::JSON qw(encode_json);

# Readers see either no file or the whole of it.
sub write_file ($path, $content) {
    my $unfinished = "$path.$$";
    open my $file, '>', $unfinished or die "cannot write $unfinished: $!\n";
    print {$file} encode_json($content), "\n" or die "cannot write $unfinished: $!\n";
    close $file or die "cannot write $unfinished: $!\n";
    rename $unfinished, $path or die "cannot rename $unfinished to $path: $!\n";
    return;
}

1;
