#include "store/field.h"

#include "core/profile.h"

#include <apr_strings.h>
#include <string.h>

static const afp_statement_t select_fields = {
    "select-fields", "SELECT resource_type, name, field_id, created FROM afp_field"
                     " WHERE company_uuid = %s ORDER BY resource_type, name"};

static const afp_statement_t select_field = {
    "select-field", "SELECT field_id, created FROM afp_field"
                    " WHERE company_uuid = %s AND resource_type = %s AND name = %s"};

static const afp_statement_t delete_field = {
    "delete-field",
    "DELETE FROM afp_field WHERE company_uuid = %s AND resource_type = %s AND name = %s"};

static const afp_statement_t insert_field = {
    "insert-field", "INSERT INTO afp_field (company_uuid, resource_type, name, field_id, created)"
                    " VALUES (%s, %s, %s, %s, %s)"};

static const afp_statement_t delete_written = {
    "delete-written-of-field", "DELETE FROM afp_written WHERE company_uuid = %s AND field = %s"};

static const afp_statement_t select_options = {
    "select-options",
    "SELECT option_text, model_uuid, model_name, wanted, stale, vanished FROM afp_option"
    " WHERE company_uuid = %s ORDER BY position"};

static const afp_statement_t delete_options = {"delete-options",
                                               "DELETE FROM afp_option WHERE company_uuid = %s"};

static const afp_statement_t insert_option = {
    "insert-option",
    "INSERT INTO afp_option (company_uuid, position, option_text, model_uuid, model_name, wanted,"
    " stale, vanished) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"};

static const afp_statement_t select_synchronised = {
    "select-synchronised", "SELECT at, models, refused FROM afp_synchronised"
                           " WHERE company_uuid = %s"};

static const afp_statement_t delete_synchronised = {
    "delete-synchronised", "DELETE FROM afp_synchronised WHERE company_uuid = %s"};

static const afp_statement_t insert_synchronised = {
    "insert-synchronised", "INSERT INTO afp_synchronised (company_uuid, at, models, refused)"
                           " VALUES (%s, %s, %s, %s)"};

typedef struct {
    const char *company_uuid;
    apr_pool_t *pool;
    apr_array_header_t *found;
    afp_synchronised_t *synchronised;
} reading_t;

typedef struct {
    const afp_follow_up_t *follow_up;
    const afp_field_t *field;
    const apr_array_header_t *options;
    afp_synchronised_t *synchronised;
} change_t;

/* ---- fields ---- */

static apr_status_t list_fields(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    const char *values[] = {reading->company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_fields, values, &rows);

    apr_array_clear(reading->found);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_field_t *field = apr_array_push(reading->found);

        field->resource_type = apr_pstrdup(reading->pool, afp_rows_text(rows, 0));
        field->name = apr_pstrdup(reading->pool, afp_rows_text(rows, 1));
        field->field_id = apr_pstrdup(reading->pool, afp_rows_text(rows, 2));
        field->created = (int)afp_rows_number(rows, 3);
    }
    return rv;
}

apr_status_t afp_field_list(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                            apr_array_header_t **fields)
{
    reading_t reading = {company_uuid, pool, apr_array_make(pool, 8, sizeof(afp_field_t)), NULL};

    *fields = reading.found;
    return afp_session_read(session, list_fields, &reading);
}

/* The attributes went with the field; jobs have none that are remembered. */
static apr_status_t forget_written(afp_session_t *session, const afp_field_t *field,
                                   const char *company_uuid)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    if (strcmp(field->resource_type, "application") != 0) {
        return APR_SUCCESS;
    }
    for (i = 0; i < AFP_PROFILE_FIELDS && rv == APR_SUCCESS; i++) {
        const char *values[] = {company_uuid, afp_profile[i].choice};

        if (!strcmp(afp_profile[i].name, field->name)) {
            rv = afp_sql_execute(session, &delete_written, values, NULL);
        }
    }
    return rv;
}

static apr_status_t note_field(afp_session_t *session, void *baton)
{
    change_t *change = baton;
    const afp_field_t *field = change->field;
    const char *values[] = {change->follow_up->company_uuid, field->resource_type, field->name,
                            field->field_id, NULL};
    int created = field->created;
    int replaced = 0;
    afp_rows_t *rows;
    apr_status_t rv = afp_follow_up_lock(session, change->follow_up);

    if (rv == APR_SUCCESS) {
        rv = afp_sql_select(session, &select_field, values, &rows);
    }
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        replaced = strcmp(afp_rows_text(rows, 0), field->field_id) != 0;
        created |= !replaced && afp_rows_number(rows, 1);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &delete_field, values, NULL);
    }
    if (rv == APR_SUCCESS && replaced) {
        rv = forget_written(session, field, values[0]);
    }
    values[4] = afp_sql_number(session, created);
    return rv == APR_SUCCESS ? afp_sql_execute(session, &insert_field, values, NULL) : rv;
}

