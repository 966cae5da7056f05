#ifndef AFP_CORE_VERSION_H
#define AFP_CORE_VERSION_H

/* The module's version: in the User-Agent of our calls, in the metrics and in the server's banner.
 */
#define AFP_VERSION "0.1.0"

#endif
