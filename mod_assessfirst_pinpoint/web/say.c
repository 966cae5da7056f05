#include "web/say.h"

#include "core/reason.h"
#include "core/text.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

#define MINUTE 60
#define HOUR   3600
#define DAY    86400

/* A reason may hold another one, which may hold the words of an API: nothing goes deeper. */
#define DEPTH 4

/* One rendering: as HTML, or as plain text. */
typedef struct {
    const afp_page_t *page;
    int is_html;
    int depth; /* of reasons within reasons */
} rendering_t;

static const char *render(const rendering_t *rendering, const char *text, const char *const *texts,
                          size_t count);

/* ---- moments ---- */

const char *afp_say_moment(const afp_page_t *page, apr_time_t time)
{
    return apr_psprintf(page->r->pool, "%" APR_TIME_T_FMT, time);
}

const char *afp_say_day(const afp_page_t *page, int day)
{
    const char *digits = apr_itoa(page->r->pool, day);

    return day == 1 ? afp_say_plain_with(page, AFP_WORDS_FIRST_OF_MONTH, digits) : digits;
}

static const char *date_of(const afp_page_t *page, const apr_time_exp_t *parts)
{
    apr_pool_t *pool = page->r->pool;

    return afp_say_plain_with(page, AFP_WORDS_DATE_AND_TIME, afp_say_day(page, parts->tm_mday),
                              afp_say_plain(page, (afp_words_t)(AFP_WORDS_JANUARY + parts->tm_mon)),
                              apr_itoa(pool, parts->tm_year + 1900),
                              apr_psprintf(pool, "%02d:%02d", parts->tm_hour, parts->tm_min));
}

/* "4 s ago", or the date after a day. Another machine's clock may be a little ahead. */
static const char *ago(const afp_page_t *page, apr_time_t time, const apr_time_exp_t *parts)
{
    apr_int64_t seconds = apr_time_sec(page->r->request_time - time);

    if (seconds >= DAY) {
        return afp_say_plain_with(page, AFP_WORDS_ON_DATE, date_of(page, parts));
    }
    if (seconds >= HOUR) {
        return afp_say_number_of(page, AFP_WORDS_HOURS_AGO, (int)(seconds / HOUR));
    }
    if (seconds >= MINUTE) {
        return afp_say_number_of(page, AFP_WORDS_MINUTES_AGO, (int)(seconds / MINUTE));
    }
    return afp_say_number_of(page, AFP_WORDS_SECONDS_AGO, seconds > 0 ? (int)seconds : 0);
}

static const char *escaped(const rendering_t *rendering, const char *text)
{
    return rendering->is_html ? afp_text_html(rendering->page->r->pool, text) : text;
}

static const char *render_moment(const rendering_t *rendering, const char *text, int is_ago)
{
    const afp_page_t *page = rendering->page;
    apr_time_t time = apr_atoi64(text);
    apr_time_exp_t parts;
    const char *words;

    if (time <= 0 || apr_time_exp_gmt(&parts, time) != APR_SUCCESS) {
        return escaped(rendering, afp_say_plain(page, AFP_WORDS_NEVER));
    }
    words = is_ago ? ago(page, time, &parts) : date_of(page, &parts);
    if (!rendering->is_html) {
        return words;
    }
    return apr_psprintf(page->r->pool,
                        "<time datetime=\"%04d-%02d-%02dT%02d:%02d:%02dZ\">%s</time>",
                        parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                        parts.tm_min, parts.tm_sec, escaped(rendering, words));
}

/* ---- places ---- */

/* In a page of another language the reader's tools are told that these words are English. */
static const char *render_english(const rendering_t *rendering, const char *text)
{
    const char *words = escaped(rendering, text);

    return rendering->is_html && rendering->page->language != AFP_LANGUAGE_EN && *text != '\0'
               ? apr_pstrcat(rendering->page->r->pool, "<span lang=\"en\">", words, "</span>", NULL)
               : words;
}

