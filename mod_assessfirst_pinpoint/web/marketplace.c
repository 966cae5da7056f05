#include "web/marketplace.h"

#include "core/form_token.h"
#include "core/text.h"
#include "web/actions.h"
#include "web/config.h"
#include "web/once.h"
#include "web/origin.h"
#include "web/page.h"
#include "web/page_frame.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <openssl/crypto.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

#define SESSION_PATIENCE apr_time_from_sec(2)
#define RECENT           20
#define COMPANY_LIMIT    255 /* bytes */

/* ---- who may see it ---- */

/* 1 if a text can name a company: not blank, no controls, valid UTF-8, bounded. It is not changed
 * in any way, so that no two companies of the site become one here. */
static int is_company(apr_pool_t *pool, const char *text)
{
    return *afp_text_trim(pool, text) != '\0' && strlen(text) <= COMPANY_LIMIT &&
           strcmp(afp_text_log(pool, text, COMPANY_LIMIT), text) == 0;
}

/* The company that the user acts for; NULL after an answer was written. */
static const char *find_company(request_rec *r)
{
    const ap_expr_info_t *expression = afp_config_company(r);
    const char *why = NULL;
    const char *company;

    if (r->user == NULL || *r->user == '\0') {
        afp_page_refuse(r, HTTP_FORBIDDEN, "Sign in first",
                        "This page is for signed-in users only. If you did sign in, the site's "
                        "operator must add authentication (Require) to this address.");
        return NULL;
    }
    if (expression == NULL) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      AFPNO(0513) "the marketplace page needs PinpointCompany in its <Location>");
        afp_page_refuse(r, HTTP_FORBIDDEN, "Not set up yet",
                        "The site's operator must say with PinpointCompany which company a user "
                        "acts for.");
        return NULL;
    }
    company = ap_expr_str_exec(r, expression, &why);
    if (why != NULL) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      AFPNO(0514) "PinpointCompany cannot be evaluated: %s", why);
    }
    if (why != NULL || company == NULL || !is_company(r->pool, company)) {
        afp_page_refuse(r, HTTP_FORBIDDEN, "No company",
                        "Your account belongs to no company here. Ask the site's operator to "
                        "assign you to one.");
        return NULL;
    }
    return company;
}

/* ---- is it this page's form? ---- */

