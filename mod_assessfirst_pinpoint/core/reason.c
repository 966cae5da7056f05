#include "core/reason.h"

#include <apr_strings.h>
#include <string.h>

static const char *const formats[AFP_REASONS] = {
    [AFP_REASON_STATUS_SET] = AFP_SENTENCE_STATUS_SET,
    [AFP_REASON_STATUS_EMPTY] = AFP_SENTENCE_STATUS_EMPTY,
    [AFP_REASON_EVENT_UNKNOWN] = AFP_SENTENCE_EVENT_UNKNOWN,
    [AFP_REASON_EVENT_NEVER] = AFP_SENTENCE_EVENT_NEVER,
    [AFP_REASON_EVENT_ALONE] = AFP_SENTENCE_EVENT_ALONE,
    [AFP_REASON_STAGE_UNTOLD] = AFP_SENTENCE_STAGE_UNTOLD,
    [AFP_REASON_STAGE_CASE] = AFP_SENTENCE_STAGE_CASE,
    [AFP_REASON_STAGE_OTHER] = AFP_SENTENCE_STAGE_OTHER,
    [AFP_REASON_REJECTED] = AFP_SENTENCE_REJECTED,
    [AFP_REASON_HIRED] = AFP_SENTENCE_HIRED,
    [AFP_REASON_DEMO] = AFP_SENTENCE_DEMO,
    [AFP_REASON_CONCEALED] = AFP_SENTENCE_CONCEALED,
    [AFP_REASON_NO_EMAIL] = AFP_SENTENCE_NO_EMAIL,
    [AFP_REASON_TEST_EVENT] = AFP_SENTENCE_TEST_EVENT,
    [AFP_REASON_UNKNOWN] = AFP_SENTENCE_UNKNOWN,
    [AFP_REASON_UNKNOWN_YET] = AFP_SENTENCE_UNKNOWN_YET,
    [AFP_REASON_JOB_UNTOLD] = AFP_SENTENCE_JOB_UNTOLD,
    [AFP_REASON_NOTHING_SELECTED] = AFP_SENTENCE_NOTHING_SELECTED,
    [AFP_REASON_MODEL_GONE] = AFP_SENTENCE_MODEL_GONE,
    [AFP_REASON_INVITED] = AFP_SENTENCE_INVITED,
    [AFP_REASON_INVITED_NO_MODEL] = AFP_SENTENCE_INVITED_NO_MODEL,
    [AFP_REASON_INVITED_UNANSWERED] = AFP_SENTENCE_INVITED_UNANSWERED,
    [AFP_REASON_ALREADY] = AFP_SENTENCE_ALREADY,
    [AFP_REASON_ALREADY_MODEL] = AFP_SENTENCE_ALREADY_MODEL,
    [AFP_REASON_ALREADY_NO_MODEL] = AFP_SENTENCE_ALREADY_NO_MODEL,
    [AFP_REASON_MAYBE_SENT] = AFP_SENTENCE_MAYBE_SENT,
    [AFP_REASON_MAYBE_SENT_AFTER] = AFP_SENTENCE_MAYBE_SENT_AFTER,
    [AFP_REASON_UNCERTAIN] = AFP_SENTENCE_UNCERTAIN,
    [AFP_REASON_SENT_TWICE] = AFP_SENTENCE_SENT_TWICE,
    [AFP_REASON_NOT_REPEATED] = AFP_SENTENCE_NOT_REPEATED,
    [AFP_REASON_NO_EMAIL_NOW] = AFP_SENTENCE_NO_EMAIL_NOW,
    [AFP_REASON_NOT_LOOKED_UP] = AFP_SENTENCE_NOT_LOOKED_UP,
    [AFP_REASON_NOT_SHOWN] = AFP_SENTENCE_NOT_SHOWN,
    [AFP_REASON_NO_DATABASE] = AFP_SENTENCE_NO_DATABASE,
    [AFP_REASON_NO_TOKEN] = AFP_SENTENCE_NO_TOKEN,
    [AFP_REASON_GIVEN_UP] = AFP_SENTENCE_GIVEN_UP,
    [AFP_REASON_KIND_UNKNOWN] = AFP_SENTENCE_KIND_UNKNOWN,
    [AFP_REASON_ERASURES_LOST] = AFP_SENTENCE_ERASURES_LOST,
    [AFP_REASON_RESULTS_UNREADABLE] = AFP_SENTENCE_RESULTS_UNREADABLE,
    [AFP_REASON_TOO_OLD] = AFP_SENTENCE_TOO_OLD,
    [AFP_REASON_CANDIDATE_UNKNOWN] = AFP_SENTENCE_CANDIDATE_UNKNOWN,
    [AFP_REASON_ADDRESS_UNKNOWN] = AFP_SENTENCE_ADDRESS_UNKNOWN,
    [AFP_REASON_NO_SCORE] = AFP_SENTENCE_NO_SCORE,
    [AFP_REASON_DELETED] = AFP_SENTENCE_DELETED,
    [AFP_REASON_NOTHING_TO_READ] = AFP_SENTENCE_NOTHING_TO_READ,
    [AFP_REASON_NOTHING_TO_WRITE] = AFP_SENTENCE_NOTHING_TO_WRITE,
    [AFP_REASON_WAITS] = AFP_SENTENCE_WAITS,
    [AFP_REASON_STARTED] = AFP_SENTENCE_STARTED,
    [AFP_REASON_COMPLETED] = AFP_SENTENCE_COMPLETED,
    [AFP_REASON_DECLINED] = AFP_SENTENCE_DECLINED,
    [AFP_REASON_EXPIRED] = AFP_SENTENCE_EXPIRED,
    [AFP_REASON_FAILED] = AFP_SENTENCE_FAILED,
    [AFP_REASON_NO_SUCH_MODEL] = AFP_SENTENCE_NO_SUCH_MODEL,
    [AFP_REASON_FIELD_REFUSED] = AFP_SENTENCE_FIELD_REFUSED,
    [AFP_REASON_FIELD_OTHER_TYPE] = AFP_SENTENCE_FIELD_OTHER_TYPE,
    [AFP_REASON_OPTIONS_REFUSED] = AFP_SENTENCE_OPTIONS_REFUSED,
    [AFP_REASON_ANSWERED] = AFP_SENTENCE_ANSWERED,
    [AFP_REASON_ANSWERED_WORDS] = AFP_SENTENCE_ANSWERED_WORDS,
    [AFP_REASON_ANSWERED_REDIRECT] = AFP_SENTENCE_ANSWERED_REDIRECT,
    [AFP_REASON_ANSWERED_BUT] = AFP_SENTENCE_ANSWERED_BUT,
    [AFP_REASON_BUT_NO_JSON] = AFP_SENTENCE_BUT_NO_JSON,
    [AFP_REASON_BUT_NO_LIST] = AFP_SENTENCE_BUT_NO_LIST,
    [AFP_REASON_BUT_NO_MODELS] = AFP_SENTENCE_BUT_NO_MODELS,
    [AFP_REASON_BUT_NO_CANDIDATES] = AFP_SENTENCE_BUT_NO_CANDIDATES,
    [AFP_REASON_BUT_NO_CANDIDATE] = AFP_SENTENCE_BUT_NO_CANDIDATE,
    [AFP_REASON_BUT_OTHER_CANDIDATE] = AFP_SENTENCE_BUT_OTHER_CANDIDATE,
    [AFP_REASON_BUT_OTHER_APPLICATION] = AFP_SENTENCE_BUT_OTHER_APPLICATION,
    [AFP_REASON_BUT_NO_ATTRIBUTES] = AFP_SENTENCE_BUT_NO_ATTRIBUTES,
    [AFP_REASON_BUT_NO_FIELD] = AFP_SENTENCE_BUT_NO_FIELD,
    [AFP_REASON_BUT_LONG_LIST] = AFP_SENTENCE_BUT_LONG_LIST,
    [AFP_REASON_NEEDS] = AFP_SENTENCE_NEEDS,
    [AFP_REASON_NEEDS_ALL] = AFP_SENTENCE_NEEDS_ALL,
    [AFP_REASON_BUDGET] = AFP_SENTENCE_BUDGET,
    [AFP_REASON_UNREACHABLE] = AFP_SENTENCE_UNREACHABLE,
    [AFP_REASON_NOT_PUBLIC] = AFP_SENTENCE_NOT_PUBLIC,
    [AFP_REASON_NO_NAME] = AFP_SENTENCE_NO_NAME,
    [AFP_REASON_NO_PROXY_NAME] = AFP_SENTENCE_NO_PROXY_NAME,
    [AFP_REASON_REFUSED] = AFP_SENTENCE_REFUSED,
    [AFP_REASON_NO_ROUTE] = AFP_SENTENCE_NO_ROUTE,
    [AFP_REASON_TIMED_OUT] = AFP_SENTENCE_TIMED_OUT,
    [AFP_REASON_RESET] = AFP_SENTENCE_RESET,
    [AFP_REASON_NO_DESCRIPTOR] = AFP_SENTENCE_NO_DESCRIPTOR,
    [AFP_REASON_NO_CONNECTION] = AFP_SENTENCE_NO_CONNECTION,
    [AFP_REASON_NOT_WITHIN] = AFP_SENTENCE_NOT_WITHIN,
    [AFP_REASON_NO_PROXY] = AFP_SENTENCE_NO_PROXY,
    [AFP_REASON_PROXY_ANSWERED] = AFP_SENTENCE_PROXY_ANSWERED,
    [AFP_REASON_CERTIFICATE] = AFP_SENTENCE_CERTIFICATE,
    [AFP_REASON_CERTIFICATE_WHY] = AFP_SENTENCE_CERTIFICATE_WHY,
    [AFP_REASON_NO_TLS] = AFP_SENTENCE_NO_TLS,
    [AFP_REASON_NO_TLS_WHY] = AFP_SENTENCE_NO_TLS_WHY,
    [AFP_REASON_CA_FILE] = AFP_SENTENCE_CA_FILE,
    [AFP_REASON_CA_LIST] = AFP_SENTENCE_CA_LIST,
    [AFP_REASON_NO_ANSWER] = AFP_SENTENCE_NO_ANSWER,
    [AFP_REASON_NO_WHOLE_ANSWER] = AFP_SENTENCE_NO_WHOLE_ANSWER,
    [AFP_REASON_STALLED] = AFP_SENTENCE_STALLED,
    [AFP_REASON_BROKEN_OFF] = AFP_SENTENCE_BROKEN_OFF,
    [AFP_REASON_CLOSED] = AFP_SENTENCE_CLOSED,
    [AFP_REASON_NO_HTTP] = AFP_SENTENCE_NO_HTTP,
    [AFP_REASON_TOO_LARGE] = AFP_SENTENCE_TOO_LARGE,
    [AFP_REASON_NO_MEMORY] = AFP_SENTENCE_NO_MEMORY,
};

