#ifndef AFP_CORE_OUTCOME_H
#define AFP_CORE_OUTCOME_H

#include <apr_time.h>

/* What became of a call to a remote API: passed up instead of return codes. */

typedef enum {
    AFP_OUTCOME_DONE,   /* a readable success */
    AFP_OUTCOME_BROKEN, /* 5xx, time-out, connection, TLS or DNS error, unreadable answer: try again
                         */
    AFP_OUTCOME_LIMITED,      /* 429: wait `retry_after` */
    AFP_OUTCOME_UNAUTHORIZED, /* 401: parks this API's work for the tenant */
    AFP_OUTCOME_FORBIDDEN,    /* 403: parks this kind of follow-up */
    AFP_OUTCOME_MISSING,      /* 404 */
    AFP_OUTCOME_REFUSED,      /* any other 4xx (or 3xx): final */
    AFP_OUTCOME_ABORTED       /* this child is stopping */
} afp_outcome_kind_t;

typedef enum {
    AFP_SENT_NOTHING,  /* DNS, connect or TLS failure: not a byte of the request went out */
    AFP_SENT_ANSWERED, /* a status line and a complete, bounded answer were read */
    AFP_SENT_UNCERTAIN /* anything else */
} afp_sent_t;

#define AFP_OUTCOME_WORDS 512

typedef struct {
    afp_outcome_kind_t kind;
    afp_sent_t sent;
    int status;                      /* HTTP status, 0 if none was read */
    apr_interval_time_t retry_after; /* of a 429 or 503; -1 if not told */
    const char *api;                 /* "Pinpoint" or "AssessFirst" */
    char words[AFP_OUTCOME_WORDS];   /* for the page: what happened, with the remote's own words,
                                        bounded and cleaned */
} afp_outcome_t;

#endif
