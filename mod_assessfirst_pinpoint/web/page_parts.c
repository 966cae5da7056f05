#include "web/page_parts.h"

#include "web/html.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

void afp_page_write_icon(const afp_page_t *page, const char *icon)
{
    afp_html_write(page->r, "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-%s\"/></svg>",
                   icon);
}

void afp_page_begin_section(const afp_page_t *page, const char *id, afp_words_t heading)
{
    afp_html_write(page->r,
                   "<section class=\"card\" aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id,
                   id, afp_say_plain(page, heading));
}

void afp_page_begin_live_section(const afp_page_t *page, const char *id, afp_words_t heading)
{
    afp_html_write(page->r,
                   "<section class=\"card\" id=\"%s-card\" aria-labelledby=\"%s\" data-live>\n"
                   "<h2 id=\"%s\">%s</h2>\n",
                   id, id, id, afp_say_plain(page, heading));
}

void afp_page_write_paragraph(const afp_page_t *page, afp_words_t words)
{
    ap_rputs("<p>", page->r);
    afp_say(page, words);
    ap_rputs("</p>\n", page->r);
}

void afp_page_write_tag(const afp_page_t *page, const char *tone, const char *icon,
                        const char *words)
{
    afp_html_write(page->r, "<span class=\"tag %s\">", tone);
    afp_page_write_icon(page, icon);
    afp_html_write(page->r, "%s</span>", words);
}

void afp_page_write_copy(const afp_page_t *page, const char *id, const char *text)
{
    afp_html_write(page->r,
                   "<div class=\"copy\" data-copy=\"%s\" data-copied=\"%s\">"
                   "<code id=\"%s\">%s</code></div>\n",
                   afp_say_plain(page, AFP_WORDS_COPY), afp_say_plain(page, AFP_WORDS_COPIED), id,
                   text);
}

/* ---- buttons and links ---- */

void afp_page_begin_form(const afp_page_t *page, const char *css_class)
{
    afp_html_write(page->r,
                   "<form method=\"post\" action=\"%s\" class=\"%s\" autocomplete=\"off\">\n"
                   "<input type=\"hidden\" name=\"token\" value=\"%s\">\n",
                   afp_page_here(page), css_class, page->form_token);
}

void afp_page_write_button(const afp_page_t *page, const char *action, const char *css_class,
                           afp_words_t label)
{
    afp_page_begin_form(page, "inline");
    afp_html_write(page->r,
                   "<button type=\"submit\" name=\"action\" value=\"%s\" class=\"%s\">%s</button>\n"
                   "</form>\n",
                   action, css_class, afp_say_plain(page, label));
}

void afp_page_write_link(const afp_page_t *page, const char *address, const char *css_class,
                         afp_words_t label)
{
    afp_html_write(page->r, "<a class=\"button %s\" href=\"%s\">%s</a>\n", css_class, address,
                   afp_say_plain(page, label));
}

/* Only the root of Pinpoint's administration has an address that is known (contract pinpoint.md
 * 11); the words beside it say where to go from there. */
void afp_page_write_pinpoint_link(const afp_page_t *page, const char *css_class)
{
    const char *domain = page->vhost->pinpoint_domain;

    if (domain == NULL || *page->tenant.subdomain == '\0') {
        return;
    }
    afp_html_write(page->r,
                   "<a class=\"%s\" href=\"https://%s.%s/admin\" target=\"_blank\" "
                   "rel=\"noopener noreferrer\">%s ",
                   css_class, page->tenant.subdomain, domain,
                   afp_say_plain(page, AFP_WORDS_OPEN_PINPOINT));
    afp_page_write_icon(page, AFP_ICON_OUT);
    afp_html_write(page->r, "<span class=\"hidden\">%s</span></a>\n",
                   afp_say_plain(page, AFP_WORDS_NEW_TAB));
}

/* ---- tables ---- */

void afp_page_begin_table(const afp_page_t *page, const char *id, afp_words_t caption)
{
    afp_html_write(page->r,
                   "<section class=\"scroll\" aria-labelledby=\"%s-list\" tabindex=\"0\">\n"
                   "<table>\n<caption id=\"%s-list\">%s</caption>\n<thead>\n<tr>",
                   id, id, afp_say_plain(page, caption));
}

void afp_page_write_column(const afp_page_t *page, afp_words_t name)
{
    afp_html_write(page->r, "<th scope=\"col\">%s</th>", afp_say_plain(page, name));
}

/* ---- numbers ---- */

/* The digits, with "or more" where the count may have ended. */
static const char *digits_up_to(const afp_page_t *page, int count, int limit)
{
    const char *digits = apr_itoa(page->r->pool, count < limit ? count : limit);

    return count < limit ? digits : afp_say_plain_with(page, AFP_WORDS_OR_MORE, digits);
}

const char *afp_page_digits(const afp_page_t *page, int count)
{
    return digits_up_to(page, count, AFP_COUNTED_TO);
}

void afp_page_write_count(const afp_page_t *page, afp_words_t name, int count, const char *tone)
{
    afp_html_write(page->r, "<div class=\"%s\"><dt>%s</dt>\n<dd>%s</dd></div>\n",
                   count > 0 ? tone : "plain", afp_say_plain(page, name),
                   afp_page_digits(page, count));
}

const char *afp_page_counted(const afp_page_t *page, afp_words_t words, int count)
{
    return afp_say_number_as(page, words, count,
                             digits_up_to(page, count, AFP_ACTIVITY_INVITATIONS));
}
