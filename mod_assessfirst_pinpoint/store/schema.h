#ifndef AFP_STORE_SCHEMA_H
#define AFP_STORE_SCHEMA_H

#include "store/session.h"

/* The version of the schema that this module writes, and the oldest module version that may use
 * it. */
#define AFP_SCHEMA_VERSION 4

/* Brings the schema to AFP_SCHEMA_VERSION, under the database's migration lock: called by the
 * session at connect. Several processes may call it at once. APR_SUCCESS; APR_ENOTIMPL if the
 * schema is newer and says that this module is too old; otherwise the database's failure. */
apr_status_t afp_schema_migrate(afp_session_t *session);

#endif
