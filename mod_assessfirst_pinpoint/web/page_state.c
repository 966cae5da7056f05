/* The state of the connection: one sentence, what to do, what waits meanwhile. */

#include "web/page_parts.h"

#include "web/html.h"
#include "web/notices.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

static const struct {
    afp_words_t name;
    const char *tone;
    const char *icon;
} looks[] = {
    [AFP_STATE_NOT_CONNECTED] = {AFP_WORDS_STATE_NOT_CONNECTED, "plain", AFP_ICON_PLUG},
    [AFP_STATE_FIRST_EVENT] = {AFP_WORDS_STATE_FIRST_EVENT, "wait", AFP_ICON_WAIT},
    [AFP_STATE_CONNECTED] = {AFP_WORDS_STATE_CONNECTED, "good", AFP_ICON_GOOD},
    [AFP_STATE_ATTENTION] = {AFP_WORDS_STATE_ATTENTION, "bad", AFP_ICON_BAD},
    [AFP_STATE_PAUSED] = {AFP_WORDS_STATE_PAUSED, "wait", AFP_ICON_PAUSE},
    [AFP_STATE_DISCONNECTED] = {AFP_WORDS_STATE_DISCONNECTED, "plain", AFP_ICON_OFF},
};

afp_state_t afp_state_of(const afp_tenant_t *tenant, const apr_array_header_t *parkings,
                         const apr_array_header_t *notices, apr_time_t last_received_at)
{
    switch (tenant->state) {
    case AFP_TENANT_CREATED:
        return AFP_STATE_NOT_CONNECTED;
    case AFP_TENANT_PAUSED:
        return AFP_STATE_PAUSED;
    case AFP_TENANT_DISCONNECTED:
        return AFP_STATE_DISCONNECTED;
    case AFP_TENANT_CONNECTED:
        break;
    }
    if (tenant->unreadable || tenant->erasure_key_lost || parkings->nelts > 0 ||
        afp_notices_refused_at(notices) > 0) {
        return AFP_STATE_ATTENTION;
    }
    return last_received_at > 0 ? AFP_STATE_CONNECTED : AFP_STATE_FIRST_EVENT;
}

afp_state_t afp_page_state(const afp_page_t *page)
{
    return page->has_tenant ? afp_state_of(&page->tenant, page->parkings, page->notices,
                                           page->summary.last_received_at)
                            : AFP_STATE_NOT_CONNECTED;
}

const afp_parking_t *afp_page_parking(const afp_page_t *page, const char *api)
{
    for (int i = 0; i < page->parkings->nelts; i++) {
        const afp_parking_t *parking = &APR_ARRAY_IDX(page->parkings, i, afp_parking_t);

        if (strcmp(parking->api, api) == 0) {
            return parking;
        }
    }
    return NULL;
}

/* ---- needs attention ---- */

/* What an API refuses, and what to do. A refused key parks everything, "*"; a missing permission
 * only the kind of work that met it. */
typedef struct {
    afp_words_t what;
    afp_words_t to_do;
} refusal_t;

static refusal_t refusal_of(const afp_page_t *page, const afp_parking_t *parking)
{
    static const refusal_t refusals[2][2] = {
        {{AFP_WORDS_PINPOINT_PERMISSION, AFP_WORDS_DO_PINPOINT_PERMISSION},
         {AFP_WORDS_PINPOINT_KEY, AFP_WORDS_DO_PINPOINT_KEY}},
        {{AFP_WORDS_ASSESSFIRST_PERMISSION, AFP_WORDS_DO_ASSESSFIRST_PERMISSION},
         {AFP_WORDS_ASSESSFIRST_TOKEN, AFP_WORDS_DO_ASSESSFIRST_TOKEN}},
    };
    int is_assessfirst = strcmp(parking->api, AFP_API_ASSESSFIRST) == 0;
    refusal_t refusal = refusals[is_assessfirst][strcmp(parking->kind, "*") == 0];

    if (is_assessfirst && page->vhost->site->assessfirst_token != NULL) {
        refusal.to_do = AFP_WORDS_DO_SITE_TOKEN;
    }
    return refusal;
}

static void write_refusal(const afp_page_t *page, const afp_parking_t *parking)
{
    request_rec *r = page->r;
    refusal_t refusal = refusal_of(page, parking);

    ap_rputs("<div class=\"reason\">\n<p>", r);
    afp_say_texts(page, refusal.what, AFP_SAY_TEXTS(afp_say_moment(page, parking->since)), 1);
    ap_rputs("</p>\n<p class=\"hint\">", r);
    afp_say_with(page, AFP_WORDS_ANSWER_WAS, parking->words);
    ap_rputs("</p>\n", r);
    afp_page_write_paragraph(page, refusal.to_do);
    ap_rputs("</div>\n", r);
}

static void write_waiting(const afp_page_t *page, afp_words_t some, afp_words_t none)
{
    int count = page->invitations;

    afp_html_write(page->r, "<p>%s</p>\n",
                   count > 0 ? afp_page_counted(page, some, count) : afp_say_plain(page, none));
}

