/* The audit trail: who changed what. */

#include "web/page_parts.h"

#include "core/profile.h"
#include "core/text.h"
#include "web/html.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <stdlib.h>
#include <string.h>

/* ---- settings ---- */

static const struct {
    const char *what;
    afp_words_t name;
} settings[] = {
    {"subdomain", AFP_WORDS_LABEL_SUBDOMAIN},
    {"status", AFP_WORDS_LABEL_STATUS},
    {"locale", AFP_WORDS_LABEL_LOCALE},
    {"choices", AFP_WORDS_LEGEND_PROFILE},
    {"api_key", AFP_WORDS_LABEL_API_KEY},
    {"signing_secret", AFP_WORDS_LABEL_SIGNING_SECRET},
    {"former_secret", AFP_WORDS_FORMER_SECRET},
    {"assessfirst_token", AFP_WORDS_LABEL_ASSESSFIRST_TOKEN},
};

static const char *name_of(const afp_page_t *page, const char *what)
{
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        if (strcmp(settings[i].what, what) == 0) {
            return afp_say_plain(page, settings[i].name);
        }
    }
    return what;
}

/* The fields of a profile, as Pinpoint shows them. */
static const char *choices_text(const afp_page_t *page, const char *choices)
{
    apr_pool_t *pool = page->r->pool;
    const char *text = "";
    char *last = NULL;

    for (char *choice = apr_strtok(apr_pstrdup(pool, choices), " ", &last); choice != NULL;
         choice = apr_strtok(NULL, " ", &last)) {
        const char *name = afp_say_plain(page, AFP_WORDS_WRITE_COMMENT);

        for (int i = 0; i < AFP_PROFILE_FIELDS; i++) {
            if (strcmp(afp_profile[i].choice, choice) == 0) {
                name = afp_profile[i].name;
            }
        }
        text = apr_pstrcat(pool, text, *text != '\0' ? ", " : "", name, NULL);
    }
    return text;
}

static const char *value_of(const afp_page_t *page, const char *what, const char *value)
{
    if (*value == '\0') {
        return afp_say_plain(page, AFP_WORDS_EMPTY);
    }
    return strcmp(what, "choices") == 0 ? choices_text(page, value) : value;
}

/* ---- deeds ---- */

static const struct {
    const char *action;
    afp_words_t words; /* with the setting's name, where it is about one */
} deeds[] = {
    {AFP_AUDIT_SET, AFP_WORDS_DEED_SET},
    {AFP_AUDIT_REPLACED, AFP_WORDS_DEED_REPLACED},
    {AFP_AUDIT_REMOVED, AFP_WORDS_DEED_REMOVED},
    {AFP_AUDIT_CONNECTED, AFP_WORDS_DEED_CONNECTED},
    {AFP_AUDIT_PAUSED, AFP_WORDS_DEED_PAUSED},
    {AFP_AUDIT_RESUMED, AFP_WORDS_DEED_RESUMED},
    {AFP_AUDIT_DISCONNECTED, AFP_WORDS_DEED_DISCONNECTED},
    {AFP_AUDIT_TOKEN, AFP_WORDS_DEED_TOKEN},
    {AFP_AUDIT_TOKEN_REVOKED, AFP_WORDS_DEED_TOKEN_REVOKED},
    {AFP_AUDIT_TESTED, AFP_WORDS_DEED_TESTED},
    {AFP_AUDIT_INVITED_ANYWAY, AFP_WORDS_DEED_INVITED_ANYWAY},
    {AFP_AUDIT_SENT_AGAIN, AFP_WORDS_DEED_SENT_AGAIN},
};

static afp_words_t words_of(const afp_deed_t *deed)
{
    const char *action = deed->action;

    if (strcmp(action, AFP_AUDIT_DISCONNECTED) == 0 && strcmp(deed->what, "fields") == 0) {
        return AFP_WORDS_DEED_DISCONNECTED_FIELDS;
    }
    for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
        if (strcmp(deeds[i].action, action) == 0) {
            return deeds[i].words;
        }
    }
    return AFP_WORDS_NONE;
}

static const char *number_text(const afp_page_t *page, afp_words_t words, const char *number)
{
    return afp_say_number_of(page, words, (int)apr_atoi64(number));
}

