#ifndef AFP_CORE_SETTINGS_H
#define AFP_CORE_SETTINGS_H

#include "core/event.h"
#include "core/signature.h"

#include <apr_pools.h>

/* What the administrator entered, and the trigger that follows from it. */

#define AFP_SUBDOMAIN_LIMIT 63
#define AFP_STATUS_LIMIT    255 /* bytes */
#define AFP_SECRET_LIMIT    512 /* bytes, each secret */

/* What is wrong with an entered value; whoever shows it has the words. */
typedef enum {
    AFP_FAULT_NONE,
    AFP_FAULT_NO_ADDRESS,   /* nothing that names a host */
    AFP_FAULT_IP_ADDRESS,   /* a host, but by number */
    AFP_FAULT_OTHER_DOMAIN, /* a host that is not one subdomain of the domain */
    AFP_FAULT_EMPTY,
    AFP_FAULT_TOO_LONG,
    AFP_FAULT_CHARACTERS, /* characters that the value cannot have */
    AFP_FAULT_NOT_OFFERED /* none of the choices */
} afp_settings_fault_t;

/* Reads the field "Tenant ID and subdomain": a bare subdomain, a host, or a URL with path, of the
 * domain `domain` ("pinpointhq.com"; NULL accepts a bare subdomain or the first label of any host's
 * name). Returns the subdomain in lower case (one DNS label), or NULL and *fault. Refused are IP
 * addresses, user information, backslashes and hosts of another domain. */
const char *afp_settings_subdomain(apr_pool_t *pool, const char *entered, const char *domain,
                                   afp_settings_fault_t *fault);

/* Checks a secret entered in a form (API key, signing secret, AssessFirst token): trimmed, not
 * empty, at most AFP_SECRET_LIMIT bytes, printable ASCII without blanks inside. Returns it or NULL
 * and *fault. */
const char *afp_settings_secret(apr_pool_t *pool, const char *entered, afp_settings_fault_t *fault);

/* Checks the status: trimmed, valid UTF-8 without controls, at most AFP_STATUS_LIMIT bytes; may be
 * empty. Returns it or NULL and *fault. */
const char *afp_settings_status(apr_pool_t *pool, const char *entered, afp_settings_fault_t *fault);

/* The host's part behind "{subdomain}." of an API address such as
 * "https://{subdomain}.pinpointhq.com/api/v1", without port; NULL if its host has none. */
const char *afp_settings_api_domain(apr_pool_t *pool, const char *api);

/* Decides whether an event is the tenant's trigger: status empty = New application, else
 * Application stage changed. Returns NULL if it is, otherwise the reason in plain words (for the
 * answer and the page). `status` is trimmed already. */
const char *afp_settings_trigger(apr_pool_t *pool, const char *status, const afp_event_t *event);

/* What is to be ticked in Pinpoint, if the events that it sends are not those that the status waits
 * for. */
typedef enum {
    AFP_ADVICE_NONE, /* the trigger arrives, or neither of the two events does */
    AFP_ADVICE_TICK_NEW_APPLICATION,
    AFP_ADVICE_TICK_STAGE_CHANGED
} afp_advice_t;

/* `events` are the names, as they were sent, of events that arrived lately; `names` may be NULL. */
afp_advice_t afp_settings_advise(apr_pool_t *pool, const char *status, const char *const *events,
                                 int count, const afp_event_names_t *names);

/* `secret` with its characters hidden, for the page: "****" and the last 4 characters if it is
 * longer than 12, else "****" only. */
const char *afp_settings_mask(apr_pool_t *pool, const char *secret);

#endif
