#include "store/follow_up.h"

#include "store/budget.h"
#include "store/follow_up_move.h"

#include <apr_strings.h>
#include <string.h>

/* Claiming one due follow-up of a tenant. */

#define CANDIDATES 8 /* due follow-ups of one priority that are looked at in one claim */

#define COLUMNS                                                                                    \
    "id, company_uuid, kind, lease, delivery_id, application_id, job_id, occurrence, anyway, "     \
    "attempts, missing, tried_for, created_at, priority, due_at"

static const afp_statement_t select_leased = {"select-leased",
                                              "SELECT id, application_id, lease FROM afp_follow_up"
                                              " WHERE state = 'leased' AND company_uuid = %s"};

/* In the order of afp_follow_up_tenant, so that no planner takes another index. */
static const afp_statement_t select_any_due = {
    "select-any-due",
    "SELECT id FROM afp_follow_up WHERE state = 'ready' AND company_uuid = %s AND due_at <= %s"
    " ORDER BY due_at, id LIMIT 1"};

/* In the order of afp_follow_up_priority, so that no planner takes another index. */
static const afp_statement_t select_next_priority = {
    "select-next-priority",
    "SELECT priority, due_at FROM afp_follow_up WHERE state = 'ready' AND company_uuid = %s"
    " AND priority > %s ORDER BY priority, due_at, id LIMIT 1"};

#define DUE                                                                                        \
    " FROM afp_follow_up WHERE state = 'ready' AND company_uuid = %s AND priority = %s"            \
    " AND due_at <= %s"

static const afp_statement_t select_candidates = {
    "select-candidates", "SELECT " COLUMNS DUE " ORDER BY due_at, id LIMIT 8"};

/* Without the kinds of `budgets`. There may be a whole backlog of these, which is looked through in
 * afp_follow_up_priority alone. */
static const afp_statement_t select_without_calls = {
    "select-without-calls",
    "SELECT " COLUMNS " FROM (SELECT id AS listed_id" DUE
    " AND kind NOT IN ('invite', 'check-assessfirst', 'synchronise', 'read-results')"
    " ORDER BY due_at, id LIMIT 8) listed JOIN afp_follow_up ON id = listed_id"
    " ORDER BY due_at, id"};

static const afp_statement_t select_wanted = {
    "select-wanted",
    "SELECT " COLUMNS " FROM afp_follow_up WHERE state = 'ready' AND company_uuid = %s"
    " AND due_at <= %s AND id = %s"};

/* The only work of a tenant that is not connected. The conditions that an index of the ready would
 * serve are hidden from the planner: it would look through the whole backlog. */
static const afp_statement_t select_deletion = {
    "select-deletion",
    "SELECT " COLUMNS " FROM afp_follow_up WHERE company_uuid = %s AND application_id = ''"
    " AND kind = 'delete-fields'"
    " AND CASE WHEN state = 'ready' AND due_at <= %s THEN 1 ELSE 0 END = 1"};

static const afp_statement_t select_own = {"select-own",
                                           "SELECT " COLUMNS " FROM afp_follow_up WHERE id = %s"};

static const afp_statement_t select_parking = {
    "select-parking", "SELECT api, kind FROM afp_parking WHERE owner = %s OR owner = %s"};

static const afp_statement_t lease_one = {
    "lease-follow-up",
    "UPDATE afp_follow_up SET state = 'leased', lease = %s, due_at = %s, attempts = attempts + 1"
    " WHERE id = %s AND state = 'ready'"};

/* ---- reading rows ---- */

static void read_follow_up(afp_rows_t *rows, afp_follow_up_t *follow_up)
{
    memset(follow_up, 0, sizeof(*follow_up));
    apr_cpystrn(follow_up->id, afp_rows_text(rows, 0), sizeof(follow_up->id));
    apr_cpystrn(follow_up->company_uuid, afp_rows_text(rows, 1), sizeof(follow_up->company_uuid));
    apr_cpystrn(follow_up->kind, afp_rows_text(rows, 2), sizeof(follow_up->kind));
    apr_cpystrn(follow_up->lease, afp_rows_text(rows, 3), sizeof(follow_up->lease));
    apr_cpystrn(follow_up->delivery_id, afp_rows_text(rows, 4), sizeof(follow_up->delivery_id));
    apr_cpystrn(follow_up->application_id, afp_rows_text(rows, 5),
                sizeof(follow_up->application_id));
    apr_cpystrn(follow_up->job_id, afp_rows_text(rows, 6), sizeof(follow_up->job_id));
    follow_up->occurrence = (int)afp_rows_number(rows, 7);
    follow_up->anyway = (int)afp_rows_number(rows, 8);
    follow_up->attempts = (int)afp_rows_number(rows, 9);
    follow_up->missing = (int)afp_rows_number(rows, 10);
    follow_up->tried_for = afp_rows_number(rows, 11);
    follow_up->created_at = afp_rows_number(rows, 12);
    follow_up->priority = (int)afp_rows_number(rows, 13);
}

