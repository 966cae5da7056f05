#include "web/webhook.h"

#include "core/event.h"
#include "core/json.h"
#include "core/signature.h"
#include "core/text.h"
#include "web/answer.h"
#include "web/body.h"
#include "web/config.h"
#include "web/reread.h"
#include "work/tenants.h"

#include <apr_strings.h>
#include <http_log.h>
#include <http_protocol.h>
#include <openssl/crypto.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

/* Pinpoint waits 5 s. */
#define PATIENCE      apr_time_from_sec(4)
#define LOOK_PATIENCE apr_time_from_sec(1)

/* One webhook on its way through the checks, in the order of design section 4. */
typedef struct {
    request_rec *r;
    const afp_vhost_t *vhost;
    afp_child_t *child;
    char company_uuid[AFP_ID_LENGTH + 1];
    afp_body_t body;
    afp_tenant_t tenant;
    const char *secret; /* of the tenant: the one that signed */
    afp_event_t event;
    afp_delivery_t delivery;
} webhook_t;

/* ---- what needs no body ---- */

static int not_post(webhook_t *webhook)
{
    apr_table_setn(webhook->r->headers_out, "Allow", "POST");
    return afp_answer_problem(webhook->r, HTTP_METHOD_NOT_ALLOWED, "Method not allowed",
                              "Webhooks are sent with POST");
}

/* Takes company_uuid out of the query. 1, or 0 if it is missing, repeated or malformed. */
static int read_company_uuid(webhook_t *webhook)
{
    static const char name[] = "company_uuid=";
    const char *query = webhook->r->args ? webhook->r->args : "";
    const char *value = NULL;

    while (*query) {
        size_t length = strcspn(query, "&;");

        if (!strncmp(query, name, sizeof(name) - 1)) {
            size_t value_length = length - (sizeof(name) - 1);

            if (value || value_length != AFP_ID_LENGTH) {
                return 0;
            }
            value = query + sizeof(name) - 1;
            apr_cpystrn(webhook->company_uuid, value, sizeof(webhook->company_uuid));
        }
        query += length;
        query += *query != '\0';
    }
    return value && afp_id_is_valid(webhook->company_uuid);
}

static int check_head(webhook_t *webhook)
{
    request_rec *r = webhook->r;

    if (r->method_number != M_POST) {
        return not_post(webhook);
    }
    if (!read_company_uuid(webhook)) {
        return afp_answer_problem(r, HTTP_BAD_REQUEST, "The address names no company",
                                  "Paste the webhook URL that the marketplace page shows, with "
                                  "its company_uuid, into Pinpoint's webhook");
    }
    if (apr_table_get(r->headers_in, "Content-Encoding")) {
        return afp_answer_problem(r, HTTP_UNSUPPORTED_MEDIA_TYPE, "Encoded body",
                                  "The signature covers the raw body: send it without "
                                  "Content-Encoding");
    }
    return DECLINED;
}

static int read_body(webhook_t *webhook)
{
    request_rec *r = webhook->r;
    int status =
        afp_body_read(r, webhook->vhost->body_limit, r->request_time + PATIENCE, &webhook->body);

    switch (status) {
    case OK:
        return DECLINED;
    case AP_FILTER_ERROR:
        return status;
    default:
        return afp_answer_unread(r, status, webhook->vhost->body_limit);
    }
}

/* ---- the signature ---- */

/* The one signature of the request. 1, or 0 if it is absent, repeated or malformed. */
static int read_signature(const webhook_t *webhook, unsigned char mac[AFP_SIGNATURE_BYTES])
{
    const apr_array_header_t *headers = apr_table_elts(webhook->r->headers_in);
    const apr_table_entry_t *entries = (const apr_table_entry_t *)headers->elts;
    const char *value = NULL;
    int i;

    for (i = 0; i < headers->nelts; i++) {
        if (!ap_cstr_casecmp(entries[i].key, AFP_SIGNATURE_HEADER)) {
            if (value) {
                return 0;
            }
            value = entries[i].val;
        }
    }
    return value && !afp_signature_decode(value, mac);
}

