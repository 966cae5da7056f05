#include "store/profile.h"

#include <apr_strings.h>
#include <string.h>

static const afp_statement_t select_written = {"select-written",
                                               "SELECT field, attribute_id, value FROM afp_written"
                                               " WHERE company_uuid = %s AND application_id = %s"};

static const afp_statement_t delete_written = {
    "delete-written", "DELETE FROM afp_written"
                      " WHERE company_uuid = %s AND application_id = %s AND field = %s"};

static const afp_statement_t insert_written = {
    "insert-written",
    "INSERT INTO afp_written (company_uuid, application_id, field, attribute_id, value, written_at)"
    " VALUES (%s, %s, %s, %s, %s, %s)"};

static const afp_statement_t select_comment = {
    "select-comment",
    "SELECT state, lease FROM afp_comment"
    " WHERE company_uuid = %s AND application_id = %s AND occurrence = %s AND purpose = %s"};

static const afp_statement_t count_others = {
    "count-other-comments",
    "SELECT COUNT(*) FROM afp_comment"
    " WHERE company_uuid = %s AND application_id = %s AND occurrence <> %s AND purpose = %s"
    " AND state = 'added'"};

static const afp_statement_t insert_comment = {
    "insert-comment",
    "INSERT INTO afp_comment (company_uuid, application_id, occurrence, purpose, state, lease,"
    " updated_at) VALUES (%s, %s, %s, %s, 'adding', %s, %s)"};

static const afp_statement_t set_added = {
    "set-comment-added",
    "UPDATE afp_comment SET state = 'added', updated_at = %s"
    " WHERE company_uuid = %s AND application_id = %s AND occurrence = %s AND purpose = %s"};

static const afp_statement_t delete_comment = {
    "delete-comment",
    "DELETE FROM afp_comment"
    " WHERE company_uuid = %s AND application_id = %s AND occurrence = %s AND purpose = %s"
    " AND state = 'adding'"};

/* ---- fields ---- */

typedef struct {
    const char *company_uuid;
    const char *application_id;
    afp_written_t *written;
} reading_t;

static apr_status_t read_written(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    const char *values[] = {reading->company_uuid, reading->application_id};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_written, values, &rows);

    memset(reading->written, 0, sizeof(*reading->written) * AFP_PROFILE_FIELDS);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        const char *field = afp_rows_text(rows, 0);
        int i;

        for (i = 0; i < AFP_PROFILE_FIELDS; i++) {
            afp_written_t *written = &reading->written[i];

            if (!strcmp(afp_profile[i].choice, field)) {
                apr_cpystrn(written->attribute_id, afp_rows_text(rows, 1),
                            sizeof(written->attribute_id));
                apr_cpystrn(written->value, afp_rows_text(rows, 2), sizeof(written->value));
            }
        }
    }
    return rv;
}

apr_status_t afp_profile_written(afp_session_t *session, const char *company_uuid,
                                 const char *application_id,
                                 afp_written_t written[AFP_PROFILE_FIELDS])
{
    reading_t reading = {company_uuid, application_id, written};

    return afp_session_read(session, read_written, &reading);
}

typedef struct {
    const afp_follow_up_t *follow_up;
    unsigned int fields;
    const afp_written_t *written;
} note_t;

static apr_status_t note(afp_session_t *session, void *baton)
{
    note_t *wanted = baton;
    const afp_follow_up_t *follow_up = wanted->follow_up;
    const char *now = afp_sql_number(session, afp_session_now(session));
    apr_status_t rv = afp_follow_up_lock(session, follow_up);
    int i;

    for (i = 0; i < AFP_PROFILE_FIELDS && rv == APR_SUCCESS; i++) {
        const char *values[] = {
            follow_up->company_uuid,         follow_up->application_id, afp_profile[i].choice,
            wanted->written[i].attribute_id, wanted->written[i].value,  now,
        };

        if (!(wanted->fields & 1u << i)) {
            continue;
        }
        rv = afp_sql_execute(session, &delete_written, values, NULL);
        if (rv == APR_SUCCESS) {
            rv = afp_sql_execute(session, &insert_written, values, NULL);
        }
    }
    return rv;
}

apr_status_t afp_profile_note(afp_session_t *session, const afp_follow_up_t *follow_up,
                              unsigned int fields, const afp_written_t written[AFP_PROFILE_FIELDS])
{
    note_t wanted = {follow_up, fields, written};

    return afp_session_write(session, note, &wanted);
}

/* ---- comments ---- */

typedef struct {
    const afp_follow_up_t *follow_up;
    const char *purpose;
    afp_comment_begin_t begin;
    afp_comment_end_t end;
    int there;
    int others;
} comment_t;

