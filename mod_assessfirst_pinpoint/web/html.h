#ifndef AFP_WEB_HTML_H
#define AFP_WEB_HTML_H

#include <httpd.h>

/* The only way to write HTML. */

/* Writes `format`, which must be a literal, as it is, with each %s replaced by a text that is
 * escaped (NULL counts as ""), each %d by a number and %% by a percent sign. Nothing from outside
 * gets into a page unescaped, because there is no way to. */
void afp_html_write(request_rec *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes the attribute value="..." of a control whose text comes back when its form is sent. */
void afp_html_write_value(request_rec *r, const char *text);

#endif
