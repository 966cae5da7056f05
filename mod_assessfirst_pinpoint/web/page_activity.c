/* What happened: lately, on the overview; and all of it, a page at a time. */

#include "web/page_parts.h"

#include "web/html.h"
#include "web/page_result.h"
#include "web/say.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

/* ---- the rows ---- */

static void write_application(const afp_page_t *page, const char *application_id)
{
    if (*application_id == '\0') {
        afp_say(page, AFP_WORDS_NO_APPLICATION);
    } else {
        afp_html_write(page->r, "<a href=\"%s\">%s</a>",
                       afp_page_detail_address(page, application_id), application_id);
    }
}

static afp_page_result_t result_of(const apr_array_header_t *activities, int index)
{
    const afp_activity_t *activity = &APR_ARRAY_IDX(activities, index, afp_activity_t);

    return (afp_page_result_t){
        .id = activity->id,
        .kind = activity->kind,
        .state = activity->state,
        .application_id = activity->application_id,
        .reason = activity->reason,
        .at = activity->at,
        .attempts = activity->attempts,
    };
}

static void write_row(const afp_page_t *page, const afp_page_result_t *result)
{
    request_rec *r = page->r;
    int is_plain = strcmp(result->kind, AFP_FOLLOW_UP_INVITE) == 0 ||
                   strcmp(result->state, AFP_ACTIVITY_IGNORED) == 0;

    ap_rputs("<tr>\n<td class=\"time\">", r);
    afp_page_write_when(page, result);
    afp_html_write(r, "</td>\n<th scope=\"row\" data-of=\"%s\">",
                   afp_say_plain(page, AFP_WORDS_COLUMN_APPLICATION));
    write_application(page, result->application_id);
    ap_rputs("</th>\n<td class=\"result\">", r);
    afp_page_write_result(page, result->state);
    ap_rputs("</td>\n<td class=\"words\">", r);
    if (!is_plain) {
        afp_html_write(r, "<strong>%s</strong> ", afp_page_result_subject(page, result));
    }
    afp_page_write_why(page, result);
    ap_rputs("</td>\n<td class=\"does\">", r);
    afp_page_write_result_buttons(page, result);
    ap_rputs("</td>\n</tr>\n", r);
}

static void write_table(const afp_page_t *page, const apr_array_header_t *activities,
                        afp_words_t caption)
{
    afp_page_begin_table(page, "activity", caption);
    afp_page_write_column(page, AFP_WORDS_COLUMN_TIME);
    afp_page_write_column(page, AFP_WORDS_COLUMN_APPLICATION);
    afp_page_write_column(page, AFP_WORDS_COLUMN_RESULT);
    afp_page_write_column(page, AFP_WORDS_COLUMN_WHY);
    afp_page_write_column(page, AFP_WORDS_COLUMN_ACTION);
    ap_rputs("</tr>\n</thead>\n<tbody>\n", page->r);
    for (int i = 0; i < activities->nelts; i++) {
        afp_page_result_t result = result_of(activities, i);

        write_row(page, &result);
    }
    ap_rputs("</tbody>\n</table>\n</section>\n", page->r);
}

/* One form for all rows, so that each has only its buttons; none if there is no button. */
static void write_rows(const afp_page_t *page, const apr_array_header_t *activities,
                       afp_words_t caption)
{
    int buttons = 0;

    for (int i = 0; i < activities->nelts; i++) {
        afp_page_result_t result = result_of(activities, i);

        buttons += afp_page_result_has_buttons(page, &result);
    }
    if (buttons > 0) {
        afp_page_begin_form(page, "list");
        write_table(page, activities, caption);
        ap_rputs("</form>\n", page->r);
    } else {
        write_table(page, activities, caption);
    }
}

/* ---- on the overview ---- */

