#ifndef AFP_CORE_EVENT_H
#define AFP_CORE_EVENT_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>

/* Reading a webhook's body (contract pinpoint.md 4.3, 15.1 - 15.4). Any thread. */

#define AFP_EVENT_NAME_LIMIT 64

typedef enum {
    AFP_EVENT_NEW_APPLICATION,
    AFP_EVENT_STAGE_CHANGED,
    AFP_EVENT_APPLICATION_UNKNOWN, /* an application* event of neither kind: raises a notice */
    AFP_EVENT_OTHER
} afp_event_kind_t;

typedef struct {
    char name[AFP_EVENT_NAME_LIMIT + 1]; /* as sent, trimmed, without controls, cut */
    afp_event_kind_t kind;
    char application_id[21]; /* decimal text, "" if the event has none */
    char job_id[21];         /* likewise */
    apr_time_t triggered_at; /* 0 if absent or unreadable */
} afp_event_t;

/* Names that the site adds to a trigger (directive PinpointEvent): arrays of const char *,
 * normalised with afp_event_normalise. Either may be NULL. */
typedef struct {
    const apr_array_header_t *new_application;
    const apr_array_header_t *stage_changed;
} afp_event_names_t;

/* Lower case; '-', '.' and ' ' become '_', and one stands between "application" and "Created" in
 * "applicationCreated". */
const char *afp_event_normalise(apr_pool_t *pool, const char *name);

/* Classifies a normalised name; `names` may be NULL. Words are the parts between underscores. The
 * first rule that fits decides:
 * - one of the site's names (exact): that trigger;
 * - `application` nowhere in it: OTHER;
 * - a word that names another subject (onboarding, offer, interview, requisition, comment,
 *   background, assessment), as in application_comment_created: OTHER;
 * - the word stage: STAGE;
 * - created, new, received or submitted: NEW;
 * - moved, move, changed or updated: STAGE;
 * - hired, rejected, unrejected, deleted, withdrawn or archived: OTHER;
 * - anything else: UNKNOWN. */
afp_event_kind_t afp_event_classify(const char *normalised, const afp_event_names_t *names);

/* Parses a body that must be a JSON object with a string `event`. APR_SUCCESS, or APR_EINVAL and
 * *why (a constant phrase for the answer, without the sender's bytes). Ids that are no ids and a
 * time that cannot be read count as absent. `triggeredAt` (or triggered_at) is in seconds, in
 * milliseconds (above 10^11), or an ISO 8601 text. */
apr_status_t afp_event_parse(afp_event_t *event, const char *body, size_t length,
                             const afp_event_names_t *names, apr_pool_t *pool, const char **why);

#endif
