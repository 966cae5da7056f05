#ifndef AFP_WEB_READING_H
#define AFP_WEB_READING_H

#include "work/child.h"

/* Makes the reading of an application's results due at once, and wakes a worker for it.
 * APR_NOTFOUND if no invitation went out; otherwise APR_SUCCESS or the database's failure. The
 * session is the calling thread's. */
apr_status_t afp_reading_hurry(afp_child_t *child, afp_site_t *site, afp_session_t *session,
                               const char *company_uuid, const char *application_id);

#endif
