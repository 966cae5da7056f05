#include "store/activity.h"

#include "store/activity_parts.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* The list. Each kind of row is read from its own table in the order of an index, as many as the
 * page can hold, from the page's place on; the page is what comes first when they are put
 * together. */

/* ---- where rows come from ---- */

/* First the ids, by the index alone and from the place on, then the rows: written otherwise, some
 * planners begin at the end of the index, or with all tenants' rows. The first condition is a range
 * of the index. */
#define OLDER(time)                                                                                \
    " AND " time " <= %s AND (" time " < %s OR id < %s) ORDER BY " time " DESC, id DESC LIMIT %s"
#define NEWER(time)                                                                                \
    " AND " time " >= %s AND (" time " > %s OR id > %s) ORDER BY " time ", id LIMIT %s"
#define PAGE_OF(columns, list, condition, table)                                                   \
    columns "(SELECT id FROM " list " WHERE " condition ") listed JOIN " table                     \
            " r ON r.id = listed.id"
#define BOTH(name, columns, list, condition, time, table)                                          \
    {                                                                                              \
        {name, PAGE_OF(columns, list, condition OLDER(time), table)},                              \
        {                                                                                          \
            name, PAGE_OF(columns, list, condition NEWER(time), table)                             \
        }                                                                                          \
    }

#define OPEN                                                                                       \
    "SELECT r.id, kind, state, application_id, job_id, delivery_id, reason, due_at, attempts "     \
    "FROM "
#define FINISHED                                                                                   \
    "SELECT r.id, kind, result, application_id, job_id, delivery_id, reason, finished_at,"         \
    " attempts FROM "
#define IGNORED                                                                                    \
    "SELECT r.id, event, 'ignored', application_id, job_id, r.id, ignored, received_at, 0 FROM "

/* Not: checks and synchronisations. */
#define SHOWN " AND kind NOT IN ('check-pinpoint', 'check-assessfirst', 'synchronise')"

const afp_activity_select_t afp_activity_selects[AFP_SOURCES] = {
    [AFP_SOURCE_OPEN] =
        BOTH("open-activity", OPEN, "afp_follow_up" AFP_BY_INDEX("afp_follow_up_priority"),
             "state = %s AND company_uuid = %s AND priority = 0", "due_at", "afp_follow_up"),
    [AFP_SOURCE_FINISHED] =
        BOTH("finished-activity", FINISHED, "afp_finished" AFP_BY_INDEX("afp_finished_page"),
             "company_uuid = %s" SHOWN, "finished_at", "afp_finished"),
    [AFP_SOURCE_RESULT] = BOTH(
        "activity-of-result", FINISHED, "afp_finished" AFP_BY_INDEX("afp_finished_result_page"),
        "company_uuid = %s AND result = %s" SHOWN, "finished_at", "afp_finished"),
    [AFP_SOURCE_IGNORED] =
        BOTH("ignored-activity", IGNORED, "afp_ignored" AFP_BY_INDEX("afp_ignored_page"),
             "company_uuid = %s", "received_at", "afp_delivery"),
};

/* An application has few rows, which are sorted: with conditions on the time, or in its own order,
 * planners would take an index of all the tenant's rows. */
#define OWN_ORDER(time) " ORDER BY " time " + 0 DESC LIMIT 200"

const afp_statement_t afp_activity_own_selects[AFP_OWN_SELECTS] = {
    {"open-activity-of-application",
     OPEN "afp_follow_up r WHERE company_uuid = %s AND application_id = %s"
          " AND priority = 0" OWN_ORDER("due_at")},
    {"finished-activity-of-application", FINISHED
     "afp_finished r WHERE company_uuid = %s AND application_id = %s" OWN_ORDER("finished_at")},
    /* Also what afp_ignored does not list. */
    {"ignored-activity-of-application",
     IGNORED "afp_delivery r WHERE company_uuid = %s AND application_id = %s"
             " AND ignored <> ''" OWN_ORDER("received_at")},
};

/* One by its id, which a delivery and its first follow-up share; or by the delivery's. Values: id
 * and company_uuid, in this order and the other way round. */
#define OF_ID " WHERE id = %s AND company_uuid = %s AND company_uuid = %s AND id = %s"
#define OF_DELIVERY                                                                                \
    " WHERE application_id = (SELECT application_id FROM afp_delivery" OF_ID_OF_DELIVERY           \
    ") AND company_uuid = %s AND delivery_id = %s AND kind = 'invite'"
#define OF_ID_OF_DELIVERY " WHERE id = %s AND company_uuid = %s"

static const afp_statement_t select_by_id[] = {
    {"open-activity-of-id", OPEN "afp_follow_up r" OF_ID SHOWN},
    {"finished-activity-of-id", FINISHED "afp_finished r" OF_ID SHOWN},
    {"ignored-activity-of-id", IGNORED "afp_delivery r" OF_ID " AND ignored <> ''"},
    {"open-activity-of-delivery",
     OPEN "afp_follow_up r" OF_DELIVERY " ORDER BY created_at DESC LIMIT 1"},
    {"finished-activity-of-delivery",
     FINISHED "afp_finished r" OF_DELIVERY " ORDER BY finished_at + 0 DESC LIMIT 1"},
};

