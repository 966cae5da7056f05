/* What is known of the secrets, which are never shown again. */

#include "web/page_parts.h"

#include "web/html.h"
#include "web/say.h"

#include <http_protocol.h>

void afp_page_write_secret_note(const afp_page_t *page, afp_secret_t secret)
{
    const afp_secret_note_t *note = &page->secrets[secret];

    if (note->set_at > 0) {
        afp_say_with(page, AFP_WORDS_SECRET_SET, note->fingerprint,
                     afp_say_moment(page, note->set_at), afp_page_who(page, note->set_by));
    } else {
        afp_say_with(page, AFP_WORDS_SECRET_STORED, note->fingerprint);
    }
    ap_rputc(' ', page->r);
    if (note->used_at > 0) {
        afp_say_with(page, AFP_WORDS_SECRET_USED, afp_say_moment(page, note->used_at));
    } else {
        afp_say(page, AFP_WORDS_SECRET_NOT_USED);
    }
}

void afp_page_write_former(const afp_page_t *page)
{
    request_rec *r = page->r;

    if (*page->tenant.former_secret == '\0') {
        return;
    }
    afp_page_begin_section(page, "former", AFP_WORDS_FORMER_SECRET);
    afp_page_write_paragraph(page, AFP_WORDS_FORMER_WORDS);
    ap_rputs("<p>", r);
    afp_page_write_secret_note(page, AFP_SECRET_FORMER);
    ap_rputs("</p>\n<div class=\"actions\">\n", r);
    afp_page_write_button(page, AFP_ACTION_FORGET, "risky", AFP_WORDS_REMOVE_FORMER);
    ap_rputs("</div>\n</section>\n", r);
}