/* For the page, which is how the administrator learns of a wrong secret. Without any signature
 * somebody has only come by. */
static void note_refusal(const webhook_t *webhook)
{
    if (apr_table_get(webhook->r->headers_in, AFP_SIGNATURE_HEADER)) {
        afp_tenants_refused(webhook->vhost->site->tenants, webhook->company_uuid,
                            webhook->r->request_time);
    }
}

/* Unknown, disconnected and not yet configured tenants cost the same HMACs, with no secrets. */
static int is_authentic(webhook_t *webhook, int known, const unsigned char *mac)
{
    const afp_tenant_t *tenant = &webhook->tenant;
    const char *secrets[AFP_SIGNATURE_SECRETS] = {NULL, NULL};
    int matched;

    if (known && (tenant->state == AFP_TENANT_CONNECTED || tenant->state == AFP_TENANT_PAUSED)) {
        secrets[0] = tenant->signing_secret;
        if (!tenant->former_until || tenant->former_until > apr_time_now()) {
            secrets[1] = tenant->former_secret;
        }
    }
    matched = afp_signature_verify(mac, secrets, webhook->body.bytes, webhook->body.length);
    webhook->secret = matched < 0 ? NULL : secrets[matched];
    return matched >= 0;
}

static int unavailable(webhook_t *webhook, const char *detail)
{
    apr_table_setn(webhook->r->headers_out, "Retry-After", "60");
    return afp_answer_problem(webhook->r, HTTP_SERVICE_UNAVAILABLE, "Cannot be stored now", detail);
}

static int check_signature(webhook_t *webhook)
{
    static const unsigned char no_mac[AFP_SIGNATURE_BYTES];
    request_rec *r = webhook->r;
    afp_tenants_t *tenants = webhook->vhost->site->tenants;
    unsigned char mac[AFP_SIGNATURE_BYTES];
    int is_signed = read_signature(webhook, mac);
    int known;

    afp_inbox_freshen(afp_child_inbox(webhook->child, webhook->vhost->site));
    known = afp_tenants_get(tenants, webhook->company_uuid, &webhook->tenant);
    if (is_authentic(webhook, known, is_signed ? mac : no_mac) && is_signed) {
        return DECLINED;
    }
    if (is_signed) {
        if (afp_reread_tenant(webhook->child, webhook->vhost->site, webhook->company_uuid)) {
            return unavailable(webhook, "The database does not answer; send the webhook again");
        }
        known = afp_tenants_get(tenants, webhook->company_uuid, &webhook->tenant);
        if (is_authentic(webhook, known, mac)) {
            return DECLINED;
        }
    }
    note_refusal(webhook);
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r, AFPNO(0401) "company_uuid %s: webhook refused, %s",
                  webhook->company_uuid,
                  !is_signed ? "its signature is absent, repeated or malformed"
                  : known    ? "its signature fits no active secret"
                             : "there is no such tenant");
    apr_table_setn(r->err_headers_out, "WWW-Authenticate", "PinpointHMAC");
    return afp_answer_problem(r, HTTP_UNAUTHORIZED, "Not authentic",
                              "The company or the signature in " AFP_SIGNATURE_HEADER
                              " is not known here: compare the webhook URL and the signing secret "
                              "with the marketplace page");
}

/* ---- the event ---- */

/* Only where a candidate's data was erased does anybody look for it. */
static int set_tombstone(webhook_t *webhook)
{
    const char *key = webhook->tenant.erasure_key;
    const char *application_id = webhook->event.application_id;

    return *key && *application_id
               ? afp_tombstone_make(key, application_id, webhook->delivery.tombstone)
               : 0;
}

/* When it was triggered, which the body says, and 192 bits of the body's SHA-256: random digests
 * would each need another page of their index. */
