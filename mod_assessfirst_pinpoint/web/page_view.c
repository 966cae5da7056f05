/* The views of the page, their addresses, and the way from one to another. */

#include "web/page_parts.h"

#include "web/html.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

static const struct {
    const char *name; /* in the address */
    afp_view_t tab;   /* under which it is found */
    afp_words_t heading;
    afp_words_t title;
} views[AFP_VIEWS] = {
    [AFP_VIEW_OVERVIEW] = {"", AFP_VIEW_OVERVIEW, AFP_WORDS_HEADING, AFP_WORDS_TITLE},
    [AFP_VIEW_ACTIVITY] = {"activity", AFP_VIEW_ACTIVITY, AFP_WORDS_TAB_ACTIVITY,
                           AFP_WORDS_TITLE_ACTIVITY},
    [AFP_VIEW_APPLICATION] = {"application", AFP_VIEW_ACTIVITY, AFP_WORDS_HEADING_APPLICATION,
                              AFP_WORDS_TITLE_APPLICATION},
    [AFP_VIEW_SETTINGS] = {"settings", AFP_VIEW_SETTINGS, AFP_WORDS_SETTINGS,
                           AFP_WORDS_TITLE_SETTINGS},
    [AFP_VIEW_CHANGES] = {"changes", AFP_VIEW_CHANGES, AFP_WORDS_CHANGES, AFP_WORDS_TITLE_CHANGES},
};

afp_view_t afp_page_view_of(const afp_form_t *query)
{
    const char *name = afp_form_value(query, "view");
    int view = AFP_VIEWS - 1;

    while (view > AFP_VIEW_OVERVIEW && strcmp(views[view].name, name) != 0) {
        view--;
    }
    return (afp_view_t)view;
}

const char *afp_page_address(const afp_page_t *page, afp_view_t view)
{
    return view == AFP_VIEW_OVERVIEW
               ? page->path
               : apr_pstrcat(page->r->pool, page->path, "?view=", views[view].name, NULL);
}

const char *afp_page_list_address(const afp_page_t *page, const char *state,
                                  const char *application_id, const char *direction,
                                  const afp_activity_place_t *place)
{
    apr_pool_t *pool = page->r->pool;

    return apr_pstrcat(pool, afp_page_address(page, AFP_VIEW_ACTIVITY),
                       afp_activity_query_of(pool, state, application_id, direction, place), NULL);
}

const char *afp_page_detail_address(const afp_page_t *page, const char *application_id)
{
    apr_pool_t *pool = page->r->pool;

    return apr_pstrcat(pool, afp_page_address(page, AFP_VIEW_APPLICATION),
                       afp_activity_query_of(pool, "", application_id, NULL, NULL), NULL);
}

const char *afp_page_here(const afp_page_t *page)
{
    const afp_activity_query_t *asked = &page->asked;
    int is_after = *asked->after.id != '\0';

    switch (page->view) {
    case AFP_VIEW_ACTIVITY:
        return afp_page_list_address(page, asked->state, asked->application_id,
                                     is_after ? AFP_ACTIVITY_AFTER : AFP_ACTIVITY_BEFORE,
                                     is_after ? &asked->after : &asked->before);
    case AFP_VIEW_APPLICATION:
        return afp_page_detail_address(page, asked->application_id);
    case AFP_VIEW_OVERVIEW:
    case AFP_VIEW_SETTINGS:
    case AFP_VIEW_CHANGES:
    case AFP_VIEWS:
        break;
    }
    return afp_page_address(page, page->view);
}

static void write_tab(const afp_page_t *page, afp_view_t view, afp_words_t words)
{
    afp_html_write(page->r, "<li><a href=\"%s\"%s>%s</a></li>\n", afp_page_address(page, view),
                   view != views[page->view].tab ? ""
                   : view == page->view          ? " aria-current=page"
                                                 : " aria-current=true",
                   afp_say_plain(page, words));
}

void afp_page_write_tabs(const afp_page_t *page)
{
    afp_html_write(page->r, "<nav class=\"tabs\" aria-label=\"%s\">\n<ul>\n",
                   afp_say_plain(page, AFP_WORDS_PAGES));
    write_tab(page, AFP_VIEW_OVERVIEW, AFP_WORDS_TAB_OVERVIEW);
    write_tab(page, AFP_VIEW_ACTIVITY, AFP_WORDS_TAB_ACTIVITY);
    if (afp_page_has_settings(page)) {
        write_tab(page, AFP_VIEW_SETTINGS, AFP_WORDS_SETTINGS);
    }
    write_tab(page, AFP_VIEW_CHANGES, AFP_WORDS_CHANGES);
    ap_rputs("</ul>\n</nav>\n", page->r);
}

/* With the application's number, where there is one. */
static const char *of_view(const afp_page_t *page, afp_words_t words)
{
    return afp_say_plain_texts(page, words, AFP_SAY_TEXTS(page->asked.application_id), 1);
}

const char *afp_page_heading(const afp_page_t *page)
{
    return of_view(page, views[page->view].heading);
}

const char *afp_page_title(const afp_page_t *page)
{
    return of_view(page, views[page->view].title);
}