apr_status_t afp_field_note(afp_session_t *session, const afp_follow_up_t *follow_up,
                            const afp_field_t *field)
{
    change_t change = {.follow_up = follow_up, .field = field};

    return afp_session_write(session, note_field, &change);
}

static apr_status_t forget_field(afp_session_t *session, void *baton)
{
    change_t *change = baton;
    const afp_field_t *field = change->field;
    const char *values[] = {change->follow_up->company_uuid, field->resource_type, field->name};
    apr_status_t rv = afp_follow_up_lock(session, change->follow_up);

    if (rv == APR_SUCCESS) {
        rv = afp_sql_execute(session, &delete_field, values, NULL);
    }
    return rv == APR_SUCCESS ? forget_written(session, field, values[0]) : rv;
}

apr_status_t afp_field_forget(afp_session_t *session, const afp_follow_up_t *follow_up,
                              const char *resource_type, const char *name)
{
    const afp_field_t field = {.resource_type = resource_type, .name = name};
    change_t change = {.follow_up = follow_up, .field = &field};

    return afp_session_write(session, forget_field, &change);
}

/* ---- options ---- */

static apr_status_t list_options(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    const char *values[] = {reading->company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_options, values, &rows);

    apr_array_clear(reading->found);
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        afp_option_t *option = apr_array_push(reading->found);

        option->option = apr_pstrdup(reading->pool, afp_rows_text(rows, 0));
        option->uuid = apr_pstrdup(reading->pool, afp_rows_text(rows, 1));
        option->name = apr_pstrdup(reading->pool, afp_rows_text(rows, 2));
        option->wanted = (unsigned int)afp_rows_number(rows, 3);
        option->stale = (int)afp_rows_number(rows, 4);
        option->vanished = (int)afp_rows_number(rows, 5);
    }
    return rv;
}

apr_status_t afp_option_list(afp_session_t *session, const char *company_uuid, apr_pool_t *pool,
                             apr_array_header_t **options)
{
    reading_t reading = {company_uuid, pool, apr_array_make(pool, 16, sizeof(afp_option_t)), NULL};

    *options = reading.found;
    return afp_session_read(session, list_options, &reading);
}

static apr_status_t store_options(afp_session_t *session, const change_t *change)
{
    const char *company_uuid[] = {change->follow_up->company_uuid};
    apr_status_t rv = afp_sql_execute(session, &delete_options, company_uuid, NULL);
    int i;

    for (i = 0; i < change->options->nelts && rv == APR_SUCCESS; i++) {
        const afp_option_t *option = &APR_ARRAY_IDX(change->options, i, afp_option_t);
        const char *values[] = {
            company_uuid[0],
            afp_sql_number(session, i),
            option->option,
            option->uuid,
            option->name,
            afp_sql_number(session, option->wanted),
            afp_sql_number(session, option->stale),
            afp_sql_number(session, option->vanished),
        };

        rv = afp_sql_execute(session, &insert_option, values, NULL);
    }
    return rv;
}

static apr_status_t synchronise(afp_session_t *session, void *baton)
{
    change_t *change = baton;
    afp_synchronised_t *synchronised = change->synchronised;
    apr_status_t rv = afp_follow_up_lock(session, change->follow_up);

    synchronised->at = afp_session_now(session);
    if (rv == APR_SUCCESS && change->options) {
        rv = store_options(session, change);
    }
    if (rv == APR_SUCCESS) {
        const char *values[] = {
            change->follow_up->company_uuid,
            afp_sql_number(session, synchronised->at),
            afp_sql_number(session, synchronised->models),
            synchronised->refused,
        };

        rv = afp_sql_execute(session, &delete_synchronised, values, NULL);
        if (rv == APR_SUCCESS) {
            rv = afp_sql_execute(session, &insert_synchronised, values, NULL);
        }
    }
    return rv;
}

apr_status_t afp_option_store(afp_session_t *session, const afp_follow_up_t *follow_up,
                              const apr_array_header_t *options, afp_synchronised_t *synchronised)
{
    change_t change = {
        .follow_up = follow_up,
        .options = options,
        .synchronised = synchronised,
    };

    return afp_session_write(session, synchronise, &change);
}

static apr_status_t read_synchronised(afp_session_t *session, void *baton)
{
    reading_t *reading = baton;
    afp_synchronised_t *synchronised = reading->synchronised;
    const char *values[] = {reading->company_uuid};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, &select_synchronised, values, &rows);

    memset(synchronised, 0, sizeof(*synchronised));
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        synchronised->at = afp_rows_number(rows, 0);
        synchronised->models = (int)afp_rows_number(rows, 1);
        apr_cpystrn(synchronised->refused, afp_rows_text(rows, 2), sizeof(synchronised->refused));
    }
    return rv;
}

apr_status_t afp_synchronised_read(afp_session_t *session, const char *company_uuid,
                                   afp_synchronised_t *synchronised)
{
    reading_t reading = {.company_uuid = company_uuid, .synchronised = synchronised};

    return afp_session_read(session, read_synchronised, &reading);
}
