#include "web/page_frame.h"

#include "core/text.h"
#include "web/assets.h"
#include "web/html.h"
#include "web/language.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <openssl/evp.h>
#include <string.h>

#define NOTHING "default-src 'none'"

#define SHA256 "sha256-"
#define A_YEAR "31536000" /* in seconds */

/* Made before the children are, and read by them. */
static const char *content_security_policy = NOTHING;
static const char *script_hash;    /* NULL: pages are without the script */
static const char *script_version; /* of its address, which is another for other bytes */

/* sha256-... of a file's bytes, or NULL. */
static const char *hash_of(apr_pool_t *pool, const unsigned char *bytes, unsigned long size)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    char encoded[(EVP_MAX_MD_SIZE + 2) / 3 * 4 + 1];
    unsigned int length = 0;

    if (EVP_Digest(bytes, size, digest, &length, EVP_sha256(), NULL) != 1) {
        return NULL;
    }
    EVP_EncodeBlock((unsigned char *)encoded, digest, (int)length);
    return apr_pstrcat(pool, SHA256, encoded, NULL);
}

void afp_page_frame_prepare(apr_pool_t *pool)
{
    const char *style = hash_of(pool, afp_asset_style, afp_asset_style_size);
    const char *script = hash_of(pool, afp_asset_script, afp_asset_script_size);

    if (style == NULL || script == NULL) {
        return; /* the page then is without colours, but safe */
    }
    script_hash = script;
    script_version = afp_text_url(pool, apr_pstrndup(pool, script + strlen(SHA256), 12));
    content_security_policy =
        apr_pstrcat(pool, NOTHING "; style-src '", style, "'; script-src '", script,
                    "'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
                    "frame-ancestors 'none'",
                    NULL);
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

static void write_head(const afp_page_t *page, const char *title)
{
    afp_html_write(page->r,
                   "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<title>%s</title>\n",
                   afp_language_code(page->language), title);
}

static void write_asset(request_rec *r, const unsigned char *bytes, unsigned long size)
{
    ap_rwrite(bytes, (int)size, r);
}

/* The policy lets only these bytes run, wherever they come from: with `integrity` browsers compare
 * them. */
static void write_script(const afp_page_t *page)
{
    if (script_hash != NULL && page->company != NULL) {
        afp_html_write(
            page->r, "<script src=\"%s?" AFP_PAGE_SCRIPT "=%s\" integrity=\"%s\" defer></script>\n",
            page->path, script_version, script_hash);
    }
}

int afp_page_send_script(const afp_page_t *page)
{
    request_rec *r = page->r;

    if (r->method_number != M_GET || *afp_form_value(page->query, AFP_PAGE_SCRIPT) == '\0') {
        return 0;
    }
    r->no_local_copy = 1;
    ap_set_content_type(r, "text/javascript; charset=utf-8");
    apr_table_setn(r->headers_out, "Cache-Control", "private, immutable, max-age=" A_YEAR);
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    write_asset(r, afp_asset_script, afp_asset_script_size);
    return 1;
}

static void write_top(const afp_page_t *page)
{
    request_rec *r = page->r;

    afp_html_write(r,
                   "<a class=\"skip\" href=\"#main\">%s</a>\n<header class=\"top\">\n"
                   "<div class=\"bar\">\n<p class=\"brand\">"
                   "<svg viewBox=\"0 0 32 32\" aria-hidden=\"true\"><use href=\"#i-mark\"/></svg>"
                   "<a href=\"%s\">%s</a></p>\n",
                   afp_say_plain(page, AFP_WORDS_SKIP), page->path,
                   afp_say_plain(page, AFP_WORDS_TITLE));
    if (page->company != NULL) {
        afp_html_write(r, "<p class=\"who\">%s</p>\n",
                       afp_say_plain_with(page, AFP_WORDS_WHO, page->company, r->user));
    }
    afp_language_write_choice(page);
    ap_rputs("</div>\n</header>\n", r);
}

void afp_page_begin(const afp_page_t *page, int status, const char *title, const char *refresh)
{
    request_rec *r = page->r;

    set_headers(page, status);
    write_head(page, title);
    ap_rputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>",
             r);
    write_asset(r, afp_asset_style, afp_asset_style_size);
    ap_rputs("</style>\n", r);
    write_script(page);
    ap_rputs("</head>\n<body>\n", r);
    write_asset(r, afp_asset_icons, afp_asset_icons_size);
    write_top(page);
    afp_html_write(r,
                   "<main id=\"main\" tabindex=\"-1\" data-refresh=\"%s\">\n"
                   "<p class=\"hidden\" role=\"status\" id=\"news\"></p>\n",
                   refresh);
}

void afp_page_end(const afp_page_t *page)
{
    ap_rputs("</main>\n</body>\n</html>\n", page->r);
}

void afp_page_begin_bare(const afp_page_t *page, int status, const char *refresh)
{
    set_headers(page, status);
    write_head(page, afp_say_plain(page, AFP_WORDS_TITLE));
    afp_html_write(page->r, "</head>\n<body>\n<main data-refresh=\"%s\">\n", refresh);
}

void afp_page_end_bare(const afp_page_t *page)
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
    afp_page_begin(page, status, heading, "0");
    afp_html_write(r, "<section class=\"card said wait\">\n<h1>%s</h1>\n<p>%s</p>\n</section>\n",
                   heading, afp_say_plain(page, words));
    afp_page_end(page);
    return OK;
}

int afp_page_redirect(const afp_page_t *page, const char *address)
{
    set_headers(page, HTTP_SEE_OTHER);
    apr_table_setn(page->r->headers_out, "Location", address);
    write_head(page, afp_say_plain(page, AFP_WORDS_DONE));
    afp_html_write(page->r, "</head>\n<body>\n<p><a href=\"%s\">%s</a></p>\n</body>\n</html>\n",
                   address, afp_say_plain(page, AFP_WORDS_BACK));
    return OK;
}
