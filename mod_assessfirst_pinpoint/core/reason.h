#ifndef AFP_CORE_REASON_H
#define AFP_CORE_REASON_H

#include <apr_pools.h>

/* Why a follow-up ended or waits, or an API does not work, is stored as a sentence in English: it
 * is also for logs, and a later version reads it, too. Here are the formats of all sentences, for
 * those who write them, and the way back for who shows them in another language. */

/* deliveries that invite nobody: core/settings.c */
#define AFP_SENTENCE_STATUS_SET                                                                    \
    "a new application invites nobody here, because the status is \"%s\""
#define AFP_SENTENCE_STATUS_EMPTY "a changed stage invites nobody here, because the status is empty"
#define AFP_SENTENCE_EVENT_UNKNOWN                                                                 \
    "the event \"%s\" is not known: it may be the trigger under another name"
#define AFP_SENTENCE_EVENT_NEVER "the event \"%s\" never invites anybody"
#define AFP_SENTENCE_EVENT_ALONE "the event names no application"

/* applications that invite nobody: core/application.c */
#define AFP_SENTENCE_STAGE_UNTOLD                                                                  \
    "Pinpoint did not say in which stage the application is; the status asks for \"%s\""
#define AFP_SENTENCE_STAGE_CASE                                                                    \
    "the application is in the stage \"%s\", the status asks for \"%s\": only upper and "          \
    "lower case differ"
#define AFP_SENTENCE_STAGE_OTHER                                                                   \
    "the application is in the stage \"%s\", the status asks for \"%s\""
#define AFP_SENTENCE_REJECTED  "the application is rejected"
#define AFP_SENTENCE_HIRED     "the candidate is hired already"
#define AFP_SENTENCE_DEMO      "the application is one of Pinpoint's demo data"
#define AFP_SENTENCE_CONCEALED "Pinpoint conceals who the candidate is (blind screening)"
#define AFP_SENTENCE_NO_EMAIL  "the application has no usable e-mail address"

/* invitations: work/invite.c */
#define AFP_SENTENCE_TEST_EVENT  "Pinpoint does not know application %s (a test event?)"
#define AFP_SENTENCE_UNKNOWN     "Pinpoint does not know application %s"
#define AFP_SENTENCE_UNKNOWN_YET "Pinpoint does not know application %s yet"
#define AFP_SENTENCE_JOB_UNTOLD  "Pinpoint did not say which job the application is for"
#define AFP_SENTENCE_NOTHING_SELECTED                                                              \
    "Nothing is selected in \"%s\" on job %s, so nobody is invited"
#define AFP_SENTENCE_MODEL_GONE                                                                    \
    "AssessFirst has no predictive model named \"%s\", which is selected on job %s"
#define AFP_SENTENCE_INVITED          "Invited with model %s"
#define AFP_SENTENCE_INVITED_NO_MODEL "Invited with no predictive model"
#define AFP_SENTENCE_INVITED_UNANSWERED                                                            \
    "Invited: AssessFirst shows the invitation, although its answer was lost"
#define AFP_SENTENCE_ALREADY          "Already invited"
#define AFP_SENTENCE_ALREADY_MODEL    "Already invited with model %s"
#define AFP_SENTENCE_ALREADY_NO_MODEL "Already invited with no predictive model"
#define AFP_SENTENCE_MAYBE_SENT                                                                    \
    "It is not certain whether AssessFirst sent the invitation; the candidate will be "            \
    "looked up there"
#define AFP_SENTENCE_MAYBE_SENT_AFTER                                                              \
    "It is not certain whether AssessFirst sent the invitation; the candidate will be "            \
    "looked up there. %s"
#define AFP_SENTENCE_UNCERTAIN                                                                     \
    "It is not certain whether the candidate was invited: %s. Ask AssessFirst or the "             \
    "candidate, then use \"Send again\" if needed"
#define AFP_SENTENCE_SENT_TWICE "it was sent twice and AssessFirst does not know the candidate"
#define AFP_SENTENCE_NOT_REPEATED                                                                  \
    "AssessFirst does not know the candidate, and the invitation was not repeated "                \
    "because %s"
