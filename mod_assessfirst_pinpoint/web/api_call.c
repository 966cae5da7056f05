/* What the operations of the JSON API share: their answers, and how they read what is asked. */

#include "web/api_parts.h"

#include "core/json.h"
#include "core/text.h"
#include "web/activity_query.h"

#include <apr_strings.h>
#include <string.h>

/* ---- answers ---- */

apr_status_t afp_api_answer(afp_api_call_t *call, int status, struct json_object *json)
{
    call->status = status;
    call->json = json;
    return APR_SUCCESS;
}

apr_status_t afp_api_problem(afp_api_call_t *call, int status, const char *title,
                             const char *detail)
{
    call->status = status;
    call->json = NULL;
    call->title = title;
    call->detail = detail;
    return APR_SUCCESS;
}

apr_status_t afp_api_conflict(afp_api_call_t *call, const char *detail)
{
    return afp_api_problem(call, HTTP_CONFLICT, "Not possible now", detail);
}

void afp_api_fault(afp_api_call_t *call, const char *member, const char *detail)
{
    apr_pool_t *pool = call->r->pool;
    struct json_object *fault = json_object_new_object();

    if (call->errors == NULL) {
        call->errors = json_object_new_array();
    }
    afp_json_add_text(pool, fault, "pointer", apr_pstrcat(pool, "#/", member, NULL));
    afp_json_add_text(pool, fault, "detail", detail);
    json_object_array_add(call->errors, fault);
}

/* RFC 6901, in an address: sections 3 and 6. */
const char *afp_api_pointer(apr_pool_t *pool, const char *name)
{
    const char *pointer = "";

    for (; *name != '\0'; name++) {
        size_t length = strcspn(name, "~/");

        pointer = apr_pstrcat(pool, pointer, apr_pstrmemdup(pool, name, length), NULL);
        name += length;
        if (*name == '\0') {
            break;
        }
        pointer = apr_pstrcat(pool, pointer, *name == '~' ? "~0" : "~1", NULL);
    }
    return afp_text_url(pool, pointer);
}

apr_status_t afp_api_invalid(afp_api_call_t *call)
{
    return afp_api_problem(call, HTTP_UNPROCESSABLE_ENTITY, "Not as it must be",
                           "Nothing was done; the errors tell what is wrong");
}

void afp_api_set_tag(afp_api_call_t *call)
{
    request_rec *r = call->r;

    apr_table_setn(r->headers_out, "ETag",
                   apr_psprintf(r->pool, "\"%" APR_INT64_T_FMT "\"", call->tenant.generation));
    /* Filters that compress would change the tag, which then fits nothing. */
    apr_table_setn(r->subprocess_env, "no-gzip", "1");
    apr_table_setn(r->subprocess_env, "no-brotli", "1");
}

void afp_api_set_location(afp_api_call_t *call, const char *path)
{
    apr_table_setn(call->r->headers_out, "Location",
                   apr_pstrcat(call->r->pool, call->vhost->api_url, "/", path, NULL));
}

void afp_api_add_page(afp_api_call_t *call, struct json_object *json, const char *name,
                      const char *relation, const char *query)
{
    if (*query != '\0') {
        apr_table_addn(call->r->headers_out, "Link",
                       apr_psprintf(call->r->pool, "<%s>; rel=\"%s\"", query, relation));
    }
    afp_json_add_text_or_null(call->r->pool, json, name, query);
}

/* ---- the body ---- */

void afp_api_check_members(afp_api_call_t *call, const char *const *names)
{
    if (call->body == NULL) {
        return;
    }
    json_object_object_foreach(call->body, name, value)
    {
        int i = 0;

        (void)value;
        while (names[i] != NULL && strcmp(names[i], name) != 0) {
            i++;
        }
        if (names[i] == NULL) {
            afp_api_fault(call, afp_api_pointer(call->r->pool, name), "There is no such member");
        }
    }
}

/* ---- the query ---- */

int afp_api_bad_query(afp_api_call_t *call, const char *detail)
{
    (void)afp_api_problem(call, HTTP_BAD_REQUEST, "Not a query", detail);
    return 0;
}

int afp_api_check_query(afp_api_call_t *call, const char *const *names)
{
    const char *known = "";

    call->query = afp_form_query(call->r);
    if (call->query == NULL) {
        return afp_api_bad_query(call,
                                 "The query is not encoded as a form, or names something twice");
    }
    if (!afp_form_has_other(call->query, names)) {
        return 1;
    }
    for (int i = 0; names[i] != NULL; i++) {
        known = apr_pstrcat(call->r->pool, known, i > 0 ? ", " : "", names[i], NULL);
    }
    return afp_api_bad_query(call, apr_pstrcat(call->r->pool, "The parameters are ", known, NULL));
}

int afp_api_read_limit(afp_api_call_t *call, int most, int *limit)
{
    const char *text = afp_form_value(call->query, "limit");
    long long number;

    *limit = most / 2;
    if (*text == '\0') {
        return 1;
    }
    if (afp_text_int64(text, &number) != 0 || number < 1 || number > most) {
        return afp_api_bad_query(
            call, apr_psprintf(call->r->pool, "limit is a number from 1 to %d", most));
    }
    *limit = (int)number;
    return 1;
}

int afp_api_read_application(afp_api_call_t *call, const char **application_id)
{
    const char *text = afp_form_value(call->query, "application_id");

    *application_id = afp_activity_plain_id(text);
    return *text == '\0' || afp_activity_is_application_id(text)
               ? 1
               : afp_api_bad_query(call, "application_id has 1 to 20 digits");
}
