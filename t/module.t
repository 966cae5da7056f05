# The module in a server that does not use it.

use strict;
use warnings;

use Apache::Test qw(-withtestmore);
use Apache::TestRequest qw(GET);

plan tests => 2;

ok have_module('assessfirst_pinpoint'), 'the module is loaded';
is GET('/integrations/webhook/pinpoint')->code, 404, 'and does nothing unless it is enabled';
