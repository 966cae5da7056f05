#include "web/activity_query.h"

#include "core/text.h"

#include <apr_strings.h>
#include <string.h>

#define APPLICATIONS "/applications/"

/* ---- states ---- */

/* "Dead" is the operator's word. */
#define FAILED "failed"

const char *afp_activity_state_name(const char *state)
{
    return strcmp(state, AFP_ACTIVITY_DEAD) != 0 ? state : FAILED;
}

const char *afp_activity_state_named(const char *name)
{
    if (strcmp(name, FAILED) == 0) {
        return AFP_ACTIVITY_DEAD;
    }
    return strcmp(name, AFP_ACTIVITY_DEAD) != 0 && afp_activity_is_state(name) ? name : NULL;
}

/* ---- applications ---- */

int afp_activity_is_application_id(const char *text)
{
    size_t length = strspn(text, "0123456789");

    return length > 0 && length <= AFP_APPLICATION_DIGITS && text[length] == '\0';
}

const char *afp_activity_plain_id(const char *text)
{
    while (text[0] == '0' && text[1] != '\0') {
        text++;
    }
    return text;
}

/* The number in an address such as https://acme.pinpointhq.com/admin/jobs/7/applications/11?tab=1;
 * `text` if it is none. */
static const char *number_in(apr_pool_t *pool, const char *text)
{
    const char *found = strstr(text, APPLICATIONS);

    if (found == NULL) {
        return text;
    }
    found += strlen(APPLICATIONS);
    return apr_pstrndup(pool, found, strcspn(found, "/?#"));
}

static void read_application(apr_pool_t *pool, const char *typed, afp_activity_query_t *query)
{
    const char *number = number_in(pool, afp_text_trim(pool, typed));

    query->typed = typed;
    query->application_id =
        afp_activity_is_application_id(number) ? afp_activity_plain_id(number) : "";
    query->is_wrong = *number != '\0' && *query->application_id == '\0';
}

/* ---- places ---- */

int afp_activity_place_read(apr_pool_t *pool, const char *text, afp_activity_place_t *place)
{
    size_t length = strcspn(text, "-");
    long long at;

    if (text[length] != '-' || !afp_id_is_valid(text + length + 1) ||
        afp_text_int64(apr_pstrmemdup(pool, text, length), &at) != 0) {
        return -1;
    }
    place->at = at;
    apr_cpystrn(place->id, text + length + 1, sizeof(place->id));
    return 0;
}

/* ---- what can be done ---- */

afp_activity_may_t afp_activity_may(const char *kind, const char *state, const char *application_id)
{
    int is_invite = strcmp(kind, AFP_FOLLOW_UP_INVITE) == 0;

    if (strcmp(state, AFP_ACTIVITY_IGNORED) == 0) {
        return AFP_MAY_DECIDE_AGAIN;
    }
    if (strcmp(state, AFP_ACTIVITY_DEAD) == 0 && *application_id != '\0') {
        return AFP_MAY_TRY_AGAIN;
    }
    if (is_invite && strcmp(state, AFP_ACTIVITY_SKIPPED) == 0) {
        return AFP_MAY_INVITE_ANYWAY;
    }
    return is_invite && (strcmp(state, AFP_ACTIVITY_INVITED) == 0 ||
                         strcmp(state, AFP_ACTIVITY_UNCERTAIN) == 0)
               ? AFP_MAY_SEND_AGAIN
               : AFP_MAY_NOTHING;
}

/* ---- all of it ---- */

void afp_activity_query_read(apr_pool_t *pool, const afp_form_t *form, afp_activity_query_t *query)
{
    const char *state = afp_activity_state_named(afp_form_value(form, "state"));

    memset(query, 0, sizeof(*query));
    query->state = state != NULL ? state : "";
    read_application(pool, afp_form_value(form, "application"), query);
    if (afp_activity_place_read(pool, afp_form_value(form, AFP_ACTIVITY_AFTER), &query->after) !=
        0) {
        (void)afp_activity_place_read(pool, afp_form_value(form, AFP_ACTIVITY_BEFORE),
                                      &query->before);
    }
}

const char *afp_activity_query_of(apr_pool_t *pool, const char *state, const char *application_id,
                                  const char *direction, const afp_activity_place_t *place)
{
    const char *query = "";

    if (*state != '\0') {
        query = apr_pstrcat(pool, "&state=", afp_activity_state_name(state), NULL);
    }
    if (*application_id != '\0') {
        query = apr_pstrcat(pool, query, "&application=", application_id, NULL);
    }
    if (place != NULL && *place->id != '\0') {
        query = apr_psprintf(pool, "%s&%s=%" APR_TIME_T_FMT "-%s", query, direction, place->at,
                             place->id);
    }
    return query;
}
