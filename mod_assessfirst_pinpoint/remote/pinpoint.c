#include "remote/pinpoint.h"

#include "core/json.h"
#include "core/text.h"

#include <apr_strings.h>

#include <string.h>

#define MEDIA_TYPE      "application/vnd.api+json"
#define SUBDOMAIN       "{subdomain}"
#define SUBDOMAIN_LIMIT 63

/* Confidential jobs, and the applications to them, are left out unless named (contract 5.2). */
#define ALL_VISIBILITIES "filter%5Bjob_visibility%5D=external,internal,confidential"

static int is_label(const char *text)
{
    size_t length = strlen(text);

    return length >= 1 && length <= SUBDOMAIN_LIMIT && text[0] != '-' && text[length - 1] != '-' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* The address of `path_and_query` at the tenant's Pinpoint, or NULL if the subdomain is none. */
static const char *address(const afp_pinpoint_t *pinpoint, const char *path_and_query)
{
    const char *base = pinpoint->api->base;
    const char *place = strstr(base, SUBDOMAIN);

    if (place == NULL)
        return apr_pstrcat(pinpoint->pool, base, path_and_query, NULL);
    if (!is_label(pinpoint->subdomain))
        return NULL;
    return apr_pstrcat(pinpoint->pool,
                       apr_pstrmemdup(pinpoint->pool, base, (apr_size_t)(place - base)),
                       pinpoint->subdomain, place + strlen(SUBDOMAIN), path_and_query, NULL);
}

/* GETs a document. NULL unless it is a 2xx with JSON. */
static struct json_object *get(const afp_pinpoint_t *pinpoint, const char *path_and_query,
                               afp_outcome_t *outcome)
{
    apr_pool_t *pool = pinpoint->pool;
    const char *const hidden[] = {pinpoint->api_key, NULL};
    afp_http_request_t request = {.method = AFP_HTTP_GET, .repeat = AFP_HTTP_REPEATABLE};
    afp_http_response_t response;

    request.url = address(pinpoint, path_and_query);
    if (request.url == NULL) {
        afp_http_refuse(outcome, pinpoint->api->name,
                        "the Pinpoint subdomain in the settings is not one");
        return NULL;
    }
    request.headers = apr_table_make(pool, 2);
    apr_table_setn(request.headers, "X-API-KEY", pinpoint->api_key);
    apr_table_setn(request.headers, "Accept", MEDIA_TYPE);
    afp_http_call(pinpoint->client, pinpoint->api, &request, pool, &response, outcome);
    if (outcome->kind == AFP_OUTCOME_DONE)
        return afp_http_json(&response, pool, outcome);
    afp_http_words(&response, hidden, pool, outcome);
    return NULL;
}

const afp_application_t *afp_pinpoint_application(const afp_pinpoint_t *pinpoint, const char *id,
                                                  afp_outcome_t *outcome)
{
    const char *path =
        apr_pstrcat(pinpoint->pool, "/applications/", afp_text_url(pinpoint->pool, id),
                    "?include=job,stage&" ALL_VISIBILITIES, NULL);
    struct json_object *document = get(pinpoint, path, outcome);
    const afp_application_t *application;

    if (document == NULL)
        return NULL;
    application = afp_application_read(pinpoint->pool, document, id);
    if (application == NULL)
        afp_http_unexpected(outcome, "not with the application that was asked for");
    return application;
}

const char *afp_pinpoint_job_attribute(const afp_pinpoint_t *pinpoint, const char *job_id,
                                       const char *field, afp_outcome_t *outcome)
{
    const char *path = apr_pstrcat(pinpoint->pool,
                                   "/custom_attributes"
                                   "?filter%5Bcustom_attributable_type%5D=Job"
                                   "&filter%5Bcustom_attributable_id%5D=",
                                   afp_text_url(pinpoint->pool, job_id),
                                   "&include=custom_field&page%5Bsize%5D=1000", NULL);
    struct json_object *document = get(pinpoint, path, outcome);
    const char *value;

    if (document == NULL)
        return NULL;
    value = afp_application_attribute(pinpoint->pool, document, field);
    if (value == NULL)
        afp_http_unexpected(outcome, "not with a list of custom attributes");
    return value;
}

/* Names the permission in the words of a refusal. A key without it is answered with 403, maybe 401
 * (contract 2.1, 15.9). */
static void name_permission(apr_pool_t *pool, const char *permission, afp_outcome_t *outcome)
{
    const char *hint = apr_psprintf(pool, " (the API key needs %s)", permission);
    size_t room = sizeof(outcome->words) - strlen(hint) - 1;

    apr_cpystrn(outcome->words,
                apr_pstrcat(pool, afp_text_shorten(pool, outcome->words, room), hint, NULL),
                sizeof(outcome->words));
}

void afp_pinpoint_check(const afp_pinpoint_t *pinpoint, afp_outcome_t *outcome)
{
    static const struct {
        const char *path;
        const char *permission;
    } reads[] = {
        {"/applications?include=job,stage&" ALL_VISIBILITIES "&page%5Bsize%5D=1",
         "Application: Read"},
        {"/custom_attributes?filter%5Bcustom_attributable_type%5D=Job&include=custom_field"
         "&page%5Bsize%5D=1",
         "Custom Attributes: Read and Custom Field: Read"},
        {"/jobs?page%5Bsize%5D=1", "Job: Read"},
    };

    for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
        struct json_object *document = get(pinpoint, reads[i].path, outcome);

        if (outcome->kind == AFP_OUTCOME_UNAUTHORIZED || outcome->kind == AFP_OUTCOME_FORBIDDEN)
            name_permission(pinpoint->pool, reads[i].permission, outcome);
        if (document == NULL)
            return;
        if (!json_object_is_type(afp_json_at(document, "data"), json_type_array)) {
            afp_http_unexpected(outcome, "not with a list");
            return;
        }
    }
}