void afp_page_write_recent(const afp_page_t *page)
{
    const apr_array_header_t *activities = page->list.activities;

    afp_page_begin_live_section(page, "activity", AFP_WORDS_ACTIVITY);
    if (activities->nelts == 0) {
        afp_page_write_paragraph(page, AFP_WORDS_ACTIVITY_EMPTY);
    } else {
        write_rows(page, activities, AFP_WORDS_ACTIVITY_CAPTION);
    }
    ap_rputs("<p class=\"actions\">\n", page->r);
    afp_page_write_link(page, afp_page_list_address(page, "", "", NULL, NULL), "",
                        AFP_WORDS_ALL_ACTIVITY);
    ap_rputs("</p>\n</section>\n", page->r);
}

/* ---- finding ---- */

static void write_states(const afp_page_t *page)
{
    static const char *const states[] = {
        AFP_ACTIVITY_WAITING, AFP_ACTIVITY_RUNNING,   AFP_ACTIVITY_HELD, AFP_ACTIVITY_INVITED,
        AFP_ACTIVITY_SKIPPED, AFP_ACTIVITY_UNCERTAIN, AFP_ACTIVITY_DEAD, AFP_ACTIVITY_IGNORED,
    };
    request_rec *r = page->r;

    afp_html_write(r,
                   "<div class=\"field\">\n<label for=\"state\">%s</label>\n"
                   "<select id=\"state\" name=\"state\">\n<option value=\"\">%s</option>\n",
                   afp_say_plain(page, AFP_WORDS_FILTER_STATE),
                   afp_say_plain(page, AFP_WORDS_FILTER_ALL));
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        afp_html_write(r, "<option value=\"%s\"%s>%s</option>\n",
                       afp_activity_state_name(states[i]),
                       strcmp(states[i], page->asked.state) == 0 ? " selected" : "",
                       afp_page_result_name(page, states[i]));
    }
    ap_rputs("</select>\n</div>\n", r);
}

static void write_application_field(const afp_page_t *page)
{
    request_rec *r = page->r;
    int is_wrong = page->asked.is_wrong;

    afp_html_write(r,
                   "<div class=\"field%s\">\n<label for=\"application\">%s</label>\n"
                   "<p class=\"hint\" id=\"application-hint\">%s</p>\n",
                   is_wrong ? " wrong" : "", afp_say_plain(page, AFP_WORDS_FILTER_APPLICATION),
                   afp_say_plain(page, AFP_WORDS_FILTER_APPLICATION_HINT));
    if (is_wrong) {
        afp_html_write(
            r, "<p class=\"error\" id=\"application-error\">%s</p>\n",
            afp_say_plain_with(page, AFP_WORDS_ERROR, afp_say_plain(page, AFP_WORDS_FILTER_WRONG)));
    }
    ap_rputs("<input type=\"text\" id=\"application\" name=\"application\"", r);
    afp_html_write_value(r, page->asked.typed);
    afp_html_write(r,
                   " autocomplete=\"off\" spellcheck=\"false\" "
                   "aria-describedby=\"application-hint%s\"%s>\n</div>\n",
                   is_wrong ? " application-error" : "", is_wrong ? " aria-invalid=true" : "");
}

static void write_filter(const afp_page_t *page)
{
    request_rec *r = page->r;

    afp_page_begin_section(page, "find", AFP_WORDS_FIND);
    afp_html_write(r,
                   "<form method=\"get\" action=\"%s\" class=\"find\">\n"
                   "<input type=\"hidden\" name=\"view\" value=\"activity\">\n",
                   page->path);
    write_states(page);
    write_application_field(page);
    afp_html_write(r,
                   "<div class=\"actions\">\n<button type=\"submit\" class=\"main\">%s</button>\n"
                   "<a class=\"button quiet\" href=\"%s\">%s</a>\n</div>\n</form>\n</section>\n",
                   afp_say_plain(page, AFP_WORDS_FILTER_SHOW),
                   afp_page_list_address(page, "", "", NULL, NULL),
                   afp_say_plain(page, AFP_WORDS_FILTER_EVERYTHING));
}

/* ---- the list ---- */