/* Anybody who knows the address can send what is refused: said as what it is. */
static void write_refused_webhooks(const afp_page_t *page)
{
    apr_time_t refused_at = afp_notices_refused_at(page->notices);

    if (refused_at > 0) {
        ap_rputs("<div class=\"reason\">\n<p>", page->r);
        afp_say_with(page, AFP_WORDS_WEBHOOKS_REFUSED, afp_say_moment(page, refused_at));
        ap_rputs("</p>\n", page->r);
        afp_page_write_paragraph(page, AFP_WORDS_DO_SIGNING_SECRET);
        ap_rputs("</div>\n", page->r);
    }
}

static void write_attention(const afp_page_t *page)
{
    if (page->tenant.unreadable) {
        ap_rputs("<div class=\"reason\">\n", page->r);
        afp_page_write_paragraph(page, AFP_WORDS_UNREADABLE);
        ap_rputs("</div>\n", page->r);
    }
    if (page->tenant.erasure_key_lost) {
        ap_rputs("<div class=\"reason\">\n", page->r);
        afp_page_write_paragraph(page, AFP_WORDS_ERASURES_LOST);
        ap_rputs("</div>\n", page->r);
    }
    for (int i = 0; i < page->parkings->nelts; i++) {
        write_refusal(page, &APR_ARRAY_IDX(page->parkings, i, afp_parking_t));
    }
    write_refused_webhooks(page);
    /* What is refused does not wait here. */
    if (afp_notices_refused_at(page->notices) == 0) {
        write_waiting(page, AFP_WORDS_WAITING_FOR_REPAIR, AFP_WORDS_NOTHING_LOST);
    }
}

/* ---- the other states ---- */

static void write_trigger(const afp_page_t *page)
{
    const char *status = page->tenant.status;

    ap_rputs("<p>", page->r);
    if (*status == '\0') {
        afp_say(page, AFP_WORDS_INVITED_AT_APPLICATION);
    } else {
        afp_say_with(page, AFP_WORDS_INVITED_AT_STAGE, status);
    }
    ap_rputs("</p>\n", page->r);
}

/* "90 days", begun ones included. */
static const char *days_text(const afp_page_t *page, apr_interval_time_t time)
{
    const apr_interval_time_t day = apr_time_from_sec(24 * 60 * 60);

    return afp_say_number_of(page, AFP_WORDS_DAYS, (int)((time + day - 1) / day));
}

const char *afp_page_data_stays(const afp_page_t *page)
{
    const afp_retention_t *retention = &page->vhost->site->retention;

    return afp_say_plain_with(page, AFP_WORDS_DATA_STAYS, days_text(page, retention->finished),
                              days_text(page, retention->digests));
}

static void write_words(const afp_page_t *page, afp_state_t state)
{
    switch (state) {
    case AFP_STATE_NOT_CONNECTED:
        afp_page_write_paragraph(page,
                                 page->has_tenant ? AFP_WORDS_SETTINGS_MISSING : AFP_WORDS_BEGIN);
        break;
    case AFP_STATE_FIRST_EVENT:
        afp_page_write_paragraph(page, AFP_WORDS_FIRST_EVENT);
        write_trigger(page);
        break;
    case AFP_STATE_CONNECTED:
        write_trigger(page);
        break;
    case AFP_STATE_ATTENTION:
        write_attention(page);
        break;
    case AFP_STATE_PAUSED:
        afp_page_write_paragraph(page, AFP_WORDS_PAUSED);
        write_refused_webhooks(page);
        write_waiting(page, AFP_WORDS_WAITING_FOR_RESUME, AFP_WORDS_NOTHING_WAITS);
        break;
    case AFP_STATE_DISCONNECTED:
        afp_page_write_paragraph(page, AFP_WORDS_DISCONNECTED);
        afp_html_write(page->r, "<p>%s</p>\n", afp_page_data_stays(page));
        break;
    }
}

static void write_last_event(const afp_page_t *page)
{
    if (page->summary.last_received_at > 0) {
        ap_rputs("<p class=\"hint\">", page->r);
        afp_say_with(page, AFP_WORDS_LAST_EVENT,
                     afp_say_moment(page, page->summary.last_received_at));
        ap_rputs("</p>\n", page->r);
    }
}

/* What was sent that we could not make sense of, and the like. */
static void write_notices(const afp_page_t *page)
{
    for (int i = 0; i < page->notices->nelts; i++) {
        const afp_notice_t *notice = &APR_ARRAY_IDX(page->notices, i, afp_notice_t);
        const char *last_at = afp_say_moment(page, notice->last_at);

        if (strcmp(notice->code, AFP_NOTICE_SIGNATURE) == 0) {
            continue; /* write_refused_webhooks */
        }
        ap_rputs("<div class=\"reason wait\">\n<p>", page->r);
        if (strcmp(notice->code, AFP_NOTICE_UNKNOWN_EVENT) == 0) {
            afp_say_with(page, AFP_WORDS_NOTICE_EVENT, notice->words, last_at);
        } else {
            afp_say_with(page, AFP_WORDS_NOTICE_OTHER, notice->words, last_at);
        }
        ap_rputs("</p>\n</div>\n", page->r);
    }
}

