#include "remote/pinpoint_permissions.h"

#include "core/json.h"
#include "core/profile.h"
#include "core/reason.h"
#include "remote/pinpoint_request.h"

#include <apr_strings.h>

#include <string.h>

const afp_pinpoint_permission_t afp_pinpoint_permissions[AFP_PINPOINT_PERMISSIONS] = {
    [AFP_PERMISSION_JOB_READ] = {"Job: Read", "to know the job that an application is for"},
    [AFP_PERMISSION_APPLICATION_READ] = {"Application: Read",
                                         "to know whom to invite, and in which stage"},
    [AFP_PERMISSION_FIELD_READ] = {"Custom Field: Read", "to find the fields that are used"},
    [AFP_PERMISSION_ATTRIBUTES_READ] = {"Custom Attributes: Read",
                                        "to know the predictive model that a job selects"},
    [AFP_PERMISSION_COMMENT_READ] = {"Comment: Read", "to write no comment twice"},
    [AFP_PERMISSION_ATTRIBUTES_WRITE] = {"Custom Attributes: Write",
                                         "to write scores and the link on the profile"},
    [AFP_PERMISSION_COMMENT_WRITE] = {"Comment: Write",
                                      "to write a comment when the assessment is complete"},
    [AFP_PERMISSION_FIELD_WRITE] = {"Custom Field: Write",
                                    "to make the fields, and to offer the predictive models"},
    [AFP_PERMISSION_FIELD_DELETE] = {"Custom Field: Delete",
                                     "to take the fields away when you disconnect"},
};

int afp_pinpoint_permission_is_optional(afp_permission_t permission, unsigned int choices)
{
    int is_for_comments =
        permission == AFP_PERMISSION_COMMENT_READ || permission == AFP_PERMISSION_COMMENT_WRITE;

    return permission == AFP_PERMISSION_FIELD_DELETE ||
           (is_for_comments && (choices & AFP_WRITE_COMMENT) == 0);
}

#define ONE_ROW "page%5Bsize%5D=1"
#define NOBODY  "0" /* no record of Pinpoint has this id */

/* How each permission is tried. What is read is as little as can be, and nothing personal. */
static const struct {
    afp_http_method_t method;
    const char *path;
    const char *include;     /* of a list: what our own calls include, which needs `included` */
    afp_permission_t needed; /* for `include` */
} tries[AFP_PINPOINT_PERMISSIONS] = {
    [AFP_PERMISSION_JOB_READ] = {AFP_HTTP_GET, "/jobs?" ONE_ROW, "", 0},
    [AFP_PERMISSION_APPLICATION_READ] = {AFP_HTTP_GET,
                                         "/applications?fields%5Bapplications%5D=created_at"
                                         "&" AFP_PINPOINT_ALL_VISIBILITIES "&" ONE_ROW,
                                         "&include=job,stage", AFP_PERMISSION_JOB_READ},
    [AFP_PERMISSION_FIELD_READ] = {AFP_HTTP_GET, "/custom_fields?" ONE_ROW, "", 0},
    [AFP_PERMISSION_ATTRIBUTES_READ] = {AFP_HTTP_GET,
                                        "/custom_attributes"
                                        "?filter%5Bcustom_attributable_type%5D=Job&" ONE_ROW,
                                        "&include=custom_field", AFP_PERMISSION_FIELD_READ},
    [AFP_PERMISSION_COMMENT_READ] = {AFP_HTTP_GET,
                                     "/comments?filter%5Bcommentable_type%5D=Application"
                                     "&filter%5Bcommentable_id%5D=" NOBODY "&" ONE_ROW,
                                     "", 0},
    [AFP_PERMISSION_ATTRIBUTES_WRITE] = {AFP_HTTP_PUT, "/custom_attributes/" NOBODY, "", 0},
    [AFP_PERMISSION_COMMENT_WRITE] = {AFP_HTTP_POST, "/comments", "", 0},
    [AFP_PERMISSION_FIELD_WRITE] = {AFP_HTTP_PUT, "/custom_fields/" NOBODY, "", 0},
    [AFP_PERMISSION_FIELD_DELETE] = {AFP_HTTP_DELETE, "/custom_fields/" NOBODY, "", 0},
};

/* A comment without a text, on no application. */
static struct json_object *impossible_comment(void)
{
    struct json_object *attributes = json_object_new_object();
    struct json_object *document = afp_pinpoint_document("comments", "", attributes);

    json_object_object_add(attributes, "body_text", json_object_new_string(""));
    afp_pinpoint_relate(document, "commentable", "applications", NOBODY);
    return document;
}

/* A body that is right in form and cannot succeed; NULL for none. */
static struct json_object *body_of(afp_permission_t permission)
{
    if (permission == AFP_PERMISSION_COMMENT_WRITE)
        return impossible_comment();
    if (permission == AFP_PERMISSION_ATTRIBUTES_WRITE)
        return afp_pinpoint_document("custom_attributes", NOBODY, json_object_new_object());
    if (permission == AFP_PERMISSION_FIELD_WRITE)
        return afp_pinpoint_document("custom_fields", NOBODY, json_object_new_object());
    return NULL;
}

