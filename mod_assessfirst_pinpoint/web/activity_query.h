#ifndef AFP_WEB_ACTIVITY_QUERY_H
#define AFP_WEB_ACTIVITY_QUERY_H

#include "store/activity.h"
#include "web/form.h"

/* What the address of a view of the activity asks for: "?view=activity&state=failed&application=1
 * &before=<microseconds>-<id>". Nothing of it is used that does not have the form it must have. */

#define AFP_APPLICATION_DIGITS 20

/* 1 if the text has the form of an application's id. */
int afp_activity_is_application_id(const char *text);

/* Such an id as it is stored: without zeros in front. The end of `text`, or all of it. */
const char *afp_activity_plain_id(const char *text);

typedef struct {
    const char *state;           /* a state of store/activity.h; "" = all */
    const char *application_id;  /* digits; "" = all */
    const char *typed;           /* what was typed to find an application, */
    int is_wrong;                /* and 1 if that does not name one */
    afp_activity_place_t before; /* at most one of the two is somewhere */
    afp_activity_place_t after;
} afp_activity_query_t;

/* Reads the parameters. An application may be named by the address that it has in Pinpoint as
 * well. */
void afp_activity_query_read(apr_pool_t *pool, const afp_form_t *form, afp_activity_query_t *query);

/* The parameters of the list in these states, of this application, at this place (NULL: at its
 * beginning), beginning with "&", encoded for an address; "" for everything. */
const char *afp_activity_query_of(apr_pool_t *pool, const char *state, const char *application_id,
                                  const char *direction, const afp_activity_place_t *place);

/* Reads "<microseconds>-<id>". 0, or -1 if the text is anything else. */
int afp_activity_place_read(apr_pool_t *pool, const char *text, afp_activity_place_t *place);

/* What an administrator can do with an activity of a company that has settings. */
typedef enum {
    AFP_MAY_NOTHING,
    AFP_MAY_DECIDE_AGAIN,
    AFP_MAY_TRY_AGAIN,
    AFP_MAY_INVITE_ANYWAY,
    AFP_MAY_SEND_AGAIN
} afp_activity_may_t;
afp_activity_may_t afp_activity_may(const char *kind, const char *state,
                                    const char *application_id);

#define AFP_ACTIVITY_BEFORE "before"
#define AFP_ACTIVITY_AFTER  "after"

/* The name of a state in addresses and forms; and the state of a name, NULL if there is none. */
const char *afp_activity_state_name(const char *state);
const char *afp_activity_state_named(const char *name);

#endif
