#ifndef AFP_STORE_DATABASE_H
#define AFP_STORE_DATABASE_H

#include "core/log.h"

#include <apr_dbd.h>
#include <apr_global_mutex.h>
#include <apr_pools.h>

/* A database as the configuration names it: driver, parameters, and what is special about the
 * engine. Filled while the configuration is read; the mutex is added after it; from then on only
 * `unreached`, `complained` and `written` change. */

typedef enum {
    AFP_INSERT_ON_CONFLICT,  /* INSERT ... ON CONFLICT DO NOTHING */
    AFP_INSERT_ON_DUPLICATE, /* INSERT ... ON DUPLICATE KEY UPDATE key = key */
    AFP_INSERT_LOOK_FIRST    /* neither: look, then insert; a collision is an error and is
                              * repeated */
} afp_insert_t;

/* Everything that differs between engines. */
typedef struct {
    const char *driver; /* APR's name; NULL: any other driver */
    afp_insert_t insert;
    int rows_per_insert;        /* rows of one INSERT when deliveries are stored in a batch */
    int committers;             /* threads of one child that may commit at the same time */
    int one_writer;             /* writers exclude each other with the process-shared mutex */
    const char *begin;          /* starts a transaction that writes; NULL: APR's driver does */
    const char *check_point;    /* SELECT that writes the log back into the database, which others
                                 * may use meanwhile, and gives 0 unless somebody else does so just
                                 * now; NULL: the engine sees to it */
    const char *extra_params;   /* what separates parameters, and one that is appended to DBDParams
                                 * where its key (up to =) is not in them; or NULL */
    const char *table_suffix;   /* behind each CREATE TABLE */
    const char *clock;          /* SELECT of the database's clock in microseconds; NULL: ours */
    const char *migration_lock; /* SELECT that waits for the migration's lock and gives 1 when it
                                 * is had; NULL: the transaction is enough */
    const char *migration_unlock;
    const char *migration_begin; /* takes the session's time-out of statements away: an index over
                                  * millions of rows is not made within it; or NULL */
    const char *migration_end;   /* brings it back; or NULL */
    const char *const *session;  /* pairs: a statement, and the value it must give or NULL */
    const char *const *pages;    /* the same, for connections that read for pages; or NULL */
    const char *refused;         /* why this driver cannot work, or NULL */
} afp_dialect_t;

/* The dialect for an APR DBD driver's name; never NULL. */
const afp_dialect_t *afp_dialect_for(const char *driver);

typedef struct {
    const char *driver_name;
    const char *params;
    const apr_dbd_driver_t *driver;
    const afp_dialect_t *dialect;
    const afp_logger_t *logger;
    apr_global_mutex_t *mutex;         /* for one_writer, otherwise NULL */
    volatile apr_uint32_t *unreached;  /* 1: the last attempt to connect failed */
    volatile apr_uint32_t *complained; /* 1: what is wrong with it was logged */
    volatile apr_uint32_t *written;    /* transactions of this process since its last check-point */
} afp_database_t;

/* Makes the description in `pool`, loading the driver. NULL and *why (reason and remedy, without
 * the parameters' values) if the driver cannot be loaded or cannot work. */
afp_database_t *afp_database_make(apr_pool_t *pool, const char *driver_name, const char *params,
                                  const afp_logger_t *logger, const char **why);

/* What is wrong with a database is logged once, not at every attempt to connect. may_complain is 1
 * for the first who asks after the database last worked. Any thread. */
int afp_database_may_complain(const afp_database_t *database);
void afp_database_works(const afp_database_t *database);

/* The file of an embedded database, or NULL: names the mutex. */
const char *afp_database_file(const afp_database_t *database);

#endif
