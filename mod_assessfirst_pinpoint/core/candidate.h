#ifndef AFP_CORE_CANDIDATE_H
#define AFP_CORE_CANDIDATE_H

#include <apr_pools.h>
#include <apr_time.h>
#include <json.h>

/* AssessFirst's answers about one candidate (contract assessfirst.md 7 and 8), read tolerantly. */

/* The candidate's id in the answer to an invitation, in the contract's order of extraction
 * (uuid, data.uuid, candidate.uuid, data.candidate.uuid, user.uuid, data.user.uuid, then id at the
 * same places). "" if there is none. */
const char *afp_candidate_id(apr_pool_t *pool, struct json_object *document);

/* 1 if a 2xx answer is a failure all the same: a top-level `error` (not null, false or "") and no
 * usable identifier. An identifier is a number, or 1 to 64 printable ASCII characters. */
int afp_candidate_is_error(struct json_object *document);

typedef struct {
    const char *id;         /* "" if not found */
    const char *model_uuid; /* "" if the record shows none */
    apr_time_t invited_at;  /* 0 if the record shows no date of an invitation */
} afp_candidate_t;

/* Reads the answer to a look-up by e-mail: {"data":[...]}, a bare array, an object in data, or an
 * object. The first entry counts whose `email` is equal (whatever the case) to `email`; a single
 * one also if it has no `email`. APR_SUCCESS and *candidate (id "" = AssessFirst does not know the
 * person); APR_INCOMPLETE if the person is not on this page and meta.last_page or links.next tell
 * of more; APR_EINVAL if the document is none of these, or if it cannot be told whose record it is
 * or what its id is: the person is then *not* known to be absent. Model: predictive_model.uuid,
 * predictive_model_uuid, model.uuid, target; date: invited_at, invitation_date,
 * invitation.created_at, invitation.sent_at
 * ("YYYY-MM-DD HH:MM:SS" or ISO 8601, UTC unless it has an offset). */
apr_status_t afp_candidate_read_lookup(apr_pool_t *pool, struct json_object *document,
                                       const char *email, afp_candidate_t *candidate);

/* 1 if the record proves that the invitation of `model_uuid` ("" = no model), written down as being
 * sent at `sending_at`, went out: it shows this model, or an invitation dated at or after
 * `sending_at` (whole seconds). */
int afp_candidate_proves(const afp_candidate_t *candidate, const char *model_uuid,
                         apr_time_t sending_at);

#endif
