#include "store/invitation_list.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "SELECT i.application_id, i.job_id, i.occurrence, i.state, i.model_uuid, i.model_name,"        \
    " i.candidate_id, i.sending_at, COALESCE(a.progress, ''), COALESCE(a.score, -1),"              \
    " COALESCE(a.read_at, 0), COALESCE(a.closed, '') FROM "

#define ASSESSMENT                                                                                 \
    " LEFT JOIN afp_assessment a ON a.company_uuid = i.company_uuid"                               \
    " AND a.application_id = i.application_id AND a.occurrence = i.occurrence"

#define BY_PAGE AFP_BY_INDEX("afp_invitation_page")

/* First the keys, by the index alone and from the place on, then the rows: as in store/activity.c.
 */
const afp_statement_t afp_invitation_list_select = {
    "list-invitations",
    COLUMNS "(SELECT company_uuid, application_id, occurrence FROM afp_invitation" BY_PAGE
            " WHERE company_uuid = %s"
            " AND sending_at <= %s AND (sending_at < %s OR application_id < %s"
            " OR (application_id = %s AND occurrence < %s))"
            " ORDER BY sending_at DESC, application_id DESC, occurrence DESC LIMIT %s) listed"
            " JOIN afp_invitation i ON i.company_uuid = listed.company_uuid"
            " AND i.application_id = listed.application_id AND i.occurrence = "
            "listed.occurrence" ASSESSMENT};

/* An application has few, which are sorted. */
static const afp_statement_t select_of_application = {
    "list-invitations-of-application",
    COLUMNS "afp_invitation i" ASSESSMENT " WHERE i.company_uuid = %s AND i.application_id = %s"
            " AND i.sending_at <= %s AND (i.sending_at < %s OR i.occurrence < %s)"
            " ORDER BY i.sending_at + 0 DESC, i.occurrence DESC LIMIT %s"};

typedef struct {
    afp_invitation_list_t *list;
    apr_pool_t *pool;
} reading_t;

static void take_row(afp_rows_t *rows, apr_pool_t *pool, afp_invitation_entry_t *entry)
{
    entry->application_id = apr_pstrdup(pool, afp_rows_text(rows, 0));
    entry->job_id = apr_pstrdup(pool, afp_rows_text(rows, 1));
    entry->occurrence = (int)afp_rows_number(rows, 2);
    entry->state = apr_pstrdup(pool, afp_rows_text(rows, 3));
    entry->model_uuid = apr_pstrdup(pool, afp_rows_text(rows, 4));
    entry->model_name = apr_pstrdup(pool, afp_rows_text(rows, 5));
    entry->candidate_id = apr_pstrdup(pool, afp_rows_text(rows, 6));
    entry->sending_at = afp_rows_number(rows, 7);
    entry->progress = apr_pstrdup(pool, afp_rows_text(rows, 8));
    entry->score = (int)afp_rows_number(rows, 9);
    entry->read_at = afp_rows_number(rows, 10);
    entry->closed = apr_pstrdup(pool, afp_rows_text(rows, 11));
}

static int newest_first(const void *left, const void *right)
{
    const afp_invitation_entry_t *a = left;
    const afp_invitation_entry_t *b = right;
    int application = strcmp(b->application_id, a->application_id);

    return a->sending_at < b->sending_at   ? 1
           : a->sending_at > b->sending_at ? -1
           : application                   ? application
                                           : b->occurrence - a->occurrence;
}

static apr_status_t read_list(afp_session_t *session, void *baton)
{
    const reading_t *reading = baton;
    afp_invitation_list_t *list = reading->list;
    const afp_invitation_place_t *before = &list->before;
    const char *at =
        afp_sql_number(session, *before->application_id ? before->sending_at : APR_INT64_MAX);
    const char *occurrence = afp_sql_number(session, before->occurrence);
    const char *limit = afp_sql_number(session, list->limit + 1);
    const char *all[] = {list->company_uuid,     at,         at,   before->application_id,
                         before->application_id, occurrence, limit};
    const char *of_application[] = {
        list->company_uuid, list->application_id, at, at, occurrence, limit};
    afp_rows_t *rows;
    apr_status_t rv = *list->application_id
                          ? afp_sql_select(session, &select_of_application, of_application, &rows)
                          : afp_sql_select(session, &afp_invitation_list_select, all, &rows);

    apr_array_clear(list->entries);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        take_row(rows, reading->pool, apr_array_push(list->entries));
    }
    qsort(list->entries->elts, (size_t)list->entries->nelts, sizeof(afp_invitation_entry_t),
          newest_first);
    list->older = list->entries->nelts > list->limit;
    if (list->older) {
        list->entries->nelts = list->limit;
    }
    return rv;
}

apr_status_t afp_invitation_list_read(afp_session_t *session, afp_invitation_list_t *list,
                                      apr_pool_t *pool)
{
    reading_t reading = {list, pool};

    if (list->limit > AFP_INVITATION_LIST_LIMIT) {
        list->limit = AFP_INVITATION_LIST_LIMIT;
    }
    list->entries = apr_array_make(pool, list->limit + 1, sizeof(afp_invitation_entry_t));
    return afp_session_read(session, read_list, &reading);
}
