#ifndef AFP_WORK_SITE_H
#define AFP_WORK_SITE_H

#include "core/event.h"
#include "core/log.h"
#include "core/seal.h"
#include "remote/assessfirst.h"
#include "remote/http.h"
#include "store/database.h"
#include "store/tenant.h"

/* A site: the vhosts of one PinpointSite, which share tenants and one database. Complete after the
 * configuration is read and read-only from then on; `tenants` is made anew in each child. */

typedef struct afp_tenants_t afp_tenants_t;

typedef struct {
    apr_interval_time_t trying; /* PinpointRetry for=: then a dead letter */
    apr_interval_time_t first;  /* first=: upper end of the first delay */
    apr_interval_time_t cap;    /* cap=: of any delay */
    apr_interval_time_t
        missing; /* missing=: an unknown application is tried three times over this */
} afp_retry_t;

typedef struct {
    apr_interval_time_t digests;
    apr_interval_time_t finished;
} afp_retention_t;

typedef struct {
    const char *name;
    const afp_logger_t *logger;
    afp_database_t *database;
    afp_tenants_place_t place;
    afp_http_api_t pinpoint;
    afp_http_api_t assessfirst;
    afp_assessfirst_routes_t routes;
    const char *assessfirst_token; /* of the whole site, or NULL: each tenant has its own */
    const char *model_field;
    const apr_array_header_t *link_hosts; /* const char *: AssessFirstLinkHosts, in lower case */
    const char *results_url;              /* AssessFirstResultsURL, or NULL: AssessFirst is told of
                                           * no address */
    apr_interval_time_t models_interval;  /* PinpointSchedule models= */
    int results_scale;                    /* PinpointSchedule results=, in percent */
    afp_event_names_t event_names;
    apr_interval_time_t uncertain_wait;
    afp_retry_t retry;
    afp_retention_t retention;
    int backlog_limit;      /* open follow-ups of one tenant */
    afp_tenants_t *tenants; /* this child's snapshot */
} afp_site_t;

/* The AssessFirst token that serves a tenant: the site's or its own ("" if none is set). */
const char *afp_site_token(const afp_site_t *site, const afp_tenant_t *tenant);

/* Whom the state of that token belongs to: the site or the tenant. */
const char *afp_site_token_owner(const afp_site_t *site, const afp_tenant_t *tenant);

#endif