static const char *render_reason(const rendering_t *rendering, const char *sentence)
{
    rendering_t within = *rendering;
    const char *parts[AFP_REASON_PLACES] = {NULL};
    afp_reason_t reason = AFP_REASONS;
    afp_words_t words;

    if (++within.depth <= DEPTH) {
        reason = afp_reason_read(rendering->page->r->pool, sentence, parts);
    }
    if (reason == AFP_REASONS) {
        return render_english(rendering, sentence);
    }
    words = (afp_words_t)(AFP_WORDS_REASON_STATUS_SET + (int)reason);
    return render(&within, afp_catalogue_text(rendering->page->language, words), parts,
                  AFP_REASON_PLACES);
}

static const char *render_place(const rendering_t *rendering, char kind, const char *text)
{
    switch (kind) {
    case 't':
        return render_moment(rendering, text, 0);
    case 'a':
        return render_moment(rendering, text, 1);
    case 'r':
        return render_reason(rendering, text);
    case 'q':
        return render_english(rendering, text);
    case '%':
        return "%";
    default:
        return escaped(rendering, text);
    }
}

/* Renders the place at *at, "%s" or "%2$s" and the like; *at moves behind it. *next is what a place
 * without a number takes. */
static const char *take_place(const rendering_t *rendering, const char **at,
                              const char *const *texts, size_t count, size_t *next)
{
    const char *place = *at + 1;
    const char *text;
    size_t which = *next;

    if (apr_isdigit(*place) && place[1] == '$') {
        which = (size_t)(*place - '1');
        place += 2;
    } else if (*place != '%') {
        ++*next;
    }
    text = which < count ? texts[which] : NULL;
    *at = place + (*place != '\0');
    return render_place(rendering, *place, text != NULL ? text : "");
}

/* The catalogue's own tags pass; everything else is escaped in HTML. */
static const char *render(const rendering_t *rendering, const char *text, const char *const *texts,
                          size_t count)
{
    apr_pool_t *pool = rendering->page->r->pool;
    const char *result = "";
    size_t next = 0;
    int in_tag = 0;

    while (*text != '\0') {
        size_t length = strcspn(text, in_tag ? "%>" : "%<");
        const char *piece = apr_pstrmemdup(pool, text, length);
        const char *more = "";

        piece = in_tag ? piece : escaped(rendering, piece);
        text += length;
        if (*text == '%') {
            more = take_place(rendering, &text, texts, count, &next);
        } else if (*text != '\0') {
            in_tag = *text == '<';
            more = apr_pstrmemdup(pool, text++, 1);
        }
        result = apr_pstrcat(pool, result, piece, more, NULL);
    }
    return result;
}

/* ---- out ---- */

void afp_say_texts(const afp_page_t *page, afp_words_t words, const char *const *texts,
                   size_t count)
{
    const rendering_t rendering = {page, 1, 0};

    ap_rputs(render(&rendering, afp_catalogue_text(page->language, words), texts, count), page->r);
}

static const char *fill(const afp_page_t *page, const char *text, const char *const *texts,
                        size_t count)
{
    const rendering_t rendering = {page, 0, 0};

    return render(&rendering, text, texts, count);
}

const char *afp_say_plain_texts(const afp_page_t *page, afp_words_t words, const char *const *texts,
                                size_t count)
{
    return fill(page, afp_catalogue_text(page->language, words), texts, count);
}

const char *afp_say_number_of(const afp_page_t *page, afp_words_t words, int number)
{
    return afp_say_number_as(page, words, number, apr_itoa(page->r->pool, number));
}

const char *afp_say_number_as(const afp_page_t *page, afp_words_t words, int number,
                              const char *digits)
{
    const char *text = afp_catalogue_text(page->language, words);
    const char *bar = strchr(text, '|');

    if (bar != NULL) {
        text = afp_language_is_plural(page->language, number)
                   ? bar + 1
                   : apr_pstrmemdup(page->r->pool, text, (apr_size_t)(bar - text));
    }
    return fill(page, text, &digits, 1);
}
