#ifndef AFP_REMOTE_ASSESSFIRST_INVITATION_H
#define AFP_REMOTE_ASSESSFIRST_INVITATION_H

#include "remote/assessfirst.h"

/* Writes the invitation's body in the configured format (contract assessfirst.md 7). Private to the
 * AssessFirst client. */

typedef struct {
    const char *content_type;
    const char *text;
} afp_assessfirst_body_t;

/* Keys in the order email, model, first name, last name; what is empty is left out. 0, or -1 if the
 * system gives no randomness for a multipart boundary. Memory from `pool`. */
int afp_assessfirst_body(const afp_assessfirst_routes_t *routes,
                         const afp_assessfirst_person_t *person, apr_pool_t *pool,
                         afp_assessfirst_body_t *body);

#endif
