#include "store/budget.h"

static const afp_statement_t lock_budget = {
    "lock-budget", "UPDATE afp_budget SET next_at = next_at + 1 WHERE token_digest = %s"};

static const afp_statement_t select_budget = {
    "select-budget", "SELECT next_at, blocked_until FROM afp_budget WHERE token_digest = %s"};

static const afp_statement_t insert_budget = {
    "insert-budget",
    "INSERT INTO afp_budget (token_digest, next_at, blocked_until) VALUES (%s, 0, 0)"};

static const afp_statement_t update_budget = {
    "update-budget",
    "UPDATE afp_budget SET next_at = %s, blocked_until = %s WHERE token_digest = %s"};

static const afp_statement_t give_back = {
    "give-back-budget", "UPDATE afp_budget SET next_at = next_at - %s WHERE token_digest = %s"};

/* Reads the row under its lock, making it if this is the token's first call. Two that make it at
 * once collide; the loser's connection is remade and its work repeated. */
static apr_status_t read_locked(afp_session_t *session, const char *token_digest,
                                apr_time_t *next_at, apr_time_t *blocked_until)
{
    const char *values[] = {token_digest};
    afp_rows_t *row;
    int rows = 0;
    apr_status_t rv = afp_sql_execute(session, &lock_budget, values, &rows);

    *next_at = 0;
    *blocked_until = 0;
    if (rv == APR_SUCCESS && !rows) {
        return afp_sql_execute(session, &insert_budget, values, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_sql_select(session, &select_budget, values, &row);
    }
    while (rv == APR_SUCCESS && afp_rows_next(row)) {
        *next_at = afp_rows_number(row, 0);
        *blocked_until = afp_rows_number(row, 1);
    }
    return rv;
}

static apr_status_t write_back(afp_session_t *session, const char *token_digest, apr_time_t next_at,
                               apr_time_t blocked_until)
{
    const char *values[] = {afp_sql_number(session, next_at),
                            afp_sql_number(session, blocked_until), token_digest};

    return afp_sql_execute(session, &update_budget, values, NULL);
}

apr_status_t afp_budget_take(afp_session_t *session, const char *token_digest, int calls,
                             int reserve, apr_time_t *until)
{
    apr_interval_time_t burst = (AFP_BUDGET_BURST - reserve) * AFP_BUDGET_INTERVAL;
    apr_time_t now = afp_session_now(session);
    apr_time_t next_at, blocked_until, after;
    apr_status_t rv = read_locked(session, token_digest, &next_at, &blocked_until);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    after = (next_at > now ? next_at : now) + calls * AFP_BUDGET_INTERVAL;
    if (blocked_until > now) {
        *until = blocked_until;
        return APR_EAGAIN;
    }
    if (after > now + burst) {
        *until = after - burst;
        return APR_EAGAIN;
    }
    return write_back(session, token_digest, after, blocked_until);
}

apr_status_t afp_budget_give_back(afp_session_t *session, const char *token_digest, int calls)
{
    const char *values[] = {afp_sql_number(session, calls * AFP_BUDGET_INTERVAL), token_digest};

    return afp_sql_execute(session, &give_back, values, NULL);
}

static apr_status_t take_one(afp_session_t *session, void *baton)
{
    apr_time_t until;

    return afp_budget_take(session, baton, 1, 0, &until);
}

apr_status_t afp_budget_take_one(afp_session_t *session, const char *token_digest)
{
    /* The work function only reads the digest. */
    return afp_session_write(session, take_one, (void *)(apr_uintptr_t)token_digest);
}

apr_status_t afp_budget_block(afp_session_t *session, const char *token_digest, apr_time_t until)
{
    apr_time_t next_at, blocked_until;
    apr_status_t rv = read_locked(session, token_digest, &next_at, &blocked_until);

    return rv == APR_SUCCESS && until > blocked_until
               ? write_back(session, token_digest, next_at, until)
               : rv;
}
