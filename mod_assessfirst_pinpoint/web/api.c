#include "web/api.h"

#include "core/json.h"
#include "store/secret.h"
#include "web/answer.h"
#include "web/api_parts.h"
#include "web/assets.h"
#include "web/body.h"
#include "web/reread.h"
#include "work/tenants.h"

#include <apr_strings.h>
#include <http_log.h>
#include <http_protocol.h>
#include <openssl/crypto.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

#define PATIENCE         apr_time_from_sec(4) /* for the body */
#define SESSION_PATIENCE apr_time_from_sec(2)
#define BODY_LIMIT       16384
#define REALM            "Bearer realm=\"JSON API of the AssessFirst connection\""
#define JSON             "application/json"
#define MERGE_PATCH      "application/merge-patch+json"

/* ---- what there is ---- */

typedef enum {
    NEEDS_NOTHING,
    NEEDS_BODY,
    NEEDS_MATCH /* a body, and the tag of the settings that it is about */
} needs_t;

/* The operations, those of one path together, words before places: "deliveries/retry" is no
 * delivery. */
typedef struct {
    const char *path; /* core/route.h */
    int method;
    needs_t needs;
    apr_status_t (*run)(afp_api_call_t *call); /* NULL: the description, for everybody */
} operation_t;

static const operation_t operations[] = {
    {AFP_API_DESCRIPTION, M_GET, NEEDS_NOTHING, NULL},
    {"settings", M_GET, NEEDS_NOTHING, afp_api_get_settings},
    {"settings", M_PUT, NEEDS_MATCH, afp_api_put_settings},
    {"settings", M_PATCH, NEEDS_MATCH, afp_api_patch_settings},
    {"status", M_GET, NEEDS_NOTHING, afp_api_get_status},
    {"test", M_GET, NEEDS_NOTHING, afp_api_get_test},
    {"test", M_POST, NEEDS_NOTHING, afp_api_start_test},
    {"pause", M_POST, NEEDS_NOTHING, afp_api_pause},
    {"resume", M_POST, NEEDS_NOTHING, afp_api_resume},
    {"deliveries", M_GET, NEEDS_NOTHING, afp_api_list_deliveries},
    {"deliveries/retry", M_POST, NEEDS_NOTHING, afp_api_retry_all},
    {"deliveries/decide-again", M_POST, NEEDS_NOTHING, afp_api_decide_all},
    {"deliveries/{id}", M_GET, NEEDS_NOTHING, afp_api_get_delivery},
    {"deliveries/{id}/retry", M_POST, NEEDS_NOTHING, afp_api_retry},
    {"deliveries/{id}/decide-again", M_POST, NEEDS_NOTHING, afp_api_decide},
    {"deliveries/{id}/invite-anyway", M_POST, NEEDS_NOTHING, afp_api_invite_anyway},
    {"deliveries/{id}/send-again", M_POST, NEEDS_BODY, afp_api_send_again},
    {"applications/{application_id}", M_GET, NEEDS_NOTHING, afp_api_get_application},
    {"applications/{application_id}", M_DELETE, NEEDS_NOTHING, afp_api_erase_application},
    {"candidates/{candidate_id}", M_DELETE, NEEDS_NOTHING, afp_api_erase_candidate},
    {"invitations", M_GET, NEEDS_NOTHING, afp_api_list_invitations},
};

#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

/* ---- answers ---- */

static int unavailable(request_rec *r, const char *detail)
{
    apr_table_setn(r->headers_out, "Retry-After", "10");
    return afp_answer_problem(r, HTTP_SERVICE_UNAVAILABLE, "Not available now", detail);
}

static int database_fails(request_rec *r)
{
    return unavailable(r, "The database does not answer; send the request again");
}

static int not_modified(request_rec *r)
{
    r->status = HTTP_NOT_MODIFIED;
    r->status_line = NULL;
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    return OK;
}

/* 1 if the caller has this representation already. */
static int has_it(request_rec *r)
{
    ap_condition_e known = AP_CONDITION_NONE;

    if (r->method_number == M_GET && r->status == HTTP_OK &&
        apr_table_get(r->headers_out, "ETag") != NULL) {
        known = ap_condition_if_none_match(r, r->headers_out);
    }
    return known == AP_CONDITION_STRONG || known == AP_CONDITION_WEAK;
}

static int write_answer(afp_api_call_t *call)
{
    request_rec *r = call->r;

    if (call->json == NULL) {
        return afp_answer_problem_with(r, call->status, call->title, call->detail, call->errors);
    }
    return call->status == HTTP_OK && has_it(r) ? not_modified(r)
                                                : afp_answer_json(r, call->status, call->json);
}

/* ---- which operation ---- */

static int not_found(request_rec *r)
{
    return afp_answer_problem(r, HTTP_NOT_FOUND, "Not found",
                              "There is no such address; " AFP_API_DESCRIPTION
                              " below the API's address describes those that exist");
}