#define AFP_SENTENCE_NO_EMAIL_NOW  "the application has no usable e-mail address any more"
#define AFP_SENTENCE_NOT_LOOKED_UP "the candidate could not be looked up (%s)"
#define AFP_SENTENCE_NOT_SHOWN                                                                     \
    "AssessFirst knows the candidate, but its record does not show this invitation"

/* any follow-up: work/job.c and the like */
#define AFP_SENTENCE_NO_DATABASE  "The database did not answer"
#define AFP_SENTENCE_NO_TOKEN     "No AssessFirst API token is set"
#define AFP_SENTENCE_GIVEN_UP     "Given up after %d tries. %s"
#define AFP_SENTENCE_KIND_UNKNOWN "This machine's module does not know this kind"
#define AFP_SENTENCE_ERASURES_LOST                                                                 \
    "Whether this candidate's data was erased cannot be read any more"
#define AFP_SENTENCE_RESULTS_UNREADABLE                                                            \
    "The candidate was invited, but the results cannot be read. %s"

/* readings and write-backs: work/read_results.c, work/write_back.c, core/results_text.c */
#define AFP_SENTENCE_TOO_OLD           "the invitation is too old"
#define AFP_SENTENCE_CANDIDATE_UNKNOWN "AssessFirst does not know the candidate"
#define AFP_SENTENCE_ADDRESS_UNKNOWN   "AssessFirst does not know the candidate's address yet"
#define AFP_SENTENCE_NO_SCORE          "AssessFirst gave no overall score within a day"
#define AFP_SENTENCE_DELETED           "the application was deleted in Pinpoint"
#define AFP_SENTENCE_NOTHING_TO_READ   "There is no invitation whose results could be read"
#define AFP_SENTENCE_NOTHING_TO_WRITE  "There is nothing to write"
#define AFP_SENTENCE_WAITS             "Invited"
#define AFP_SENTENCE_STARTED           "In progress %d/%d"
#define AFP_SENTENCE_COMPLETED         "Completed"
#define AFP_SENTENCE_DECLINED          "Declined"
#define AFP_SENTENCE_EXPIRED           "Expired"
#define AFP_SENTENCE_FAILED            "Failed: %s"
#define AFP_SENTENCE_NO_SUCH_MODEL     "the predictive model of the job does not exist at AssessFirst"

/* custom fields: work/fields.c, work/synchronise.c */
#define AFP_SENTENCE_FIELD_REFUSED "The custom field \"%s\" could not be made: %s."
#define AFP_SENTENCE_FIELD_OTHER_TYPE                                                              \
    "The custom field \"%s\" exists in Pinpoint with the type %s; it is left alone, %s "           \
    "is needed."
#define AFP_SENTENCE_OPTIONS_REFUSED                                                               \
    "The options of \"%s\" could not be changed and are as they were: %s."

/* what an API answered: remote/ */
#define AFP_SENTENCE_ANSWERED       "%s answered %d"
#define AFP_SENTENCE_ANSWERED_WORDS "%s answered %d: %s"
#define AFP_SENTENCE_ANSWERED_REDIRECT                                                             \
    "%s answered %d, a redirect, which is not followed: check %sAPI"
#define AFP_SENTENCE_ANSWERED_BUT          "%s answered %d, but %s"
#define AFP_SENTENCE_BUT_NO_JSON           "not with JSON (%s)"
#define AFP_SENTENCE_BUT_NO_LIST           "not with a list"
#define AFP_SENTENCE_BUT_NO_MODELS         "not with a list of predictive models"
#define AFP_SENTENCE_BUT_NO_CANDIDATES     "not with a list of candidates"
#define AFP_SENTENCE_BUT_NO_CANDIDATE      "with something else than the candidate or an empty list"
#define AFP_SENTENCE_BUT_OTHER_CANDIDATE   "not with the candidate that was asked for"
#define AFP_SENTENCE_BUT_OTHER_APPLICATION "not with the application that was asked for"
#define AFP_SENTENCE_BUT_NO_ATTRIBUTES     "not with a list of custom attributes"
#define AFP_SENTENCE_BUT_NO_FIELD          "not with the custom field that was made"
#define AFP_SENTENCE_BUT_LONG_LIST         "with a list of more than %d rows"
#define AFP_SENTENCE_NEEDS                 "%s (the API key needs %s)"
#define AFP_SENTENCE_NEEDS_ALL                                                                     \
    "%s (every call is refused: is the Pinpoint API switched on, and has the API key any "         \
    "permissions?)"
