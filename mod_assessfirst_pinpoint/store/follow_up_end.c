#include "store/assessment.h"
#include "store/attempt.h"
#include "store/budget.h"
#include "store/day.h"
#include "store/erase.h"
#include "store/follow_up_parts.h"
#include "store/invitation.h"

#include <apr_strings.h>
#include <string.h>

/* How a run of a follow-up ends. */

static const afp_statement_t insert_finished = {
    "insert-finished",
    "INSERT INTO afp_finished (" AFP_FOLLOW_UP_KEPT ", result, finished_at, reason)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"};

static const afp_statement_t delete_finished = {"delete-finished",
                                                "DELETE FROM afp_finished WHERE id = %s"};

static const afp_statement_t delete_leased = {
    "delete-follow-up", "DELETE FROM afp_follow_up WHERE id = %s AND lease = %s"};

static const afp_statement_t set_again = {
    "set-again", "UPDATE afp_follow_up SET state = 'ready', lease = '', due_at = %s,"
                 " tried_for = tried_for + %s, missing = missing + %s, reason = %s"
                 " WHERE id = %s AND lease = %s"};

/* Its run did what it was for: what comes next is not a further try. */
static const afp_statement_t set_fresh = {
    "set-fresh", "UPDATE afp_follow_up SET state = 'ready', lease = '', due_at = %s, attempts = 0,"
                 " tried_for = 0, missing = 0, priority = %s, reason = %s"
                 " WHERE id = %s AND lease = %s"};

static const afp_statement_t select_other = {
    "select-other", "SELECT id FROM afp_follow_up WHERE company_uuid = %s AND application_id = %s"
                    " AND kind = %s AND id <> %s"};

static const afp_statement_t set_held = {
    "set-held", "UPDATE afp_follow_up SET state = 'held', lease = '', due_at = %s, reason = %s"
                " WHERE id = %s AND lease = %s"};

static const afp_statement_t select_parked = {
    "select-parked", "SELECT since FROM afp_parking WHERE owner = %s AND api = %s AND kind = %s"};

static const afp_statement_t insert_parking = {
    "insert-parking", "INSERT INTO afp_parking (owner, api, kind, company_uuid, since, words)"
                      " VALUES (%s, %s, %s, %s, %s, %s)"};

typedef struct {
    const afp_follow_up_t *follow_up;
    const afp_end_t *end;
    apr_int64_t generation; /* the next one, for the end of delete-fields; otherwise 0 */
} ending_t;

static int is(const afp_follow_up_t *follow_up, const char *kind)
{
    return !strcmp(follow_up->kind, kind);
}

static apr_status_t delete_own(afp_session_t *session, const afp_follow_up_t *follow_up)
{
    const char *key[] = {follow_up->id, follow_up->lease};
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &delete_leased, key, &rows);

    return rv == APR_SUCCESS && !rows ? APR_NOTFOUND : rv;
}

/* ---- it is over ---- */

static int is_kept(const ending_t *ending)
{
    return strcmp(ending->end->result, "done") ||
           !(is(ending->follow_up, AFP_FOLLOW_UP_READ_RESULTS) ||
             is(ending->follow_up, AFP_FOLLOW_UP_WRITE_BACK));
}

static apr_status_t keep(afp_session_t *session, const ending_t *ending)
{
    const afp_follow_up_t *follow_up = ending->follow_up;
    const char *values[] = {
        follow_up->id,
        follow_up->company_uuid,
        follow_up->kind,
        follow_up->delivery_id,
        follow_up->application_id,
        follow_up->job_id,
        afp_sql_number(session, follow_up->occurrence),
        afp_sql_number(session, follow_up->anyway),
        afp_sql_number(session, follow_up->attempts),
        afp_sql_number(session, follow_up->created_at),
        ending->end->result,
        afp_sql_number(session, afp_session_now(session)),
        ending->end->reason,
    };
    /* Only a delivery whose commit was repeated after it had already been worked on is there. */
    apr_status_t rv = afp_sql_execute(session, &delete_finished, values, NULL);

    return rv == APR_SUCCESS ? afp_sql_execute(session, &insert_finished, values, NULL) : rv;
}