static void read_position(afp_rows_t *rows, afp_position_t *position)
{
    apr_cpystrn(position->id, afp_rows_text(rows, 0), sizeof(position->id));
    position->priority = (int)afp_rows_number(rows, 13);
    position->due_at = afp_rows_number(rows, 14);
}

/* ---- what a kind needs ---- */

static const struct {
    const char *kind;
    int calls;   /* to AssessFirst */
    int reserve; /* of the budget that it leaves to others */
} budgets[] = {
    /* The list of models, and the invitation or a look-up. */
    {AFP_FOLLOW_UP_INVITE, 2, 0},
    {AFP_FOLLOW_UP_CHECK_ASSESSFIRST, 1, 0},
    {AFP_FOLLOW_UP_SYNCHRONISE, 1, 0},
    /* A look-up, the candidate, and what version 1 tells apart. */
    {AFP_FOLLOW_UP_READ_RESULTS, 3, AFP_BUDGET_RESERVE},
    {"", 0, 0},
};

#define OTHER_KINDS (sizeof(budgets) / sizeof(budgets[0]) - 1)

static size_t budget_of(const char *kind)
{
    size_t i = 0;

    while (i < OTHER_KINDS && strcmp(budgets[i].kind, kind)) {
        i++;
    }
    return i;
}

int afp_follow_up_calls(const char *kind)
{
    return budgets[budget_of(kind)].calls;
}

/* Checks are what ends a parking, and nobody resumes the work of a tenant that is disconnected. */
static int is_never_parked(const char *kind)
{
    return !strncmp(kind, "check-", 6) || !strcmp(kind, AFP_FOLLOW_UP_DELETE_FIELDS);
}

/* Only a write-back does without AssessFirst. */
static int needs(const char *kind, const char *api)
{
    return strcmp(kind, AFP_FOLLOW_UP_WRITE_BACK) || !strcmp(api, AFP_API_PINPOINT);
}

typedef struct {
    const char *api;
    const char *kind; /* "*": all */
} parked_t;

/* 1 if an API that this kind needs is parked for it. */
static int is_parked(const apr_array_header_t *parked, const char *kind)
{
    int i;

    for (i = 0; !is_never_parked(kind) && i < parked->nelts; i++) {
        const parked_t *one = &APR_ARRAY_IDX(parked, i, parked_t);

        if ((!strcmp(one->kind, "*") || !strcmp(one->kind, kind)) && needs(kind, one->api)) {
            return 1;
        }
    }
    return 0;
}

/* ---- claiming ---- */

static apr_status_t read_parked(afp_session_t *session, const afp_claim_t *claim,
                                apr_array_header_t **parked)
{
    const char *values[] = {claim->company_uuid, claim->token_owner};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_parking, values, &rows);

    *parked = apr_array_make(afp_session_scratch(session), 2, sizeof(parked_t));
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        parked_t *one = apr_array_push(*parked);

        one->api = afp_rows_text(rows, 0);
        one->kind = afp_rows_text(rows, 1);
    }
    return rv;
}

typedef struct {
    afp_claim_t *claim;
    afp_id_t lease;
    apr_array_header_t *parked;       /* parked_t */
    apr_array_header_t *applications; /* const char *: of what is leased */
    int spent;                        /* the budget was too small for one of the candidates */
} claiming_t;

/* What is leased now: its number, its applications, and a row that an earlier try of this very
 * claim leased. */
static apr_status_t read_leased(afp_session_t *session, claiming_t *claiming, int *count,
                                const char **own_id)
{
    const char *values[] = {claiming->claim->company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_leased, values, &rows);

    *count = 0;
    *own_id = NULL;
    claiming->applications = apr_array_make(afp_session_scratch(session), 2, sizeof(const char *));
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        (*count)++;
        APR_ARRAY_PUSH(claiming->applications, const char *) = afp_rows_text(rows, 1);
        if (!strcmp(afp_rows_text(rows, 2), claiming->lease.text)) {
            *own_id = afp_rows_text(rows, 0);
        }
    }
    return rv;
}

static apr_status_t read_own(afp_session_t *session, const char *id, afp_follow_up_t *follow_up)
{
    const char *values[] = {id};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_own, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        read_follow_up(rows, follow_up);
    }
    return rv;
}

/* Whatever becomes of the tenant, the deletion is to run. */
static int is_held_unconnected(const void *baton, const char *kind)
{
    (void)baton;
    return strcmp(kind, AFP_FOLLOW_UP_DELETE_FIELDS) != 0;
}

