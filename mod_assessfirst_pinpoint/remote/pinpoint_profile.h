#ifndef AFP_REMOTE_PINPOINT_PROFILE_H
#define AFP_REMOTE_PINPOINT_PROFILE_H

#include "remote/pinpoint.h"

#include <apr_tables.h>

/* What stands on a candidate's profile in Pinpoint: an application's custom attributes (contract
 * pinpoint.md 9.2) and comments (8). Outcomes, words and threads as in remote/pinpoint.h; the words
 * of a 401 or 403 name the Pinpoint permission concerned. Texts belong to pinpoint->pool and are
 * never NULL. */

typedef struct {
    const char *id;
    const char *field_id;   /* "" if Pinpoint does not say */
    const char *field_name; /* trimmed */
    const char *value;      /* a text whatever the field's type, trimmed; "" if there is none */
} afp_pinpoint_attribute_t;

/* The application's attributes: array of afp_pinpoint_attribute_t. NULL unless outcome->kind is
 * AFP_OUTCOME_DONE. */
apr_array_header_t *afp_pinpoint_attributes(const afp_pinpoint_t *pinpoint,
                                            const char *application_id, afp_outcome_t *outcome);

/* Writes one value: changes the attribute `attribute_id`, or makes one if that is "". `value_key`
 * fits the field's type (contract 9.2); an integer_value, given as decimal text, goes out as a
 * number, everything else as a text, and "" as null. An attribute is never made twice by one call.
 * AFP_OUTCOME_REFUSED with status 422 may mean that it exists by now, AFP_OUTCOME_MISSING that it
 * is gone: list again. */
void afp_pinpoint_attribute_set(const afp_pinpoint_t *pinpoint, const char *attribute_id,
                                const char *field_id, const char *application_id,
                                const char *value_key, const char *value, afp_outcome_t *outcome);

/* Where an application stands, without any of its personal data. */
typedef struct {
    const char *left; /* afp_application_left: "" while it is of interest */
    int concealed;
} afp_pinpoint_standing_t;

/* Reads it with no other attributes. AFP_OUTCOME_MISSING: the application was deleted. */
void afp_pinpoint_standing(const afp_pinpoint_t *pinpoint, const char *application_id,
                           afp_pinpoint_standing_t *standing, afp_outcome_t *outcome);

typedef struct {
    const char *attribute_id; /* "" makes a new one */
    const char *field_id;
    const char *value_key;
    const char *value;
} afp_pinpoint_value_t;

/* Writes several values with one call: the application's own update, which carries its custom
 * attributes along (contract 7 and 9.2, "alternative": documented for candidates only). With
 * AFP_OUTCOME_DONE *standing is as the answer says; whether the new ones are there, and with which
 * ids, afp_pinpoint_attributes tells. AFP_OUTCOME_REFUSED says that Pinpoint does not take it this
 * way, or not one of the values, or does not know an attribute or the application (status 404), or
 * not with this API key (401, 403: it takes Application: Write, which the plain calls do not), and
 * that nothing was written: write them one by one. After AFP_OUTCOME_BROKEN they may be there.
 * Never sent twice if a value is new. */
void afp_pinpoint_attributes_set(const afp_pinpoint_t *pinpoint, const char *application_id,
                                 const afp_pinpoint_value_t *values, int count,
                                 afp_pinpoint_standing_t *standing, afp_outcome_t *outcome);

#define AFP_PINPOINT_COMMENT_LIMIT 4900 /* bytes of a comment */

/* The texts of the application's comments, trimmed, the newest 1000 with the newest first (array of
 * const char *). NULL unless outcome->kind is AFP_OUTCOME_DONE. */
apr_array_header_t *afp_pinpoint_comments(const afp_pinpoint_t *pinpoint,
                                          const char *application_id, afp_outcome_t *outcome);

/* Adds a comment, which nobody can take back and which Pinpoint announces by e-mail: on a
 * connection of its own and never twice. What is longer than the limit is shortened as in
 * afp_text_shorten. outcome->sent as in afp_assessfirst_invite: AFP_SENT_NOTHING (DNS, connection,
 * TLS, 429: there is no comment), AFP_SENT_ANSWERED (done, or refused), AFP_SENT_UNCERTAIN (5xx,
 * 408 and every other end: look into the list before another one is added). */
void afp_pinpoint_comment_add(const afp_pinpoint_t *pinpoint, const char *application_id,
                              const char *text, afp_outcome_t *outcome);

#endif
