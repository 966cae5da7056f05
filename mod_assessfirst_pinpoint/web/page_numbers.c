/* The numbers above the list of activity: a strip of what there is now, and a chart of two weeks.
 */

#include "web/page_parts.h"

#include "web/html.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>

/* ---- the strip ---- */

/* A number that leads to the list of its kind, where what it counts stands first. */
static void write_tile(const afp_page_t *page, afp_words_t name, int count, const char *state,
                       const char *tone)
{
    afp_html_write(page->r, "<div class=\"%s\"><dt>%s</dt>\n<dd><a href=\"%s\">%s</a></dd></div>\n",
                   count > 0 ? tone : "plain", afp_say_plain(page, name),
                   afp_page_list_address(page, state, "", NULL, NULL),
                   afp_page_digits(page, count));
}

static void begin_fact(const afp_page_t *page, afp_words_t name)
{
    afp_html_write(page->r, "<div><dt>%s</dt>\n<dd>", afp_say_plain(page, name));
}

void afp_page_write_strip(const afp_page_t *page)
{
    const afp_activity_summary_t *summary = &page->summary;
    request_rec *r = page->r;

    afp_page_begin_section(page, "numbers", AFP_WORDS_NUMBERS);
    ap_rputs("<dl class=\"tiles\">\n", r);
    write_tile(page, AFP_WORDS_COUNT_WAITING, summary->waiting, AFP_ACTIVITY_WAITING, "some wait");
    write_tile(page, AFP_WORDS_COUNT_HELD, summary->held, AFP_ACTIVITY_HELD, "some wait");
    write_tile(page, AFP_WORDS_SENT_TODAY, page->days[AFP_DAYS - 1].invited, AFP_ACTIVITY_INVITED,
               "some good");
    write_tile(page, AFP_WORDS_COUNT_UNCERTAIN, summary->uncertain, AFP_ACTIVITY_UNCERTAIN,
               "some wait");
    write_tile(page, AFP_WORDS_COUNT_FAILED, summary->dead, AFP_ACTIVITY_DEAD, "some bad");
    ap_rputs("</dl>\n<dl class=\"facts\">\n", r);
    begin_fact(page, AFP_WORDS_OLDEST_WAITING);
    if (summary->oldest_at > 0) {
        afp_say_with(page, AFP_WORDS_RECEIVED, afp_say_moment(page, summary->oldest_at));
    } else {
        afp_say(page, AFP_WORDS_NOTHING_WAITING);
    }
    ap_rputs("</dd></div>\n", r);
    begin_fact(page, AFP_WORDS_NEXT_RETRY);
    if (summary->next_retry_at > 0) {
        afp_say_with(page, AFP_WORDS_MOMENT, afp_say_moment(page, summary->next_retry_at));
    } else {
        afp_say(page, AFP_WORDS_NO_RETRY);
    }
    ap_rputs("</dd></div>\n</dl>\n</section>\n", r);
}

/* ---- the chart ---- */

/* In units of the picture. */
#define COLUMN  30
#define BAR     20
#define CEILING 18 /* room for a number above the highest bar */
#define HEIGHT  90 /* of that bar */
#define FLOOR   (CEILING + HEIGHT)

#define MOST_SHOWN 999 /* a longer number is wider than its column */

static int total_of(const afp_day_t *day)
{
    return day->invited + day->skipped + day->uncertain + day->dead;
}

static apr_time_exp_t date_of(const afp_day_t *day)
{
    apr_time_exp_t parts = {.tm_mday = 0};

    apr_time_exp_gmt(&parts, day->day);
    return parts;
}

/* A piece of a bar, on top of what reaches up to *top. One of a few must be seen, too. */
static void write_piece(const afp_page_t *page, const char *css_class, int x, int number, int most,
                        int *top)
{
    int height = (int)((apr_int64_t)number * HEIGHT / most);

    if (number > 0 && height < 2) {
        height = 2;
    }
    if (height > 0) {
        *top -= height;
        afp_html_write(page->r,
                       "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
                       css_class, x, *top, BAR, height);
    }
}

