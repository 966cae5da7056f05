/* What the API key may do at Pinpoint, permission by permission, as it was last tried. */

#include "web/page_parts.h"

#include "remote/pinpoint_permissions.h"
#include "web/html.h"
#include "web/say.h"

#include <http_protocol.h>
#include <string.h>

/* What each permission is for. */
static const afp_words_t uses[AFP_PINPOINT_PERMISSIONS] = {
    [AFP_PERMISSION_JOB_READ] = AFP_WORDS_USE_JOB_READ,
    [AFP_PERMISSION_APPLICATION_READ] = AFP_WORDS_USE_APPLICATION_READ,
    [AFP_PERMISSION_FIELD_READ] = AFP_WORDS_USE_FIELD_READ,
    [AFP_PERMISSION_ATTRIBUTES_READ] = AFP_WORDS_USE_ATTRIBUTES_READ,
    [AFP_PERMISSION_COMMENT_READ] = AFP_WORDS_USE_COMMENT_READ,
    [AFP_PERMISSION_ATTRIBUTES_WRITE] = AFP_WORDS_USE_ATTRIBUTES_WRITE,
    [AFP_PERMISSION_COMMENT_WRITE] = AFP_WORDS_USE_COMMENT_WRITE,
    [AFP_PERMISSION_FIELD_WRITE] = AFP_WORDS_USE_FIELD_WRITE,
    [AFP_PERMISSION_FIELD_DELETE] = AFP_WORDS_USE_FIELD_DELETE,
};

/* Beside afp_granted_t: missing, and what it is for is not wanted. */
#define NOT_NEEDED (AFP_GRANTED_MISSING + 1)

static const struct {
    const char *tone;
    const char *icon;
    afp_words_t words;
} grants[] = {
    [AFP_GRANTED_UNKNOWN] = {"plain", AFP_ICON_INFO, AFP_WORDS_GRANT_UNKNOWN},
    [AFP_GRANTED_GIVEN] = {"good", AFP_ICON_GOOD, AFP_WORDS_GRANT_GIVEN},
    [AFP_GRANTED_MISSING] = {"bad", AFP_ICON_BAD, AFP_WORDS_GRANT_MISSING},
    [NOT_NEEDED] = {"plain", AFP_ICON_INFO, AFP_WORDS_GRANT_NOT_NEEDED},
};

/* The number of a permission; AFP_PINPOINT_PERMISSIONS if a newer module tried it. */
static int number_of(const char *permission)
{
    int number = 0;

    while (number < AFP_PINPOINT_PERMISSIONS &&
           strcmp(afp_pinpoint_permissions[number].permission, permission) != 0) {
        number++;
    }
    return number;
}

static const char *use_of(const afp_page_t *page, const afp_permission_grant_t *grant)
{
    int number = number_of(grant->permission);

    return number < AFP_PINPOINT_PERMISSIONS ? afp_say_plain(page, uses[number]) : "";
}

/* An index of `grants`. */
static int grant_of(const afp_page_t *page, const afp_permission_grant_t *grant)
{
    int number = number_of(grant->permission);

    return grant->granted == AFP_GRANTED_MISSING && number < AFP_PINPOINT_PERMISSIONS &&
                   afp_pinpoint_permission_is_optional((afp_permission_t)number,
                                                       page->tenant.choices)
               ? NOT_NEEDED
               : (int)grant->granted;
}

static void write_grant(const afp_page_t *page, const afp_permission_grant_t *grant)
{
    int granted = grant_of(page, grant);

    afp_html_write(page->r,
                   "<tr><th scope=\"row\" lang=\"en\">%s</th>\n<td class=\"words\">%s</td>\n"
                   "<td class=\"result\">",
                   grant->permission, use_of(page, grant));
    afp_page_write_tag(page, grants[granted].tone, grants[granted].icon,
                       afp_say_plain(page, grants[granted].words));
    ap_rputs("</td></tr>\n", page->r);
}

static int count_of(const afp_page_t *page, int granted)
{
    int count = 0;

    for (int i = 0; i < page->found.grants->nelts; i++) {
        count += grant_of(page, &APR_ARRAY_IDX(page->found.grants, i, afp_permission_grant_t)) ==
                 granted;
    }
    return count;
}

static void write_tried(const afp_page_t *page)
{
    afp_say_with(page, AFP_WORDS_PERMISSIONS_TRIED, afp_say_moment(page, page->found.pinpoint.at));
}

static void write_table(const afp_page_t *page)
{
    request_rec *r = page->r;

    ap_rputs("<div class=\"scroll\">\n<table class=\"grants\">\n<caption>", r);
    write_tried(page);
    afp_html_write(r,
                   "</caption>\n<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
                   "<th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
                   afp_say_plain(page, AFP_WORDS_COLUMN_PERMISSION),
                   afp_say_plain(page, AFP_WORDS_COLUMN_USE),
                   afp_say_plain(page, AFP_WORDS_COLUMN_GRANT));
    for (int i = 0; i < page->found.grants->nelts; i++) {
        write_grant(page, &APR_ARRAY_IDX(page->found.grants, i, afp_permission_grant_t));
    }
    ap_rputs("</tbody>\n</table>\n</div>\n", r);
}

/* Nobody needs to read the list then: the overview leads to it only. */
static void write_all_given(const afp_page_t *page)
{
    const char *each = afp_say_plain(page, AFP_WORDS_PERMISSIONS_EACH);
    request_rec *r = page->r;

    ap_rputs("<p class=\"ok good\">", r);
    afp_page_write_icon(page, AFP_ICON_GOOD);
    afp_html_write(r, "%s</p>\n", afp_say_plain(page, AFP_WORDS_PERMISSIONS_GIVEN));
    if (page->view == AFP_VIEW_OVERVIEW) {
        ap_rputs("<p class=\"hint\">", r);
        write_tried(page);
        afp_html_write(r, "</p>\n<p><a href=\"%s#permissions\">%s</a></p>\n",
                       afp_page_address(page, AFP_VIEW_SETTINGS), each);
        return;
    }
    afp_html_write(r, "<details>\n<summary>%s</summary>\n", each);
    write_table(page);
    ap_rputs("</details>\n", r);
}

void afp_page_write_permissions(const afp_page_t *page)
{
    int missing = count_of(page, AFP_GRANTED_MISSING);
    int given = count_of(page, AFP_GRANTED_GIVEN);

    /* Nothing could be tried: a place for what a later check finds. */
    if (missing + given == 0) {
        ap_rputs("<div id=\"permissions-card\" data-live hidden></div>\n", page->r);
        return;
    }
    afp_page_begin_live_section(page, "permissions", AFP_WORDS_PERMISSIONS);
    if (*page->found.pinpoint.words != '\0') {
        ap_rputs("<p class=\"hint\">", page->r);
        afp_say_with(page, AFP_WORDS_ANSWER_WAS, page->found.pinpoint.words);
        ap_rputs("</p>\n", page->r);
    }
    if (missing > 0) {
        afp_page_write_paragraph(page, AFP_WORDS_PERMISSIONS_MISSING);
    }
    if (given + count_of(page, NOT_NEEDED) == page->found.grants->nelts) {
        write_all_given(page);
    } else {
        write_table(page);
    }
    ap_rputs("</section>\n", page->r);
}
