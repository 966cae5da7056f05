#include "store/profile.h"
#include "work/write_back.h"

#include <string.h>

/* A comment cannot be taken back and Pinpoint announces it by e-mail: that one is being added is
 * written down first, and whoever does not know whether it was looks before he adds. */

#define BLANKS " \t\r\n"

/* 1 if `comment` begins with the first line of `text`. Pinpoint may keep line breaks and blanks in
 * its own way. */
static int begins_alike(const char *comment, const char *text)
{
    const char *end = text + strcspn(text, "\r\n");

    for (;;) {
        comment += strspn(comment, BLANKS);
        text += strspn(text, BLANKS);
        if (text >= end) {
            return 1;
        }
        if (*comment != *text) {
            return 0;
        }
        comment++;
        text++;
    }
}

/* How many of them may be the one with this text. The other lines tell what may have changed since
 * it was added: scores, a link, the model's name. */
static int count_alike(const apr_array_header_t *comments, const char *text)
{
    int count = 0;
    int i;

    for (i = 0; i < comments->nelts; i++) {
        count += begins_alike(APR_ARRAY_IDX(comments, i, const char *), text);
    }
    return count;
}

static int end_comment(const afp_job_t *job, const char *purpose, afp_comment_end_t how,
                       afp_end_t *end)
{
    return afp_job_has_written(job, afp_comment_end(job->session, job->follow_up, purpose, how),
                               end);
}

static int add(const afp_job_t *job, const char *purpose, const char *text, afp_end_t *end)
{
    const afp_pinpoint_t pinpoint = afp_job_pinpoint(job);
    afp_outcome_t outcome;

    afp_pinpoint_comment_add(&pinpoint, job->follow_up->application_id, text, &outcome);
    if (outcome.kind == AFP_OUTCOME_DONE) {
        return end_comment(job, purpose, AFP_COMMENT_ADDED, end);
    }
    if (outcome.sent != AFP_SENT_UNCERTAIN &&
        !end_comment(job, purpose, AFP_COMMENT_NOT_ADDED, end)) {
        return 0;
    }
    afp_job_fail(job, &outcome, end);
    return 0;
}

/* Each invitation of the application has a comment of its own, which begins alike: ours is there if
 * there are more than those that are known to be the others'. */
static int look_and_add(const afp_job_t *job, const char *purpose, const char *text, afp_end_t *end)
{
    const afp_pinpoint_t pinpoint = afp_job_pinpoint(job);
    afp_outcome_t outcome;
    const apr_array_header_t *comments =
        afp_pinpoint_comments(&pinpoint, job->follow_up->application_id, &outcome);
    int others;

    if (!comments) {
        afp_job_fail(job, &outcome, end);
        return 0;
    }
    if (afp_comment_count_others(job->session, job->follow_up, purpose, &others) != APR_SUCCESS) {
        afp_job_no_database(job, end);
        return 0;
    }
    return count_alike(comments, text) > others ? end_comment(job, purpose, AFP_COMMENT_ADDED, end)
                                                : add(job, purpose, text, end);
}

int afp_write_comment(const afp_job_t *job, const char *purpose, const char *text,
                      afp_standing_t *standing, afp_end_t *end)
{
    afp_comment_begin_t begin;

    if (!afp_standing_ask(job, standing, end)) {
        return 0;
    }
    if (standing->deleted || standing->last.concealed) {
        return 1;
    }
    if (!afp_job_has_written(job, afp_comment_begin(job->session, job->follow_up, purpose, &begin),
                             end)) {
        return 0;
    }
    switch (begin) {
    case AFP_COMMENT_ADD:
        return add(job, purpose, text, end);
    case AFP_COMMENT_LOOK:
        return look_and_add(job, purpose, text, end);
    case AFP_COMMENT_THERE:
        return 1;
    case AFP_COMMENT_LOST:
        break;
    }
    afp_job_again(end, 0, "");
    return 0;
}
