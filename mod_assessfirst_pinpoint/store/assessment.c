#include "store/assessment.h"

#include <apr_strings.h>
#include <string.h>

static const afp_statement_t select_assessment = {
    "select-assessment",
    "SELECT progress, finished, wanted, swipe, drive, brain, voice, score, link, polls, read_at,"
    " failure, closed FROM afp_assessment"
    " WHERE company_uuid = %s AND application_id = %s AND occurrence = %s"};

static const afp_statement_t delete_assessment = {
    "delete-assessment", "DELETE FROM afp_assessment"
                         " WHERE company_uuid = %s AND application_id = %s AND occurrence = %s"};

static const afp_statement_t insert_assessment = {
    "insert-assessment",
    "INSERT INTO afp_assessment (company_uuid, application_id, occurrence, progress, finished,"
    " wanted, swipe, drive, brain, voice, score, link, polls, read_at, failure, closed)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"};

static const afp_statement_t select_by_candidate = {
    "select-applications-of-candidate",
    "SELECT application_id FROM afp_invitation WHERE company_uuid = %s AND candidate_id = %s"};

/* In the order of afp_follow_up_priority: readings come behind everything else. */
static const afp_statement_t count_readings = {
    "count-readings",
    "SELECT COUNT(*) FROM (SELECT id FROM afp_follow_up WHERE state = %s AND company_uuid = %s"
    " AND priority > 0 LIMIT %s) counted"};

static const afp_statement_t count_progress = {
    "count-progress",
    "SELECT COUNT(*) FROM (SELECT progress FROM afp_assessment WHERE progress = %s"
    " AND company_uuid = %s LIMIT %s) counted"};

#define COUNTED_TO     1000
#define CANDIDATE_SIZE 64

static const char *const progress_names[] = {"invited", "started", "completed", "declined",
                                             "expired"};

static afp_progress_t progress_of(const char *name)
{
    int progress = AFP_PROGRESS_EXPIRED;

    while (progress > AFP_PROGRESS_INVITED && strcmp(progress_names[progress], name)) {
        progress--;
    }
    return (afp_progress_t)progress;
}

/* ---- one ---- */

typedef struct {
    const char *company_uuid;
    const char *application_id;
    int occurrence;
    afp_assessment_t *assessment;
} reading_t;

static void take_row(afp_rows_t *rows, afp_assessment_t *assessment)
{
    afp_results_t *results = &assessment->results;
    int i;

    results->progress = progress_of(afp_rows_text(rows, 0));
    results->finished = (unsigned int)afp_rows_number(rows, 1);
    results->wanted = (unsigned int)afp_rows_number(rows, 2);
    for (i = 0; i < AFP_QUESTIONNAIRES; i++) {
        results->scores[i] = (int)afp_rows_number(rows, 3 + i);
    }
    results->global = (int)afp_rows_number(rows, 7);
    apr_cpystrn(results->link, afp_rows_text(rows, 8), sizeof(results->link));
    assessment->polls = (int)afp_rows_number(rows, 9);
    assessment->read_at = afp_rows_number(rows, 10);
    apr_cpystrn(assessment->failure, afp_rows_text(rows, 11), sizeof(assessment->failure));
    apr_cpystrn(assessment->closed, afp_rows_text(rows, 12), sizeof(assessment->closed));
}

static apr_status_t read_one(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    afp_assessment_t *assessment = reading->assessment;
    const char *values[] = {reading->company_uuid, reading->application_id,
                            afp_sql_number(session, reading->occurrence)};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_assessment, values, &rows);
    int i;

    memset(assessment, 0, sizeof(*assessment));
    assessment->results.global = AFP_SCORE_NONE;
    for (i = 0; i < AFP_QUESTIONNAIRES; i++) {
        assessment->results.scores[i] = AFP_SCORE_NONE;
    }
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        assessment->occurrence = reading->occurrence;
        take_row(rows, assessment);
    }
    return rv;
}

apr_status_t afp_assessment_read(afp_session_t *session, const char *company_uuid,
                                 const char *application_id, int occurrence,
                                 afp_assessment_t *assessment)
{
    reading_t reading = {company_uuid, application_id, occurrence, assessment};

    return afp_session_read(session, read_one, &reading);
}

apr_status_t afp_assessment_store(afp_session_t *session, const afp_follow_up_t *follow_up,
                                  const afp_assessment_t *assessment)
{
    const afp_results_t *results = &assessment->results;
    const char *values[] = {
        follow_up->company_uuid,
        follow_up->application_id,
        afp_sql_number(session, assessment->occurrence),
        progress_names[results->progress],
        afp_sql_number(session, results->finished),
        afp_sql_number(session, results->wanted),
        afp_sql_number(session, results->scores[AFP_SWIPE]),
        afp_sql_number(session, results->scores[AFP_DRIVE]),
        afp_sql_number(session, results->scores[AFP_BRAIN]),
        afp_sql_number(session, results->scores[AFP_VOICE]),
        afp_sql_number(session, results->global),
        results->link,
        afp_sql_number(session, assessment->polls),
        afp_sql_number(session, assessment->read_at),
        assessment->failure,
        assessment->closed,
    };
    apr_status_t rv = afp_sql_execute(session, &delete_assessment, values, NULL);

    return rv == APR_SUCCESS ? afp_sql_execute(session, &insert_assessment, values, NULL) : rv;
}