static apr_status_t hold_tenant(afp_session_t *session, afp_claim_t *claim)
{
    afp_hold_t hold = {.company_uuid = claim->company_uuid, .holds = is_held_unconnected};
    apr_status_t rv = afp_follow_up_hold_all(session, &hold);

    claim->more = hold.more;
    return rv;
}

static int is_held_parked(const void *baton, const char *kind)
{
    return is_parked(baton, kind);
}

static apr_status_t hold_parked(afp_session_t *session, const claiming_t *claiming,
                                const afp_position_t *from)
{
    afp_hold_t hold = {.company_uuid = claiming->claim->company_uuid,
                       .holds = is_held_parked,
                       .baton = claiming->parked};
    apr_status_t rv = afp_follow_up_hold_from(session, &hold, from);

    claiming->claim->result = AFP_CLAIM_HELD;
    claiming->claim->more = hold.more;
    return rv;
}

static apr_status_t lease_candidate(afp_session_t *session, const claiming_t *claiming,
                                    const afp_follow_up_t *candidate)
{
    afp_claim_t *claim = claiming->claim;
    const char *until = afp_sql_number(session, afp_session_now(session) + claim->lease_time);
    const char *values[] = {claiming->lease.text, until, candidate->id};
    size_t budget = budget_of(candidate->kind);
    int rows = 0;
    apr_status_t rv = APR_SUCCESS;

    if (budgets[budget].calls && *claim->token_digest) {
        rv = afp_budget_take(session, claim->token_digest, budgets[budget].calls,
                             budgets[budget].reserve, &claim->until);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &lease_one, values, &rows);
    }
    if (rv == APR_SUCCESS && rows == 1) {
        claim->result = AFP_CLAIM_TAKEN;
        claim->follow_up = *candidate;
        claim->follow_up.attempts++;
        claim->follow_up.generation = claim->generation;
        apr_cpystrn(claim->follow_up.lease, claiming->lease.text, sizeof(claim->follow_up.lease));
    }
    return rv;
}

static int is_in_flight(const claiming_t *claiming, const char *application_id)
{
    int i;

    for (i = 0; *application_id && i < claiming->applications->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(claiming->applications, i, const char *), application_id)) {
            return 1;
        }
    }
    return 0;
}

/* Leases the first of the selected follow-ups that may run now: the result is TAKEN, HELD, BUDGET
 * or as it was. */
static apr_status_t claim_first(afp_session_t *session, claiming_t *claiming,
                                const afp_statement_t *select, const char *const *values)
{
    afp_claim_t *claim = claiming->claim;
    afp_follow_up_t candidates[CANDIDATES];
    afp_position_t positions[CANDIDATES];
    int count = 0;
    int i;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, select, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        if (count < CANDIDATES) {
            read_follow_up(rows, &candidates[count]);
            read_position(rows, &positions[count++]);
        }
    }
    for (i = 0; rv == APR_SUCCESS && i < count && claim->result != AFP_CLAIM_TAKEN; i++) {
        const afp_follow_up_t *candidate = &candidates[i];

        if (is_parked(claiming->parked, candidate->kind)) {
            return hold_parked(session, claiming, &positions[i]);
        }
        if (is_in_flight(claiming, candidate->application_id) ||
            (claiming->spent && afp_follow_up_calls(candidate->kind))) {
            continue;
        }
        rv = lease_candidate(session, claiming, candidate);
        if (APR_STATUS_IS_EAGAIN(rv)) {
            claim->result = AFP_CLAIM_BUDGET;
            claiming->spent = 1;
            rv = APR_SUCCESS;
        }
    }
    return rv;
}

static apr_status_t find_any_due(afp_session_t *session, const char *company_uuid, int *found)
{
    const char *values[] = {company_uuid, afp_sql_number(session, afp_session_now(session))};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_any_due, values, &rows);

    *found = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *found = 1;
    }
    return rv;
}

/* The next higher priority that has something ready, and when its first is due; 0 in *found if
 * there is none. */
static apr_status_t seek_priority(afp_session_t *session, const char *company_uuid, int *priority,
                                  apr_time_t *due_at, int *found)
{
    const char *after[] = {company_uuid, afp_sql_number(session, *priority)};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_next_priority, after, &rows);

    *found = 0;
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *priority = (int)afp_rows_number(rows, 0);
        *due_at = afp_rows_number(rows, 1);
        *found = 1;
    }
    return rv;
}

static int is_settled(const afp_claim_t *claim)
{
    return claim->result == AFP_CLAIM_TAKEN || claim->result == AFP_CLAIM_HELD;
}

/* What is due of a priority. When the budget is spent, the first candidates may all need calls and
 * hide what needs none: that is looked for by itself. */
