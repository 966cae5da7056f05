#include "web/language.h"

#include "web/cookie.h"
#include "web/html.h"
#include "web/page_frame.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>

#define COOKIE         "afp_language"
#define COOKIE_SECONDS (365 * 24 * 3600)

/* Languages in their own words: who needs one reads it. */
static const char *const names[AFP_LANGUAGES] = {
    [AFP_LANGUAGE_EN] = "English",
    [AFP_LANGUAGE_FR] = "Français",
};

afp_language_t afp_language_of(request_rec *r)
{
    const char *chosen = afp_cookie_find(r, COOKIE, 2);
    afp_language_t language;

    if (chosen != NULL && afp_language_find(chosen, &language)) {
        return language;
    }
    return afp_language_accepted(r->pool, apr_table_get(r->headers_in, "Accept-Language"));
}

/* The page's address with its parameters, with `language` if that is not NULL. */
static const char *address(const afp_page_t *page, const char *language)
{
    apr_pool_t *pool = page->r->pool;
    const char *query = afp_form_encode(pool, page->query, AFP_LANGUAGE_PARAMETER);
    const char *mark = *query != '\0' ? "?" : "";

    if (language == NULL) {
        return apr_pstrcat(pool, page->path, mark, query, NULL);
    }
    return apr_pstrcat(pool, page->path, "?", query, *query != '\0' ? "&" : "",
                       AFP_LANGUAGE_PARAMETER "=", language, NULL);
}

int afp_language_choose(const afp_page_t *page)
{
    const char *code = afp_form_value(page->query, AFP_LANGUAGE_PARAMETER);
    afp_language_t language;

    if (page->r->method_number != M_GET || !afp_language_find(code, &language)) {
        return 0;
    }
    /* Lax: whoever comes from the site's sign-in page is to see his language, too. */
    afp_cookie_set(page, COOKIE, code, COOKIE_SECONDS, "Lax");
    afp_page_redirect(page, address(page, NULL));
    return 1;
}

void afp_language_write_choice(const afp_page_t *page)
{
    request_rec *r = page->r;

    afp_html_write(r, "<nav class=\"languages\" aria-label=\"%s\">\n<ul>\n",
                   afp_say_plain(page, AFP_WORDS_LANGUAGE));
    for (int i = 0; i < AFP_LANGUAGES; i++) {
        const char *code = afp_language_code((afp_language_t)i);

        if (page->language == (afp_language_t)i) {
            afp_html_write(r, "<li><span aria-current=\"true\">%s</span></li>\n", names[i]);
        } else {
            afp_html_write(r, "<li><a href=\"%s\" hreflang=\"%s\" lang=\"%s\">%s</a></li>\n",
                           address(page, code), code, code, names[i]);
        }
    }
    ap_rputs("</ul>\n</nav>\n", r);
}
