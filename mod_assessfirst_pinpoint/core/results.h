#ifndef AFP_CORE_RESULTS_H
#define AFP_CORE_RESULTS_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <json.h>

/* What AssessFirst tells about a candidate's assessment (contract assessfirst.md 8), read
 * tolerantly: both versions' shapes, SHAPE for SWIPE, texts for numbers, partial results. Pure
 * functions, any thread. */

typedef enum { AFP_SWIPE, AFP_DRIVE, AFP_BRAIN, AFP_VOICE, AFP_QUESTIONNAIRES } afp_questionnaire_t;

#define AFP_SCORE_NONE (-1)
#define AFP_LINK_LIMIT 1000 /* bytes */

/* How far the assessment is. AssessFirst's own word counts as well as what is finished; but while
 * it says that the candidate is pending, who has not agreed to share anything yet, what was
 * finished, perhaps for somebody else, does not count. */
typedef enum {
    AFP_PROGRESS_INVITED,   /* nothing of the below */
    AFP_PROGRESS_STARTED,   /* said to be, or some of the wanted questionnaires are finished */
    AFP_PROGRESS_COMPLETED, /* said to be, or all of them are finished */
    AFP_PROGRESS_DECLINED,  /* said to be: scores stay empty, whatever the document holds */
    AFP_PROGRESS_EXPIRED    /* said to be */
} afp_progress_t;

typedef struct {
    afp_progress_t progress;
    unsigned int finished;          /* bit 1 << AFP_SWIPE ...: the finished questionnaires */
    unsigned int wanted;            /* bits of those that must finish; never 0 */
    int scores[AFP_QUESTIONNAIRES]; /* 0 to 100, or AFP_SCORE_NONE */
    int global;                     /* likewise; never computed */
    char link[AFP_LINK_LIMIT + 1];  /* "" if there is none, or none whose host is allowed */
    char token[65];                 /* v1: the candidate's public token; "" if none */
    int pending;                    /* 1 if AssessFirst says that it is waiting for the candidate */
    int rescaled_suspect; /* 1 if a score was > 0 and <= 1 with a decimal point: perhaps a share of
                             1, treated like any other score, worth one log line */
} afp_results_t;

/* The questionnaires that a model wants: the flags of its `assessments` object that are true (also
 * 1, "1", "true"). Without a model (NULL), or without a flag that is true, swipe, drive and
 * brain. */
unsigned int afp_results_wanted(struct json_object *model_entry);

/* 1 if `host`, in lower case, is a host name or an IPv4 address: labels of letters, digits and
 * inner hyphens (RFC 1123 2.1), 1 to 63 bytes each, together at most 253, none of them empty. */
int afp_results_is_host(const char *host);

/* 1 if the link is https, at most AFP_LINK_LIMIT bytes long, and its host equals, or is below, one
 * of `hosts` (array of const char *, lower case). Strict: RFC 3986 with a name or an IPv4 address
 * as the host, printable ASCII only; user information, backslashes, a port that is no number from 1
 * to 65535, an empty label (so also a trailing dot) make it no link. */
int afp_results_link_is_allowed(apr_pool_t *pool, const char *link,
                                const apr_array_header_t *hosts);

/* What is known of a candidate who has just been invited: no progress, no scores. `wanted` as
 * afp_results_wanted returned it (0 counts as no model). */
void afp_results_start(unsigned int wanted, afp_results_t *results);

/* Reads a candidate's document (an object, or `data` if that is an object or an array of one).
 * `model_uuid` ("" = no model: the scores stay empty) says whose scores are taken: if the document
 * names another model, only those in `adequacies` below ours. `wanted` as afp_results_wanted
 * returned it (0 counts as no model). A score that does not count for us still tells that its
 * questionnaire is finished. Numbers may be texts and are rounded to the nearest integer, never
 * rescaled; what is not from 0 to 100 is not there. The link is the first allowed one of the
 * contract's places.
 *
 * APR_SUCCESS, or APR_EINVAL if the document is no candidate: not an object, an error, or without
 * anything that a candidate has. *results is set in either case. */
apr_status_t afp_results_read(apr_pool_t *pool, struct json_object *document,
                              const char *model_uuid, unsigned int wanted,
                              const apr_array_header_t *link_hosts, afp_results_t *results);

/* Takes v1's adequacies ({"<model uuid>": {"SHAPE": {"adequacy": n}, ...}}, also below `data`) into
 * results that afp_results_read has set. A score that is there stays; a new one counts its
 * questionnaire as finished, and the progress follows. Nothing after a refusal. */
void afp_results_add_adequacies(struct json_object *document, const char *model_uuid,
                                afp_results_t *results);

/* The text of the status field: "Invited", "In progress 1/3" (finished of wanted), "Completed",
 * "Declined", "Expired". */
const char *afp_results_status(apr_pool_t *pool, const afp_results_t *results);

#define AFP_RESULTS_COMMENT_LIMIT 1000 /* bytes */

/* The comment's text when the assessment is complete: lines of plain text with the model's name
 * (NULL or "" without a model), the scores that there are and the link; nothing of the candidate.
 * The same results give the same text. At most AFP_RESULTS_COMMENT_LIMIT bytes: a long name is
 * shortened, a link that does not fit is left out. */
const char *afp_results_comment(apr_pool_t *pool, const afp_results_t *results,
                                const char *model_name);

/* 1 if the assessment is complete, but the overall score, which the model `model_uuid` gives ("" =
 * no model, no score), is not there yet. */
int afp_results_score_is_due(const afp_results_t *results, const char *model_uuid);

/* How long to wait until the results are read again (contract 9): 5, 10, 20 and 40 minutes after
 * the first four readings (`polls`: how many there were), then hourly, from 3 days on every 6
 * hours, from 30 days on daily, from 90 days on no more (0). `age` is the invitation's, in
 * microseconds; a negative one or a negative `polls` counts as 0. `scale` stretches the intervals,
 * not the days between which they hold, in percent: 100 = as said, clamped to 1 .. 100000. Never
 * less than a second. */
apr_interval_time_t afp_results_next_poll(apr_interval_time_t age, int polls, int scale);

/* The rank of a reading among others that are due, by the invitation's age: 0 up to 5 minutes, and
 * one more each time the age doubles; at most 15. */
int afp_results_rank(apr_interval_time_t age);

#endif