static apr_status_t claim_of_priority(afp_session_t *session, claiming_t *claiming, int priority)
{
    const char *due[] = {claiming->claim->company_uuid, afp_sql_number(session, priority),
                         afp_sql_number(session, afp_session_now(session))};
    apr_status_t rv = claim_first(session, claiming, &select_candidates, due);

    return rv == APR_SUCCESS && !is_settled(claiming->claim) && claiming->spent &&
                   priority == AFP_PRIORITY_WORK
               ? claim_first(session, claiming, &select_without_calls, due)
               : rv;
}

/* The wanted follow-up if it is due; otherwise, if anything is due, from priority to priority, two
 * index seeks for each, whatever there is that is not due. Behind the work are only readings:
 * without budget there is no use in looking at them. */
static apr_status_t claim_due(afp_session_t *session, claiming_t *claiming)
{
    afp_claim_t *claim = claiming->claim;
    apr_time_t now = afp_session_now(session);
    const char *wanted[] = {claim->company_uuid, afp_sql_number(session, now), claim->wanted_id};
    apr_time_t due_at = 0;
    int priority = -1;
    int found = 0;
    apr_status_t rv = APR_SUCCESS;

    if (claim->wanted_id) {
        rv = claim_first(session, claiming, &select_wanted, wanted);
    }
    if (rv == APR_SUCCESS && !is_settled(claim)) {
        rv = find_any_due(session, claim->company_uuid, &found);
    }
    while (rv == APR_SUCCESS && found && !is_settled(claim)) {
        rv = seek_priority(session, claim->company_uuid, &priority, &due_at, &found);
        found &= !claiming->spent || priority == AFP_PRIORITY_WORK;
        if (rv == APR_SUCCESS && found && due_at <= now) {
            rv = claim_of_priority(session, claiming, priority);
        }
    }
    return rv;
}

/* What a tenant that is not connected still wants done; everything else is held, a batch at a time,
 * and none of it is claimed meanwhile. The deletion waits for what is leased, which might make the
 * fields again. */
static apr_status_t claim_unconnected(afp_session_t *session, claiming_t *claiming, int leased)
{
    afp_claim_t *claim = claiming->claim;
    const char *values[] = {claim->company_uuid, afp_sql_number(session, afp_session_now(session))};
    apr_status_t rv = hold_tenant(session, claim);

    if (rv == APR_SUCCESS && !leased) {
        rv = claim_first(session, claiming, &select_deletion, values);
    }
    if (claim->result == AFP_CLAIM_NOTHING) {
        claim->result = AFP_CLAIM_HELD;
    }
    return rv;
}

/* The tenant's row lock makes this exact on every machine: no more than the cap in flight, one
 * follow-up of an application at a time, parking respected. */
static apr_status_t claim_one(afp_session_t *session, void *baton)
{
    claiming_t *claiming = baton;
    afp_claim_t *claim = claiming->claim;
    afp_tenant_state_t state;
    apr_int64_t generation;
    const char *own_id;
    int leased;
    apr_status_t rv = afp_tenant_lock(session, claim->company_uuid, &state, &generation);

    claim->result = AFP_CLAIM_NOTHING;
    claim->more = 0;
    claiming->spent = 0;
    if (rv == APR_NOTFOUND) {
        return APR_SUCCESS;
    }
    if (rv == APR_SUCCESS && generation != claim->generation) {
        claim->result = AFP_CLAIM_STALE;
        return APR_SUCCESS;
    }
    if (rv == APR_SUCCESS) {
        rv = read_leased(session, claiming, &leased, &own_id);
    }
    if (rv == APR_SUCCESS && own_id) {
        claim->result = AFP_CLAIM_TAKEN;
        rv = read_own(session, own_id, &claim->follow_up);
        claim->follow_up.generation = generation;
        return rv;
    }
    if (rv == APR_SUCCESS && state != AFP_TENANT_CONNECTED) {
        return claim_unconnected(session, claiming, leased);
    }
    if (rv == APR_SUCCESS && leased >= AFP_IN_FLIGHT_CAP) {
        claim->result = AFP_CLAIM_ENOUGH;
        return APR_SUCCESS;
    }
    if (rv == APR_SUCCESS) {
        rv = read_parked(session, claim, &claiming->parked);
    }
    return rv == APR_SUCCESS ? claim_due(session, claiming) : rv;
}

apr_status_t afp_follow_up_claim(afp_session_t *session, afp_claim_t *claim)
{
    claiming_t claiming = {.claim = claim};
    apr_status_t rv = afp_id_random(&claiming.lease);

    return rv == APR_SUCCESS ? afp_session_write(session, claim_one, &claiming) : rv;
}