/* The states, and where each comes from. */
static const struct {
    const char *state;
    const char *stored; /* in the row */
    afp_activity_source_t source;
} states[] = {
    {AFP_ACTIVITY_WAITING, "ready", AFP_SOURCE_OPEN},
    {AFP_ACTIVITY_RUNNING, "leased", AFP_SOURCE_OPEN},
    {AFP_ACTIVITY_HELD, "held", AFP_SOURCE_OPEN},
    {AFP_ACTIVITY_IGNORED, "", AFP_SOURCE_IGNORED},
    {AFP_ACTIVITY_INVITED, "invited", AFP_SOURCE_RESULT},
    {AFP_ACTIVITY_SKIPPED, "skipped", AFP_SOURCE_RESULT},
    {AFP_ACTIVITY_UNCERTAIN, "uncertain", AFP_SOURCE_RESULT},
    {AFP_ACTIVITY_DEAD, "dead", AFP_SOURCE_RESULT},
    {AFP_ACTIVITY_REPEATED, "repeated", AFP_SOURCE_RESULT},
    {AFP_ACTIVITY_DONE, "done", AFP_SOURCE_RESULT},
};

#define STATES      ((int)(sizeof(states) / sizeof(states[0])))
#define OPEN_STATES 3

static int find_state(const char *state)
{
    int i;

    for (i = 0; i < STATES; i++) {
        if (!strcmp(states[i].state, state)) {
            return i;
        }
    }
    return -1;
}

int afp_activity_is_state(const char *state)
{
    return find_state(state) >= 0;
}

/* ---- reading ---- */

static int newest_first(const void *left, const void *right)
{
    const afp_activity_t *a = left;
    const afp_activity_t *b = right;

    return a->at < b->at ? 1 : a->at > b->at ? -1 : strcmp(b->id, a->id);
}

typedef struct {
    afp_activity_page_t *page;
    apr_pool_t *pool;
} reading_t;

static int is_somewhere(const afp_activity_place_t *place)
{
    return *place->id != '\0';
}

static void take_row(afp_rows_t *rows, apr_pool_t *pool, afp_activity_t *activity)
{
    const char *state = afp_rows_text(rows, 2);
    int i;

    for (i = 0; i < OPEN_STATES && strcmp(states[i].stored, state); i++) {
    }
    activity->id = apr_pstrdup(pool, afp_rows_text(rows, 0));
    activity->kind = apr_pstrdup(pool, afp_rows_text(rows, 1));
    activity->state = i < OPEN_STATES ? states[i].state : apr_pstrdup(pool, state);
    activity->application_id = apr_pstrdup(pool, afp_rows_text(rows, 3));
    activity->job_id = apr_pstrdup(pool, afp_rows_text(rows, 4));
    activity->delivery_id = apr_pstrdup(pool, afp_rows_text(rows, 5));
    activity->reason = apr_pstrdup(pool, afp_rows_text(rows, 6));
    activity->at = afp_rows_number(rows, 7);
    activity->attempts = (int)afp_rows_number(rows, 8);
}

/* Open follow-ups that are the whole tenant's: there is one of a kind, and most are not shown. */
#define OF_TENANT 4

static int is_shown(const afp_activity_t *activity)
{
    return *activity->application_id != '\0' ||
           !(!strcmp(activity->kind, AFP_FOLLOW_UP_CHECK_PINPOINT) ||
             !strcmp(activity->kind, AFP_FOLLOW_UP_CHECK_ASSESSFIRST) ||
             !strcmp(activity->kind, AFP_FOLLOW_UP_SYNCHRONISE));
}

/* Adds the rows of one source, at least one more than the page holds if there are so many. */
static apr_status_t collect(afp_session_t *session, const reading_t *reading,
                            afp_activity_source_t source, const char *stored)
{
    const afp_activity_page_t *page = reading->page;
    int is_newer = is_somewhere(&page->after);
    const afp_activity_place_t *place = is_newer ? &page->after : &page->before;
    const char *at = afp_sql_number(session, is_somewhere(place) ? place->at : APR_INT64_MAX);
    const char *values[6];
    int count = 0;
    afp_rows_t *rows;
    apr_status_t rv;

    if (source == AFP_SOURCE_OPEN) {
        values[count++] = stored;
    }
    values[count++] = page->company_uuid;
    if (source == AFP_SOURCE_RESULT) {
        values[count++] = stored;
    }
    values[count++] = at;
    values[count++] = at;
    values[count++] = place->id;
    values[count++] = afp_sql_number(session, page->limit + 1 + OF_TENANT);
    rv = afp_sql_select(session,
                        is_newer ? &afp_activity_selects[source].newer
                                 : &afp_activity_selects[source].older,
                        values, &rows);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_activity_t activity;

        take_row(rows, reading->pool, &activity);
        if (is_shown(&activity)) {
            APR_ARRAY_PUSH(page->activities, afp_activity_t) = activity;
        }
    }
    return rv;
}