static apr_status_t finish(afp_session_t *session, const ending_t *ending)
{
    apr_status_t rv = delete_own(session, ending->follow_up);

    if (rv == APR_SUCCESS && ending->end->erased) {
        return afp_erase_application(session, ending->follow_up->company_uuid,
                                     ending->follow_up->application_id);
    }
    if (rv == APR_SUCCESS && is_kept(ending)) {
        rv = keep(session, ending);
    }
    if (rv == APR_SUCCESS && is(ending->follow_up, AFP_FOLLOW_UP_INVITE)) {
        rv = afp_day_raise(session, ending->follow_up->company_uuid, ending->end->result);
    }
    return rv == APR_SUCCESS && ending->generation
               ? afp_tenant_erase_api_key(session, ending->follow_up->company_uuid,
                                          ending->generation)
               : rv;
}

/* ---- it is due again ---- */

static apr_status_t try_again(afp_session_t *session, const ending_t *ending)
{
    const afp_end_t *end = ending->end;
    const char *values[] = {
        afp_sql_number(session, afp_session_now(session) + end->delay),
        afp_sql_number(session, end->tried),
        afp_sql_number(session, end->missing),
        end->reason,
        ending->follow_up->id,
        ending->follow_up->lease,
    };
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &set_again, values, &rows);

    if (rv == APR_SUCCESS && !rows) {
        return APR_NOTFOUND;
    }
    return rv == APR_SUCCESS
               ? afp_attempt_note(session, ending->follow_up, AFP_ATTEMPT_AGAIN, end->reason)
               : rv;
}

/* 1 in *found if somebody wanted the same while this run went on. */
static apr_status_t find_other(afp_session_t *session, const afp_follow_up_t *follow_up, int *found)
{
    const char *values[] = {follow_up->company_uuid, follow_up->application_id, follow_up->kind,
                            follow_up->id};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_other, values, &rows);

    *found = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *found = 1;
    }
    return rv;
}

static apr_status_t start_afresh(afp_session_t *session, const ending_t *ending)
{
    const afp_end_t *end = ending->end;
    const char *values[] = {
        afp_sql_number(session, afp_session_now(session) + end->delay),
        afp_sql_number(session, end->priority),
        end->reason,
        ending->follow_up->id,
        ending->follow_up->lease,
    };
    int found = 0;
    int rows = 0;
    apr_status_t rv = find_other(session, ending->follow_up, &found);

    if (rv == APR_SUCCESS && found) {
        return delete_own(session, ending->follow_up);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &set_fresh, values, &rows);
    }
    return rv == APR_SUCCESS && !rows ? APR_NOTFOUND : rv;
}

/* ---- it is parked ---- */

#define FIRST_CHECK apr_time_from_sec(60)

/* Notes the parking itself, once. */
static apr_status_t note_parking(afp_session_t *session, const ending_t *ending)
{
    const afp_end_t *end = ending->end;
    const char *key[] = {end->park_owner, end->park_api, end->park_kind};
    const char *values[] = {end->park_owner,
                            end->park_api,
                            end->park_kind,
                            ending->follow_up->company_uuid,
                            afp_sql_number(session, afp_session_now(session)),
                            end->reason};
    int parked = 0;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_parked, key, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        parked = 1;
    }
    return rv == APR_SUCCESS && !parked ? afp_sql_execute(session, &insert_parking, values, NULL)
                                        : rv;
}

static apr_status_t hold(afp_session_t *session, const ending_t *ending)
{
    const afp_follow_up_t *follow_up = ending->follow_up;
    apr_time_t now = afp_session_now(session);
    const char *values[] = {afp_sql_number(session, now), ending->end->reason, follow_up->id,
                            follow_up->lease};
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &set_held, values, &rows);

    if (rv == APR_SUCCESS && !rows) {
        return APR_NOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        rv = afp_attempt_note(session, follow_up, AFP_ATTEMPT_HELD, ending->end->reason);
    }
    return rv == APR_SUCCESS
               ? afp_follow_up_add_once(session, follow_up->company_uuid,
                                        afp_follow_up_check_kind(ending->end->park_api),
                                        now + FIRST_CHECK, 0)
               : rv;
}

