#ifndef AFP_WEB_PAGE_RESULT_H
#define AFP_WEB_PAGE_RESULT_H

#include "web/page.h"

/* How a state of the activity is told, wherever it stands: in the list, and in an application's
 * history. */

/* What happened to what: as store/activity.h and store/history.h have it. */
typedef struct {
    const char *id;
    const char *kind; /* of the follow-up, or the event's name */
    const char *state;
    const char *application_id;
    const char *reason; /* in English: stored */
    apr_time_t at;
    int attempts;
} afp_page_result_t;

/* When: it ended, is due, or came; now, if it runs. */
void afp_page_write_when(const afp_page_t *page, const afp_page_result_t *result);

/* The pill of a state. */
void afp_page_write_result(const afp_page_t *page, const char *state);

/* The state's name; plain. */
const char *afp_page_result_name(const afp_page_t *page, const char *state);

/* What it is about: an invitation, results, ...; plain. */
const char *afp_page_result_subject(const afp_page_t *page, const afp_page_result_t *result);

/* Why, how often it was tried, and when it will be tried again. */
void afp_page_write_why(const afp_page_t *page, const afp_page_result_t *result);

/* 1 if there is something that the administrator can do about it; and the buttons for that, which
 * need a form of afp_page_begin_form around them. */
int afp_page_result_has_buttons(const afp_page_t *page, const afp_page_result_t *result);
void afp_page_write_result_buttons(const afp_page_t *page, const afp_page_result_t *result);

/* A link to the application in the company's Pinpoint, if its address is known. */
void afp_page_write_application_link(const afp_page_t *page, const char *application_id,
                                     const char *job_id);

#endif
