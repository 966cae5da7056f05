#ifndef AFP_WEB_LANGUAGE_H
#define AFP_WEB_LANGUAGE_H

#include "web/page.h"

/* In which language a reader sees the page: what he chose on it, else what his browser asks for. */

/* The parameter of the page's address that chooses a language for this browser. */
#define AFP_LANGUAGE_PARAMETER "language"

afp_language_t afp_language_of(request_rec *r);

/* 1 if the request only chooses a language: it was remembered in a cookie, and the answer, a
 * redirect to the same page, was written. */
int afp_language_choose(const afp_page_t *page);

/* Writes the choice of languages, links that work without JavaScript. */
void afp_language_write_choice(const afp_page_t *page);

#endif