static int set_digest(webhook_t *webhook)
{
    char sha256[65];

    if (afp_signature_digest(webhook->body.bytes, webhook->body.length, sha256)) {
        return -1;
    }
    apr_snprintf(webhook->delivery.digest, sizeof(webhook->delivery.digest),
                 "%016" APR_UINT64_T_HEX_FMT "%.48s", (apr_uint64_t)webhook->event.triggered_at,
                 sha256);
    return 0;
}

/* Fills in the delivery. 0, or -1 if the system fails us. */
static int make_delivery(webhook_t *webhook, const char *ignored)
{
    afp_delivery_t *delivery = &webhook->delivery;
    const afp_event_t *event = &webhook->event;
    afp_id_t id;

    if (afp_id_ordered(&id, webhook->r->request_time) != APR_SUCCESS || set_digest(webhook) ||
        set_tombstone(webhook)) {
        return -1;
    }
    apr_cpystrn(delivery->id, id.text, sizeof(delivery->id));
    apr_cpystrn(delivery->company_uuid, webhook->company_uuid, sizeof(delivery->company_uuid));
    apr_cpystrn(delivery->event, event->name, sizeof(delivery->event));
    apr_cpystrn(delivery->application_id, event->application_id, sizeof(delivery->application_id));
    apr_cpystrn(delivery->job_id, event->job_id, sizeof(delivery->job_id));
    delivery->triggered_at = event->triggered_at;
    delivery->received_at = webhook->r->request_time;
    delivery->length = (apr_int64_t)webhook->body.length;
    delivery->held = webhook->tenant.state == AFP_TENANT_PAUSED;
    apr_cpystrn(delivery->ignored, ignored ? afp_text_shorten(webhook->r->pool, ignored, 255) : "",
                sizeof(delivery->ignored));
    return 0;
}

/* An application event of neither kind: the administrator may have ticked it for a reason. Only
 * noted for the page, since the answer has no time for another transaction, and told now and then:
 * whoever may sign chooses the names. */
static void raise_notice(const webhook_t *webhook)
{
    request_rec *r = webhook->r;

    if (afp_tenants_unknown_event(webhook->vhost->site->tenants, webhook->company_uuid,
                                  webhook->event.name, r->request_time)) {
        ap_log_rerror(
            APLOG_MARK, APLOG_NOTICE, 0, r,
            AFPNO(0402) "tenant %s: the event \"%s\" is neither a new application nor a "
                        "changed stage to this module; if it should be, name it with PinpointEvent",
            webhook->company_uuid,
            afp_text_log(r->pool, webhook->event.name, AFP_EVENT_NAME_LIMIT));
    }
}

/* What became of it: a status, and one more member. */
static int answer_with(const webhook_t *webhook, int code, const char *status, const char *name,
                       const char *text)
{
    apr_pool_t *pool = webhook->r->pool;
    struct json_object *json = afp_json_object(pool);

    afp_json_add_text(pool, json, "status", status);
    afp_json_add_text(pool, json, name, text);
    return afp_answer_json(webhook->r, code, json);
}

static int answer_stored(const webhook_t *webhook, afp_inbox_result_t result, const char *ignored)
{
    const char *id = webhook->delivery.first_id;

    if (result == AFP_INBOX_REPEAT) {
        return answer_with(webhook, HTTP_OK, "repeat", "delivery", id);
    }
    return ignored ? answer_with(webhook, HTTP_OK, "ignored", "reason", ignored)
                   : answer_with(webhook, HTTP_ACCEPTED, "accepted", "delivery", id);
}

/* 1 if the company has this delivery already, as far as the database can tell in time: a repeat
 * needs no room. */