/* 1 if the browser says that the form comes from this page, or says nothing about it. */
static int has_fitting_origin(const afp_page_t *page)
{
    request_rec *r = page->r;
    const char *origin = apr_table_get(r->headers_in, "Origin");
    const char *site = apr_table_get(r->headers_in, "Sec-Fetch-Site");
    const apr_array_header_t *origins = page->vhost->page_origins;

    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) {
        return 0;
    }
    if (origin == NULL) {
        return 1;
    }
    for (int i = 0; i < origins->nelts; i++) {
        if (strcasecmp(APR_ARRAY_IDX(origins, i, const char *), origin) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Whether browsers see the page under https: behind a TLS proxy the request does not tell. */
static int is_secure(const afp_page_t *page)
{
    const char *origin = apr_table_get(page->r->headers_in, "Origin");

    if (origin == NULL) {
        origin = APR_ARRAY_IDX(page->vhost->page_origins, 0, const char *);
    }
    return strncasecmp(origin, "https:", 6) == 0;
}

/* ---- making the page ---- */

static apr_status_t cleanse_tenant(void *tenant)
{
    OPENSSL_cleanse(tenant, sizeof(afp_tenant_t));
    return APR_SUCCESS;
}

/* The request's path, encoded anew and with one slash in front: it becomes part of headers. */
static const char *path_of(request_rec *r)
{
    const char *path = "";

    for (const char *segment = r->uri; *segment != '\0';) {
        size_t length = strcspn(segment, "/");

        if (length > 0) {
            path =
                apr_pstrcat(r->pool, path, "/",
                            afp_text_url(r->pool, apr_pstrmemdup(r->pool, segment, length)), NULL);
        }
        segment += length;
        segment += *segment == '/';
    }
    return *path != '\0' && r->uri[strlen(r->uri) - 1] != '/'
               ? path
               : apr_pstrcat(r->pool, path, "/", NULL);
}

static afp_page_t *make_page(request_rec *r, const afp_vhost_t *vhost, const char *company)
{
    afp_page_t *page = apr_pcalloc(r->pool, sizeof(*page));

    apr_pool_cleanup_register(r->pool, &page->tenant, cleanse_tenant, apr_pool_cleanup_null);
    page->r = r;
    page->vhost = vhost;
    page->company = company;
    page->path = path_of(r);
    page->form_token =
        afp_form_token_make(vhost->site->place.keyring, r->pool, r->user, company, apr_time_now());
    page->parkings = apr_array_make(r->pool, 1, sizeof(afp_parking_t));
    page->notices = apr_array_make(r->pool, 1, sizeof(afp_notice_t));
    page->activities = apr_array_make(r->pool, 1, sizeof(afp_activity_t));
    return page;
}

static apr_status_t read_tenant(afp_page_t *page, afp_session_t *session)
{
    apr_status_t rv =
        afp_tenant_by_company(session, &page->vhost->site->place, page->company, &page->tenant);

    page->has_tenant = rv == APR_SUCCESS;
    afp_settings_form_start(&page->settings, &page->tenant);
    return rv == APR_NOTFOUND ? APR_SUCCESS : rv;
}

/* Reads what a tenant's page shows besides the settings. */
static apr_status_t read_health(afp_page_t *page, afp_session_t *session)
{
    const char *company_uuid = page->tenant.company_uuid;
    apr_pool_t *pool = page->r->pool;
    apr_status_t rv;

    if (!page->has_tenant) {
        return APR_SUCCESS;
    }
    rv = afp_activity_summarise(session, company_uuid, &page->summary);
    if (rv == APR_SUCCESS) {
        rv = afp_activity_parkings(session, company_uuid,
                                   afp_site_token_owner(page->vhost->site, &page->tenant), pool,
                                   &page->parkings);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_activity_check(session, company_uuid, AFP_FOLLOW_UP_CHECK_PINPOINT,
                                &page->pinpoint_check);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_activity_check(session, company_uuid, AFP_FOLLOW_UP_CHECK_ASSESSFIRST,
                                &page->assessfirst_check);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_tenant_notices(session, company_uuid, pool, &page->notices);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_synchronised_read(session, company_uuid, &page->synchronised);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_assessment_count(session, company_uuid, &page->assessments);
    }
    return rv == APR_SUCCESS
               ? afp_activity_recent(session, company_uuid, RECENT, pool, &page->activities)
               : rv;
}

/* ---- the two kinds of request ---- */

/* Both have a session while they run, and write their answer without one: a slow reader must not
 * keep it. */
typedef struct {
    afp_page_t *page;
    const afp_form_t *form;            /* NULL: only show the page */
    afp_form_token_state_t form_token; /* of the form */
    afp_action_t action;
    afp_action_end_t end;
} visit_t;

static apr_status_t carry_out(visit_t *visit, afp_session_t *session)
{
    afp_page_t *page = visit->page;
    apr_status_t rv = read_tenant(page, session);

    visit->end = AFP_ACTION_WRONG;
    if (rv == APR_SUCCESS && visit->form != NULL) {
        if (visit->form_token == AFP_FORM_TOKEN_GOOD) {
            visit->action.page = page;
            visit->action.session = session;
            visit->action.form = visit->form;
            visit->end = afp_action_run(&visit->action);
        } else {
            page->not_saved = "This page was open for more than 12 hours, so that it could not be "
                              "told whether you sent the form. Please send it once more.";
            if (strcmp(afp_form_value(visit->form, "action"), AFP_ACTION_SAVE) == 0) {
                afp_settings_form_enter(&page->settings, visit->form, page->r->pool);
            }
        }
    }
    return rv == APR_SUCCESS && visit->end == AFP_ACTION_WRONG ? read_health(page, session) : rv;
}

static int unavailable(request_rec *r)
{
    apr_table_setn(r->headers_out, "Retry-After", "10");
    return afp_page_refuse(r, HTTP_SERVICE_UNAVAILABLE, "Not available at the moment",
                           "The database does not answer. Nothing is lost; please try again in a "
                           "moment.");
}

static int answer(visit_t *visit)
{
    afp_page_t *page = visit->page;
    const afp_action_t *action = &visit->action;

    switch (visit->end) {
    case AFP_ACTION_DONE:
        if (page->has_tenant && action->said != AFP_SAID_NOTHING) {
            afp_once_say(page, action->said, action->api_token, is_secure(page));
        }
        return afp_page_redirect(page->r, page->path);
    case AFP_ACTION_ASK:
        afp_page_ask(page, &action->question);
        return OK;
    case AFP_ACTION_WRONG:
        if (visit->form == NULL && !page->r->header_only) {
            afp_once_hear(page);
        }
        afp_page_write(page, visit->form == NULL                        ? HTTP_OK
                             : visit->form_token == AFP_FORM_TOKEN_GOOD ? HTTP_UNPROCESSABLE_ENTITY
                                                                        : HTTP_FORBIDDEN);
        return OK;
    case AFP_ACTION_UNKNOWN:
        return afp_page_refuse(page->r, HTTP_BAD_REQUEST, "Unknown action",
                               "This page has no such button. Open it again.");
    case AFP_ACTION_FAILED:
        break;
    }
    return unavailable(page->r);
}

static int visit_page(visit_t *visit)
{
    afp_page_t *page = visit->page;
    afp_child_t *child = afp_web_child();
    afp_session_t *session =
        child != NULL ? afp_child_borrow_session(child, page->vhost->site, SESSION_PATIENCE) : NULL;
    apr_status_t rv;

    if (session == NULL || page->form_token == NULL) {
        if (session != NULL) {
            afp_child_return_session(child, session);
        }
        return unavailable(page->r);
    }
    rv = carry_out(visit, session);
    afp_child_return_session(child, session);
    return rv == APR_SUCCESS ? answer(visit) : unavailable(page->r);
}

static int post(visit_t *visit)
{
    afp_page_t *page = visit->page;
    request_rec *r = page->r;
    afp_form_t *form = NULL;
    const char *why;
    int status;

    if (!has_fitting_origin(page)) {
        const char *origin = apr_table_get(r->headers_in, "Origin");

        ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                      AFPNO(0515) "a form of the origin %s was refused; if the page is served "
                                  "there, name it with PinpointPageOrigin",
                      origin != NULL ? afp_text_log(r->pool, origin, 200) : "(not told)");
        return afp_page_refuse(r, HTTP_FORBIDDEN, "Not sent from this page",
                               "The form came from another site, so nothing was done. Open this "
                               "page under its usual address and try again.");
    }
    status = afp_form_read(r, &form, &why);
    if (status == AP_FILTER_ERROR) {
        return status;
    }
    if (status != OK) {
        return afp_page_refuse(r, status, "Form not understood", why);
    }
    visit->form = form;
    visit->form_token =
        afp_form_token_check(page->vhost->site->place.keyring, r->pool,
                             afp_form_value(form, "token"), r->user, page->company, apr_time_now());
    if (visit->form_token == AFP_FORM_TOKEN_BAD) {
        return afp_page_refuse(r, HTTP_FORBIDDEN, "Not sent from this page",
                               "The form was not made for you and this company, so nothing was "
                               "done. Open this page again and repeat what you did.");
    }
    return visit_page(visit);
}

int afp_marketplace_handler(request_rec *r)
{
    const afp_vhost_t *vhost;
    const char *company;
    visit_t visit;

    if (r->handler == NULL || strcmp(r->handler, AFP_MARKETPLACE_HANDLER) != 0) {
        return DECLINED;
    }
    vhost = afp_config_vhost(r->server);
    if (vhost == NULL) {
        return DECLINED;
    }
    if (r->method_number != M_GET && r->method_number != M_POST) {
        apr_table_setn(r->headers_out, "Allow", "GET, HEAD, POST");
        return afp_page_refuse(r, HTTP_METHOD_NOT_ALLOWED, "Method not allowed",
                               "This page is read with GET and changed with POST.");
    }
    company = find_company(r);
    if (company == NULL) {
        return OK;
    }
    memset(&visit, 0, sizeof(visit));
    visit.page = make_page(r, vhost, company);
    return r->method_number == M_POST ? post(&visit) : visit_page(&visit);
}
