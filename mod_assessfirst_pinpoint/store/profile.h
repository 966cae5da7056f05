#ifndef AFP_STORE_PROFILE_H
#define AFP_STORE_PROFILE_H

#include "core/profile.h"
#include "store/follow_up.h"

/* What was last written to a candidate's profile in Pinpoint. The database is written after each
 * success there: what is written once more after a crash in between is the same again. */

#define AFP_PROFILE_VALUE_LIMIT 1000 /* bytes */

typedef struct {
    char attribute_id[21];                   /* Pinpoint's custom attribute; "" if not known */
    char value[AFP_PROFILE_VALUE_LIMIT + 1]; /* as last written; "" = never, or emptied */
} afp_written_t;

/* What was written, by afp_profile_field_t. Fields that were never written have "". */
apr_status_t afp_profile_written(afp_session_t *session, const char *company_uuid,
                                 const char *application_id,
                                 afp_written_t written[AFP_PROFILE_FIELDS]);

/* Remembers what is in `written` for the fields in the mask `fields` (1 << afp_profile_field_t).
 * APR_NOTFOUND if the follow-up's lease is lost (nothing changed). */
apr_status_t afp_profile_note(afp_session_t *session, const afp_follow_up_t *follow_up,
                              unsigned int fields, const afp_written_t written[AFP_PROFILE_FIELDS]);

/* ---- comments ---- */

/* Each purpose has at most one comment per invitation. */
#define AFP_COMMENT_COMPLETED "completed"
#define AFP_COMMENT_NO_MODEL  "no-model" /* the job's model does not exist any more */

typedef enum {
    AFP_COMMENT_ADD,  /* *adding* is committed with this lease, nobody tried before: add it now */
    AFP_COMMENT_LOOK, /* somebody who tried may have added it: look at Pinpoint first, then add */
    AFP_COMMENT_THERE,
    AFP_COMMENT_LOST /* the lease is lost: do nothing */
} afp_comment_begin_t;

/* Writes *adding* down before the comment goes out. */
apr_status_t afp_comment_begin(afp_session_t *session, const afp_follow_up_t *follow_up,
                               const char *purpose, afp_comment_begin_t *begin);

/* 1 in *there if the comment was added. */
apr_status_t afp_comment_is_there(afp_session_t *session, const afp_follow_up_t *follow_up,
                                  const char *purpose, int *there);

/* How many comments of this purpose were added for the application's other invitations. */
apr_status_t afp_comment_count_others(afp_session_t *session, const afp_follow_up_t *follow_up,
                                      const char *purpose, int *number);

typedef enum {
    AFP_COMMENT_ADDED,
    AFP_COMMENT_NOT_ADDED /* not a byte went out: the next try need not look */
} afp_comment_end_t;

/* How the try ended; not called when that is not known. APR_NOTFOUND if the lease is lost. */
apr_status_t afp_comment_end(afp_session_t *session, const afp_follow_up_t *follow_up,
                             const char *purpose, afp_comment_end_t end);

#endif
