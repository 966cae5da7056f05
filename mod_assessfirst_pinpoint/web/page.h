#ifndef AFP_WEB_PAGE_H
#define AFP_WEB_PAGE_H

#include "core/language.h"
#include "store/activity.h"
#include "store/arrival.h"
#include "store/assessment.h"
#include "store/audit.h"
#include "store/checked.h"
#include "store/day.h"
#include "store/field.h"
#include "store/history.h"
#include "store/secret.h"
#include "web/activity_query.h"
#include "web/config.h"
#include "web/form.h"
#include "web/settings_form.h"

#include <httpd.h>

/* The marketplace page: what it knows of a request, and its parts. */

/* What was done, told once after the redirect. */
typedef enum {
    AFP_SAID_NOTHING,
    AFP_SAID_GENERATED,
    AFP_SAID_SAVED,
    AFP_SAID_SAVED_CHECKING, /* saved, and what the checks find is not known yet */
    AFP_SAID_DRAFT,
    AFP_SAID_PAUSED,
    AFP_SAID_RESUMED,
    AFP_SAID_DISCONNECTED,
    AFP_SAID_DELETING,
    AFP_SAID_CHECKING,
    AFP_SAID_KEY_REFUSED, /* saved, but Pinpoint does not accept the API key */
    AFP_SAID_WORKS,
    AFP_SAID_LACKS,
    AFP_SAID_FORMER_REMOVED,
    AFP_SAID_REVOKED,
    AFP_SAID_ERASED,
    AFP_SAID_NOTHING_HELD,
    AFP_SAID_NOBODY_ERASED,
    AFP_SAID_INVITING,
    AFP_SAID_SENDING_AGAIN,
    AFP_SAID_TRYING_AGAIN,
    AFP_SAID_TRYING_ALL,
    AFP_SAID_DECIDED,
    AFP_SAID_STILL_IGNORED,
    AFP_SAID_SYNCHRONISING,
    AFP_SAID_REFRESHING,
    AFP_SAID_GONE,
    AFP_SAID_COUNT
} afp_said_t;

/* The views of a company, as the parameter "view" names them. */
typedef enum {
    AFP_VIEW_OVERVIEW,
    AFP_VIEW_ACTIVITY,
    AFP_VIEW_APPLICATION, /* one of the activity */
    AFP_VIEW_SETTINGS,
    AFP_VIEW_CHANGES,
    AFP_VIEWS
} afp_view_t;

/* What the checks of the connection found, and what arrives from Pinpoint. */
typedef struct {
    afp_checked_t pinpoint;
    afp_checked_t stages;
    apr_array_header_t *grants;      /* afp_permission_grant_t */
    apr_array_header_t *stage_names; /* const char * */
    apr_array_header_t *arrivals;    /* afp_arrival_t */
} afp_found_t;

/* One request. Made by the handler, in r->pool; the tenant's secrets are cleansed with it. */
typedef struct {
    request_rec *r;
    const afp_vhost_t *vhost;
    afp_language_t language;
    const char *path;           /* the page's own, percent-encoded */
    const afp_form_t *query;    /* what the address asks for */
    afp_view_t view;            /* likewise */
    afp_activity_query_t asked; /* likewise, of the activity */
    const char *company;        /* whom the user acts for */
    const char *form_token;     /* for the forms of this page */
    afp_words_t wrong;          /* with not_saved: its heading */
    const char *not_saved;      /* why nothing was done, for the top of the page; or NULL */
    int has_tenant;
    afp_tenant_t tenant;
    afp_settings_form_t settings;
    afp_said_t said;
    const char *api_token; /* just generated: shown now and never again; or NULL */

    /* read for a tenant's page */
    afp_activity_summary_t summary;
    int invitations; /* that wait, if something is in their way */
    afp_check_state_t pinpoint_check;
    afp_check_state_t assessfirst_check;
    apr_array_header_t *parkings; /* afp_parking_t */
    apr_array_header_t *notices;  /* afp_notice_t: those that hold (web/notices.h) */
    afp_activity_page_t list;     /* of the activity */
    afp_day_t days[AFP_DAYS];
    afp_history_t history; /* of the application that is asked for */
    int is_erased;         /* that application's data was erased */
    afp_synchronised_t synchronised;
    afp_assessment_count_t assessments;
    afp_found_t found;
    afp_secret_note_t secrets[AFP_SECRETS];
    apr_array_header_t *changes; /* afp_audit_entry_t: one more than is shown if there are more */

    /* the form that erases a candidate's data */
    const char *erase_application;
    const char *erase_candidate;
    afp_words_t erase_fault; /* AFP_WORDS_NONE: nothing is wrong with it */
} afp_page_t;

/* The names of the actions, as the buttons send them. */
#define AFP_ACTION_GENERATE    "generate"
#define AFP_ACTION_SAVE        "save"
#define AFP_ACTION_SAVE_DRAFT  "save-draft"
#define AFP_ACTION_PAUSE       "pause"
#define AFP_ACTION_RESUME      "resume"
#define AFP_ACTION_DISCONNECT  "disconnect"
#define AFP_ACTION_CHECK       "check"
#define AFP_ACTION_FORGET      "forget-former-secret"
#define AFP_ACTION_REVOKE      "revoke"
#define AFP_ACTION_ERASE       "erase"
#define AFP_ACTION_INVITE      "invite-anyway"
#define AFP_ACTION_SEND_AGAIN  "send-again"
#define AFP_ACTION_TRY_AGAIN   "try-again"
#define AFP_ACTION_TRY_ALL     "try-all-again"
#define AFP_ACTION_DECIDE      "decide-again"
#define AFP_ACTION_DECIDE_ALL  "decide-all-again"
#define AFP_ACTION_SYNCHRONISE "synchronise"
#define AFP_ACTION_REFRESH     "refresh" /* one candidate's results */
#define AFP_ACTION_REFRESH_ALL "refresh-all"

