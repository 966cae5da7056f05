#include "store/history.h"

#include "store/activity.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* Each kind of entry is read from its own table. The columns are those of an entry: id, kind,
 * state, reason, at, attempts, occurrence, and last the job's id. An application has few rows: they
 * are sorted; not by columns that have an index of their own, which planners would take. */

#define OF_APPLICATION " WHERE company_uuid = %s AND application_id = %s"

static const struct {
    afp_history_what_t what;
    afp_statement_t statement;
} sources[] = {
    {AFP_HISTORY_DELIVERY,
     {"history-of-deliveries",
      "SELECT id, event, CASE WHEN ignored <> '' THEN 'ignored' ELSE '' END, ignored, received_at,"
      " 0, 0, job_id FROM afp_delivery" OF_APPLICATION " ORDER BY received_at + 0 DESC LIMIT 50"}},
    {AFP_HISTORY_ATTEMPT,
     {"history-of-attempts", "SELECT follow_up_id, kind, happened, reason, at, attempt, 0, '' FROM "
                             "afp_attempt" OF_APPLICATION " ORDER BY at + 0 DESC LIMIT 50"}},
    {AFP_HISTORY_FINISHED,
     {"history-of-finished",
      "SELECT id, kind, result, reason, finished_at, attempts, occurrence, job_id"
      " FROM afp_finished" OF_APPLICATION " ORDER BY finished_at DESC LIMIT 50"}},
    {AFP_HISTORY_OPEN,
     {"history-of-open",
      "SELECT id, kind, CASE state WHEN 'ready' THEN 'waiting' WHEN 'leased' THEN 'running'"
      " ELSE 'held' END, reason, due_at, attempts, occurrence, job_id FROM "
      "afp_follow_up" OF_APPLICATION " ORDER BY due_at + 0 DESC LIMIT 50"}},
    {AFP_HISTORY_INVITED,
     {"history-of-invitations",
      "SELECT delivery_id, '', state, model_name, sending_at, 0, occurrence, job_id"
      " FROM afp_invitation" OF_APPLICATION " AND state = 'invited' AND NOT EXISTS"
      " (SELECT 1 FROM afp_finished f WHERE f.company_uuid = afp_invitation.company_uuid"
      " AND f.application_id = afp_invitation.application_id AND f.result = 'invited'"
      " AND f.occurrence = afp_invitation.occurrence) ORDER BY occurrence DESC LIMIT 50"}},
};

#define SOURCES (sizeof(sources) / sizeof(sources[0]))
#define LIMIT   50 /* of each source */

typedef struct {
    const char *company_uuid;
    const char *application_id;
    apr_pool_t *pool;
    afp_history_t *history;
} reading_t;

/* ---- reading ---- */

static apr_status_t collect(afp_session_t *session, const reading_t *reading, size_t source)
{
    const char *values[] = {reading->company_uuid, reading->application_id};
    afp_history_t *history = reading->history;
    apr_pool_t *pool = reading->pool;
    int count = 0;
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &sources[source].statement, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_history_entry_t *entry = apr_array_push(history->entries);
        const char *job_id = afp_rows_text(rows, 7);

        entry->what = sources[source].what;
        entry->id = apr_pstrdup(pool, afp_rows_text(rows, 0));
        entry->kind = apr_pstrdup(pool, afp_rows_text(rows, 1));
        entry->state = apr_pstrdup(pool, afp_rows_text(rows, 2));
        entry->reason = apr_pstrdup(pool, afp_rows_text(rows, 3));
        entry->at = afp_rows_number(rows, 4);
        entry->attempts = (int)afp_rows_number(rows, 5);
        entry->occurrence = (int)afp_rows_number(rows, 6);
        if (*job_id) {
            history->job_id = apr_pstrdup(pool, job_id);
        }
        count++;
    }
    history->is_cut |= count == LIMIT;
    return rv;
}

/* What happens in the same moment, in its natural order; what is open lies ahead. */
static int oldest_first(const void *left, const void *right)
{
    const afp_history_entry_t *a = left;
    const afp_history_entry_t *b = right;
    int ahead = (a->what == AFP_HISTORY_OPEN) - (b->what == AFP_HISTORY_OPEN);

    return ahead                ? ahead
           : a->at < b->at      ? -1
           : a->at > b->at      ? 1
           : a->what != b->what ? (int)a->what - (int)b->what
                                : strcmp(a->id, b->id);
}