static void write_bar(const afp_page_t *page, const afp_day_t *day, int column, int most)
{
    int x = column * COLUMN + (COLUMN - BAR) / 2;
    int total = total_of(day);
    int top = FLOOR;

    write_piece(page, "sent", x, day->invited, most, &top);
    write_piece(page, "no", x, day->skipped, most, &top);
    write_piece(page, "fail", x, day->uncertain + day->dead, most, &top);
    if (total > 0 && total <= MOST_SHOWN) {
        afp_html_write(page->r, "<text x=\"%d\" y=\"%d\">%d</text>\n", x + BAR / 2, top - 4, total);
    }
    afp_html_write(page->r, "<text x=\"%d\" y=\"%d\">%d</text>\n", x + BAR / 2, FLOOR + 18,
                   date_of(day).tm_mday);
}

static void write_key(const afp_page_t *page, const char *css_class, afp_words_t words)
{
    afp_html_write(
        page->r,
        "<li><svg class=\"chart\" viewBox=\"0 0 14 14\" aria-hidden=\"true\">"
        "<rect class=\"%s\" x=\"1\" y=\"1\" width=\"12\" height=\"12\"/></svg> %s</li>\n",
        css_class, afp_say_plain(page, words));
}

static void write_picture(const afp_page_t *page, int most)
{
    request_rec *r = page->r;

    afp_html_write(r, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\">\n",
                   AFP_DAYS * COLUMN, FLOOR + 24);
    for (int i = 0; i < AFP_DAYS; i++) {
        write_bar(page, &page->days[i], i, most);
    }
    afp_html_write(r, "<path d=\"M0 %dH%d\"/>\n</svg>\n<ul class=\"key\">\n", FLOOR,
                   AFP_DAYS * COLUMN);
    write_key(page, "sent", AFP_WORDS_RESULT_INVITED);
    write_key(page, "no", AFP_WORDS_RESULT_SKIPPED);
    write_key(page, "fail", AFP_WORDS_CHART_WRONG);
    ap_rputs("</ul>\n", r);
}

/* The same for who does not see it: the latest day first, as in the list. */
static void write_table(const afp_page_t *page)
{
    request_rec *r = page->r;

    afp_html_write(r,
                   "<details>\n<summary>%s</summary>\n<table class=\"numbers\">\n"
                   "<caption>%s</caption>\n<thead>\n<tr>",
                   afp_say_plain(page, AFP_WORDS_CHART_TABLE),
                   afp_say_plain(page, AFP_WORDS_CHART_CAPTION));
    afp_page_write_column(page, AFP_WORDS_COLUMN_DAY);
    afp_page_write_column(page, AFP_WORDS_RESULT_INVITED);
    afp_page_write_column(page, AFP_WORDS_RESULT_SKIPPED);
    afp_page_write_column(page, AFP_WORDS_CHART_WRONG);
    ap_rputs("</tr>\n</thead>\n<tbody>\n", r);
    for (int i = AFP_DAYS - 1; i >= 0; i--) {
        const afp_day_t *day = &page->days[i];
        apr_time_exp_t date = date_of(day);
        afp_words_t month = (afp_words_t)(AFP_WORDS_JANUARY + date.tm_mon);

        afp_html_write(r, "<tr><th scope=\"row\">%s</th><td>%d</td><td>%d</td><td>%d</td></tr>\n",
                       afp_say_plain_with(page, AFP_WORDS_DAY_AND_MONTH,
                                          afp_say_day(page, date.tm_mday),
                                          afp_say_plain(page, month)),
                       day->invited, day->skipped, day->uncertain + day->dead);
    }
    ap_rputs("</tbody>\n</table>\n</details>\n", r);
}

void afp_page_write_chart(const afp_page_t *page)
{
    int most = 0;

    for (int i = 0; i < AFP_DAYS; i++) {
        int total = total_of(&page->days[i]);

        most = total > most ? total : most;
    }
    afp_page_begin_section(page, "chart", AFP_WORDS_CHART);
    if (most > 0) {
        write_picture(page, most);
        write_table(page);
    } else {
        afp_page_write_paragraph(page, AFP_WORDS_CHART_EMPTY);
    }
    ap_rputs("</section>\n", page->r);
}
