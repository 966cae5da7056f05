#ifndef AFP_CORE_APPLICATION_H
#define AFP_CORE_APPLICATION_H

#include <apr_pools.h>
#include <json.h>

/* Pinpoint's application and the job's attributes, as far as an invitation needs them
 * (contract pinpoint.md 5.3, 5.4, 9.2). Holds candidate data: lives only while a follow-up runs. */

typedef struct {
    const char *id;
    const char *job_id;
    const char *stage_name; /* "" if Pinpoint did not say */
    const char *email;      /* "" if absent or not usable as an address */
    const char *first_name;
    const char *last_name;
    const char *locale; /* as Pinpoint says: en, fr, pt-BR ...; "" if absent */
    int rejected;
    int hired;
    int demo;
    int concealed;
} afp_application_t;

/* Reads the JSON:API document of GET /applications/{id}?include=job,stage (object or array of one
 * in `data`). NULL if it is none, if its type is not "applications", or if its id is not `id`.
 * Texts are trimmed and copied into `pool`; "" where Pinpoint says nothing. */
const afp_application_t *afp_application_read(apr_pool_t *pool, struct json_object *document,
                                              const char *id);

/* Reads the list of GET /custom_attributes?...&include=custom_field: the value of the field named
 * `field` (trimmed, compared byte by byte; the name from field_name or the included field),
 * trimmed;
 * "" if the record has none. NULL if the document is no list. */
const char *afp_application_attribute(apr_pool_t *pool, struct json_object *document,
                                      const char *field);

/* The `locale` to send to AssessFirst: de en es fr pt pt-BR become de-DE en-US es-ES fr-FR pt-PT
 * pt-BR; anything else `fallback`. Upper and lower case do not matter. */
const char *afp_application_locale(const char *locale, const char *fallback);

/* 1 if `email` looks like an address: one @, a dotted domain, no blanks, controls or characters
 * that separate addresses (<>()[],;:\"), 6 to 254 bytes of UTF-8. */
int afp_application_email_is_usable(const char *email);

/* Why an application is of no more interest, for a reason in plain words; "" if it still is:
 * hired, rejected, or concealed. Needs only these attributes of the document, whose id must be
 * `id`; NULL if it is no application. */
const char *afp_application_left(struct json_object *document, const char *id);

/* 1 if the document says that the application is concealed (anonymised screening). */
int afp_application_is_concealed(struct json_object *document);

typedef enum { AFP_CHECK_INVITE, AFP_CHECK_SKIP } afp_check_t;

/* The checks that need only the application, in this order: stage (when `status` is not empty;
 * trimmed, byte-exact), rejected, hired, demo, concealed, e-mail. With `anyway` stage, rejected,
 * hired and demo are not checked. AFP_CHECK_SKIP sets *reason: plain words and what was found, with
 * no candidate data. A stage that differs only in case says so. */
afp_check_t afp_application_check(apr_pool_t *pool, const afp_application_t *application,
                                  const char *status, int anyway, const char **reason);

#endif
