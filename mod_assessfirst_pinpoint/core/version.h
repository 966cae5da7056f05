#ifndef AFP_CORE_VERSION_H
#define AFP_CORE_VERSION_H

/* The module's version, as the User-Agent of our calls and the package bear it. */
#define AFP_VERSION "0.1.0"

#endif
