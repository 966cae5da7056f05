#ifndef AFP_REMOTE_PINPOINT_H
#define AFP_REMOTE_PINPOINT_H

#include "core/application.h"
#include "remote/http.h"

/* Pinpoint's REST API (contract pinpoint.md), as one tenant. Each call fills *outcome and returns
 * what it read only when outcome->kind is AFP_OUTCOME_DONE, otherwise NULL. A 2xx that is not what
 * the contract says is AFP_OUTCOME_BROKEN. The API key never appears in outcome->words. One thread
 * at a time, as the client. */

typedef struct {
    const afp_http_api_t *api;
    afp_http_client_t *client;
    const char *subdomain; /* replaces {subdomain} in api->base; one DNS label in lower case */
    const char *api_key;
    apr_pool_t *pool;
} afp_pinpoint_t;

/* GET /applications/{id}?include=job,stage with all visibilities (contract 5.2, 5.3). The result's
 * hidden words (e-mail, names) never appear in outcome->words. */
const afp_application_t *afp_pinpoint_application(const afp_pinpoint_t *pinpoint, const char *id,
                                                  afp_outcome_t *outcome);

/* The value of the job's custom field named `field`; "" if nothing is selected (contract 9.2:
 * GET /custom_attributes of the job with include=custom_field, up to 1000). */
const char *afp_pinpoint_job_attribute(const afp_pinpoint_t *pinpoint, const char *job_id,
                                       const char *field, afp_outcome_t *outcome);

#endif
