#ifndef AFP_WEB_ACTIONS_PARTS_H
#define AFP_WEB_ACTIONS_PARTS_H

#include "store/follow_up.h"
#include "web/actions.h"

/* What the actions are made of; for the files actions*.c only. */

/* What the buttons of one activity do (actions_activity.c), and those of the connection
 * (actions_tenant.c). */
afp_action_end_t afp_action_invite_anyway(afp_action_t *action);
afp_action_end_t afp_action_send_again(afp_action_t *action);
afp_action_end_t afp_action_try_again(afp_action_t *action);
afp_action_end_t afp_action_refresh(afp_action_t *action);

/* ... and of those for all that match, and of what was ignored (actions_all.c). */
afp_action_end_t afp_action_try_all(afp_action_t *action);
afp_action_end_t afp_action_decide(afp_action_t *action);
afp_action_end_t afp_action_decide_all(afp_action_t *action);

afp_action_end_t afp_action_generate(afp_action_t *action);
afp_action_end_t afp_action_save(afp_action_t *action);
afp_action_end_t afp_action_save_draft(afp_action_t *action);
afp_action_end_t afp_action_pause(afp_action_t *action);
afp_action_end_t afp_action_resume(afp_action_t *action);
afp_action_end_t afp_action_disconnect(afp_action_t *action);
afp_action_end_t afp_action_check(afp_action_t *action);
afp_action_end_t afp_action_synchronise(afp_action_t *action);
afp_action_end_t afp_action_refresh_all(afp_action_t *action);

/* Secrets that are taken away, and data that is erased (actions_trust.c). */
afp_action_end_t afp_action_forget_former(afp_action_t *action);
afp_action_end_t afp_action_revoke(afp_action_t *action);
afp_action_end_t afp_action_erase(afp_action_t *action);

/* 1 if the administrator has seen what the action means, and said yes. */
int afp_action_is_confirmed(const afp_action_t *action);

/* Asks for that: the button's text and, in the page's language, what it means. */
afp_action_end_t afp_action_ask(afp_action_t *action, const char *name, afp_words_t title,
                                const char *words);

/* Asks about the API token as it is; and 1 if the answer is about the one that is there now, not
 * about one that somebody else has replaced meanwhile. */
afp_action_end_t afp_action_ask_token(afp_action_t *action, const char *name, afp_words_t title,
                                      afp_words_t words);
int afp_action_is_of_token(const afp_action_t *action);

/* Ends the action; the next view of the page says so. */
afp_action_end_t afp_action_done(afp_action_t *action, afp_said_t said);

/* What follows when something was done with the tenant, or not: rv is how that went. Of what the
 * store changed `what` is for the log. */
afp_action_end_t afp_action_after(afp_action_t *action, apr_status_t rv, afp_said_t said);
afp_action_end_t afp_action_after_save(afp_action_t *action, apr_status_t rv, afp_said_t said,
                                       const char *what);

#endif
