#ifndef AFP_REMOTE_ANCHORS_H
#define AFP_REMOTE_ANCHORS_H

#include <apr_pools.h>
#include <openssl/x509.h>

/* Trust anchors, parsed once for many connections: the system's cost 20 ms of CPU time each time
 * that they are read. Private to the HTTP client. */

/* The files of one client, used by its thread. */
typedef struct afp_anchors_t afp_anchors_t;

/* Freed with `pool`. */
afp_anchors_t *afp_anchors_make(apr_pool_t *pool);

/* Adds the certificates in the file at `path` (PEM) to the store of one connection. A file is read
 * again when that was last done an hour ago, so that it may be updated under a running server. 0,
 * or -1 if it cannot be read or holds no certificate. */
int afp_anchors_add(afp_anchors_t *anchors, const char *path, X509_STORE *store);

#endif