#define AFP_SENTENCE_BUDGET "the budget of calls to AssessFirst ended within %s"

/* no answer: remote/http_failure.c */
#define AFP_SENTENCE_UNREACHABLE     "%s could not be reached: %s"
#define AFP_SENTENCE_NOT_PUBLIC      "the address of %s is not public"
#define AFP_SENTENCE_NO_NAME         "the name %s cannot be resolved"
#define AFP_SENTENCE_NO_PROXY_NAME   "the name of the proxy cannot be resolved"
#define AFP_SENTENCE_REFUSED         "connection refused"
#define AFP_SENTENCE_NO_ROUTE        "no route to the host"
#define AFP_SENTENCE_TIMED_OUT       "the connection timed out"
#define AFP_SENTENCE_RESET           "connection reset"
#define AFP_SENTENCE_NO_DESCRIPTOR   "this server has no file descriptor left"
#define AFP_SENTENCE_NO_CONNECTION   "no connection"
#define AFP_SENTENCE_NOT_WITHIN      "no connection within %s"
#define AFP_SENTENCE_NO_PROXY        "no connection through the proxy"
#define AFP_SENTENCE_PROXY_ANSWERED  "the proxy answered %ld"
#define AFP_SENTENCE_CERTIFICATE     "its certificate is not accepted"
#define AFP_SENTENCE_CERTIFICATE_WHY "its certificate is not accepted (%s)"
#define AFP_SENTENCE_NO_TLS          "no TLS connection"
#define AFP_SENTENCE_NO_TLS_WHY      "no TLS connection (%s)"
#define AFP_SENTENCE_CA_FILE         "the file of %sCACertificateFile cannot be used"
#define AFP_SENTENCE_CA_LIST         "this server's own list of certification authorities cannot be read"
#define AFP_SENTENCE_NO_ANSWER       "%s did not answer in %s"
#define AFP_SENTENCE_NO_WHOLE_ANSWER "%s did not finish its answer in %s"
#define AFP_SENTENCE_STALLED         "%s did not finish its answer (it stalled)"
#define AFP_SENTENCE_BROKEN_OFF      "%s broke its answer off"
#define AFP_SENTENCE_CLOSED          "%s closed the connection without an answer"
#define AFP_SENTENCE_NO_HTTP         "%s did not answer in HTTP"
#define AFP_SENTENCE_TOO_LARGE       "%s sent an answer that is too large"
#define AFP_SENTENCE_NO_MEMORY       "%s sent an answer for which this server has no memory"

/* The same in the same order: what the way back finds. The catalogue of the page has a text for
 * each (AFP_WORDS_REASON_...; scripts/check-catalogues compares). */