static void sort_and_cut(afp_history_t *history)
{
    apr_array_header_t *entries = history->entries;
    int too_many = entries->nelts - AFP_HISTORY_LIMIT;

    qsort(entries->elts, (size_t)entries->nelts, sizeof(afp_history_entry_t), oldest_first);
    if (too_many > 0) {
        memmove(entries->elts, entries->elts + too_many * entries->elt_size,
                (size_t)AFP_HISTORY_LIMIT * sizeof(afp_history_entry_t));
        entries->nelts = AFP_HISTORY_LIMIT;
        history->is_cut = 1;
    }
}

static apr_status_t read_all(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    afp_history_t *history = reading->history;
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    history->entries = apr_array_make(reading->pool, 16, sizeof(afp_history_entry_t));
    history->is_cut = 0;
    history->job_id = "";
    for (i = 0; i < SOURCES && rv == APR_SUCCESS; i++) {
        rv = collect(session, reading, i);
    }
    sort_and_cut(history);
    return rv;
}

/* ---- what it comes to ---- */

static int is_invite(const afp_history_entry_t *entry)
{
    return !strcmp(entry->kind, AFP_FOLLOW_UP_INVITE);
}

/* What an entry says by itself. What was repeated is told by what repeats it. */
static afp_verdict_t verdict_of(const afp_history_entry_t *entry)
{
    switch (entry->what) {
    case AFP_HISTORY_INVITED:
        return AFP_VERDICT_INVITED;
    case AFP_HISTORY_OPEN:
        return is_invite(entry) ? AFP_VERDICT_OPEN : AFP_VERDICT_UNKNOWN;
    case AFP_HISTORY_FINISHED:
        return !is_invite(entry)                               ? AFP_VERDICT_UNKNOWN
               : !strcmp(entry->state, AFP_ACTIVITY_INVITED)   ? AFP_VERDICT_INVITED
               : !strcmp(entry->state, AFP_ACTIVITY_UNCERTAIN) ? AFP_VERDICT_UNCERTAIN
               : !strcmp(entry->state, AFP_ACTIVITY_SKIPPED)   ? AFP_VERDICT_SKIPPED
               : !strcmp(entry->state, AFP_ACTIVITY_DEAD)      ? AFP_VERDICT_DEAD
                                                               : AFP_VERDICT_UNKNOWN;
    case AFP_HISTORY_DELIVERY:
        return *entry->state ? AFP_VERDICT_IGNORED : AFP_VERDICT_UNKNOWN;
    case AFP_HISTORY_ATTEMPT:
    default:
        return AFP_VERDICT_UNKNOWN;
    }
}

/* An invitation outweighs what is open, that what has ended, and that what was ignored; of equals
 * the latest counts. */
static int weight_of(afp_verdict_t verdict)
{
    static const int weights[] = {
        [AFP_VERDICT_UNKNOWN] = 0, [AFP_VERDICT_IGNORED] = 1,   [AFP_VERDICT_SKIPPED] = 2,
        [AFP_VERDICT_DEAD] = 2,    [AFP_VERDICT_UNCERTAIN] = 3, [AFP_VERDICT_OPEN] = 4,
        [AFP_VERDICT_INVITED] = 5,
    };

    return weights[verdict];
}

static void judge(afp_history_t *history)
{
    int i;

    history->verdict = AFP_VERDICT_UNKNOWN;
    history->decisive = NULL;
    for (i = 0; i < history->entries->nelts; i++) {
        const afp_history_entry_t *entry = &APR_ARRAY_IDX(history->entries, i, afp_history_entry_t);
        afp_verdict_t verdict = verdict_of(entry);

        if (verdict != AFP_VERDICT_UNKNOWN && weight_of(verdict) >= weight_of(history->verdict)) {
            history->verdict = verdict;
            history->decisive = entry;
        }
    }
}

apr_status_t afp_history_read(afp_session_t *session, const char *company_uuid,
                              const char *application_id, apr_pool_t *pool, afp_history_t *history)
{
    reading_t reading = {company_uuid, application_id, pool, history};
    apr_status_t rv = afp_session_read(session, read_all, &reading);

    if (rv == APR_SUCCESS) {
        judge(history);
        rv = afp_invitation_sent(session, company_uuid, application_id, &history->invitation);
    }
    return rv == APR_SUCCESS
               ? afp_assessment_read(session, company_uuid, application_id,
                                     history->invitation.occurrence, &history->assessment)
               : rv;
}
