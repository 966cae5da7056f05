/* What is wrong with the trigger: a stage that does not exist, or the wrong box in Pinpoint. */

#include "web/page_parts.h"

#include "core/nearest.h"
#include "core/settings.h"
#include "web/html.h"
#include "web/say.h"

#include <http_protocol.h>
#include <string.h>

/* Names from before a look-up that failed prove nothing. */
static int stages_are_known(const afp_page_t *page)
{
    return page->found.stages.result == AFP_CHECKED_WORKS;
}

/* 1 if no stage bears the name that is stored as status (0 if no stage is known, or for ""), and
 * the one that may be meant, or NULL. */
static int stage_is_unknown(const afp_page_t *page, const char **nearest)
{
    const apr_array_header_t *names = page->found.stage_names;
    const char *status = page->tenant.status;

    *nearest = afp_nearest(status, (const char *const *)names->elts, names->nelts);
    return stages_are_known(page) && *status != '\0' && names->nelts > 0 &&
           (*nearest == NULL || strcmp(*nearest, status) != 0);
}

static void begin_notice(const afp_page_t *page)
{
    ap_rputs("<div class=\"reason wait\">\n<p>", page->r);
}

static void end_notice(const afp_page_t *page)
{
    ap_rputs("</p>\n</div>\n", page->r);
}

static void say_stage(const afp_page_t *page, const char *nearest)
{
    const char *status = page->tenant.status;
    const char *looked_up = afp_say_moment(page, page->found.stages.at);

    if (nearest != NULL) {
        afp_say_with(page, AFP_WORDS_STAGE_NEAREST, status, nearest, looked_up);
    } else {
        afp_say_with(page, AFP_WORDS_STAGE_UNKNOWN, status, looked_up);
    }
}

static void write_stage(const afp_page_t *page)
{
    const char *nearest;

    if (stage_is_unknown(page, &nearest)) {
        begin_notice(page);
        say_stage(page, nearest);
        end_notice(page);
    }
}

int afp_page_has_stage_note(const afp_page_t *page)
{
    const char *nearest;

    return stage_is_unknown(page, &nearest);
}

void afp_page_write_stage_note(const afp_page_t *page)
{
    const char *nearest;

    if (stage_is_unknown(page, &nearest)) {
        ap_rputs("<p class=\"note wait\" id=\"" AFP_STAGE_NOTE "\">", page->r);
        afp_page_write_icon(page, AFP_ICON_INFO);
        ap_rputs("<span>", page->r);
        say_stage(page, nearest);
        ap_rputs("</span></p>\n", page->r);
    }
}

static void write_advice(const afp_page_t *page)
{
    apr_pool_t *pool = page->r->pool;
    int count = page->found.arrivals->nelts;
    const char **events = apr_palloc(pool, sizeof(*events) * (apr_size_t)(count + 1));
    const char *last_at;

    for (int i = 0; i < count; i++) {
        events[i] = APR_ARRAY_IDX(page->found.arrivals, i, afp_arrival_t).event;
    }
    last_at = afp_say_moment(
        page, count > 0 ? APR_ARRAY_IDX(page->found.arrivals, 0, afp_arrival_t).last_at : 0);
    switch (afp_settings_advise(pool, page->tenant.status, events, count,
                                &page->vhost->site->event_names)) {
    case AFP_ADVICE_TICK_STAGE_CHANGED:
        begin_notice(page);
        afp_say_with(page, AFP_WORDS_TICK_STAGE_CHANGED, page->tenant.status, last_at);
        end_notice(page);
        break;
    case AFP_ADVICE_TICK_NEW_APPLICATION:
        begin_notice(page);
        afp_say_with(page, AFP_WORDS_TICK_NEW_APPLICATION, last_at);
        end_notice(page);
        break;
    case AFP_ADVICE_NONE:
        break;
    }
}

void afp_page_write_trigger_notices(const afp_page_t *page)
{
    write_stage(page);
    write_advice(page);
}
