#ifndef AFP_WEB_ACTIONS_H
#define AFP_WEB_ACTIONS_H

#include "web/operations.h"
#include "web/page.h"

/* What the page's buttons do. */

typedef enum {
    AFP_ACTION_DONE,  /* redirect; the next view says what was done */
    AFP_ACTION_WRONG, /* show the page again: page->not_saved and page->settings say why */
    AFP_ACTION_ASK,   /* ask for a confirmation first */
    AFP_ACTION_UNKNOWN,
    AFP_ACTION_FAILED /* the database did not answer */
} afp_action_end_t;

/* One action: `page` and `session` are the request's, the rest is filled in. */
typedef struct {
    afp_page_t *page;
    afp_session_t *session;
    const afp_form_t *form;

    const char *id; /* of the activity that the button names, as it was sent */

    afp_operation_t operation; /* on the page's tenant, by its user */

    afp_said_t said;         /* DONE: what to tell */
    const char *api_token;   /* DONE: the token to show, or "" */
    afp_question_t question; /* ASK */
} afp_action_t;

/* Carries out the form's action, "<name>" or "<name>:<id of an activity>", from a request that was
 * proved to come from the page. */
afp_action_end_t afp_action_run(afp_action_t *action);

#endif