/* ---- the one thing to do ---- */

/* A missing permission is given elsewhere; here it can only be tested. */
static void write_repair(const afp_page_t *page)
{
    const char *settings = afp_page_address(page, AFP_VIEW_SETTINGS);
    const afp_parking_t *parking = afp_page_parking(page, AFP_API_PINPOINT);
    apr_pool_t *pool = page->r->pool;

    if (parking == NULL) {
        parking = afp_page_parking(page, AFP_API_ASSESSFIRST);
    }
    if (!page->tenant.unreadable && parking != NULL && strcmp(parking->kind, "*") != 0) {
        afp_page_write_button(page, AFP_ACTION_CHECK, "main", AFP_WORDS_CHECK_NOW);
        return;
    }
    if (page->tenant.unreadable) {
        afp_page_write_link(page, apr_pstrcat(pool, settings, "#settings", NULL), "main",
                            AFP_WORDS_GO_SECRETS);
    } else if (afp_page_parking(page, AFP_API_PINPOINT) != NULL) {
        afp_page_write_link(page, apr_pstrcat(pool, settings, "#api_key", NULL), "main",
                            AFP_WORDS_GO_API_KEY);
    } else if (parking == NULL) {
        if (afp_notices_refused_at(page->notices) > 0) {
            afp_page_write_link(page, apr_pstrcat(pool, settings, "#signing_secret", NULL), "main",
                                AFP_WORDS_GO_SIGNING_SECRET);
        }
    } else if (page->vhost->site->assessfirst_token == NULL) {
        afp_page_write_link(page, apr_pstrcat(pool, settings, "#assessfirst_token", NULL), "main",
                            AFP_WORDS_GO_TOKEN);
    }
    afp_page_write_button(page, AFP_ACTION_CHECK, "", AFP_WORDS_CHECK_NOW);
}

static void write_next_step(const afp_page_t *page)
{
    const char *step = apr_itoa(page->r->pool, afp_page_next_step(page));

    afp_html_write(page->r, "<a class=\"button main\" href=\"#step-%s\">%s</a>\n", step,
                   afp_say_plain_with(page, AFP_WORDS_GO_STEP, step));
}

static void write_actions(const afp_page_t *page, afp_state_t state)
{
    ap_rputs("<div class=\"actions\">\n", page->r);
    switch (state) {
    case AFP_STATE_NOT_CONNECTED:
        if (page->has_tenant) {
            write_next_step(page);
            break;
        }
        afp_page_write_button(page, AFP_ACTION_GENERATE, "main", AFP_WORDS_GENERATE);
        break;
    case AFP_STATE_FIRST_EVENT:
        write_next_step(page);
        afp_page_write_button(page, AFP_ACTION_CHECK, "", AFP_WORDS_CHECK_NOW);
        break;
    case AFP_STATE_CONNECTED:
        afp_page_write_button(page, AFP_ACTION_CHECK, "", AFP_WORDS_CHECK_NOW);
        break;
    case AFP_STATE_ATTENTION:
        write_repair(page);
        break;
    case AFP_STATE_PAUSED:
        afp_page_write_button(page, AFP_ACTION_RESUME, "main", AFP_WORDS_RESUME);
        break;
    case AFP_STATE_DISCONNECTED:
        afp_page_write_button(page, AFP_ACTION_GENERATE, "main", AFP_WORDS_GENERATE);
        break;
    }
    if (page->has_tenant && state != AFP_STATE_DISCONNECTED) {
        afp_page_write_link(page, page->path, "quiet", AFP_WORDS_RELOAD);
    }
    ap_rputs("</div>\n", page->r);
}

void afp_page_write_state(const afp_page_t *page)
{
    request_rec *r = page->r;
    afp_state_t state = afp_page_state(page);

    afp_html_write(r,
                   "<section class=\"card state %s\" id=\"state-card\" aria-labelledby=\"state\" "
                   "data-live>\n<header><span class=\"badge\">",
                   looks[state].tone);
    afp_page_write_icon(page, looks[state].icon);
    ap_rputs("</span><h2 id=\"state\">", r);
    afp_say_with(page, AFP_WORDS_STATE, afp_say_plain(page, looks[state].name));
    ap_rputs("</h2></header>\n", r);
    write_words(page, state);
    write_last_event(page);
    if (state != AFP_STATE_NOT_CONNECTED && state != AFP_STATE_DISCONNECTED) {
        write_notices(page);
        afp_page_write_trigger_notices(page);
    }
    write_actions(page, state);
    ap_rputs("</section>\n", r);
}