/* The first place of a format, "%s", "%d" or "%ld", or its end; *behind is what follows. */
static const char *find_place(const char *format, const char **behind)
{
    const char *place = format + strcspn(format, "%");

    *behind = place;
    if (*place != '\0') {
        *behind = place + 1 + strspn(place + 1, "l") + 1;
    }
    return place;
}

/* Where `length` bytes of `words` begin in `text`; at its very end if `is_last`. NULL if nowhere.
 */
static const char *find_words(const char *text, const char *words, size_t length, int is_last)
{
    size_t left = strlen(text);

    if (is_last) {
        return left >= length && strcmp(text + left - length, words) == 0 ? text + left - length
                                                                          : NULL;
    }
    for (; left >= length; text++, left--) {
        if (strncmp(text, words, length) == 0) {
            return text;
        }
    }
    return NULL;
}

/* How many bytes of its own a fitting format has, or -1. A part reaches to the first occurrence of
 * what follows it; the last part to the end. */
static int fit(apr_pool_t *pool, const char *format, const char *sentence,
               const char *parts[AFP_REASON_PLACES])
{
    const char *behind;
    const char *place = find_place(format, &behind);
    size_t length = (size_t)(place - format);
    int own = (int)length;

    memset(parts, 0, AFP_REASON_PLACES * sizeof(*parts));
    if (strncmp(sentence, format, length) != 0) {
        return -1;
    }
    sentence += length;
    for (int i = 0; *place != '\0' && i < AFP_REASON_PLACES; i++) {
        const char *words = behind;
        const char *end;

        place = find_place(words, &behind);
        length = (size_t)(place - words);
        end = find_words(sentence, words, length, *place == '\0');
        if (end == NULL) {
            return -1;
        }
        parts[i] = apr_pstrmemdup(pool, sentence, (apr_size_t)(end - sentence));
        sentence = end + length;
        own += (int)length;
    }
    return *sentence == '\0' ? own : -1;
}

afp_reason_t afp_reason_read(apr_pool_t *pool, const char *sentence,
                             const char *parts[AFP_REASON_PLACES])
{
    afp_reason_t best = AFP_REASONS;
    int most = -1;

    for (int i = 0; i < AFP_REASONS; i++) {
        const char *found[AFP_REASON_PLACES];
        int own = fit(pool, formats[i], sentence, found);

        if (own > most) {
            most = own;
            best = (afp_reason_t)i;
            memcpy(parts, found, sizeof(found));
        }
    }
    return best;
}
