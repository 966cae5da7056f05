#ifndef AFP_WEB_OPERATIONS_H
#define AFP_WEB_OPERATIONS_H

#include "store/audit.h"
#include "store/follow_up.h"
#include "store/ignored.h"
#include "web/config.h"

#include <httpd.h>

/* What can be done with a tenant, whoever asks for it: a button of the marketplace page or the JSON
 * API. Besides doing it in the database each wakes a worker, writes the audit trail and the
 * operator's log. They return APR_SUCCESS; APR_NOTFOUND if it cannot be done, or not any more, and
 * nothing was; or how the database failed. */

typedef struct {
    request_rec *r;
    const afp_vhost_t *vhost;
    afp_session_t *session;
    afp_tenant_t *tenant; /* as it was read; becomes what is stored */
    const char *who;      /* for the audit trail, at most AFP_AUDIT_LIMIT bytes */
} afp_operation_t;

/* ---- the connection ---- */

/* After the store has changed the tenant: what this child does next goes by that. `what` is for the
 * log. */
void afp_operation_changed(const afp_operation_t *operation, const char *what);

/* Stores the tenant as it was changed. APR_NOTFOUND if somebody else changed it meanwhile. */
apr_status_t afp_operation_save(const afp_operation_t *operation, const char *what);

/* Has both APIs checked: after a change, or because somebody wants to know (a connected tenant
 * only). */
apr_status_t afp_operation_add_checks(const afp_operation_t *operation);
apr_status_t afp_operation_test(const afp_operation_t *operation);

/* From connected to paused, and back. What of a secret cannot be opened would be stored as empty:
 * the caller has seen to it that the tenant is not `unreadable`. */
apr_status_t afp_operation_pause(const afp_operation_t *operation);
apr_status_t afp_operation_resume(const afp_operation_t *operation);

/* ---- the work ---- */

/* A follow-up of the tenant, due at once. */
apr_status_t afp_operation_add_follow_up(const afp_operation_t *operation,
                                         afp_follow_up_t *follow_up);

/* Repeats what ended as dead, or invites somebody who was skipped whatever the checks say.
 * `follow_up` becomes what was added. `id` may be any text. */
apr_status_t afp_operation_try_again(const afp_operation_t *operation, const char *id,
                                     afp_follow_up_t *follow_up);
apr_status_t afp_operation_invite_anyway(const afp_operation_t *operation, const char *id,
                                         afp_follow_up_t *follow_up);

/* The finished invite follow-up of this id that ended as invited, or as `other`. `id` may be any
 * text. */
apr_status_t afp_operation_find_invite(const afp_operation_t *operation, const char *id,
                                       const char *other, afp_follow_up_t *follow_up);

/* The occurrence of the latest invitation of a follow-up's application; and one more invitation
 * behind it, for a follow-up that afp_operation_find_invite found. Two callers who have seen the
 * same latest one name the same next one, which is sent once. */
apr_status_t afp_operation_latest(const afp_operation_t *operation,
                                  const afp_follow_up_t *follow_up, int *occurrence);
apr_status_t afp_operation_send_again(const afp_operation_t *operation, afp_follow_up_t *follow_up,
                                      int latest);

/* ---- all that match ---- */

#define AFP_OPERATION_LIMIT 10000 /* that are counted, and done in one request */

/* All dead ones, of an application or ("") of the tenant; the caller fills in `until`, or counts
 * first. */
afp_repeat_t afp_operation_all_dead(const afp_operation_t *operation, const char *application_id);
apr_status_t afp_operation_try_all(const afp_operation_t *operation, afp_repeat_t *all);

/* All ignored ones, likewise; or, with an id, only that one. */
afp_ignored_t afp_operation_all_ignored(const afp_operation_t *operation,
                                        const char *application_id);
apr_status_t afp_operation_decide(const afp_operation_t *operation, afp_ignored_t *ignored);

/* ---- erasing ---- */

/* 1 if the text has the form of a candidate's id at AssessFirst. */
int afp_operation_is_candidate_id(const char *text);

/* Erases what is held of an application, or of a candidate (the other id is ""): the number of
 * applications of which something was; 0: the one that is named is only kept away. APR_NOTFOUND if
 * no invitation bears the candidate's id. */
apr_status_t afp_operation_erase(const afp_operation_t *operation, const char *application_id,
                                 const char *candidate_id, int *applications);

#endif