/* Writes the whole page, or only the sections that the page's script renews. */
void afp_page_write(const afp_page_t *page, int status);
void afp_page_write_live(const afp_page_t *page);

/* The parameter with which that script asks for them. */
#define AFP_PAGE_LIVE "live"

/* What is asked before something that cannot be undone. */
typedef struct {
    const char *action;
    const char *id;     /* of what it is about, or "" */
    int occurrence;     /* of the invitation that a second one would follow, or 0: the answer counts
                         * only while this is the latest, so that a double click sends once */
    const char *until;  /* likewise of what was counted: microseconds; or NULL */
    const char *title;  /* the button's text, in the page's language */
    const char *words;  /* what it means */
    const char *more;   /* a further paragraph, or NULL */
    int is_harmless;    /* nothing is lost by it */
    const char *option; /* what may be ticked besides: the words at the checkbox; NULL: nothing */
    const char *typed;  /* what must be typed to confirm; NULL: nothing */
    int is_mistyped;    /* it was not */
} afp_question_t;

/* Writes a whole page with nothing but the question. A ticked option and what was typed come back
 * as these fields. */
#define AFP_QUESTION_OPTION "option"
#define AFP_QUESTION_UNTIL  "until"
#define AFP_QUESTION_TYPED  "typed"
void afp_page_ask(const afp_page_t *page, const afp_question_t *question);

/* Parts of the page, each a section of its own. */
void afp_page_write_state(const afp_page_t *page);
void afp_page_write_steps(const afp_page_t *page);
void afp_page_write_settings(const afp_page_t *page);
void afp_page_write_connection(const afp_page_t *page);
void afp_page_write_models(const afp_page_t *page);
void afp_page_write_results(const afp_page_t *page);
void afp_page_write_recent(const afp_page_t *page);
void afp_page_write_strip(const afp_page_t *page);
void afp_page_write_chart(const afp_page_t *page);
void afp_page_write_answer(const afp_page_t *page);

/* The views of the activity. */
void afp_page_write_activity(const afp_page_t *page);
void afp_page_write_detail(const afp_page_t *page);
void afp_page_write_permissions(const afp_page_t *page);
void afp_page_write_former(const afp_page_t *page);
void afp_page_write_erase(const afp_page_t *page);
void afp_page_write_changes(const afp_page_t *page);

/* The fields of the form that erases. */
#define AFP_ERASE_APPLICATION "application_id"
#define AFP_ERASE_CANDIDATE   "candidate_id"

/* Changes on one page, and the parameter that names the entry before which it begins. */
#define AFP_CHANGES        25
#define AFP_CHANGES_BEFORE "before"

/* What is wrong with the trigger, as notices: a stage that does not exist, or another event than
 * the one that arrives. */
void afp_page_write_trigger_notices(const afp_page_t *page);

/* The first of them at the status itself, and 1 if it is there. */
#define AFP_STAGE_NOTE "status-stage" /* its id */
void afp_page_write_stage_note(const afp_page_t *page);
int afp_page_has_stage_note(const afp_page_t *page);

/* What is known of a secret that is stored, in the middle of a paragraph. */
void afp_page_write_secret_note(const afp_page_t *page, afp_secret_t secret);

/* Who did something, in the page's language: a user's name, or an API token. */
const char *afp_page_who(const afp_page_t *page, const char *who);

/* A part of the settings form. */
void afp_page_write_choices(const afp_page_t *page);

/* The address of a view, without fragment; that of the one that is shown, with what it shows; and
 * the view that a request asks for. */
const char *afp_page_address(const afp_page_t *page, afp_view_t view);
const char *afp_page_here(const afp_page_t *page);
afp_view_t afp_page_view_of(const afp_form_t *query);

/* The address of the list of activity (web/activity_query.h), and of an application. */
const char *afp_page_list_address(const afp_page_t *page, const char *state,
                                  const char *application_id, const char *direction,
                                  const afp_activity_place_t *place);
const char *afp_page_detail_address(const afp_page_t *page, const char *application_id);

/* What the view that is shown is called: on the page, and in the browser. */
const char *afp_page_heading(const afp_page_t *page);
const char *afp_page_title(const afp_page_t *page);

/* 1 if the company has settings: connected or paused. */
int afp_page_has_settings(const afp_page_t *page);

/* In which state the connection is, as the administrator sees it. */
typedef enum {
    AFP_STATE_NOT_CONNECTED,
    AFP_STATE_FIRST_EVENT, /* everything is set up; nothing authentic has come yet */
    AFP_STATE_CONNECTED,
    AFP_STATE_ATTENTION,
    AFP_STATE_PAUSED,
    AFP_STATE_DISCONNECTED
} afp_state_t;
afp_state_t afp_state_of(const afp_tenant_t *tenant, const apr_array_header_t *parkings,
                         const apr_array_header_t *notices, apr_time_t last_received_at);
afp_state_t afp_page_state(const afp_page_t *page);

/* How far the guided way is. */
typedef enum { AFP_STEP_TO_DO, AFP_STEP_DONE, AFP_STEP_ATTENTION } afp_step_state_t;
#define AFP_STEPS 4
afp_step_state_t afp_page_step(const afp_page_t *page, int step); /* 1 to AFP_STEPS */

/* The first step that is not done, or 0. */
int afp_page_next_step(const afp_page_t *page);

/* The first parking of an API, or NULL if it is not parked. */
const afp_parking_t *afp_page_parking(const afp_page_t *page, const char *api);

/* What is wrong with a field, in the page's language; "" if nothing is. */
const char *afp_page_fault(const afp_page_t *page, afp_setting_t field);

#endif