/* Of the questionnaires a profile only shows how many are finished. */
static int count_bits(unsigned int bits)
{
    int count = 0;

    for (; bits; bits &= bits - 1) {
        count++;
    }
    return count;
}

static int progress_differs(const afp_results_t *one, const afp_results_t *other)
{
    return one->progress != other->progress ||
           (one->progress == AFP_PROGRESS_STARTED &&
            (count_bits(one->wanted) != count_bits(other->wanted) ||
             count_bits(one->finished & one->wanted) !=
                 count_bits(other->finished & other->wanted)));
}

int afp_assessment_differs(const afp_assessment_t *one, const afp_assessment_t *other)
{
    return !one->occurrence != !other->occurrence ||
           progress_differs(&one->results, &other->results) ||
           memcmp(one->results.scores, other->results.scores, sizeof(one->results.scores)) != 0 ||
           one->results.global != other->results.global ||
           strcmp(one->results.link, other->results.link) != 0 ||
           strcmp(one->failure, other->failure) != 0 || strcmp(one->closed, other->closed) != 0;
}

/* ---- several ---- */

typedef struct {
    const char *company_uuid;
    const char *const *candidate_ids;
    int count;
    apr_pool_t *pool;
    apr_array_header_t *application_ids;
} search_t;

static void take_once(search_t *search, const char *application_id)
{
    int i;

    for (i = 0; i < search->application_ids->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(search->application_ids, i, const char *), application_id)) {
            return;
        }
    }
    APR_ARRAY_PUSH(search->application_ids, const char *) =
        apr_pstrdup(search->pool, application_id);
}

static apr_status_t find(afp_session_t *session, void *baton)
{
    search_t *search = baton;
    apr_status_t rv = APR_SUCCESS;
    int i;

    apr_array_clear(search->application_ids);
    for (i = 0; i < search->count && rv == APR_SUCCESS; i++) {
        const char *values[] = {search->company_uuid, search->candidate_ids[i]};
        afp_rows_t *rows;

        /* '' is an invitation whose candidate is not known. */
        if (!*values[1] || strlen(values[1]) > CANDIDATE_SIZE) {
            continue;
        }
        rv = afp_sql_select(session, &select_by_candidate, values, &rows);
        while (rv == APR_SUCCESS && afp_rows_next(rows)) {
            take_once(search, afp_rows_text(rows, 0));
        }
    }
    return rv;
}

apr_status_t afp_assessment_find(afp_session_t *session, const char *company_uuid,
                                 const char *const *candidate_ids, int count, apr_pool_t *pool,
                                 apr_array_header_t **application_ids)
{
    search_t search = {company_uuid, candidate_ids, count, pool,
                       apr_array_make(pool, 2, sizeof(const char *))};

    *application_ids = search.application_ids;
    return afp_session_read(session, find, &search);
}

typedef struct {
    const char *company_uuid;
    afp_assessment_count_t *count;
} counting_t;

/* Adds what the statement finds to *number, COUNTED_TO in all. */
static apr_status_t add_count(afp_session_t *session, const afp_statement_t *statement,
                              const char *word, const char *company_uuid, int *number)
{
    const char *values[] = {word, company_uuid, afp_sql_number(session, COUNTED_TO - *number)};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, statement, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *number += (int)afp_rows_number(rows, 0);
    }
    return rv;
}

static apr_status_t count_all(afp_session_t *session, void *baton)
{
    static const char *const states[] = {"ready", "leased", "held"};
    counting_t *counting = baton;
    apr_status_t rv = APR_SUCCESS;
    size_t i;

    memset(counting->count, 0, sizeof(*counting->count));
    for (i = 0; i < sizeof(states) / sizeof(states[0]) && rv == APR_SUCCESS; i++) {
        rv = add_count(session, &count_readings, states[i], counting->company_uuid,
                       &counting->count->open);
    }
    return rv == APR_SUCCESS
               ? add_count(session, &count_progress, progress_names[AFP_PROGRESS_COMPLETED],
                           counting->company_uuid, &counting->count->completed)
               : rv;
}

apr_status_t afp_assessment_count(afp_session_t *session, const char *company_uuid,
                                  afp_assessment_count_t *count)
{
    counting_t counting = {company_uuid, count};

    return afp_session_read(session, count_all, &counting);
}
