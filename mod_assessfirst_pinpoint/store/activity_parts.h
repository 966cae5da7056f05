#ifndef AFP_STORE_ACTIVITY_PARTS_H
#define AFP_STORE_ACTIVITY_PARTS_H

#include "store/session.h"

/* Where the rows of the list come from: for store/activity.c and the test that proves that each of
 * these statements follows an index. */
typedef enum {
    AFP_SOURCE_OPEN,                    /* values: state, company_uuid */
    AFP_SOURCE_FINISHED,                /* company_uuid */
    AFP_SOURCE_RESULT,                  /* company_uuid, result */
    AFP_SOURCE_IGNORED,                 /* company_uuid */
    AFP_SOURCE_OPEN_OF_APPLICATION,     /* company_uuid, application_id, state or % */
    AFP_SOURCE_FINISHED_OF_APPLICATION, /* company_uuid, application_id, result or % */
    AFP_SOURCE_IGNORED_OF_APPLICATION,  /* company_uuid, application_id */
    AFP_SOURCES
} afp_activity_source_t;

/* Further values of all of them: at, at and id of the place in the list, and the limit. */
typedef struct {
    afp_statement_t older; /* than that place, the newest first */
    afp_statement_t newer; /* the oldest first */
} afp_activity_select_t;

extern const afp_activity_select_t afp_activity_selects[AFP_SOURCES];

#endif