/* ---- all of it ---- */

/* What the end comes to under the settings of now. */
static afp_end_t settle(const ending_t *ending, apr_int64_t generation)
{
    const afp_follow_up_t *follow_up = ending->follow_up;
    afp_end_t end = *ending->end;

    if (generation != follow_up->generation && (end.park_api || !*follow_up->application_id)) {
        /* What was refused, or checked, are former settings. */
        end.kind = AFP_END_AGAIN;
        end.reason = "";
        end.delay = 0;
        end.tried = 0;
        end.missing = 0;
        end.fresh = 0;
        end.park_api = NULL;
        end.budget_delay = 0;
    } else if (end.park_api && is(follow_up, AFP_FOLLOW_UP_DELETE_FIELDS)) {
        end.kind = AFP_END_FINISH;
        end.result = "dead";
        end.park_api = NULL;
    }
    return end;
}

static apr_status_t end_follow_up(afp_session_t *session, const ending_t *ending)
{
    switch (ending->end->kind) {
    case AFP_END_FINISH:
        return finish(session, ending);
    case AFP_END_AGAIN:
        return ending->end->fresh ? start_afresh(session, ending) : try_again(session, ending);
    case AFP_END_PARK:
    default:
        return hold(session, ending);
    }
}

/* What is to follow. Nobody else works on the application now. */
static apr_status_t add_next(afp_session_t *session, const ending_t *ending)
{
    const afp_follow_up_t *follow_up = ending->follow_up;
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < AFP_END_NEXT && ending->end->next[i].kind && rv == APR_SUCCESS; i++) {
        const afp_next_t *next = &ending->end->next[i];
        afp_follow_up_t wanted = *follow_up;

        wanted.anyway = 0;
        apr_cpystrn(wanted.kind, next->kind, sizeof(wanted.kind));
        rv = afp_follow_up_add_wanted(session, &wanted, afp_session_now(session) + next->delay,
                                      next->priority);
    }
    return rv;
}

static apr_status_t settle_budget(afp_session_t *session, const afp_end_t *end)
{
    apr_status_t rv = APR_SUCCESS;

    if (end->unused_calls > 0) {
        rv = afp_budget_give_back(session, end->token_digest, end->unused_calls);
    }
    if (rv == APR_SUCCESS && end->budget_delay > 0) {
        rv = afp_budget_block(session, end->token_digest,
                              afp_session_now(session) + end->budget_delay);
    }
    return rv;
}

static apr_status_t end_run(afp_session_t *session, void *baton)
{
    const ending_t *given = baton;
    const afp_follow_up_t *follow_up = given->follow_up;
    afp_end_t end;
    ending_t ending = {.follow_up = follow_up, .end = &end};
    afp_tenant_state_t state;
    apr_int64_t generation;
    apr_status_t rv = APR_SUCCESS;

    if (is(follow_up, AFP_FOLLOW_UP_DELETE_FIELDS)) {
        /* Before the tenant's lock, as when settings are saved. */
        rv = afp_tenant_next_generation(session, &ending.generation);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_tenant_lock(session, follow_up->company_uuid, &state, &generation);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    end = settle(given, generation);
    rv = end_follow_up(session, &ending);
    if (rv == APR_SUCCESS && end.park_api) {
        rv = note_parking(session, &ending);
    }
    if (rv == APR_SUCCESS && end.invitation_state) {
        rv = afp_invitation_set_state(session, follow_up, end.invitation_state,
                                      end.candidate_id ? end.candidate_id : "");
    }
    if (rv == APR_SUCCESS && end.assessment) {
        rv = afp_assessment_store(session, follow_up, end.assessment);
    }
    if (rv == APR_SUCCESS) {
        rv = add_next(session, &ending);
    }
    return rv == APR_SUCCESS ? settle_budget(session, &end) : rv;
}

apr_status_t afp_follow_up_end(afp_session_t *session, const afp_follow_up_t *follow_up,
                               const afp_end_t *end)
{
    ending_t ending = {.follow_up = follow_up, .end = end};

    return afp_session_write(session, end_run, &ending);
}
