/* Erasing a candidate's data: the form; the question that follows is asked like any other. */

#include "web/page_parts.h"

#include "web/html.h"
#include "web/say.h"

#include <http_protocol.h>

static void write_field(const afp_page_t *page, const char *name, afp_words_t label,
                        const char *value)
{
    int is_wrong = page->erase_fault != AFP_WORDS_NONE;

    afp_html_write(page->r,
                   "<div class=\"field%s\">\n<label for=\"%s\">%s</label>\n"
                   "<input type=\"text\" id=\"%s\" name=\"%s\" value=\"%s\" autocomplete=\"off\" "
                   "autocapitalize=\"none\" spellcheck=\"false\" size=\"40\" maxlength=\"64\" "
                   "aria-describedby=\"erase-hint%s\"%s>\n</div>\n",
                   is_wrong ? " wrong" : "", name, afp_say_plain(page, label), name, name, value,
                   is_wrong ? " erase-error" : "", is_wrong ? " aria-invalid=true" : "");
}

void afp_page_write_erase(const afp_page_t *page)
{
    request_rec *r = page->r;

    afp_page_begin_section(page, "erase", AFP_WORDS_ERASE);
    afp_html_write(r, "<p id=\"erase-hint\">%s</p>\n", afp_say_plain(page, AFP_WORDS_ERASE_WORDS));
    afp_page_begin_form(page, "");
    if (page->erase_fault != AFP_WORDS_NONE) {
        ap_rputs("<p class=\"error\" id=\"erase-error\">", r);
        afp_page_write_icon(page, AFP_ICON_BAD);
        afp_html_write(
            r, "%s</p>\n",
            afp_say_plain_with(page, AFP_WORDS_ERROR, afp_say_plain(page, page->erase_fault)));
    }
    write_field(page, AFP_ERASE_APPLICATION, AFP_WORDS_LABEL_ERASE_APPLICATION,
                page->erase_application);
    write_field(page, AFP_ERASE_CANDIDATE, AFP_WORDS_LABEL_ERASE_CANDIDATE, page->erase_candidate);
    afp_html_write(r,
                   "<div class=\"actions\">\n<button type=\"submit\" name=\"action\" "
                   "value=\"" AFP_ACTION_ERASE "\" class=\"risky\">%s</button>\n</div>\n</form>\n"
                   "</section>\n",
                   afp_say_plain(page, AFP_WORDS_ERASE_BUTTON));
}
