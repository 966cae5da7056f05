#include "store/attempt.h"

#include <string.h>

static const afp_statement_t insert_attempt = {
    "insert-attempt",
    "INSERT INTO afp_attempt (company_uuid, application_id, follow_up_id, at, kind, attempt,"
    " happened, reason) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"};

static const afp_statement_t delete_attempts = {
    "delete-attempts", "DELETE FROM afp_attempt WHERE company_uuid = %s AND application_id = %s"
                       " AND follow_up_id = %s AND attempt <= %s"};

apr_status_t afp_attempt_note(afp_session_t *session, const afp_follow_up_t *follow_up,
                              const char *happened, const char *reason)
{
    const char *values[] = {
        follow_up->company_uuid,
        follow_up->application_id,
        follow_up->id,
        afp_sql_number(session, afp_session_now(session)),
        follow_up->kind,
        afp_sql_number(session, follow_up->attempts),
        happened,
        reason,
    };
    const char *old[] = {
        follow_up->company_uuid,
        follow_up->application_id,
        follow_up->id,
        afp_sql_number(session, follow_up->attempts - AFP_ATTEMPTS_KEPT),
    };
    apr_status_t rv;

    if (!*reason || (strcmp(follow_up->kind, AFP_FOLLOW_UP_INVITE) != 0 &&
                     strcmp(follow_up->kind, AFP_FOLLOW_UP_WRITE_BACK) != 0)) {
        return APR_SUCCESS;
    }
    rv = afp_sql_execute(session, &insert_attempt, values, NULL);
    return rv == APR_SUCCESS && follow_up->attempts > AFP_ATTEMPTS_KEPT
               ? afp_sql_execute(session, &delete_attempts, old, NULL)
               : rv;
}
