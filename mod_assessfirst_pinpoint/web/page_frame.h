#ifndef AFP_WEB_PAGE_FRAME_H
#define AFP_WEB_PAGE_FRAME_H

#include <httpd.h>

/* What every answer of the marketplace page has: head, stylesheet, security headers. */

/* Computes the stylesheet's hash for the Content-Security-Policy. In the parent, with the
 * configuration's pool. */
void afp_page_frame_prepare(apr_pool_t *pool);

/* Sends status, headers and the page up to the opening of <main>. */
void afp_page_begin(request_rec *r, int status, const char *title);

/* Ends the page. */
void afp_page_end(request_rec *r);

/* A whole small page: what is wrong and what to do, in our own words. Closes the connection if the
 * request may have a body that was not read. Returns OK. */
int afp_page_refuse(request_rec *r, int status, const char *title, const char *words);

/* 303 See Other to a path of ours. Returns OK. */
int afp_page_redirect(request_rec *r, const char *path);

#endif