/* The answer's document must be a list. */
static void expect_list(const afp_pinpoint_t *pinpoint, const afp_http_response_t *response,
                        afp_outcome_t *outcome)
{
    struct json_object *document = afp_http_json(response, pinpoint->pool, outcome);

    if (document != NULL && !json_object_is_type(afp_json_at(document, "data"), json_type_array))
        afp_http_unexpected(outcome, AFP_SENTENCE_BUT_NO_LIST);
}

static void try_one(const afp_pinpoint_t *pinpoint, afp_permission_t permission,
                    const afp_grant_t *grants, afp_outcome_t *outcome)
{
    int is_read = tries[permission].method == AFP_HTTP_GET;
    int is_whole = grants[tries[permission].needed] == AFP_GRANT_GIVEN;
    const afp_pinpoint_request_t request = {
        .method = tries[permission].method,
        .repeat = tries[permission].method == AFP_HTTP_POST ? AFP_HTTP_ONCE : AFP_HTTP_REPEATABLE,
        .path = apr_pstrcat(pinpoint->pool, tries[permission].path,
                            is_whole ? tries[permission].include : "", NULL),
        .body = body_of(permission)};
    afp_http_response_t response;

    afp_pinpoint_request(pinpoint, &request, &response, outcome);
    if (outcome->kind == AFP_OUTCOME_DONE && is_read)
        expect_list(pinpoint, &response, outcome);
}

/* What an answer says about the permission. -1 if it says nothing, and nor would those to come. */
static int grant_of(afp_permission_t permission, const afp_outcome_t *outcome)
{
    int status = outcome->status;

    if (outcome->kind == AFP_OUTCOME_DONE)
        return AFP_GRANT_GIVEN;
    if (outcome->kind == AFP_OUTCOME_UNAUTHORIZED || outcome->kind == AFP_OUTCOME_FORBIDDEN)
        return AFP_GRANT_MISSING;
    if (tries[permission].method == AFP_HTTP_GET || outcome->sent != AFP_SENT_ANSWERED ||
        (outcome->kind != AFP_OUTCOME_MISSING && outcome->kind != AFP_OUTCOME_REFUSED))
        return -1;
    return status == 400 || status == 404 || status == 409 || status == 422 ? AFP_GRANT_GIVEN
                                                                            : AFP_GRANT_UNKNOWN;
}

static int count_of(const afp_grant_t *grants, afp_grant_t wanted)
{
    int count = 0;

    for (int i = 0; i < AFP_PINPOINT_PERMISSIONS; i++)
        count += grants[i] == wanted;
    return count;
}

static int is_lacking(const afp_grant_t *grants, int permission, unsigned int choices)
{
    return grants[permission] == AFP_GRANT_MISSING &&
           !afp_pinpoint_permission_is_optional((afp_permission_t)permission, choices);
}

static int count_lacking(const afp_grant_t *grants, unsigned int choices)
{
    int count = 0;

    for (int i = 0; i < AFP_PINPOINT_PERMISSIONS; i++)
        count += is_lacking(grants, i, choices);
    return count;
}

/* "Job: Read, Comment: Read and Comment: Write" */
static const char *names_of_lacking(apr_pool_t *pool, const afp_grant_t *grants,
                                    unsigned int choices)
{
    int left = count_lacking(grants, choices);
    const char *names = "";

    for (int i = 0; i < AFP_PINPOINT_PERMISSIONS; i++) {
        if (is_lacking(grants, i, choices))
            names = apr_pstrcat(pool, names, afp_pinpoint_permissions[i].permission,
                                --left > 1  ? ", "
                                : left == 1 ? " and "
                                            : "",
                                NULL);
    }
    return names;
}

/* The outcome of all: `refusal` is the first one's, if something is lacking. */
static void conclude(apr_pool_t *pool, const afp_grant_t *grants, unsigned int choices,
                     const afp_outcome_t *refusal, afp_outcome_t *outcome)
{
    if (count_lacking(grants, choices) == 0) {
        outcome->kind = AFP_OUTCOME_DONE;
        outcome->words[0] = '\0';
        return;
    }
    *outcome = *refusal;
    outcome->kind = AFP_OUTCOME_FORBIDDEN;
    if (count_of(grants, AFP_GRANT_GIVEN) == 0)
        afp_pinpoint_add_words(pool, apr_psprintf(pool, AFP_SENTENCE_NEEDS_ALL, ""), outcome);
    else
        afp_pinpoint_name_permission(pool, names_of_lacking(pool, grants, choices), outcome);
}

void afp_pinpoint_permissions_try(const afp_pinpoint_t *pinpoint, unsigned int choices,
                                  afp_grant_t grants[AFP_PINPOINT_PERMISSIONS],
                                  afp_outcome_t *outcome)
{
    afp_outcome_t refusal;

    memset(grants, 0, AFP_PINPOINT_PERMISSIONS * sizeof(*grants));
    for (int i = 0; i < AFP_PINPOINT_PERMISSIONS; i++) {
        int grant;

        try_one(pinpoint, (afp_permission_t)i, grants, outcome);
        grant = grant_of((afp_permission_t)i, outcome);
        if (grant < 0 ||
            (outcome->kind == AFP_OUTCOME_UNAUTHORIZED && count_of(grants, AFP_GRANT_GIVEN) == 0))
            return;
        grants[i] = (afp_grant_t)grant;
        if (is_lacking(grants, i, choices) && count_lacking(grants, choices) == 1)
            refusal = *outcome;
    }
    conclude(pinpoint->pool, grants, choices, &refusal, outcome);
}