static afp_activity_place_t place_of(const apr_array_header_t *activities, int index)
{
    const afp_activity_t *activity = &APR_ARRAY_IDX(activities, index, afp_activity_t);
    afp_activity_place_t place = {.at = activity->at};

    apr_cpystrn(place.id, activity->id, sizeof(place.id));
    return place;
}

static void write_turn(const afp_page_t *page, const char *direction, int index, const char *rel,
                       afp_words_t words)
{
    afp_activity_place_t place = place_of(page->list.activities, index);

    afp_html_write(page->r, "<li><a class=\"button\" rel=\"%s\" href=\"%s\">%s</a></li>\n", rel,
                   afp_page_list_address(page, page->asked.state, page->asked.application_id,
                                         direction, &place),
                   afp_say_plain(page, words));
}

static void write_turns(const afp_page_t *page)
{
    request_rec *r = page->r;
    int count = page->list.activities->nelts;

    if (!page->list.newer && !page->list.older) {
        return;
    }
    afp_html_write(r, "<nav aria-label=\"%s\">\n<ul class=\"actions turns\">\n",
                   afp_say_plain(page, AFP_WORDS_PAGES_OF_LIST));
    if (page->list.newer) {
        afp_html_write(
            r, "<li><a class=\"button quiet\" href=\"%s\">%s</a></li>\n",
            afp_page_list_address(page, page->asked.state, page->asked.application_id, NULL, NULL),
            afp_say_plain(page, AFP_WORDS_NEWEST));
    }
    if (page->list.newer && count > 0) {
        write_turn(page, AFP_ACTIVITY_AFTER, 0, "prev", AFP_WORDS_NEWER);
    }
    if (page->list.older && count > 0) {
        write_turn(page, AFP_ACTIVITY_BEFORE, count - 1, "next", AFP_WORDS_OLDER);
    }
    ap_rputs("</ul>\n</nav>\n", r);
}

/* What can be done with everything that the filter finds. */
static void write_bulk(const afp_page_t *page)
{
    const char *state = page->asked.state;
    int is_dead = strcmp(state, AFP_ACTIVITY_DEAD) == 0;

    if (!afp_page_has_settings(page) || page->list.activities->nelts == 0 ||
        (!is_dead && strcmp(state, AFP_ACTIVITY_IGNORED) != 0)) {
        return;
    }
    afp_page_write_paragraph(page, is_dead ? AFP_WORDS_TRY_ALL_HINT : AFP_WORDS_DECIDE_ALL_HINT);
    ap_rputs("<div class=\"actions\">\n", page->r);
    if (is_dead) {
        afp_page_write_button(page, AFP_ACTION_TRY_ALL, "", AFP_WORDS_TRY_ALL);
    } else {
        afp_page_write_button(page, AFP_ACTION_DECIDE_ALL, "", AFP_WORDS_DECIDE_ALL);
    }
    ap_rputs("</div>\n", page->r);
}

static void write_list(const afp_page_t *page)
{
    int is_everything = *page->asked.state == '\0' && *page->asked.application_id == '\0';

    afp_page_begin_section(page, "activity", AFP_WORDS_LIST);
    if (page->list.activities->nelts > 0) {
        write_bulk(page);
        write_rows(page, page->list.activities, AFP_WORDS_LIST_CAPTION);
    } else {
        afp_page_write_paragraph(page,
                                 is_everything ? AFP_WORDS_ACTIVITY_EMPTY : AFP_WORDS_LIST_EMPTY);
    }
    write_turns(page);
    ap_rputs("</section>\n", page->r);
}

void afp_page_write_activity(const afp_page_t *page)
{
    int has_application = *page->asked.application_id != '\0';

    if (!has_application) {
        ap_rputs("<div class=\"pair\">\n", page->r);
        afp_page_write_strip(page);
        afp_page_write_chart(page);
        ap_rputs("</div>\n", page->r);
    }
    write_filter(page);
    if (has_application) {
        afp_page_write_answer(page);
    }
    if (!page->asked.is_wrong) {
        write_list(page);
    }
}
