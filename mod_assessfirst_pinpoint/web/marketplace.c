#include "web/marketplace.h"

#include "core/form_token.h"
#include "core/text.h"
#include "store/erase.h"
#include "web/actions.h"
#include "web/await.h"
#include "web/config.h"
#include "web/language.h"
#include "web/notices.h"
#include "web/once.h"
#include "web/origin.h"
#include "web/page.h"
#include "web/page_frame.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <openssl/crypto.h>
#include <string.h>

APLOG_USE_MODULE(assessfirst_pinpoint);

#define SESSION_PATIENCE apr_time_from_sec(2)
#define RECENT           10  /* rows of the overview */
#define ON_A_PAGE        50  /* of the list */
#define COMPANY_LIMIT    255 /* bytes */

/* ---- who may see it ---- */

/* 1 if a text can name a company: not blank, no controls, valid UTF-8, bounded. It is not changed
 * in any way, so that no two companies of the site become one here. */
static int is_company(apr_pool_t *pool, const char *text)
{
    return *afp_text_trim(pool, text) != '\0' && strlen(text) <= COMPANY_LIMIT &&
           afp_text_is_printable(text);
}

/* The company that the user acts for; NULL after an answer was written. */
static const char *find_company(const afp_page_t *page)
{
    request_rec *r = page->r;
    const ap_expr_info_t *expression = afp_config_company(r);
    const char *why = NULL;
    const char *company;

    if (r->user == NULL || *r->user == '\0') {
        afp_page_refuse(page, HTTP_FORBIDDEN, AFP_WORDS_SIGN_IN_FIRST,
                        AFP_WORDS_SIGN_IN_FIRST_WORDS);
        return NULL;
    }
    if (expression == NULL) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      AFPNO(0513) "the marketplace page needs PinpointCompany in its <Location>");
        afp_page_refuse(page, HTTP_FORBIDDEN, AFP_WORDS_NOT_SET_UP, AFP_WORDS_NOT_SET_UP_WORDS);
        return NULL;
    }
    company = ap_expr_str_exec(r, expression, &why);
    if (why != NULL) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      AFPNO(0514) "PinpointCompany cannot be evaluated: %s", why);
    }
    if (why != NULL || company == NULL || !is_company(r->pool, company)) {
        afp_page_refuse(page, HTTP_FORBIDDEN, AFP_WORDS_NO_COMPANY, AFP_WORDS_NO_COMPANY_WORDS);
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

/* What does not depend on who asks. */
static afp_page_t *make_page(request_rec *r, const afp_vhost_t *vhost)
{
    afp_page_t *page = apr_pcalloc(r->pool, sizeof(*page));

    apr_pool_cleanup_register(r->pool, &page->tenant, cleanse_tenant, apr_pool_cleanup_null);
    page->r = r;
    page->vhost = vhost;
    page->language = afp_language_of(r);
    page->path = path_of(r);
    page->query = afp_form_of_query(r);
    page->view = afp_page_view_of(page->query);
    afp_activity_query_read(r->pool, page->query, &page->asked);
    page->parkings = apr_array_make(r->pool, 1, sizeof(afp_parking_t));
    page->notices = apr_array_make(r->pool, 1, sizeof(afp_notice_t));
    page->list.activities = apr_array_make(r->pool, 1, sizeof(afp_activity_t));
    page->changes = apr_array_make(r->pool, 1, sizeof(afp_audit_entry_t));
    page->found.grants = apr_array_make(r->pool, 1, sizeof(afp_permission_grant_t));
    page->found.stage_names = apr_array_make(r->pool, 1, sizeof(const char *));
    page->found.arrivals = apr_array_make(r->pool, 1, sizeof(afp_arrival_t));
    page->erase_application = page->erase_candidate = "";
    return page;
}

static apr_status_t read_tenant(afp_page_t *page, afp_session_t *session)
{
    apr_status_t rv =
        afp_tenant_by_company(session, &page->vhost->site->place, page->company, &page->tenant);

    page->has_tenant = rv == APR_SUCCESS;
    if (!page->has_tenant || (page->view == AFP_VIEW_SETTINGS && !afp_page_has_settings(page))) {
        page->view = AFP_VIEW_OVERVIEW; /* there is nothing else yet, or not any more */
    } else if (page->view == AFP_VIEW_APPLICATION && *page->asked.application_id == '\0') {
        page->view = AFP_VIEW_ACTIVITY; /* where it says what is wrong with it */
    }
    afp_settings_form_start(&page->settings, &page->tenant);
    return rv == APR_NOTFOUND ? APR_SUCCESS : rv;
}

static apr_status_t read_history(afp_page_t *page, afp_session_t *session)
{
    const char *application_id = page->asked.application_id;
    apr_status_t rv = APR_SUCCESS;

    if (*application_id != '\0') {
        rv = afp_history_read(session, page->tenant.company_uuid, application_id, page->r->pool,
                              &page->history);
    }
    /* What cannot be told is not said. */
    return rv == APR_SUCCESS && !page->tenant.erasure_key_lost
               ? afp_erase_is_done(session, &page->tenant, application_id, &page->is_erased)
               : rv;
}

/* What the view shows of the activity. */
static apr_status_t read_activity(afp_page_t *page, afp_session_t *session)
{
    const afp_activity_query_t *asked = &page->asked;
    int is_overview = page->view == AFP_VIEW_OVERVIEW;
    apr_status_t rv = APR_SUCCESS;

    if (page->view == AFP_VIEW_SETTINGS) {
        return APR_SUCCESS;
    }
    if (page->view == AFP_VIEW_APPLICATION) {
        return read_history(page, session);
    }
    page->list = (afp_activity_page_t){
        .company_uuid = page->tenant.company_uuid,
        .state = is_overview ? "" : asked->state,
        .application_id = is_overview ? "" : asked->application_id,
        .limit = is_overview ? RECENT : ON_A_PAGE,
    };
    if (!is_overview) {
        page->list.before = asked->before;
        page->list.after = asked->after;
        rv = afp_day_read(session, page->tenant.company_uuid, page->days);
    }
    if (rv == APR_SUCCESS && !is_overview) {
        rv = read_history(page, session);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_activity_read(session, &page->list, page->r->pool);
    }
    if (rv == APR_SUCCESS && *page->list.after.id != '\0' && !page->list.newer) {
        /* The newest ones, perhaps too few for a page: rather a whole one. */
        page->list.after.id[0] = '\0';
        rv = afp_activity_read(session, &page->list, page->r->pool);
    }
    return rv;
}

/* Reads what the checks found. */
static apr_status_t read_found(afp_page_t *page, afp_session_t *session)
{
    const char *company_uuid = page->tenant.company_uuid;
    apr_pool_t *pool = page->r->pool;
    afp_found_t *found = &page->found;
    apr_status_t rv = afp_checked_read(session, company_uuid, AFP_API_PINPOINT, &found->pinpoint);

    if (rv == APR_SUCCESS) {
        rv = afp_checked_grants(session, company_uuid, pool, &found->grants);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_checked_read(session, company_uuid, AFP_CHECKED_STAGES, &found->stages);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_checked_stages(session, company_uuid, pool, &found->stage_names);
    }
    return rv == APR_SUCCESS ? afp_arrival_list(session, company_uuid, pool, &found->arrivals) : rv;
}

/* Reads what the settings and the changes show of former ones. */
static apr_status_t read_former(afp_page_t *page, afp_session_t *session)
{
    const char *before = afp_form_value(page->query, AFP_CHANGES_BEFORE);

    if (page->view == AFP_VIEW_CHANGES) {
        return afp_audit_list(session, page->tenant.company_uuid,
                              afp_id_is_valid(before) ? before : "", AFP_CHANGES + 1, page->r->pool,
                              &page->changes);
    }
    return afp_secret_notes(session, &page->tenant, page->secrets);
}

/* Reads what a tenant's page shows besides the settings. */
static apr_status_t read_health(afp_page_t *page, afp_session_t *session)
{
    const char *company_uuid = page->tenant.company_uuid;
    apr_pool_t *pool = page->r->pool;
    afp_state_t state;
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
        afp_notices_keep(page->notices, page->vhost->site, &page->tenant,
                         page->summary.last_received_at, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_synchronised_read(session, company_uuid, &page->synchronised);
    }
    if (rv == APR_SUCCESS) {
        rv = afp_assessment_count(session, company_uuid, &page->assessments);
    }
    if (rv == APR_SUCCESS) {
        rv = read_activity(page, session);
    }
    if (rv == APR_SUCCESS) {
        rv = read_found(page, session);
    }
    state = afp_page_state(page);
    return rv == APR_SUCCESS && (state == AFP_STATE_PAUSED || state == AFP_STATE_ATTENTION)
               ? afp_activity_invitations(session, company_uuid, &page->invitations)
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

static int saves_settings(const afp_form_t *form)
{
    const char *action = afp_form_value(form, "action");

    return strcmp(action, AFP_ACTION_SAVE) == 0 || strcmp(action, AFP_ACTION_SAVE_DRAFT) == 0;
}

/* What was typed into a form that may not have been sent on purpose comes back into its fields; its
 * secrets, which nobody would see there, do not. */
static void enter_again(afp_page_t *page, const afp_form_t *form)
{
    if (saves_settings(form)) {
        afp_settings_form_enter(&page->settings, form, page->vhost, &page->tenant, page->r->pool);
        afp_settings_form_drop_secrets(&page->settings);
    }
}

static apr_status_t carry_out(visit_t *visit, afp_session_t *session)
{
    afp_page_t *page = visit->page;
    apr_status_t rv = read_tenant(page, session);

    visit->end = AFP_ACTION_WRONG;
    if (rv == APR_SUCCESS && visit->form != NULL) {
        /* The form may have been made before somebody else connected the company. */
        if (saves_settings(visit->form) && afp_page_has_settings(page)) {
            page->view = AFP_VIEW_SETTINGS;
        }
        if (visit->form_token == AFP_FORM_TOKEN_GOOD) {
            visit->action.page = page;
            visit->action.session = session;
            visit->action.form = visit->form;
            visit->end = afp_action_run(&visit->action);
        } else {
            page->not_saved = afp_say_plain_with(page, AFP_WORDS_OPEN_TOO_LONG,
                                                 APR_STRINGIFY(AFP_FORM_TOKEN_HOURS));
            page->wrong = AFP_WORDS_NOTHING_SAVED;
            enter_again(page, visit->form);
        }
    }
    if (rv == APR_SUCCESS && visit->end == AFP_ACTION_WRONG) {
        rv = read_health(page, session);
    }
    return rv == APR_SUCCESS && visit->end == AFP_ACTION_WRONG && page->has_tenant
               ? read_former(page, session)
               : rv;
}

static int unavailable(const visit_t *visit)
{
    const afp_page_t *page = visit->page;
    int is_save = visit->form != NULL && saves_settings(visit->form);

    apr_table_setn(page->r->headers_out, "Retry-After", "10");
    return afp_page_refuse(page, HTTP_SERVICE_UNAVAILABLE, AFP_WORDS_UNAVAILABLE,
                           is_save ? AFP_WORDS_UNAVAILABLE_FORM : AFP_WORDS_UNAVAILABLE_WORDS);
}

/* Where to go after an action: what changes the state leads to where the state is shown. */
static const char *address_after(const afp_page_t *page, afp_said_t said)
{
    return said == AFP_SAID_PAUSED || said == AFP_SAID_RESUMED || said == AFP_SAID_DISCONNECTED ||
                   said == AFP_SAID_DELETING
               ? afp_page_address(page, AFP_VIEW_OVERVIEW)
               : afp_page_here(page);
}

static int answer(visit_t *visit)
{
    afp_page_t *page = visit->page;
    const afp_action_t *action = &visit->action;

    switch (visit->end) {
    case AFP_ACTION_DONE:
        if (page->has_tenant && action->said != AFP_SAID_NOTHING) {
            afp_once_say(page, action->said, action->api_token);
        }
        return afp_page_redirect(page, address_after(page, action->said));
    case AFP_ACTION_ASK:
        afp_page_ask(page, &action->question);
        return OK;
    case AFP_ACTION_WRONG:
        if (visit->form == NULL && *afp_form_value(page->query, AFP_PAGE_LIVE) != '\0') {
            afp_page_write_live(page);
            return OK;
        }
        if (visit->form == NULL && !page->r->header_only) {
            afp_once_hear(page);
        }
        afp_page_write(page, visit->form == NULL                        ? HTTP_OK
                             : visit->form_token == AFP_FORM_TOKEN_GOOD ? HTTP_UNPROCESSABLE_ENTITY
                                                                        : HTTP_FORBIDDEN);
        return OK;
    case AFP_ACTION_UNKNOWN:
        return afp_page_refuse(page, HTTP_BAD_REQUEST, AFP_WORDS_UNKNOWN_ACTION,
                               AFP_WORDS_UNKNOWN_ACTION_WORDS);
    case AFP_ACTION_FAILED:
        break;
    }
    return unavailable(visit);
}

/* Who saved, or asked for a test, is shown what came of it. */
static afp_said_t await_checks(const afp_page_t *page, afp_said_t said)
{
    if ((said != AFP_SAID_SAVED && said != AFP_SAID_CHECKING) ||
        page->tenant.state != AFP_TENANT_CONNECTED) {
        return said;
    }
    switch (afp_await_checks(page)) {
    case AFP_AWAIT_GOOD:
        return said == AFP_SAID_CHECKING ? AFP_SAID_WORKS : said;
    case AFP_AWAIT_REFUSED:
        return said == AFP_SAID_CHECKING ? AFP_SAID_LACKS : AFP_SAID_KEY_REFUSED;
    case AFP_AWAIT_BAD:
        return said == AFP_SAID_CHECKING ? AFP_SAID_LACKS : said;
    case AFP_AWAIT_PENDING:
        break;
    }
    return said == AFP_SAID_CHECKING ? said : AFP_SAID_SAVED_CHECKING;
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
        return unavailable(visit);
    }
    rv = carry_out(visit, session);
    afp_child_return_session(child, session);
    if (rv == APR_SUCCESS && visit->end == AFP_ACTION_DONE) {
        visit->action.said = await_checks(page, visit->action.said);
    }
    return rv == APR_SUCCESS ? answer(visit) : unavailable(visit);
}

static int post(visit_t *visit)
{
    afp_page_t *page = visit->page;
    request_rec *r = page->r;
    afp_form_t *form = NULL;
    afp_words_t why;
    int status;

    if (!has_fitting_origin(page)) {
        const char *origin = apr_table_get(r->headers_in, "Origin");

        ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                      AFPNO(0515) "a form of the origin %s was refused; if the page is served "
                                  "there, name it with PinpointPageOrigin",
                      origin != NULL ? afp_text_log(r->pool, origin, 200) : "(not told)");
        return afp_page_refuse(page, HTTP_FORBIDDEN, AFP_WORDS_FOREIGN_FORM,
                               AFP_WORDS_FOREIGN_ORIGIN_WORDS);
    }
    status = afp_form_read(r, &form, &why);
    if (status == AP_FILTER_ERROR) {
        return status;
    }
    if (status != OK) {
        return afp_page_refuse(page, status, AFP_WORDS_BAD_FORM, why);
    }
    visit->form = form;
    visit->form_token =
        afp_form_token_check(page->vhost->site->place.keyring, r->pool,
                             afp_form_value(form, "token"), r->user, page->company, apr_time_now());
    if (visit->form_token == AFP_FORM_TOKEN_BAD) {
        return afp_page_refuse(page, HTTP_FORBIDDEN, AFP_WORDS_FOREIGN_FORM,
                               AFP_WORDS_FOREIGN_TOKEN_WORDS);
    }
    return visit_page(visit);
}

int afp_marketplace_handler(request_rec *r)
{
    const afp_vhost_t *vhost;
    afp_page_t *page;
    visit_t visit;

    if (r->handler == NULL || strcmp(r->handler, AFP_MARKETPLACE_HANDLER) != 0) {
        return DECLINED;
    }
    vhost = afp_config_vhost(r->server);
    if (vhost == NULL) {
        return DECLINED;
    }
    page = make_page(r, vhost);
    if (r->method_number != M_GET && r->method_number != M_POST) {
        apr_table_setn(r->headers_out, "Allow", "GET, HEAD, POST");
        return afp_page_refuse(page, HTTP_METHOD_NOT_ALLOWED, AFP_WORDS_METHOD,
                               AFP_WORDS_METHOD_WORDS);
    }
    if (afp_language_choose(page)) {
        return OK;
    }
    page->company = find_company(page);
    if (page->company == NULL) {
        return OK;
    }
    if (afp_page_send_script(page)) {
        return OK;
    }
    page->form_token = afp_form_token_make(vhost->site->place.keyring, r->pool, r->user,
                                           page->company, apr_time_now());
    memset(&visit, 0, sizeof(visit));
    visit.page = page;
    return r->method_number == M_POST ? post(&visit) : visit_page(&visit);
}
