#include "web/answer.h"

#include "core/json.h"

#include <http_protocol.h>
#include <apr_strings.h>
#include <string.h>

/* An error before the whole body was read leaves bytes that must not be taken for a request. */
static void close_if_unread(request_rec *r, int status)
{
    if (status == HTTP_REQUEST_TIME_OUT || status == HTTP_REQUEST_ENTITY_TOO_LARGE) {
        r->connection->keepalive = AP_CONN_CLOSE;
    }
}

int afp_answer_bytes(request_rec *r, const char *type, const void *bytes, apr_size_t size)
{
    ap_set_content_type(r, type);
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    ap_set_content_length(r, (apr_off_t)size);
    ap_rwrite(bytes, (int)size, r);
    return OK;
}

static int answer(request_rec *r, int status, const char *type, struct json_object *json)
{
    const char *text = apr_pstrcat(r->pool, afp_json_print(r->pool, json), "\n", NULL);

    r->status = status;
    r->status_line = NULL;
    close_if_unread(r, status);
    return afp_answer_bytes(r, type, text, strlen(text));
}

int afp_answer_problem(request_rec *r, int status, const char *title, const char *detail)
{
    return afp_answer_problem_with(r, status, title, detail, NULL);
}

int afp_answer_problem_with(request_rec *r, int status, const char *title, const char *detail,
                            struct json_object *errors)
{
    struct json_object *problem = afp_json_object(r->pool);

    afp_json_add_text(r->pool, problem, "title", title);
    json_object_object_add(problem, "status", json_object_new_int(status));
    afp_json_add_text(r->pool, problem, "detail", detail);
    if (errors != NULL) {
        json_object_object_add(problem, "errors", errors);
    }
    return answer(r, status, "application/problem+json", problem);
}

int afp_answer_json(request_rec *r, int status, struct json_object *json)
{
    return answer(r, status, "application/json", json);
}

int afp_answer_nothing(request_rec *r)
{
    r->status = HTTP_NO_CONTENT;
    r->status_line = NULL;
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    return OK;
}

int afp_answer_unread(request_rec *r, int status, apr_off_t limit)
{
    switch (status) {
    case HTTP_REQUEST_ENTITY_TOO_LARGE:
        return afp_answer_problem(r, status, "Body too large",
                                  apr_psprintf(r->pool, "At most %" APR_OFF_T_FMT " bytes", limit));
    case HTTP_REQUEST_TIME_OUT:
        return afp_answer_problem(r, status, "Body not received in time",
                                  "The body must arrive within 4 seconds");
    default:
        r->connection->keepalive = AP_CONN_CLOSE;
        return afp_answer_problem(r, HTTP_BAD_REQUEST, "Broken body",
                                  "The body could not be read as HTTP describes it");
    }
}
