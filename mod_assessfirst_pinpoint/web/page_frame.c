#include "web/page_frame.h"

#include "web/html.h"
#include "web/language.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <openssl/evp.h>
#include <string.h>

/* Works from 320 pixels of width on, which is 1280 at 400 % zoom; colours only repeat what the
 * words say, and follow the reader's choice of a dark screen. */
static const char style[] =
    ":root{color-scheme:light dark;--text:#1d2733;--soft:#56616e;--page:#f6f7f9;--card:#fff;"
    "--line:#ccd3db;--blue:#1a5fb4;--green:#1c7a3e;--amber:#9a5b00;--red:#b3261e}"
    "@media(prefers-color-scheme:dark){:root{--text:#e6eaef;--soft:#a9b4c0;--page:#14181d;"
    "--card:#1c2229;--line:#46515d;--blue:#8ab8f5;--green:#7bcf97;--amber:#f0b75e;--red:#ff9d95}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--page);color:var(--text);"
    "font:1rem/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif;overflow-wrap:anywhere}"
    "main{max-width:52rem;margin:0 auto;padding:1.5rem 1rem 4rem}"
    "h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0 0}"
    "h2{font-size:1.2rem;line-height:1.3;margin:0 0 .5rem}"
    "h3{font-size:1rem;line-height:1.3;margin:.75rem 0 .25rem}"
    "section,.said{background:var(--card);border:1px solid var(--line);border-radius:.5rem;"
    "padding:1rem 1.25rem;margin:1.25rem 0}"
    ".state,.said{border-left:.4rem solid var(--line)}"
    ".good{border-left-color:var(--green)}.bad{border-left-color:var(--red)}"
    ".wait{border-left-color:var(--amber)}"
    "p{margin:.4rem 0}li{margin:.35rem 0}a{color:var(--blue)}"
    ".hint,.who{color:var(--soft);font-size:.95rem}"
    ".error{color:var(--red);font-weight:600}"
    "fieldset{border:0;border-top:1px solid var(--line);margin:1rem 0 0;padding:.75rem 0 0}"
    "legend{font-weight:700;padding:0 .5rem 0 0}"
    ".field{margin:1rem 0}.field.wrong{border-left:.25rem solid var(--red);padding-left:.75rem}"
    "label{font-weight:600}.choice label{font-weight:400}"
    "input[type=text],input[type=password],select{font:inherit;color:inherit;width:100%;"
    "max-width:34rem;padding:.45rem .6rem;background:var(--page);border:1px solid var(--soft);"
    "border-radius:.3rem;display:block}"
    "input[type=checkbox]{width:1.25rem;height:1.25rem;vertical-align:middle}"
    "button{font:inherit;font-weight:600;min-height:2.5rem;padding:.4rem 1rem;border-radius:.3rem;"
    "border:1px solid var(--blue);background:var(--card);color:var(--blue);cursor:pointer}"
    "button.main{background:var(--blue);color:var(--card)}"
    "button.risky{border-color:var(--red);color:var(--red)}"
    ":focus-visible{outline:.2rem solid var(--amber);outline-offset:.15rem}"
    "form.inline{display:inline-block;margin:.25rem .5rem .25rem 0}"
    "code,.copy{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.95em}"
    ".copy{display:block;padding:.6rem .75rem;background:var(--page);border:1px solid var(--line);"
    "border-radius:.3rem;user-select:all}"
    "dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.35rem 1rem;margin:.5rem 0}"
    "dt{font-weight:600}dd{margin:0}"
    ".scroll{overflow-x:auto}"
    "table{border-collapse:collapse;width:100%;overflow-wrap:normal}"
    "caption{text-align:left;color:var(--soft);padding:0 0 .5rem}"
    "th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;"
    "border-top:1px solid var(--line)}"
    "td.words{min-width:14rem;overflow-wrap:anywhere}td.time,td.result{white-space:nowrap}"
    "@media(max-width:36rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}"
    "@media(prefers-contrast:more){:root{--line:currentColor;--soft:currentColor}}";

/* Made before the children are, and read by them. */
static const char *content_security_policy = "default-src 'none'";

void afp_page_frame_prepare(apr_pool_t *pool)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    char encoded[(EVP_MAX_MD_SIZE + 2) / 3 * 4 + 1];
    unsigned int length = 0;

    if (EVP_Digest(style, sizeof(style) - 1, digest, &length, EVP_sha256(), NULL) != 1) {
        return; /* the page then is without colours, but safe */
    }
    EVP_EncodeBlock((unsigned char *)encoded, digest, (int)length);
    content_security_policy =
        apr_psprintf(pool,
                     "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; "
                     "base-uri 'none'; frame-ancestors 'none'",
                     encoded);
}

static void set_headers(const afp_page_t *page, int status)
{
    request_rec *r = page->r;

    r->status = status;
    r->status_line = NULL;
    r->no_local_copy = 1;
    ap_set_content_type(r, "text/html; charset=utf-8");
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    apr_table_setn(r->headers_out, "Content-Language", afp_language_code(page->language));
    apr_table_mergen(r->headers_out, "Vary", "Accept-Language, Cookie");
    apr_table_setn(r->headers_out, "Content-Security-Policy", content_security_policy);
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "X-Frame-Options", "DENY");
    /* With no-referrer browsers send "Origin: null" on a form, which could not be told from an
     * attack. */
    apr_table_setn(r->headers_out, "Referrer-Policy", "same-origin");
}

void afp_page_begin(const afp_page_t *page, int status, const char *title)
{
    request_rec *r = page->r;

    set_headers(page, status);
    afp_html_write(r,
                   "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<title>%s</title>\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<style>",
                   afp_language_code(page->language), title);
    ap_rputs(style, r);
    ap_rputs("</style>\n</head>\n<body>\n<header>\n", r);
    afp_language_write_choice(page);
    ap_rputs("</header>\n<main>\n", r);
}

void afp_page_end(const afp_page_t *page)
{
    ap_rputs("</main>\n</body>\n</html>\n", page->r);
}

int afp_page_refuse(const afp_page_t *page, int status, afp_words_t title, afp_words_t words)
{
    request_rec *r = page->r;
    const char *heading = afp_say_plain(page, title);

    if (r->method_number != M_GET) {
        r->connection->keepalive = AP_CONN_CLOSE;
    }
    afp_page_begin(page, status, heading);
    afp_html_write(r, "<h1>%s</h1>\n<p>%s</p>\n", heading, afp_say_plain(page, words));
    afp_page_end(page);
    return OK;
}

int afp_page_redirect(const afp_page_t *page, const char *address)
{
    set_headers(page, HTTP_SEE_OTHER);
    apr_table_setn(page->r->headers_out, "Location", address);
    afp_html_write(page->r,
                   "<!DOCTYPE html>\n<html lang=\"%s\"><head><title>%s</title></head>"
                   "<body><p><a href=\"%s\">%s</a></p></body></html>\n",
                   afp_language_code(page->language), afp_say_plain(page, AFP_WORDS_DONE), address,
                   afp_say_plain(page, AFP_WORDS_BACK));
    return OK;
}
