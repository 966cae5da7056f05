#include "web/answer.h"

#include "core/text.h"

#include <http_protocol.h>
#include <apr_strings.h>

/* An error before the whole body was read leaves bytes that must not be taken for a request. */
static void close_if_unread(request_rec *r, int status)
{
    if (status == HTTP_REQUEST_TIME_OUT || status == HTTP_REQUEST_ENTITY_TOO_LARGE) {
        r->connection->keepalive = AP_CONN_CLOSE;
    }
}

static int answer(request_rec *r, int status, const char *type, const char *json)
{
    r->status = status;
    r->status_line = NULL;
    close_if_unread(r, status);
    ap_set_content_type(r, type);
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    ap_set_content_length(r, (apr_off_t)strlen(json));
    ap_rputs(json, r);
    return OK;
}

int afp_answer_problem(request_rec *r, int status, const char *title, const char *detail)
{
    const char *json =
        apr_psprintf(r->pool, "{\"title\":%s,\"status\":%d,\"detail\":%s}\n",
                     afp_text_json(r->pool, title), status, afp_text_json(r->pool, detail));

    return answer(r, status, "application/problem+json", json);
}

int afp_answer_json(request_rec *r, int status, const char *json)
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
