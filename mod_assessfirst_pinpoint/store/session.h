#ifndef AFP_STORE_SESSION_H
#define AFP_STORE_SESSION_H

#include "store/database.h"

#include <apr_time.h>

/* One thread's way to the database. A session opens a connection when it is first needed, applies
 * the session settings, brings the schema up to date, and destroys the connection after *any*
 * statement error: driver error codes and texts decide nothing (notes: named statements are lost,
 * handles stay poisoned). */

typedef struct afp_session_t afp_session_t;

/* A statement: its SQL with %s for every value. Compared by address: make it static const. */
typedef struct {
    const char *name; /* for the log */
    const char *sql;
} afp_statement_t;

/* Behind a table: the index to read it by. For MySQL and MariaDB, to all others this is a comment.
 * MariaDB 10.11 forgets what its indexes cover when a prepared statement is executed again, and
 * then reads all rows of a tenant to find a page of them. */
#define AFP_BY_INDEX(name) " /*! FORCE INDEX (" name ") */"

/* One use of the database inside a transaction. Must be repeatable: it runs again on a fresh
 * connection when the first try failed, even if the first try's commit did happen. Returns
 * APR_SUCCESS to commit; anything else rolls back and is returned to the caller. Allocates what
 * must survive from its baton's pool. */
typedef apr_status_t afp_work_t(afp_session_t *session, void *baton);

/* A session in `pool` that is closed with it. Opens nothing yet. One thread at a time. */
afp_session_t *afp_session_make(apr_pool_t *pool, const afp_database_t *database);

/* The same, for one that reads what pages show: it keeps more of the database in memory. */
afp_session_t *afp_session_make_for_pages(apr_pool_t *pool, const afp_database_t *database);

/* Closes the connection; the next use opens a new one. */
void afp_session_close(afp_session_t *session);

/* Runs `work` in a transaction that may write; with one_writer databases under the process-shared
 * mutex, waited for at most 3 s. APR_TIMEUP if the mutex could not be had, APR_EGENERAL if the
 * database failed twice, APR_ENOTIMPL if the schema does not fit this module, or what `work`
 * returned. */
apr_status_t afp_session_write(afp_session_t *session, afp_work_t *work, void *baton);

/* The same for reading: no mutex, no transaction. */
apr_status_t afp_session_read(afp_session_t *session, afp_work_t *work, void *baton);

/* Between two uses: after some hundred transactions of this process, writes the log back of an
 * engine that wants to be told to, which takes as long as the disk takes. Others may write most of
 * the time. */
void afp_session_check_point(afp_session_t *session);

/* Now by the database's clock: the local clock plus the offset measured at connect and each
 * minute. */
apr_time_t afp_session_now(afp_session_t *session);

const afp_database_t *afp_session_database(const afp_session_t *session);

/* For work functions only. */

/* Memory that lasts until this run of the work function ends. */
apr_pool_t *afp_session_scratch(afp_session_t *session);

/* Executes a statement; `values` has one text per %s, none of them NULL. *rows (may be NULL) gets
 * the number of rows changed. */
apr_status_t afp_sql_execute(afp_session_t *session, const afp_statement_t *statement,
                             const char *const *values, int *rows);

/* The rows of a SELECT, read one after the other. */
typedef struct afp_rows_t afp_rows_t;

apr_status_t afp_sql_select(afp_session_t *session, const afp_statement_t *statement,
                            const char *const *values, afp_rows_t **rows);

/* Steps to the next row: 1, or 0 behind the last one. */
int afp_rows_next(afp_rows_t *rows);

/* A column of the current row: text ("" for NULL) in scratch memory; or a number (0 if it is
 * none). */
const char *afp_rows_text(afp_rows_t *rows, int column);
apr_int64_t afp_rows_number(afp_rows_t *rows, int column);

/* A number as text for `values`, in scratch memory. */
const char *afp_sql_number(afp_session_t *session, apr_int64_t number);

/* For the schema only. Runs `work` in a transaction of the connection that is being opened. */
apr_status_t afp_session_transaction(afp_session_t *session, afp_work_t *work, void *baton);

/* For the schema only: SQL that is not prepared. `number` gets the first column of the first row;
 * APR_NOTFOUND if there is none. A failure of afp_sql_probe does not condemn the connection. */
apr_status_t afp_sql_plain(afp_session_t *session, const char *sql);
apr_status_t afp_sql_probe(afp_session_t *session, const char *sql, apr_int64_t *number);

#endif