/* What was done, in one line. */
static const char *deed_text(const afp_page_t *page, const afp_deed_t *deed)
{
    afp_words_t words = words_of(deed);

    if (strcmp(deed->action, AFP_AUDIT_CHANGED) == 0) {
        return afp_say_plain_with(page, AFP_WORDS_DEED_CHANGED, name_of(page, deed->what),
                                  value_of(page, deed->what, deed->former),
                                  value_of(page, deed->what, deed->present));
    }
    if (strcmp(deed->action, AFP_AUDIT_RETRIED) == 0) {
        return number_text(page, AFP_WORDS_DEED_RETRIED, deed->present);
    }
    if (strcmp(deed->action, AFP_AUDIT_DECIDED) == 0) {
        return number_text(page, AFP_WORDS_DEED_DECIDED, deed->present);
    }
    if (strcmp(deed->action, AFP_AUDIT_ERASED) == 0) {
        return strcmp(deed->present, "0") == 0
                   ? afp_say_plain(page, AFP_WORDS_DEED_KEPT_AWAY)
                   : number_text(page, AFP_WORDS_DEED_ERASED, deed->present);
    }
    if (words == AFP_WORDS_NONE) {
        return deed->action; /* of a newer module */
    }
    return afp_say_plain_texts(page, words, AFP_SAY_TEXTS(name_of(page, deed->what)), 1);
}

const char *afp_page_who(const afp_page_t *page, const char *who)
{
    size_t length = sizeof(AFP_AUDIT_API_TOKEN) - 1;

    return strncmp(who, AFP_AUDIT_API_TOKEN, length) == 0
               ? afp_say_plain_with(page, AFP_WORDS_WHO_API_TOKEN, who + length)
               : who;
}

/* ---- the list ---- */

static void write_entry(const afp_page_t *page, const afp_audit_entry_t *entry)
{
    request_rec *r = page->r;

    ap_rputs("<tr><td class=\"time\">", r);
    afp_say_with(page, AFP_WORDS_MOMENT, afp_say_moment(page, entry->at));
    afp_html_write(r, "</td>\n<td class=\"result\">%s</td>\n<td class=\"words\">%s</td></tr>\n",
                   afp_page_who(page, entry->who), deed_text(page, &entry->deed));
}

static void write_table(const afp_page_t *page, int count)
{
    request_rec *r = page->r;

    afp_html_write(
        r,
        "<div class=\"scroll\">\n<table>\n<caption>%s</caption>\n<thead><tr><th "
        "scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr>"
        "</thead>\n<tbody>\n",
        afp_say_plain(page, AFP_WORDS_CHANGES_CAPTION), afp_say_plain(page, AFP_WORDS_COLUMN_TIME),
        afp_say_plain(page, AFP_WORDS_COLUMN_WHO), afp_say_plain(page, AFP_WORDS_COLUMN_CHANGE));
    for (int i = 0; i < count; i++) {
        write_entry(page, &APR_ARRAY_IDX(page->changes, i, afp_audit_entry_t));
    }
    ap_rputs("</tbody>\n</table>\n</div>\n", r);
}

static void write_ways(const afp_page_t *page, int count)
{
    const char *address = afp_page_address(page, AFP_VIEW_CHANGES);
    int is_first = *afp_form_value(page->query, AFP_CHANGES_BEFORE) == '\0';

    if (is_first && page->changes->nelts <= count) {
        return;
    }
    ap_rputs("<div class=\"actions\">\n", page->r);
    if (!is_first) {
        afp_page_write_link(page, address, "quiet", AFP_WORDS_NEWEST_CHANGES);
    }
    if (page->changes->nelts > count) {
        const char *last = APR_ARRAY_IDX(page->changes, count - 1, afp_audit_entry_t).id;

        afp_page_write_link(
            page, apr_pstrcat(page->r->pool, address, "&" AFP_CHANGES_BEFORE "=", last, NULL), "",
            AFP_WORDS_OLDER_CHANGES);
    }
    ap_rputs("</div>\n", page->r);
}

void afp_page_write_changes(const afp_page_t *page)
{
    int count = page->changes->nelts < AFP_CHANGES ? page->changes->nelts : AFP_CHANGES;

    afp_page_begin_section(page, "changes", AFP_WORDS_CHANGES_HEADING);
    afp_page_write_paragraph(page, AFP_WORDS_CHANGES_WORDS);
    if (count > 0) {
        write_table(page, count);
    } else {
        afp_page_write_paragraph(page, AFP_WORDS_CHANGES_EMPTY);
    }
    write_ways(page, count);
    ap_rputs("</section>\n", page->r);
}
