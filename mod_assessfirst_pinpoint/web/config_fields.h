#ifndef AFP_WEB_CONFIG_FIELDS_H
#define AFP_WEB_CONFIG_FIELDS_H

#include "web/config.h"

/* What the directives fill in. Private to the config files. The values lie in arrays, so that
 * creating and merging cannot forget one. */

typedef enum {
    AFP_TEXT_SITE,
    AFP_TEXT_WEBHOOK_URL,
    AFP_TEXT_SECRET_KEYS, /* <file> or exec:<command>; never the keys */
    AFP_TEXT_PINPOINT_API,
    AFP_TEXT_PINPOINT_CA,
    AFP_TEXT_MODEL_FIELD,
    AFP_TEXT_ASSESSFIRST_API,
    AFP_TEXT_ASSESSFIRST_CA,
    AFP_TEXT_ASSESSFIRST_TOKEN, /* <file> or exec:<command>; never the token */
    AFP_TEXT_RESULTS_URL,
    AFP_TEXT_AUTOMATION_URL,
    AFP_TEXT_PROXY,
    AFP_TEXT_DATABASE_DRIVER,
    AFP_TEXT_DATABASE_PARAMS,
    AFP_TEXTS
} afp_text_field_t;

typedef enum {
    AFP_NUMBER_ENGINE,
    AFP_NUMBER_WORKERS,
    AFP_NUMBER_WORKER_CHILDREN,
    AFP_NUMBER_BODY_LIMIT,
    AFP_NUMBER_BACKLOG_LIMIT,
    AFP_NUMBER_TIMEOUT_CONNECT, /* from here on durations in seconds */
    AFP_NUMBER_TIMEOUT_PINPOINT,
    AFP_NUMBER_TIMEOUT_ASSESSFIRST,
    AFP_NUMBER_TIMEOUT_UNCERTAIN,
    AFP_NUMBER_RETRY_FOR,
    AFP_NUMBER_RETRY_FIRST,
    AFP_NUMBER_RETRY_CAP,
    AFP_NUMBER_RETRY_MISSING,
    AFP_NUMBER_RETENTION_DIGESTS,
    AFP_NUMBER_RETENTION_FINISHED,
    AFP_NUMBER_SCHEDULE_MODELS,
    AFP_NUMBER_SCHEDULE_RESULTS, /* in percent */
    AFP_NUMBERS
} afp_number_field_t;

/* Arrays of const char *. */
typedef enum {
    AFP_LIST_PAGE_ORIGINS,
    AFP_LIST_NEW_APPLICATION, /* normalised names of events */
    AFP_LIST_STAGE_CHANGED,
    AFP_LIST_INVITATION, /* key=value; a vhost's pairs come behind the main server's */
    AFP_LIST_ROUTES,
    AFP_LIST_LINK_HOSTS, /* in lower case */
    AFP_LISTS
} afp_list_field_t;

#define AFP_NUMBER_UNSET (-1)

struct afp_config_t {
    const char *texts[AFP_TEXTS];               /* NULL: unset */
    apr_int64_t numbers[AFP_NUMBERS];           /* AFP_NUMBER_UNSET: unset */
    const apr_array_header_t *lists[AFP_LISTS]; /* NULL: unset */
    const afp_vhost_t *vhost; /* made by afp_config_check; NULL if the engine is off */
};

/* A number, or its default if no directive set it. */
apr_int64_t afp_config_number(const afp_config_t *config, afp_number_field_t field);

/* A text, or its default ("" if it has none). */
const char *afp_config_text(const afp_config_t *config, afp_text_field_t field);

#endif