static int is_repeat(webhook_t *webhook)
{
    afp_session_t *session =
        afp_child_borrow_session(webhook->child, webhook->vhost->site, LOOK_PATIENCE);
    apr_status_t rv;

    if (!session) {
        return 0;
    }
    rv = afp_delivery_find_first(session, &webhook->delivery);
    afp_child_return_session(webhook->child, session);
    return rv == APR_SUCCESS && *webhook->delivery.first_id;
}

static int store(webhook_t *webhook, const char *ignored)
{
    afp_site_t *site = webhook->vhost->site;
    request_rec *r = webhook->r;
    afp_inbox_result_t result;

    if (make_delivery(webhook, ignored)) {
        return unavailable(webhook, "The system gives no random numbers");
    }
    if (!ignored && !afp_tenants_has_room(site->tenants, webhook->company_uuid)) {
        if (is_repeat(webhook)) {
            return answer_stored(webhook, AFP_INBOX_REPEAT, NULL);
        }
        return unavailable(webhook, "Too many deliveries of this company wait to be worked off");
    }
    result = afp_inbox_put(afp_child_inbox(webhook->child, site), site, &webhook->delivery,
                           r->request_time + PATIENCE);
    switch (result) {
    case AFP_INBOX_STORED:
    case AFP_INBOX_REPEAT:
        break;
    case AFP_INBOX_FULL:
        return unavailable(webhook, "Too many deliveries are being stored");
    case AFP_INBOX_FAILED:
    case AFP_INBOX_LATE:
        return unavailable(webhook, "The database does not answer; send the webhook again");
    }
    if (result == AFP_INBOX_STORED && webhook->event.kind == AFP_EVENT_APPLICATION_UNKNOWN) {
        raise_notice(webhook);
    }
    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r, AFPNO(0403) "tenant %s: delivery %s is %s",
                  webhook->company_uuid, webhook->delivery.first_id,
                  result == AFP_INBOX_REPEAT ? "a repeat"
                  : ignored                  ? "ignored"
                                             : "accepted");
    return answer_stored(webhook, result, ignored);
}

static int take_event(webhook_t *webhook)
{
    request_rec *r = webhook->r;
    afp_site_t *site = webhook->vhost->site;
    const char *ignored;
    const char *why;

    afp_tenants_received(site->tenants, webhook->company_uuid, webhook->secret, r->request_time);
    if (afp_event_parse(&webhook->event, webhook->body.bytes, webhook->body.length,
                        &site->event_names, r->pool, &why) != APR_SUCCESS) {
        return afp_answer_problem(r, HTTP_BAD_REQUEST, "Not a webhook of Pinpoint", why);
    }
    ignored = afp_settings_trigger(r->pool, webhook->tenant.status, &webhook->event);
    if (!ignored && !*webhook->event.application_id) {
        return afp_answer_problem(r, HTTP_UNPROCESSABLE_ENTITY, "No application",
                                  "The event names no application");
    }
    return store(webhook, ignored);
}

int afp_webhook_handler(request_rec *r)
{
    webhook_t webhook;
    int status;

    if (!r->handler || strcmp(r->handler, AFP_WEBHOOK_HANDLER)) {
        return DECLINED;
    }
    memset(&webhook, 0, sizeof(webhook));
    webhook.r = r;
    webhook.vhost = afp_config_vhost(r->server);
    webhook.child = afp_web_child();
    if (!webhook.vhost) {
        return DECLINED;
    }
    status = check_head(&webhook);
    if (status != DECLINED) {
        /* Otherwise the answer would wait for the whole body, which httpd reads and drops. */
        ap_rflush(r);
    }
    if (status == DECLINED && !webhook.child) {
        status = unavailable(&webhook, "The module could not start in this process");
    }
    if (status == DECLINED) {
        status = read_body(&webhook);
    }
    if (status == DECLINED) {
        status = check_signature(&webhook);
    }
    if (status == DECLINED) {
        status = take_event(&webhook);
    }
    OPENSSL_cleanse(&webhook.tenant, sizeof(webhook.tenant));
    return status;
}
