#include "web/say.h"

#include "core/text.h"
#include "web/html.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

#define MINUTE 60
#define HOUR   3600
#define DAY    86400

/* ---- the places of a text ---- */

/* What is filled in, and what a plain %s takes next. */
typedef struct {
    const char *const *texts;
    size_t count;
    size_t next;
} filling_t;

/* One place: "%s" a text, "%t" a moment, "%a" how long ago a moment was, "%%" a percent sign; with
 * several of them "%1$s" and so on. */
typedef struct {
    char kind;
    const char *text;
} place_t;

/* Reads the place at `at`; returns where the text goes on. */
static const char *take_place(filling_t *filling, const char *at, place_t *place)
{
    size_t which = filling->next;

    at++;
    if (apr_isdigit(*at) && at[1] == '$') {
        which = (size_t)(*at - '1');
        at += 2;
    } else if (*at != '%') {
        filling->next++;
    }
    place->kind = *at;
    place->text = which < filling->count ? filling->texts[which] : NULL;
    if (place->text == NULL) {
        place->text = "";
    }
    return at + (*at != '\0');
}

static const char *fill(const afp_page_t *page, const char *at, const char *const *texts,
                        size_t count);

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

/* ---- moments ---- */

const char *afp_say_moment(const afp_page_t *page, apr_time_t time)
{
    return apr_psprintf(page->r->pool, "%" APR_TIME_T_FMT, time);
}

static const char *date_of(const afp_page_t *page, const apr_time_exp_t *parts)
{
    apr_pool_t *pool = page->r->pool;

    return afp_say_plain_with(page, AFP_WORDS_DATE_AND_TIME, apr_itoa(pool, parts->tm_mday),
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

/* The words of a moment; *machine what machines read, or NULL for "never". */
static const char *moment_of(const afp_page_t *page, const place_t *place, const char **machine)
{
    apr_time_t time = apr_atoi64(place->text);
    apr_time_exp_t parts;

    *machine = NULL;
    if (time <= 0 || apr_time_exp_gmt(&parts, time) != APR_SUCCESS) {
        return afp_say_plain(page, AFP_WORDS_NEVER);
    }
    *machine =
        apr_psprintf(page->r->pool, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    return place->kind == 'a' ? ago(page, time, &parts) : date_of(page, &parts);
}

/* ---- out ---- */

static const char *fill(const afp_page_t *page, const char *at, const char *const *texts,
                        size_t count)
{
    apr_pool_t *pool = page->r->pool;
    filling_t filling = {texts, count, 0};
    const char *filled = "";

    while (*at != '\0') {
        size_t length = strcspn(at, "%");
        const char *machine, *text = "";
        place_t place;

        filled = apr_pstrcat(pool, filled, apr_pstrmemdup(pool, at, length), NULL);
        at += length;
        if (*at == '%') {
            at = take_place(&filling, at, &place);
            text = place.kind == '%'   ? "%"
                   : place.kind == 's' ? place.text
                                       : moment_of(page, &place, &machine);
        }
        filled = apr_pstrcat(pool, filled, text, NULL);
    }
    return filled;
}

static void write_place(const afp_page_t *page, const place_t *place)
{
    const char *machine, *words;

    if (place->kind == '%') {
        ap_rputc('%', page->r);
        return;
    }
    if (place->kind == 's') {
        afp_html_write(page->r, "%s", place->text);
        return;
    }
    words = moment_of(page, place, &machine);
    if (machine != NULL) {
        afp_html_write(page->r, "<time datetime=\"%s\">%s</time>", machine, words);
    } else {
        afp_html_write(page->r, "%s", words);
    }
}

/* The catalogue's own tags pass; everything else is escaped. */
void afp_say_texts(const afp_page_t *page, afp_words_t words, const char *const *texts,
                   size_t count)
{
    request_rec *r = page->r;
    const char *at = afp_catalogue_text(page->language, words);
    filling_t filling = {texts, count, 0};
    int in_tag = 0;

    while (*at != '\0') {
        size_t length = strcspn(at, in_tag ? "%>" : "%<");
        const char *piece = apr_pstrmemdup(r->pool, at, length);
        place_t place;

        ap_rputs(in_tag ? piece : afp_text_html(r->pool, piece), r);
        at += length;
        if (*at == '%') {
            at = take_place(&filling, at, &place);
            write_place(page, &place);
        } else if (*at != '\0') {
            in_tag = *at == '<';
            ap_rputc(*at++, r);
        }
    }
}
