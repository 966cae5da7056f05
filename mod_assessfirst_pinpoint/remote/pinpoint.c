#include "remote/pinpoint.h"

#include "core/reason.h"
#include "core/text.h"
#include "remote/pinpoint_request.h"

#include <apr_strings.h>

const afp_application_t *afp_pinpoint_application(const afp_pinpoint_t *pinpoint, const char *id,
                                                  afp_outcome_t *outcome)
{
    const char *path =
        apr_pstrcat(pinpoint->pool, "/applications/", afp_text_url(pinpoint->pool, id),
                    "?include=job,stage&" AFP_PINPOINT_ALL_VISIBILITIES, NULL);
    struct json_object *document = afp_pinpoint_get(pinpoint, path, NULL, outcome);
    const afp_application_t *application;

    if (document == NULL)
        return NULL;
    application = afp_application_read(pinpoint->pool, document, id);
    if (application == NULL)
        afp_http_unexpected(outcome, AFP_SENTENCE_BUT_OTHER_APPLICATION);
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
    struct json_object *document = afp_pinpoint_get(pinpoint, path, NULL, outcome);
    const char *value;

    if (document == NULL)
        return NULL;
    value = afp_application_attribute(pinpoint->pool, document, field);
    if (value == NULL)
        afp_http_unexpected(outcome, AFP_SENTENCE_BUT_NO_ATTRIBUTES);
    return value;
}