static apr_status_t find(afp_session_t *session, const comment_t *comment, const char **state,
                         const char **lease)
{
    const afp_follow_up_t *follow_up = comment->follow_up;
    const char *values[] = {follow_up->company_uuid, follow_up->application_id,
                            afp_sql_number(session, follow_up->occurrence), comment->purpose};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_comment, values, &rows);

    *state = "";
    *lease = "";
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        *state = afp_rows_text(rows, 0);
        *lease = afp_rows_text(rows, 1);
    }
    return rv;
}

/* The lease of the row stays that of the first who tried: our own is there only if a former try of
 * this very call did commit. */
static apr_status_t begin_comment(afp_session_t *session, void *baton)
{
    comment_t *comment = baton;
    const afp_follow_up_t *follow_up = comment->follow_up;
    const char *values[] = {
        follow_up->company_uuid,
        follow_up->application_id,
        afp_sql_number(session, follow_up->occurrence),
        comment->purpose,
        follow_up->lease,
        afp_sql_number(session, afp_session_now(session)),
    };
    const char *state, *lease;
    apr_status_t rv = afp_follow_up_lock(session, follow_up);

    comment->begin = AFP_COMMENT_LOST;
    if (rv == APR_NOTFOUND) {
        return APR_SUCCESS;
    }
    if (rv == APR_SUCCESS) {
        rv = find(session, comment, &state, &lease);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!*state) {
        comment->begin = AFP_COMMENT_ADD;
        return afp_sql_execute(session, &insert_comment, values, NULL);
    }
    if (!strcmp(state, "added")) {
        comment->begin = AFP_COMMENT_THERE;
    } else {
        comment->begin = strcmp(lease, follow_up->lease) ? AFP_COMMENT_LOOK : AFP_COMMENT_ADD;
    }
    return APR_SUCCESS;
}

apr_status_t afp_comment_begin(afp_session_t *session, const afp_follow_up_t *follow_up,
                               const char *purpose, afp_comment_begin_t *begin)
{
    comment_t comment = {.follow_up = follow_up, .purpose = purpose};
    apr_status_t rv = afp_session_write(session, begin_comment, &comment);

    *begin = rv == APR_SUCCESS ? comment.begin : AFP_COMMENT_LOST;
    return rv;
}

static apr_status_t look(afp_session_t *session, void *baton)
{
    comment_t *comment = baton;
    const char *state, *lease;
    apr_status_t rv = find(session, comment, &state, &lease);

    comment->there = rv == APR_SUCCESS && !strcmp(state, "added");
    return rv;
}

apr_status_t afp_comment_is_there(afp_session_t *session, const afp_follow_up_t *follow_up,
                                  const char *purpose, int *there)
{
    comment_t comment = {.follow_up = follow_up, .purpose = purpose};
    apr_status_t rv = afp_session_read(session, look, &comment);

    *there = comment.there;
    return rv;
}

static apr_status_t count(afp_session_t *session, void *baton)
{
    comment_t *comment = baton;
    const afp_follow_up_t *follow_up = comment->follow_up;
    const char *values[] = {follow_up->company_uuid, follow_up->application_id,
                            afp_sql_number(session, follow_up->occurrence), comment->purpose};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &count_others, values, &rows);

    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        comment->others = (int)afp_rows_number(rows, 0);
    }
    return rv;
}

apr_status_t afp_comment_count_others(afp_session_t *session, const afp_follow_up_t *follow_up,
                                      const char *purpose, int *number)
{
    comment_t comment = {.follow_up = follow_up, .purpose = purpose};
    apr_status_t rv = afp_session_read(session, count, &comment);

    *number = comment.others;
    return rv;
}

static apr_status_t end_comment(afp_session_t *session, void *baton)
{
    comment_t *comment = baton;
    const afp_follow_up_t *follow_up = comment->follow_up;
    const char *values[] = {
        afp_sql_number(session, afp_session_now(session)),
        follow_up->company_uuid,
        follow_up->application_id,
        afp_sql_number(session, follow_up->occurrence),
        comment->purpose,
    };
    apr_status_t rv = afp_follow_up_lock(session, follow_up);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    return comment->end == AFP_COMMENT_ADDED
               ? afp_sql_execute(session, &set_added, values, NULL)
               : afp_sql_execute(session, &delete_comment, values + 1, NULL);
}

apr_status_t afp_comment_end(afp_session_t *session, const afp_follow_up_t *follow_up,
                             const char *purpose, afp_comment_end_t end)
{
    comment_t comment = {.follow_up = follow_up, .purpose = purpose, .end = end};

    return afp_session_write(session, end_comment, &comment);
}