/* What is below the API's address; NULL if nothing is. */
static const char *path_of(const afp_api_call_t *call)
{
    request_rec *r = call->r;
    const char *path =
        call->vhost->api_path != NULL ? afp_route_below(call->vhost->api_path, r->uri) : NULL;

    if (path == NULL) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      AFPNO(0601) "the JSON API is served below the path of PinpointAutomationURL "
                                  "only: give the public address of its <Location> there");
    }
    return path;
}

/* Adds a method to a header Allow. */
static const char *add_method(apr_pool_t *pool, const char *allowed, int method)
{
    const char *name = method == M_GET ? "GET, HEAD" : ap_method_name_of(pool, method);

    return *allowed != '\0' ? apr_pstrcat(pool, allowed, ", ", name, NULL) : name;
}

/* The operation; or NULL, and the answer is written. */
static const operation_t *find_operation(afp_api_call_t *call)
{
    request_rec *r = call->r;
    const char *path = path_of(call);
    const char *allowed = "";
    size_t first = 0;

    while (path != NULL && first < OPERATIONS &&
           !afp_route_fits(operations[first].path, path, call->value)) {
        first++;
    }
    if (path == NULL || first == OPERATIONS) {
        (void)not_found(r);
        return NULL;
    }
    for (size_t i = first;
         i < OPERATIONS && strcmp(operations[i].path, operations[first].path) == 0; i++) {
        if (operations[i].method == r->method_number) {
            return &operations[i];
        }
        allowed = add_method(r->pool, allowed, operations[i].method);
    }
    apr_table_setn(r->headers_out, "Allow", allowed);
    (void)afp_answer_problem(r, HTTP_METHOD_NOT_ALLOWED, "Method not allowed",
                             apr_pstrcat(r->pool, "This address takes ", allowed, NULL));
    return NULL;
}

/* ---- whose token ---- */

static int refuse(request_rec *r, afp_bearer_t bearer)
{
    apr_table_setn(r->err_headers_out, "WWW-Authenticate",
                   bearer == AFP_BEARER_NONE ? REALM : REALM ", error=\"invalid_token\"");
    return afp_answer_problem(r, HTTP_UNAUTHORIZED, "Not authorized",
                              "Send the company's API token, which the marketplace page "
                              "generates, as Authorization: Bearer <token>");
}

static int refuse_unknown(request_rec *r)
{
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                  AFPNO(0602) "an API token was refused: it is no tenant's of this site");
    return refuse(r, AFP_BEARER_BAD);
}

/* Finds the tenant in the snapshot, where every token costs the same; one that was generated in the
 * last second may be in the database only. DECLINED, or what the handler returns. */
static int authenticate(afp_api_call_t *call)
{
    request_rec *r = call->r;
    const afp_site_t *site = call->vhost->site;
    afp_bearer_t bearer =
        afp_api_token_read(apr_table_get(r->headers_in, "Authorization"), call->hash);

    if (bearer != AFP_BEARER_GOOD) {
        return refuse(r, bearer);
    }
    if (call->child == NULL) {
        return unavailable(r, "The module could not start in this process");
    }
    afp_inbox_freshen(afp_child_inbox(call->child, site));
    if (afp_tenants_find_token(site->tenants, call->hash, call->company_uuid)) {
        return DECLINED;
    }
    if (afp_reread_token(call->child, site, call->hash) != 0) {
        return database_fails(r);
    }
    return afp_tenants_find_token(site->tenants, call->hash, call->company_uuid)
               ? DECLINED
               : refuse_unknown(r);
}

/* ---- the body ---- */

static int has_type(const char *type, const char *wanted)
{
    size_t length = strlen(wanted);

    return type != NULL && strncasecmp(type, wanted, length) == 0 &&
           (type[length] == '\0' || type[length] == ';' || type[length] == ' ');
}

static int check_type(const afp_api_call_t *call)
{
    request_rec *r = call->r;
    const char *type = apr_table_get(r->headers_in, "Content-Type");
    int is_patch = r->method_number == M_PATCH;

    if (apr_table_get(r->headers_in, "Content-Encoding") == NULL &&
        (has_type(type, JSON) || (is_patch && has_type(type, MERGE_PATCH)))) {
        return DECLINED;
    }
    apr_table_setn(r->headers_out, is_patch ? "Accept-Patch" : "Accept",
                   is_patch ? MERGE_PATCH ", " JSON : JSON);
    return afp_answer_problem(r, HTTP_UNSUPPORTED_MEDIA_TYPE, "Unsupported media type",
                              is_patch ? "Send " MERGE_PATCH " or " JSON ", not encoded"
                                       : "Send " JSON ", not encoded");
}

static int parse_body(afp_api_call_t *call, const afp_body_t *body)
{
    request_rec *r = call->r;
    const char *why;

    call->body = afp_json_parse(r->pool, body->bytes, body->length, &why);
    if (call->body != NULL && !json_object_is_type(call->body, json_type_object)) {
        call->body = NULL;
        why = "another value";
    }
    if (call->body == NULL) {
        return afp_answer_problem(r, HTTP_BAD_REQUEST, "Not a JSON object",
                                  apr_pstrcat(r->pool, "The body is ", why, NULL));
    }
    return DECLINED;
}

