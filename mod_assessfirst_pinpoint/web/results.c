#include "web/results.h"

#include "core/hint.h"
#include "core/results_token.h"
#include "store/assessment.h"
#include "web/answer.h"
#include "web/body.h"
#include "web/config.h"
#include "web/reading.h"
#include "web/reread.h"
#include "work/tenants.h"

#include <apr_strings.h>
#include <http_log.h>
#include <http_protocol.h>
#include <openssl/crypto.h>
#include <string.h>
#include <util_filter.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

#define PATIENCE         apr_time_from_sec(4) /* for the body */
#define SESSION_PATIENCE apr_time_from_sec(1)
#define BODY_LIMIT       65536
#define AT_ONCE          2 /* requests of this child in the database: fewer than it has sessions */

/* One call on its way. */
typedef struct {
    request_rec *r;
    const afp_vhost_t *vhost;
    afp_child_t *child;
    char company_uuid[AFP_ID_LENGTH + 1];
    const char *token;
    afp_body_t body;
} call_t;

/* Atomic. */
static apr_uint32_t in_database;

/* ---- who is called ---- */

static int not_post(const call_t *call)
{
    apr_table_setn(call->r->headers_out, "Allow", "POST");
    return afp_answer_problem(call->r, HTTP_METHOD_NOT_ALLOWED, "Method not allowed",
                              "Results are announced with POST");
}

/* The last two segments of the path: what is before them is the site's <Location>. A path without
 * them names a tenant that nobody has, with no token. */
static void read_path(call_t *call)
{
    const char *uri = call->r->uri;
    const char *slash = strrchr(uri, '/');

    memset(call->company_uuid, '0', AFP_ID_LENGTH);
    call->token = "";
    if (slash == NULL || slash - uri <= AFP_ID_LENGTH || slash[-AFP_ID_LENGTH - 1] != '/') {
        return;
    }
    call->token = slash + 1;
    memcpy(call->company_uuid, slash - AFP_ID_LENGTH, AFP_ID_LENGTH);
}

/* A wrong token costs the same for every tenant, and no database is asked. */
static int has_token(const call_t *call)
{
    return afp_results_token_is_good(call->vhost->site->place.keyring, call->company_uuid,
                                     call->token);
}

static int check_head(call_t *call)
{
    if (call->r->method_number != M_POST) {
        return not_post(call);
    }
    read_path(call);
    return has_token(call) ? DECLINED
                           : afp_answer_problem(call->r, HTTP_NOT_FOUND, "Not found",
                                                "The address is not one that the marketplace "
                                                "page shows");
}

/* ---- what it says ---- */

static int read_body(call_t *call)
{
    request_rec *r = call->r;
    int status = afp_body_read(r, BODY_LIMIT, r->request_time + PATIENCE, &call->body);

    switch (status) {
    case OK:
        return DECLINED;
    case AP_FILTER_ERROR:
        return status;
    case HTTP_REQUEST_ENTITY_TOO_LARGE: /* says nothing that we could use */
        r->connection->keepalive = AP_CONN_CLOSE;
        return afp_answer_nothing(r);
    default:
        return afp_answer_unread(r, status, BODY_LIMIT);
    }
}

/* Makes the readings due of all applications whose candidate is named. */
static void hurry_readings(const call_t *call, afp_session_t *session,
                           const apr_array_header_t *ids)
{
    request_rec *r = call->r;
    apr_array_header_t *applications;
    apr_status_t rv =
        afp_assessment_find(session, call->company_uuid, (const char *const *)ids->elts, ids->nelts,
                            r->pool, &applications);
    int hurried = 0;

    for (int i = 0; rv == APR_SUCCESS && i < applications->nelts; i++) {
        hurried += afp_reading_hurry(call->child, call->vhost->site, session, call->company_uuid,
                                     APR_ARRAY_IDX(applications, i, const char *)) == APR_SUCCESS;
    }
    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r,
                  AFPNO(0530) "tenant %s: a call to the results location names %d candidate(s) "
                              "known here, %d to be read at once",
                  call->company_uuid, rv == APR_SUCCESS ? applications->nelts : 0, hurried);
}

/* 1 if the snapshot knows it as a connected tenant of this site. */
static int is_known_as_connected(const call_t *call)
{
    afp_tenant_t tenant;
    int connected = afp_tenants_get(call->vhost->site->tenants, call->company_uuid, &tenant) &&
                    tenant.state == AFP_TENANT_CONNECTED;

    OPENSSL_cleanse(&tenant, sizeof(tenant));
    return connected;
}

/* The snapshot may be too old to know that it is. */
static int is_connected(const call_t *call)
{
    afp_site_t *site = call->vhost->site;

    afp_inbox_freshen(afp_child_inbox(call->child, site));
    return is_known_as_connected(call) ||
           (afp_reread_tenant(call->child, site, call->company_uuid) == 0 &&
            is_known_as_connected(call));
}

/* Only a few of a child's threads may wait for the database because of such calls. */
static void follow(const call_t *call)
{
    apr_array_header_t *ids = afp_hint_ids(call->r->pool, call->body.bytes, call->body.length);
    afp_session_t *session;

    if (ids->nelts == 0 || call->child == NULL) {
        return;
    }
    if (__atomic_add_fetch(&in_database, 1, __ATOMIC_RELAXED) <= AT_ONCE && is_connected(call) &&
        afp_tenants_may_hint(call->vhost->site->tenants, call->company_uuid)) {
        session = afp_child_borrow_session(call->child, call->vhost->site, SESSION_PATIENCE);
        if (session != NULL) {
            hurry_readings(call, session, ids);
            afp_child_return_session(call->child, session);
        }
    }
    __atomic_sub_fetch(&in_database, 1, __ATOMIC_RELAXED);
}

/* Sends the answer, which is complete, while the handler goes on. httpd drops what is passed behind
 * the head of an answer without a body, so that its connection has to be flushed. */
static void send_now(request_rec *r)
{
    conn_rec *connection = r->connection;

    ap_rflush(r);
    ap_fflush(connection->output_filters, apr_brigade_create(r->pool, connection->bucket_alloc));
}

int afp_results_handler(request_rec *r)
{
    call_t call;
    int status;

    if (r->handler == NULL || strcmp(r->handler, AFP_RESULTS_HANDLER) != 0) {
        return DECLINED;
    }
    memset(&call, 0, sizeof(call));
    call.r = r;
    call.vhost = afp_config_vhost(r->server);
    call.child = afp_web_child();
    if (call.vhost == NULL) {
        return DECLINED;
    }
    status = check_head(&call);
    if (status != DECLINED) {
        /* Otherwise the answer would wait for the whole body, which httpd reads and drops. */
        ap_rflush(r);
        return status;
    }
    status = read_body(&call);
    if (status != DECLINED) {
        return status;
    }
    /* What is dropped here is read on schedule. The caller need not wait for the rest. */
    status = afp_answer_nothing(r);
    send_now(r);
    follow(&call);
    return status;
}
