#ifndef AFP_REMOTE_ASSESSFIRST_H
#define AFP_REMOTE_ASSESSFIRST_H

#include "core/candidate.h"
#include "core/model.h"
#include "remote/http.h"

/* AssessFirst's API (contract assessfirst.md). What is not documented is data, not code: paths,
 * body format and field names come from the directives AssessFirstRoutes and
 * AssessFirstInvitation. */

typedef enum { AFP_BODY_JSON, AFP_BODY_FORM, AFP_BODY_MULTIPART } afp_body_format_t;

/* Read-only after the configuration; afp_assessfirst_defaults fills in the contract's values. */
typedef struct {
    afp_body_format_t format;    /* AssessFirstInvitation format=json|form|multipart */
    const char *email_key;       /* email=email */
    const char *model_key;       /* model=predictive_model_uuid */
    const char *first_name_key;  /* first_name=first_name; "" leaves it out */
    const char *last_name_key;   /* last_name=last_name; "" leaves it out */
    const char *models_path;     /* AssessFirstRoutes models=/predictive-models */
    const char *invitation_path; /* invitation=/candidate/send-invitation */
    const char *lookup_path;     /* lookup=/candidates?email={email} */
    /* candidate=/candidate/{uuid}?predictive_model_uuid={model}; the first version's
     * candidate_v1=/user/{uuid} and adequacies_v1=/adequacies/{token}?targets={model} */
    const char *candidate_path;
    const char *candidate_v1_path;
    const char *adequacies_v1_path;
} afp_assessfirst_routes_t;

void afp_assessfirst_defaults(afp_assessfirst_routes_t *routes);

/* Sets one `key=value` of either directive. NULL, or what is wrong with it. Strings are kept in
 * `pool`. The path for lookup holds {email} (in its query only, because paths are logged), those
 * for candidate and candidate_v1 hold {uuid}, that for adequacies_v1 holds {token}. These three may
 * hold {model} as the value of a query parameter, which is left out when there is no model. */
const char *afp_assessfirst_invitation_set(afp_assessfirst_routes_t *routes, apr_pool_t *pool,
                                           const char *pair);
const char *afp_assessfirst_route_set(afp_assessfirst_routes_t *routes, apr_pool_t *pool,
                                      const char *pair);

/* One token's calls. The token never appears in outcome->words. One thread at a time, as the
 * client. */
typedef struct {
    const afp_http_api_t *api;
    const afp_assessfirst_routes_t *routes;
    afp_http_client_t *client;
    const char *token;
    apr_pool_t *pool;
} afp_assessfirst_t;

/* Takes one call of the token's budget before a call that follows the first one of a function
 * (further pages, the first version of the API). Returns 0 if there is none. May be NULL: no limit.
 */
typedef int afp_assessfirst_more_t(void *baton);

/* The token's predictive models: array of afp_model_t, NULL unless outcome->kind is
 * AFP_OUTCOME_DONE. Further pages are followed (contract 6), up to 200, as long as all
 * together they stay within 10,000 entries and four times AFP_HTTP_BODY_LIMIT. A list is never cut:
 * a longer one is AFP_OUTCOME_BROKEN, and if `more` denies a page the outcome is
 * AFP_OUTCOME_LIMITED. `locale` as in the person below. */
apr_array_header_t *afp_assessfirst_models(const afp_assessfirst_t *assessfirst, const char *locale,
                                           afp_assessfirst_more_t *more, void *baton,
                                           afp_outcome_t *outcome);

typedef struct {
    const char *email;
    const char *first_name; /* "" leaves it out */
    const char *last_name;
    const char *model_uuid; /* "" leaves the key out: no model */
    const char *locale;     /* "fr-FR"; "" or NULL leaves it out */
} afp_assessfirst_person_t;

/* POSTs the invitation, on a connection of its own and never twice. When outcome->kind is
 * AFP_OUTCOME_DONE returns the candidate's id, "" if the answer names none or cannot be read; 409
 * (already invited) counts as done. Otherwise NULL, and outcome->sent tells what the failure means:
 * AFP_SENT_NOTHING (DNS, connection, TLS, 429: no invitation went out), AFP_SENT_ANSWERED (refused:
 * a complete 4xx, or a 2xx that says `error`), AFP_SENT_UNCERTAIN (3xx, 5xx, 408 and every other
 * end). Nothing of the person appears in outcome->words. */
const char *afp_assessfirst_invite(const afp_assessfirst_t *assessfirst,
                                   const afp_assessfirst_person_t *person, afp_outcome_t *outcome);

/* Looks the candidate up by e-mail (the one place where an e-mail stands in a URL; never logged).
 * With AFP_OUTCOME_DONE *candidate is set; its id "" means that AssessFirst does not know the
 * person. Only an empty list says that: a list of other people is AFP_OUTCOME_BROKEN, because the
 * look-up may have been ignored; AFP_OUTCOME_MISSING may be a wrong path and proves nothing. */
void afp_assessfirst_find(const afp_assessfirst_t *assessfirst, const char *email,
                          const char *locale, afp_candidate_t *candidate, afp_outcome_t *outcome);

#endif