/* DECLINED, or what the handler returns. */
static int read_body(afp_api_call_t *call, const operation_t *operation)
{
    request_rec *r = call->r;
    afp_body_t body = {NULL, 0};
    int status;

    if (r->method_number == M_GET) {
        return DECLINED;
    }
    status = afp_body_read(r, BODY_LIMIT, r->request_time + PATIENCE, &body);
    if (status != OK) {
        return status == AP_FILTER_ERROR ? status : afp_answer_unread(r, status, BODY_LIMIT);
    }
    if (body.length == 0) {
        return operation->needs == NEEDS_NOTHING
                   ? DECLINED
                   : afp_answer_problem(r, HTTP_BAD_REQUEST, "No body",
                                        "This needs a JSON object as its body");
    }
    status = check_type(call);
    return status == DECLINED ? parse_body(call, &body) : status;
}

/* ---- with a session ---- */

/* What the settings' tag says: 0 if the call goes on, otherwise the answer is set. */
static int check_match(afp_api_call_t *call, const operation_t *operation)
{
    request_rec *r = call->r;

    afp_api_set_tag(call);
    switch (ap_condition_if_match(r, r->headers_out)) {
    case AP_CONDITION_NOMATCH:
        (void)afp_api_problem(call, HTTP_PRECONDITION_FAILED, "Changed meanwhile",
                              "The settings are not those of If-Match any more: read them again");
        return 1;
    case AP_CONDITION_NONE:
        if (operation->needs == NEEDS_MATCH) {
            (void)afp_api_problem(call, HTTP_PRECONDITION_REQUIRED, "If-Match is missing",
                                  "Send the ETag of the settings that you have read, so that "
                                  "nobody's change is lost");
            return 1;
        }
        break;
    case AP_CONDITION_WEAK:
    case AP_CONDITION_STRONG:
        break;
    }
    apr_table_unset(r->headers_out, "ETag");
    return 0;
}

static apr_status_t run(afp_api_call_t *call, const operation_t *operation)
{
    apr_pool_t *pool = call->r->pool;

    if (afp_tenants_token_used(call->vhost->site->tenants, call->company_uuid, apr_time_now())) {
        (void)afp_secret_token_used(call->session, call->company_uuid, call->hash);
    }
    call->operation = (afp_operation_t){
        .r = call->r,
        .vhost = call->vhost,
        .session = call->session,
        .tenant = &call->tenant,
        .who = apr_pstrcat(pool, AFP_AUDIT_API_TOKEN,
                           apr_pstrmemdup(pool, call->hash, AFP_FINGERPRINT_LENGTH), NULL),
    };
    return call->r->method_number != M_GET && check_match(call, operation) ? APR_SUCCESS
                                                                           : operation->run(call);
}

/* The snapshot may be a second old: the token counts if the database says so as well. */
static int carry_out(afp_api_call_t *call, const operation_t *operation)
{
    const afp_site_t *site = call->vhost->site;
    int is_known = 0;
    apr_status_t rv;

    call->session = afp_child_borrow_session(call->child, site, SESSION_PATIENCE);
    if (call->session == NULL) {
        return database_fails(call->r);
    }
    rv = afp_tenant_by_uuid(call->session, &site->place, call->company_uuid, &call->tenant);
    if (rv == APR_SUCCESS) {
        is_known = afp_api_token_fits(call->tenant.api_token_hash, call->hash);
        rv = is_known ? run(call, operation) : APR_NOTFOUND;
    }
    afp_child_return_session(call->child, call->session);
    OPENSSL_cleanse(&call->tenant, sizeof(call->tenant));
    return rv == APR_SUCCESS                 ? write_answer(call)
           : rv == APR_NOTFOUND && !is_known ? refuse_unknown(call->r)
                                             : database_fails(call->r);
}

/* ---- all of it ---- */

static int describe(request_rec *r)
{
    return afp_answer_bytes(r, JSON, afp_asset_openapi, afp_asset_openapi_size);
}

int afp_api_handler(request_rec *r)
{
    afp_api_call_t *call;
    const operation_t *operation;
    int status;

    if (r->handler == NULL || strcmp(r->handler, AFP_API_HANDLER) != 0 ||
        afp_config_vhost(r->server) == NULL) {
        return DECLINED;
    }
    call = apr_pcalloc(r->pool, sizeof(*call));
    call->r = r;
    call->vhost = afp_config_vhost(r->server);
    call->child = afp_web_child();
    operation = find_operation(call);
    if (operation != NULL && operation->run == NULL) {
        return describe(r);
    }
    status = operation != NULL ? authenticate(call) : OK;
    if (status != DECLINED) {
        /* Otherwise the answer would wait for the whole body, which httpd reads and drops. */
        ap_rflush(r);
        return status;
    }
    status = read_body(call, operation);
    return status == DECLINED ? carry_out(call, operation) : status;
}
