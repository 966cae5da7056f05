#ifndef AFP_WEB_PAGE_PARTS_H
#define AFP_WEB_PAGE_PARTS_H

#include "web/page.h"

/* Pieces of which the page's sections are made. */

/* Numbers of things are counted in the database up to here. */
#define AFP_COUNTED_TO AFP_ACTIVITY_COUNTED_TO

/* The icons of web/page.svg. They only repeat what the words beside them say. */
#define AFP_ICON_GOOD  "good"
#define AFP_ICON_TODO  "todo"
#define AFP_ICON_BAD   "bad"
#define AFP_ICON_WAIT  "wait"
#define AFP_ICON_PAUSE "pause"
#define AFP_ICON_PLUG  "plug"
#define AFP_ICON_OFF   "off"
#define AFP_ICON_OUT   "out"
#define AFP_ICON_INFO  "info"

void afp_page_write_icon(const afp_page_t *page, const char *icon);

/* The beginning of a card with its heading; the caller ends it with "</section>". A live one is
 * renewed by the page's script while something is pending. */
void afp_page_begin_section(const afp_page_t *page, const char *id, afp_words_t heading);
void afp_page_begin_live_section(const afp_page_t *page, const char *id, afp_words_t heading);

/* A text without places as a paragraph. */
void afp_page_write_paragraph(const afp_page_t *page, afp_words_t words);

/* A pill with an icon; `tone` is good, wait, bad or plain. */
void afp_page_write_tag(const afp_page_t *page, const char *tone, const char *icon,
                        const char *words);

/* A text to be copied; scripts add a button. */
void afp_page_write_copy(const afp_page_t *page, const char *id, const char *text);

/* The beginning of a form that posts to the page itself, with its token. */
void afp_page_begin_form(const afp_page_t *page, const char *css_class);

/* A form with nothing but one button. */
void afp_page_write_button(const afp_page_t *page, const char *action, const char *css_class,
                           afp_words_t label);

/* A link that looks like a button. */
void afp_page_write_link(const afp_page_t *page, const char *address, const char *css_class,
                         afp_words_t label);

/* A link to the company's Pinpoint in a new tab; nothing while its subdomain is not known. */
void afp_page_write_pinpoint_link(const afp_page_t *page, const char *css_class);

/* The links to the views. */
void afp_page_write_tabs(const afp_page_t *page);

/* The beginning of a table that scrolls by itself where it is too wide, by keyboard as well, up to
 * its first heading; `id` is unique on the page. The caller ends it with "</tr></thead><tbody>"
 * and, behind its rows, "</tbody></table></section>". */
void afp_page_begin_table(const afp_page_t *page, const char *id, afp_words_t caption);
void afp_page_write_column(const afp_page_t *page, afp_words_t name);

/* A number that may have ended at AFP_COUNTED_TO; plain. */
const char *afp_page_digits(const afp_page_t *page, int count);

/* A number of things as a <dt> and a <dd>; `tone` counts if there are some. */
void afp_page_write_count(const afp_page_t *page, afp_words_t name, int count, const char *tone);

/* A text that counts open invitations (afp_activity_invitations), also where there may be more. */
const char *afp_page_counted(const afp_page_t *page, afp_words_t words, int count);

/* What a disconnection leaves of the candidates' data, and how long; plain. */
const char *afp_page_data_stays(const afp_page_t *page);

#endif
