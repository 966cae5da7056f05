#ifndef AFP_WEB_SAY_H
#define AFP_WEB_SAY_H

#include "web/catalogue.h"
#include "web/page.h"

/* The catalogue's texts in the language of the page. What is filled in is always a text (NULL
 * counts as ""; a moment as afp_say_moment gives it), and is escaped. Texts with markup can be
 * written only, plain ones can be had as well. */

/* Writes a text, or one with something filled into each of its places. */
#define afp_say(page, words) afp_say_texts(page, words, NULL, 0)
#define afp_say_with(page, words, ...)                                                             \
    afp_say_texts(page, words, AFP_SAY_TEXTS(__VA_ARGS__), AFP_SAY_COUNT(__VA_ARGS__))
void afp_say_texts(const afp_page_t *page, afp_words_t words, const char *const *texts,
                   size_t count);

/* A plain text in the request's pool, not escaped: for attributes, headings and cells, which
 * afp_html_write writes with %s. */
#define afp_say_plain(page, words) afp_say_plain_texts(page, words, NULL, 0)
#define afp_say_plain_with(page, words, ...)                                                       \
    afp_say_plain_texts(page, words, AFP_SAY_TEXTS(__VA_ARGS__), AFP_SAY_COUNT(__VA_ARGS__))
const char *afp_say_plain_texts(const afp_page_t *page, afp_words_t words, const char *const *texts,
                                size_t count);

/* The plain text of a number of things, in the form that this number takes. */
const char *afp_say_number_of(const afp_page_t *page, afp_words_t words, int number);

/* The same where the number is written in a way of its own. */
const char *afp_say_number_as(const afp_page_t *page, afp_words_t words, int number,
                              const char *digits);

/* A moment (0: never) to be filled in at a place for one. */
const char *afp_say_moment(const afp_page_t *page, apr_time_t time);

/* A day of a month as it stands in a date. */
const char *afp_say_day(const afp_page_t *page, int day);

#define AFP_SAY_TEXTS(...) ((const char *const[]){__VA_ARGS__})
#define AFP_SAY_COUNT(...) (sizeof(AFP_SAY_TEXTS(__VA_ARGS__)) / sizeof(const char *))

#endif
