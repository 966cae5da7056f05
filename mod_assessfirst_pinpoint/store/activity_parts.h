#ifndef AFP_STORE_ACTIVITY_PARTS_H
#define AFP_STORE_ACTIVITY_PARTS_H

#include "store/session.h"

/* Where the rows of the list come from: for store/activity.c and the test that proves that each of
 * these statements follows an index. */
typedef enum {
    AFP_SOURCE_OPEN,     /* values: state, company_uuid */
    AFP_SOURCE_FINISHED, /* company_uuid */
    AFP_SOURCE_RESULT,   /* company_uuid, result */
    AFP_SOURCE_IGNORED,  /* company_uuid */
    AFP_SOURCES
} afp_activity_source_t;

/* Further values of these: at, at and id of the place in the list, and the limit. */
typedef struct {
    afp_statement_t older; /* than that place, the newest first */
    afp_statement_t newer; /* the oldest first */
} afp_activity_select_t;

extern const afp_activity_select_t afp_activity_selects[AFP_SOURCES];

/* The rows of an application, the newest first, up to a limit. Values: company_uuid,
 * application_id. */
#define AFP_OWN_SELECTS 3
extern const afp_statement_t afp_activity_own_selects[AFP_OWN_SELECTS];

#endif
