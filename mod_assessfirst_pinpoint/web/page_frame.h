#ifndef AFP_WEB_PAGE_FRAME_H
#define AFP_WEB_PAGE_FRAME_H

#include "web/page.h"

/* What every answer of the marketplace page has: head, stylesheet, security headers. */

/* Computes the hashes of style sheet and script for the Content-Security-Policy. In the parent,
 * with the configuration's pool. */
void afp_page_frame_prepare(apr_pool_t *pool);

/* The parameter that asks for the page's script, which is a file of its own that browsers keep:
 * another version has another value, and so another address. */
#define AFP_PAGE_SCRIPT "script"

/* Sends the script if the address asks for it: 1, or 0 if it does not. */
int afp_page_send_script(const afp_page_t *page);

/* Sends status, headers and the page up to the opening of <main>. `refresh` is in how many seconds
 * the page's script looks again; "0": not at all. */
void afp_page_begin(const afp_page_t *page, int status, const char *title, const char *refresh);

/* Ends the page. */
void afp_page_end(const afp_page_t *page);

/* The same for a page that only the script reads: no style, no frame. */
void afp_page_begin_bare(const afp_page_t *page, int status, const char *refresh);
void afp_page_end_bare(const afp_page_t *page);

/* A whole small page: what is wrong and what to do. Needs nothing of the page but request, language
 * and path. Closes the connection if the request may have a body that was not read. Returns OK. */
int afp_page_refuse(const afp_page_t *page, int status, afp_words_t title, afp_words_t words);

/* 303 See Other to a path of ours, with its query. Returns OK. */
int afp_page_redirect(const afp_page_t *page, const char *address);

#endif
