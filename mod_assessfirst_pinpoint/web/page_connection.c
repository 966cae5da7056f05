/* The connection's health: both APIs, and what waits or went wrong. */

#include "web/page_parts.h"

#include "web/html.h"
#include "web/notices.h"
#include "web/say.h"

#include <http_protocol.h>
#include <string.h>

/* One API's line. A parking outlives the checks that probe it. */
static void write_check(const afp_page_t *page, const char *name, const char *api,
                        const afp_check_state_t *check)
{
    request_rec *r = page->r;
    const afp_parking_t *parking = afp_page_parking(page, api);
    int is_running = check->open && *check->reason == '\0';
    int works = strcmp(check->result, "done") == 0 && !check->open;
    int is_paused = page->tenant.state == AFP_TENANT_PAUSED;

    afp_html_write(r, "<div class=\"%s\"><dt>%s</dt>\n<dd>",
                   parking != NULL              ? "bad"
                   : is_paused                  ? "plain"
                   : check->open && !is_running ? "bad"
                   : works                      ? "good"
                                                : "plain",
                   name);
    if (parking != NULL) {
        afp_page_write_icon(page, AFP_ICON_BAD);
        afp_say_with(page, AFP_WORDS_CHECK_REFUSED, parking->words,
                     afp_say_moment(page, parking->since));
    } else if (is_paused) {
        afp_page_write_icon(page, AFP_ICON_PAUSE);
        afp_say(page, AFP_WORDS_CHECK_PAUSED);
    } else if (check->open && !is_running) {
        afp_page_write_icon(page, AFP_ICON_BAD);
        afp_say_with(page, AFP_WORDS_CHECK_FAILS, check->reason);
    } else if (is_running) {
        afp_page_write_icon(page, AFP_ICON_WAIT);
        afp_say(page, AFP_WORDS_CHECK_RUNS);
    } else if (works) {
        afp_page_write_icon(page, AFP_ICON_GOOD);
        afp_say_with(page, AFP_WORDS_CHECK_WORKS, afp_say_moment(page, check->finished_at));
    } else if (*check->result != '\0') {
        afp_page_write_icon(page, AFP_ICON_BAD);
        afp_say_with(page, AFP_WORDS_CHECK_FAILED, check->reason,
                     afp_say_moment(page, check->finished_at));
    } else {
        afp_page_write_icon(page, AFP_ICON_INFO);
        afp_say(page, AFP_WORDS_CHECK_NONE);
    }
    ap_rputs("</dd></div>\n", r);
}

static void write_last_received(const afp_page_t *page)
{
    request_rec *r = page->r;
    apr_time_t at = page->summary.last_received_at;

    afp_html_write(r, "<div class=\"%s\"><dt>%s</dt>\n<dd>", at > 0 ? "good" : "plain",
                   afp_say_plain(page, AFP_WORDS_LAST_RECEIVED));
    afp_page_write_icon(page, at > 0 ? AFP_ICON_GOOD : AFP_ICON_WAIT);
    if (at > 0) {
        afp_say_with(page, AFP_WORDS_RECEIVED, afp_say_moment(page, at));
    } else {
        afp_say(page, afp_notices_refused_at(page->notices) > 0 ? AFP_WORDS_NONE_FITTING
                                                                : AFP_WORDS_NONE_RECEIVED);
    }
    ap_rputs("</dd></div>\n", r);
}

void afp_page_write_connection(const afp_page_t *page)
{
    afp_page_begin_live_section(page, "connection", AFP_WORDS_CONNECTION);
    ap_rputs("<dl class=\"tiles\">\n", page->r);
    afp_page_write_count(page, AFP_WORDS_COUNT_WAITING, page->summary.waiting, "some wait");
    afp_page_write_count(page, AFP_WORDS_COUNT_HELD, page->summary.held, "some wait");
    afp_page_write_count(page, AFP_WORDS_COUNT_UNCERTAIN, page->summary.uncertain, "some wait");
    afp_page_write_count(page, AFP_WORDS_COUNT_FAILED, page->summary.dead, "some bad");
    ap_rputs("</dl>\n<dl class=\"facts\">\n", page->r);
    write_check(page, "Pinpoint", AFP_API_PINPOINT, &page->pinpoint_check);
    write_check(page, "AssessFirst", AFP_API_ASSESSFIRST, &page->assessfirst_check);
    write_last_received(page);
    ap_rputs("</dl>\n</section>\n", page->r);
}
