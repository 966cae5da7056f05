#ifndef AFP_WORK_UNKNOWN_EVENTS_H
#define AFP_WORK_UNKNOWN_EVENTS_H

#include "core/event.h"

/* One tenant's application events that the module does not know, as one child sees them. Their
 * names come from outside: however many there are, what is kept, logged and written of them stays
 * within fixed bounds. Zeros to begin with; the caller lets one thread at a time in. */

#define AFP_UNKNOWN_EVENTS_INTERVAL apr_time_from_sec(60)
#define AFP_UNKNOWN_EVENTS_NAMES    4 /* are told in that time */

typedef struct {
    struct {
        char name[AFP_EVENT_NAME_LIMIT + 1];
        apr_time_t at;
    } told[AFP_UNKNOWN_EVENTS_NAMES];
    char latest[AFP_EVENT_NAME_LIMIT + 1];
    apr_time_t latest_at;
    apr_time_t written_at;
    int is_unwritten; /* the latest one is to be written */
    int is_urgent;    /* at once */
} afp_unknown_events_t;

/* Notes one that came at `at`. 1 if it is to be told at once: its name was not in the last minute,
 * nor were four others. */
int afp_unknown_events_note(afp_unknown_events_t *events, const char *name, apr_time_t at);

/* Takes the latest one if it is to be written now: 1 with its name (AFP_EVENT_NAME_LIMIT bytes) and
 * time, or 0. That is at once if its name, or another one since, was to be told; otherwise a minute
 * after the last writing, so that the last of many is not forgotten. */
int afp_unknown_events_take(afp_unknown_events_t *events, apr_time_t now,
                            char name[AFP_EVENT_NAME_LIMIT + 1], apr_time_t *at);

/* What was taken last could not be written: it, or what came since, is to be taken again. */
void afp_unknown_events_put_back(afp_unknown_events_t *events);

#endif