typedef enum {
    AFP_REASON_STATUS_SET,
    AFP_REASON_STATUS_EMPTY,
    AFP_REASON_EVENT_UNKNOWN,
    AFP_REASON_EVENT_NEVER,
    AFP_REASON_EVENT_ALONE,
    AFP_REASON_STAGE_UNTOLD,
    AFP_REASON_STAGE_CASE,
    AFP_REASON_STAGE_OTHER,
    AFP_REASON_REJECTED,
    AFP_REASON_HIRED,
    AFP_REASON_DEMO,
    AFP_REASON_CONCEALED,
    AFP_REASON_NO_EMAIL,
    AFP_REASON_TEST_EVENT,
    AFP_REASON_UNKNOWN,
    AFP_REASON_UNKNOWN_YET,
    AFP_REASON_JOB_UNTOLD,
    AFP_REASON_NOTHING_SELECTED,
    AFP_REASON_MODEL_GONE,
    AFP_REASON_INVITED,
    AFP_REASON_INVITED_NO_MODEL,
    AFP_REASON_INVITED_UNANSWERED,
    AFP_REASON_ALREADY,
    AFP_REASON_ALREADY_MODEL,
    AFP_REASON_ALREADY_NO_MODEL,
    AFP_REASON_MAYBE_SENT,
    AFP_REASON_MAYBE_SENT_AFTER,
    AFP_REASON_UNCERTAIN,
    AFP_REASON_SENT_TWICE,
    AFP_REASON_NOT_REPEATED,
    AFP_REASON_NO_EMAIL_NOW,
    AFP_REASON_NOT_LOOKED_UP,
    AFP_REASON_NOT_SHOWN,
    AFP_REASON_NO_DATABASE,
    AFP_REASON_NO_TOKEN,
    AFP_REASON_GIVEN_UP,
    AFP_REASON_KIND_UNKNOWN,
    AFP_REASON_ERASURES_LOST,
    AFP_REASON_RESULTS_UNREADABLE,
    AFP_REASON_TOO_OLD,
    AFP_REASON_CANDIDATE_UNKNOWN,
    AFP_REASON_ADDRESS_UNKNOWN,
    AFP_REASON_NO_SCORE,
    AFP_REASON_DELETED,
    AFP_REASON_NOTHING_TO_READ,
    AFP_REASON_NOTHING_TO_WRITE,
    AFP_REASON_WAITS,
    AFP_REASON_STARTED,
    AFP_REASON_COMPLETED,
    AFP_REASON_DECLINED,
    AFP_REASON_EXPIRED,
    AFP_REASON_FAILED,
    AFP_REASON_NO_SUCH_MODEL,
    AFP_REASON_FIELD_REFUSED,
    AFP_REASON_FIELD_OTHER_TYPE,
    AFP_REASON_OPTIONS_REFUSED,
    AFP_REASON_ANSWERED,
    AFP_REASON_ANSWERED_WORDS,
    AFP_REASON_ANSWERED_REDIRECT,
    AFP_REASON_ANSWERED_BUT,
    AFP_REASON_BUT_NO_JSON,
    AFP_REASON_BUT_NO_LIST,
    AFP_REASON_BUT_NO_MODELS,
    AFP_REASON_BUT_NO_CANDIDATES,
    AFP_REASON_BUT_NO_CANDIDATE,
    AFP_REASON_BUT_OTHER_CANDIDATE,
    AFP_REASON_BUT_OTHER_APPLICATION,
    AFP_REASON_BUT_NO_ATTRIBUTES,
    AFP_REASON_BUT_NO_FIELD,
    AFP_REASON_BUT_LONG_LIST,
    AFP_REASON_NEEDS,
    AFP_REASON_NEEDS_ALL,
    AFP_REASON_BUDGET,
    AFP_REASON_UNREACHABLE,
    AFP_REASON_NOT_PUBLIC,
    AFP_REASON_NO_NAME,
    AFP_REASON_NO_PROXY_NAME,
    AFP_REASON_REFUSED,
    AFP_REASON_NO_ROUTE,
    AFP_REASON_TIMED_OUT,
    AFP_REASON_RESET,
    AFP_REASON_NO_DESCRIPTOR,
    AFP_REASON_NO_CONNECTION,
    AFP_REASON_NOT_WITHIN,
    AFP_REASON_NO_PROXY,
    AFP_REASON_PROXY_ANSWERED,
    AFP_REASON_CERTIFICATE,
    AFP_REASON_CERTIFICATE_WHY,
    AFP_REASON_NO_TLS,
    AFP_REASON_NO_TLS_WHY,
    AFP_REASON_CA_FILE,
    AFP_REASON_CA_LIST,
    AFP_REASON_NO_ANSWER,
    AFP_REASON_NO_WHOLE_ANSWER,
    AFP_REASON_STALLED,
    AFP_REASON_BROKEN_OFF,
    AFP_REASON_CLOSED,
    AFP_REASON_NO_HTTP,
    AFP_REASON_TOO_LARGE,
    AFP_REASON_NO_MEMORY,
    AFP_REASONS
} afp_reason_t;

#define AFP_REASON_PLACES 3

/* The reason whose format a stored sentence has, and in `parts` what was filled into it, copied
 * into `pool` (NULL behind the last). Of several formats that fit the one with most words of its
 * own counts. AFP_REASONS if none fits: a remote's own words, or a sentence of a newer version. */
afp_reason_t afp_reason_read(apr_pool_t *pool, const char *sentence,
                             const char *parts[AFP_REASON_PLACES]);

#endif
