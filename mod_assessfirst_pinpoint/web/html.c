#include "web/html.h"

#include "core/text.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <stdarg.h>
#include <string.h>

void afp_html_write(request_rec *r, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    while (*format != '\0') {
        size_t length = strcspn(format, "%");

        ap_rwrite(format, (int)length, r);
        format += length;
        if (*format == '\0') {
            break;
        }
        if (format[1] == 's') {
            const char *text = va_arg(arguments, const char *);

            ap_rputs(afp_text_html(r->pool, text != NULL ? text : ""), r);
        } else if (format[1] == 'd') {
            ap_rputs(apr_itoa(r->pool, va_arg(arguments, int)), r);
        } else {
            ap_rputc(format[1], r);
        }
        format += format[1] != '\0' ? 2 : 1;
    }
    va_end(arguments);
}

void afp_html_write_value(request_rec *r, const char *text)
{
    ap_rputs(" value=\"", r);
    ap_rputs(afp_text_html_value(r->pool, text), r);
    ap_rputs("\"", r);
}