/* 1 if an activity is in the state, and on the side of the page's place, that is asked for. */
static int is_wanted(const afp_activity_page_t *page, const afp_activity_t *activity)
{
    afp_activity_t place = {0};

    if (*page->state && strcmp(page->state, activity->state) != 0) {
        return 0;
    }
    if (is_somewhere(&page->after)) {
        place.at = page->after.at;
        place.id = page->after.id;
        return newest_first(activity, &place) < 0;
    }
    if (is_somewhere(&page->before)) {
        place.at = page->before.at;
        place.id = page->before.id;
        return newest_first(activity, &place) > 0;
    }
    return 1;
}

/* Adds the rows of an application. */
static apr_status_t collect_own(afp_session_t *session, const reading_t *reading)
{
    const afp_activity_page_t *page = reading->page;
    const char *values[] = {page->company_uuid, page->application_id};
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < AFP_OWN_SELECTS && rv == APR_SUCCESS; i++) {
        afp_rows_t *rows;

        rv = afp_sql_select(session, &afp_activity_own_selects[i], values, &rows);
        while (rv == APR_SUCCESS && afp_rows_next(rows)) {
            afp_activity_t activity;

            take_row(rows, reading->pool, &activity);
            if (is_wanted(page, &activity)) {
                APR_ARRAY_PUSH(page->activities, afp_activity_t) = activity;
            }
        }
    }
    return rv;
}

static apr_status_t collect_all(afp_session_t *session, const reading_t *reading)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < OPEN_STATES && rv == APR_SUCCESS; i++) {
        rv = collect(session, reading, AFP_SOURCE_OPEN, states[i].stored);
    }
    if (rv == APR_SUCCESS) {
        rv = collect(session, reading, AFP_SOURCE_FINISHED, "");
    }
    return rv == APR_SUCCESS ? collect(session, reading, AFP_SOURCE_IGNORED, "") : rv;
}

/* ---- putting together ---- */

/* Of what was found, which may be more than the page holds, keeps what is next to its place. */
static void cut(afp_activity_page_t *page)
{
    apr_array_header_t *found = page->activities;
    afp_activity_t *activities = (afp_activity_t *)found->elts;
    int too_many = found->nelts - page->limit;
    int is_newer = is_somewhere(&page->after);

    qsort(activities, (size_t)found->nelts, sizeof(*activities), newest_first);
    page->older = is_newer || too_many > 0;
    page->newer = is_newer ? too_many > 0 : is_somewhere(&page->before);
    if (too_many > 0) {
        found->nelts = page->limit;
        if (is_newer) {
            memmove(activities, activities + too_many, (size_t)page->limit * sizeof(*activities));
        }
    }
}

static apr_status_t read_page(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    afp_activity_page_t *page = reading->page;
    int state = find_state(page->state);
    apr_status_t rv;

    apr_array_clear(page->activities);
    rv = *page->application_id ? collect_own(session, reading)
         : state < 0           ? collect_all(session, reading)
                     : collect(session, reading, states[state].source, states[state].stored);
    if (rv == APR_SUCCESS) {
        cut(page);
    }
    return rv;
}

apr_status_t afp_activity_read(afp_session_t *session, afp_activity_page_t *page, apr_pool_t *pool)
{
    reading_t reading = {page, pool};

    if (page->limit > AFP_ACTIVITY_LIMIT) {
        page->limit = AFP_ACTIVITY_LIMIT;
    }
    page->activities = apr_array_make(pool, page->limit + 1, sizeof(afp_activity_t));
    return afp_session_read(session, read_page, &reading);
}

/* ---- one ---- */

typedef struct {
    const char *company_uuid;
    const char *id;
    apr_pool_t *pool;
    afp_activity_t *activity;
} one_t;

static apr_status_t read_one(afp_session_t *session, void *baton)
{
    const one_t *one = baton;
    const char *values[] = {one->id, one->company_uuid, one->company_uuid, one->id};
    size_t i;

    for (i = 0; i < sizeof(select_by_id) / sizeof(select_by_id[0]); i++) {
        int is_found = 0;
        afp_rows_t *rows;
        apr_status_t rv = afp_sql_select(session, &select_by_id[i], values, &rows);

        if (rv != APR_SUCCESS) {
            return rv;
        }
        while (afp_rows_next(rows)) {
            take_row(rows, one->pool, one->activity);
            is_found = 1;
        }
        if (is_found) {
            return APR_SUCCESS;
        }
    }
    return APR_NOTFOUND;
}

apr_status_t afp_activity_find(afp_session_t *session, const char *company_uuid, const char *id,
                               apr_pool_t *pool, afp_activity_t *activity)
{
    one_t one = {company_uuid, id, pool, activity};

    return afp_session_read(session, read_one, &one);
}
