#include "web/catalogue.h"

const char *const afp_catalogue_en[AFP_WORDS_COUNT] = {
    [AFP_WORDS_NONE] = "",

    /* frame */
    [AFP_WORDS_TITLE] = "AssessFirst for Pinpoint",
    [AFP_WORDS_TITLE_SETTINGS] = "Settings: AssessFirst for Pinpoint",
    [AFP_WORDS_TITLE_ACTIVITY] = "Activity: AssessFirst for Pinpoint",
    [AFP_WORDS_TITLE_APPLICATION] = "Application %s: AssessFirst for Pinpoint",
    [AFP_WORDS_TITLE_NOT_SAVED] = "Not saved: AssessFirst for Pinpoint",
    [AFP_WORDS_HEADING] = "Connection to Pinpoint",
    [AFP_WORDS_HEADING_APPLICATION] = "Application %s",
    [AFP_WORDS_WHO] = "Company %1$s, signed in as %2$s",
    [AFP_WORDS_SKIP] = "Skip to the content",
    [AFP_WORDS_PAGES] = "Pages",
    [AFP_WORDS_TAB_OVERVIEW] = "Overview",
    [AFP_WORDS_TAB_ACTIVITY] = "Activity",
    [AFP_WORDS_LANGUAGE] = "Language",
    [AFP_WORDS_DONE] = "Done",
    [AFP_WORDS_BACK] = "Back to the page",
    [AFP_WORDS_COPY] = "Copy",
    [AFP_WORDS_COPIED] = "Copied",
    [AFP_WORDS_OPEN_PINPOINT] = "Open Pinpoint",
    [AFP_WORDS_NEW_TAB] = "(opens in a new tab)",

    /* requests that are refused */
    [AFP_WORDS_SIGN_IN_FIRST] = "Sign in first",
    [AFP_WORDS_SIGN_IN_FIRST_WORDS] =
        "This page is for signed-in users only. If you did sign in, the site’s operator must add "
        "authentication (Require) to this address.",
    [AFP_WORDS_NOT_SET_UP] = "Not set up yet",
    [AFP_WORDS_NOT_SET_UP_WORDS] =
        "The site’s operator must say with PinpointCompany which company a user acts for.",
    [AFP_WORDS_NO_COMPANY] = "No company",
    [AFP_WORDS_NO_COMPANY_WORDS] =
        "Your account belongs to no company here. Ask the site’s operator to assign you to one.",
    [AFP_WORDS_UNAVAILABLE] = "Not available at the moment",
    [AFP_WORDS_UNAVAILABLE_WORDS] =
        "The database does not answer. Nothing is lost; please try again in a moment.",
    [AFP_WORDS_UNAVAILABLE_FORM] =
        "The database does not answer, and your settings may not be saved. Reload this page in a "
        "moment and have your browser send the form again: then nothing has to be typed once more.",
    [AFP_WORDS_UNKNOWN_ACTION] = "Unknown action",
    [AFP_WORDS_UNKNOWN_ACTION_WORDS] = "This page has no such button. Open it again.",
    [AFP_WORDS_METHOD] = "Method not allowed",
    [AFP_WORDS_METHOD_WORDS] = "This page is read with GET and changed with POST.",
    [AFP_WORDS_FOREIGN_FORM] = "Not sent from this page",
    [AFP_WORDS_FOREIGN_ORIGIN_WORDS] =
        "The form came from another site, so nothing was done. Open this page under its usual "
        "address and try again.",
    [AFP_WORDS_FOREIGN_TOKEN_WORDS] =
        "The form was not made for you and this company, so nothing was done. Open this page "
        "again and repeat what you did.",
    [AFP_WORDS_BAD_FORM] = "Form not understood",
    [AFP_WORDS_BAD_FORM_TYPE] = "This page takes nothing but its own form.",
    [AFP_WORDS_BAD_FORM_SIZE] = "The form is too large.",
    [AFP_WORDS_BAD_FORM_SLOW] = "The form did not arrive in time.",
    [AFP_WORDS_BAD_FORM_UNREADABLE] = "The form could not be read.",
    [AFP_WORDS_BAD_FORM_BYTES] = "The form holds bytes that a browser does not send.",
    [AFP_WORDS_BAD_FORM_TWICE] = "The form names a field twice.",
    [AFP_WORDS_BAD_FORM_MANY] = "The form has too many fields.",

    /* what was done */
    [AFP_WORDS_SAID_GENERATED] = "A token was generated.",
    [AFP_WORDS_SAID_SAVED] = "Saved.",
    [AFP_WORDS_SAID_SAVED_CHECKING] =
        "Saved. The check is still running: reload this page in a moment to see what it found.",
    [AFP_WORDS_SAID_DRAFT] =
        "Saved. Come back whenever you like: the connection begins when the settings are "
        "complete.",
    [AFP_WORDS_SAID_PAUSED] = "Paused: webhooks are stored, nothing is sent.",
    [AFP_WORDS_SAID_RESUMED] = "Resumed: what waited is worked off now.",
    [AFP_WORDS_SAID_DISCONNECTED] = "Disconnected. The API key and all secrets were erased.",
    [AFP_WORDS_SAID_DELETING] =
        "Disconnected. The custom fields are being deleted in Pinpoint; the API key is erased "
        "when that has ended, all other secrets were.",
    [AFP_WORDS_SAID_CHECKING] = "The connection is being tested. Reload this page in a moment.",
    [AFP_WORDS_SAID_KEY_REFUSED] =
        "Saved, but Pinpoint does not accept the API key: below is what it says. Nothing that "
        "you entered is lost.",
    [AFP_WORDS_SAID_WORKS] = "The connection works.",
    [AFP_WORDS_SAID_LACKS] = "Something does not work yet: below is what.",
    [AFP_WORDS_SAID_FORMER_REMOVED] =
        "The former secret was removed. Webhooks that are signed with it are refused from now on.",
    [AFP_WORDS_SAID_REVOKED] = "The API token was revoked: there is none now.",
    [AFP_WORDS_SAID_ERASED] = "The candidate’s data was erased.",
    [AFP_WORDS_SAID_NOTHING_HELD] =
        "Nothing was erased: nothing was held of this application. A later webhook of it will be "
        "kept away.",
    [AFP_WORDS_SAID_NOBODY_ERASED] =
        "Nothing was erased: no invitation here bears this AssessFirst id.",
    [AFP_WORDS_SAID_INVITING] = "The candidate is being invited. Reload this page in a moment.",
    [AFP_WORDS_SAID_SENDING_AGAIN] =
        "The invitation is being sent again. Reload this page in a moment.",
    [AFP_WORDS_SAID_TRYING_AGAIN] = "It is being tried again. Reload this page in a moment.",
    [AFP_WORDS_SAID_TRYING_ALL] =
        "What had failed is being tried again. Reload this page in a moment; what still stands "
        "under “Failed” can be tried once more.",
    [AFP_WORDS_SAID_DECIDED] =
        "Decided again: what is your trigger now is being worked off. Reload this page in a "
        "moment.",
    [AFP_WORDS_SAID_STILL_IGNORED] =
        "Decided again by today’s settings: it is still not your trigger, and stays ignored.",
    [AFP_WORDS_SAID_SYNCHRONISING] =
        "The models are being synchronised. Reload this page in a moment.",
    [AFP_WORDS_SAID_REFRESHING] = "Results are being read now. Reload this page in a moment.",
    [AFP_WORDS_SAID_GONE] = "Nothing was done: what you saw has changed meanwhile. This is it now.",
    [AFP_WORDS_API_TOKEN_ONCE] =
        "Your API token. Copy it now: it is shown this one time only, and stored here only as a "
        "hash. Keep it like a password.",

    /* why nothing was done */
    [AFP_WORDS_NOTHING_SAVED] = "Nothing was saved",
    [AFP_WORDS_SAVED_MEANWHILE] = "Somebody else saved meanwhile",
    [AFP_WORDS_SAVED_MEANWHILE_WORDS] =
        "These settings were changed while you were editing them. Yours are not saved yet, and "
        "nothing is lost: compare what is marked below, then save once more. What the form holds "
        "then counts.",
    [AFP_WORDS_DISCONNECTED_MEANWHILE] = "Somebody else disconnected meanwhile",
    [AFP_WORDS_DISCONNECTED_MEANWHILE_WORDS] =
        "The company was disconnected while you were editing its settings. Yours are not saved, "
        "and nothing that you typed is lost: to connect the company again with it, generate a "
        "token in another window, then save here.",
    [AFP_WORDS_SAVE_ONCE_MORE] =
        "Others saved at the same moment. What you typed is still here: please save once more.",
    [AFP_WORDS_CORRECT_THESE] = "Please correct what is marked below and save once more.",
    [AFP_WORDS_OPEN_TOO_LONG] =
        "This page was open for more than %s hours, so that it could not be told whether you "
        "sent the form. Please send it once more.",
    [AFP_WORDS_SECRETS_LOST] =
        "The stored secrets cannot be read: enter them once more first, or ask the site’s "
        "operator to list the former key again.",
    [AFP_WORDS_MISTAKE] = "There is a mistake",
    [AFP_WORDS_LABEL_AND_ERROR] = "%1$s: %2$s",
    [AFP_WORDS_ERROR] = "Error: %s",
    [AFP_WORDS_CHANGED_BY_OTHERS] =
        "Changed by somebody else while you were editing. It was: <strong>%s</strong>",
    [AFP_WORDS_CHANGED_BY_BOTH] =
        "Somebody else saved meanwhile: <strong>%s</strong>. If you save once more, yours "
        "replaces it.",
    [AFP_WORDS_EMPTY] = "(nothing)",

    /* what is wrong with a value */
    [AFP_WORDS_FAULT_NO_ADDRESS] =
        "Enter the address of your Pinpoint, such as https://acme.%s/admin.",
    [AFP_WORDS_FAULT_IP_ADDRESS] =
        "This is an IP address. Enter the address of your Pinpoint, such as "
        "https://acme.%s/admin.",
    [AFP_WORDS_FAULT_OTHER_DOMAIN] =
        "This address is not one subdomain of %1$s. Enter the address of your Pinpoint, such as "
        "https://acme.%1$s/admin.",
    [AFP_WORDS_FAULT_EMPTY] = "Enter a value.",
    [AFP_WORDS_FAULT_TOO_LONG] = "This is too long: at most %s characters.",
    [AFP_WORDS_FAULT_SECRET] =
        "The value has blanks or unusual characters inside: copy it once more.",
    [AFP_WORDS_FAULT_STATUS] = "The status has characters that cannot be part of a stage’s name.",
    [AFP_WORDS_FAULT_LOCALE] = "Choose one of the languages.",

    /* the state */
    [AFP_WORDS_STATE] = "<span>State:</span> %s",
    [AFP_WORDS_STATE_NOT_CONNECTED] = "Not connected",
    [AFP_WORDS_STATE_FIRST_EVENT] = "Waiting for your first event",
    [AFP_WORDS_STATE_CONNECTED] = "Connected",
    [AFP_WORDS_STATE_ATTENTION] = "Needs attention",
    [AFP_WORDS_STATE_PAUSED] = "Paused",
    [AFP_WORDS_STATE_DISCONNECTED] = "Disconnected",
    [AFP_WORDS_UNREADABLE] =
        "The stored secrets can no longer be read here, because the site’s encryption key has "
        "changed. Enter the API key and the secrets once more, or ask the site’s operator to "
        "list the former key again.",
    [AFP_WORDS_PINPOINT_KEY] = "<strong>Pinpoint refuses the API key</strong> (since %t).",
    [AFP_WORDS_PINPOINT_PERMISSION] =
        "<strong>Pinpoint refuses something that the API key should allow</strong> (since %t).",
    [AFP_WORDS_ASSESSFIRST_TOKEN] =
        "<strong>AssessFirst refuses the API token</strong> (since %t).",
    [AFP_WORDS_ASSESSFIRST_PERMISSION] =
        "<strong>AssessFirst refuses something that the API token should allow</strong> (since "
        "%t).",
    [AFP_WORDS_ANSWER_WAS] = "The answer was: %r",
    [AFP_WORDS_DO_PINPOINT_KEY] =
        "Create a new key in Pinpoint as in step 1, and enter it in the settings. If the key is "
        "right, it is enough that Pinpoint accepts it again.",
    [AFP_WORDS_DO_PINPOINT_PERMISSION] =
        "In Pinpoint, see that the API is switched on and that the key has every permission of "
        "step 1. It is then checked again by itself.",
    [AFP_WORDS_DO_ASSESSFIRST_TOKEN] = "Enter a valid AssessFirst API token in the settings.",
    [AFP_WORDS_DO_ASSESSFIRST_PERMISSION] =
        "Ask AssessFirst to allow your token to invite candidates and to read their results. It "
        "is then checked again by itself.",
    [AFP_WORDS_DO_SITE_TOKEN] =
        "Tell the site’s operator: the AssessFirst token belongs to the whole site.",
    [AFP_WORDS_WEBHOOKS_REFUSED] =
        "<strong>Webhooks for this company are refused</strong>: their signature does not fit the "
        "signing secret that is stored here. The last one was refused %a.",
    [AFP_WORDS_DO_SIGNING_SECRET] =
        "Compare the signing secret of the webhook in Pinpoint with the one in the settings; if "
        "in doubt, copy it there once more. Pinpoint sends what was refused again for about a day.",
    [AFP_WORDS_WAITING_FOR_REPAIR] =
        "Nothing is lost: %s invitation is waiting and will be sent when the connection works "
        "again.|Nothing is lost: %s invitations are waiting and will be sent when the connection "
        "works again.",
    [AFP_WORDS_NOTHING_LOST] =
        "Nothing is lost: what arrives meanwhile waits, and is sent when the connection works "
        "again.",
    [AFP_WORDS_WAITING_FOR_RESUME] =
        "%s invitation is waiting and will be sent when you resume.|%s invitations are waiting "
        "and will be sent when you resume.",
    [AFP_WORDS_NOTHING_WAITS] = "No invitation is waiting at the moment.",
    [AFP_WORDS_BEGIN] =
        "AssessFirst can invite your candidates to their assessment as they move through "
        "Pinpoint, and write their results back. It takes four steps. To begin, generate a "
        "token: it gives your company an address of its own here, and later opens the connection "
        "to your own programs.",
    [AFP_WORDS_SETTINGS_MISSING] =
        "The connection begins when the settings are complete. Follow the steps below; you can "
        "stop at any time and come back.",
    [AFP_WORDS_FIRST_EVENT] =
        "Everything is set up here, but no webhook with a fitting signature has come from Pinpoint "
        "yet. Give the webhook its final address (step 4) and send a test event.",
    [AFP_WORDS_LAST_EVENT] = "Last event received %a.",
    [AFP_WORDS_INVITED_AT_APPLICATION] =
        "Candidates are invited when they apply (<em>New application</em>).",
    [AFP_WORDS_INVITED_AT_STAGE] =
        "Candidates are invited when they reach the stage <strong>%s</strong> (<em>Application "
        "stage changed</em>).",
    [AFP_WORDS_PAUSED] = "Webhooks are received and stored, but nothing is sent until you resume.",
    [AFP_WORDS_DISCONNECTED] =
        "Webhooks are refused and nothing is sent. Remove the webhook and the API key in "
        "Pinpoint as well. To connect again, generate a token.",
    [AFP_WORDS_GENERATE] = "Generate a token",
    [AFP_WORDS_GO_API_KEY] = "Replace the API key",
    [AFP_WORDS_GO_TOKEN] = "Replace the AssessFirst API token",
    [AFP_WORDS_GO_SIGNING_SECRET] = "Replace the signing secret",
    [AFP_WORDS_GO_SECRETS] = "Enter the secrets again",
    [AFP_WORDS_GO_STEP] = "Continue with step %s",
    [AFP_WORDS_GO_SETTINGS] = "Go to the settings",
    [AFP_WORDS_NOTICE_EVENT] =
        "<strong>Notice:</strong> Pinpoint sent the event <q>%1$s</q>, which is not known here "
        "as a trigger. If it is the event that you ticked, tell the site’s operator (directive "
        "PinpointEvent). Last seen %2$a.",
    [AFP_WORDS_NOTICE_OTHER] = "<strong>Notice:</strong> %1$s Last seen %2$a.",
    [AFP_WORDS_RELOAD] = "Reload this page",

    /* the four steps */
    [AFP_WORDS_STEPS] = "Set up in four steps",
    [AFP_WORDS_STEPS_DONE] = "%1$s of %2$s done",
    [AFP_WORDS_STEP_TO_DO] = "To do",
    [AFP_WORDS_STEP_RECEIVED] = "Received %a",
    [AFP_WORDS_STEP_API_KEY] = "Turn on Pinpoint’s API and create a key",
    [AFP_WORDS_STEP_API_KEY_WHERE] =
        "In Pinpoint, open <em>Settings > API & Webhooks</em>, switch <em>Pinpoint API</em> on, "
        "and press <em>Create new</em> under <em>API Keys</em>. In older versions: <em>Settings "
        "> Integrations > Apps > Pinpoint API</em>.",
    [AFP_WORDS_STEP_API_KEY_TICK] = "Name the key AssessFirst and give it these permissions:",
    [AFP_WORDS_READ_AND_WRITE] = "read, write",
    [AFP_WORDS_READ_WRITE_DELETE] = "read, write, delete",
    [AFP_WORDS_STEP_API_KEY_COPY] = "Copy the key: it goes into the settings, step 3.",
    [AFP_WORDS_STEP_WEBHOOK] = "Create the webhook and copy its signing secret",
    [AFP_WORDS_STEP_WEBHOOK_WHERE] =
        "In Pinpoint, open <em>Settings > API & Webhooks > Webhooks</em> and create a webhook, "
        "for now with this address. In older versions: <em>Company > Profile > Webhooks</em>.",
    [AFP_WORDS_STEP_WEBHOOK_TICK] =
        "Tick exactly one event: <em>New application</em> to invite candidates when they apply, "
        "or <em>Application stage changed</em> to invite them when they reach a stage.",
    [AFP_WORDS_STEP_WEBHOOK_COPY] = "Save, and copy the signing secret that Pinpoint shows.",
    [AFP_WORDS_STEP_SETTINGS] = "Fill in the settings",
    [AFP_WORDS_STEP_SETTINGS_WORDS] =
        "Enter the key, the signing secret and the AssessFirst API token in the form on this "
        "page. You can save what you have and finish later.",
    [AFP_WORDS_STEP_URL] = "Give the webhook its final address",
    [AFP_WORDS_STEP_URL_LATER] = "The address appears here when the settings are saved.",
    [AFP_WORDS_STEP_URL_PASTE] =
        "Paste this address into Pinpoint’s webhook, in place of the one it has:",
    [AFP_WORDS_STEP_URL_TEST] =
        "Then send a test event from the webhook’s page in Pinpoint. This step is done as soon "
        "as it has arrived.",
    [AFP_WORDS_STEP_URL_MODEL] =
        "From then on recruiters select a predictive model on each job, and its candidates are "
        "invited.",

    /* the settings */
    [AFP_WORDS_SETTINGS] = "Settings",
    [AFP_WORDS_SETTINGS_FORM] = "Settings of the connection",
    [AFP_WORDS_LEGEND_PINPOINT] = "Pinpoint",
    [AFP_WORDS_LEGEND_INVITATIONS] = "Invitations",
    [AFP_WORDS_LEGEND_ASSESSFIRST] = "AssessFirst",
    [AFP_WORDS_LEGEND_PROFILE] = "What is written to Pinpoint",
    [AFP_WORDS_HINT_PROFILE] =
        "Custom fields of the candidate’s application, made in Pinpoint when they are first "
        "needed. What is not ticked is not written any more; what was written before stays.",
    [AFP_WORDS_WRITE_COMMENT] = "A comment when the assessment is complete",
    [AFP_WORDS_LABEL_SUBDOMAIN] = "Tenant ID and subdomain",
    [AFP_WORDS_LABEL_API_KEY] = "API key",
    [AFP_WORDS_LABEL_SIGNING_SECRET] = "Webhook secret signature",
    [AFP_WORDS_LABEL_STATUS] = "Status",
    [AFP_WORDS_LABEL_LOCALE] = "Language of invitations",
    [AFP_WORDS_LABEL_ASSESSFIRST_TOKEN] = "AssessFirst API token",
    [AFP_WORDS_HINT_SUBDOMAIN] =
        "The address of your Pinpoint, such as "
        "https://assess-first-sandbox.pinpointhq.com/admin; the host or the subdomain alone will "
        "do.",
    [AFP_WORDS_HINT_API_KEY] = "From step 1.",
    [AFP_WORDS_HINT_SIGNING_SECRET] = "The webhook’s signing secret, from step 2.",
    [AFP_WORDS_HINT_STATUS] =
        "Leave it empty if you ticked <em>New application</em>. If you ticked <em>Application "
        "stage changed</em>, enter the stage’s exact name, such as Phone Screen.",
    [AFP_WORDS_HINT_LOCALE] =
        "Used when Pinpoint does not say which language the candidate applied in.",
    [AFP_WORDS_HINT_ASSESSFIRST_TOKEN] = "The token of your AssessFirst account’s API.",
    [AFP_WORDS_STORED] = "Leave the field empty to keep it, or enter a new value to replace it.",
    [AFP_WORDS_KEPT] =
        "What you entered is kept, and not shown: leave the field empty to use it, or enter "
        "another value.",
    [AFP_WORDS_ENTER_AGAIN] = "What you entered here is not shown again: enter it once more.",
    [AFP_WORDS_UNDERSTOOD_AS] = "Understood as https://%1$s.%2$s.",
    [AFP_WORDS_UNDERSTOOD_TENANT] = "Understood as the tenant %s.",
    [AFP_WORDS_NOW_NEW_APPLICATION] = "Now: <em>New application</em>.",
    [AFP_WORDS_NOW_STAGE] = "Now: <em>Application stage changed</em> to “%s”.",
    [AFP_WORDS_KEEP_FORMER] =
        "When it is replaced, go on accepting the former secret until you remove it",
    [AFP_WORDS_SAVE] = "Save",
    [AFP_WORDS_SAVE_DRAFT] = "Save and finish later",
    [AFP_WORDS_LOCALE_DE] = "German",
    [AFP_WORDS_LOCALE_EN] = "English",
    [AFP_WORDS_LOCALE_ES] = "Spanish",
    [AFP_WORDS_LOCALE_FR] = "French",
    [AFP_WORDS_LOCALE_PT] = "Portuguese (Portugal)",
    [AFP_WORDS_LOCALE_PT_BR] = "Portuguese (Brazil)",

    /* the connection */
    [AFP_WORDS_CONNECTION] = "At a glance",
    [AFP_WORDS_LAST_RECEIVED] = "Last webhook received",
    [AFP_WORDS_NONE_RECEIVED] = "None yet",
    [AFP_WORDS_NONE_FITTING] = "None with a fitting signature yet",
    [AFP_WORDS_RECEIVED] = "%a",
    [AFP_WORDS_CHECK_REFUSED] = "Refused: %1$r (since %2$t). It is checked again by itself.",
    [AFP_WORDS_CHECK_PAUSED] = "Not checked while paused",
    [AFP_WORDS_CHECK_FAILS] = "Does not work: %r. It is checked again by itself.",
    [AFP_WORDS_CHECK_FAILED] = "Does not work: %1$r (%2$t)",
    [AFP_WORDS_CHECK_RUNS] = "Checking…",
    [AFP_WORDS_CHECK_WORKS] = "Works (checked on %t)",
    [AFP_WORDS_CHECK_NONE] = "Not checked yet",
    [AFP_WORDS_COUNT_WAITING] = "Waiting",
    [AFP_WORDS_COUNT_HELD] = "Held back",
    [AFP_WORDS_COUNT_UNCERTAIN] = "Uncertain",
    [AFP_WORDS_COUNT_FAILED] = "Failed",
    [AFP_WORDS_OR_MORE] = "%s or more",
    [AFP_WORDS_CHECK_NOW] = "Test connection",
    [AFP_WORDS_PAUSE] = "Pause",
    [AFP_WORDS_RESUME] = "Resume",
    [AFP_WORDS_MODELS] = "Predictive models",
    [AFP_WORDS_MODELS_WORDS] =
        "Recruiters select a model on each job in Pinpoint, in the field <em>%s</em>. Its "
        "options follow your models at AssessFirst.",
    [AFP_WORDS_SYNCHRONISED] = "Last synchronised",
    [AFP_WORDS_NOT_YET] = "Not yet",
    [AFP_WORDS_MODELS_FOUND] = "Models at AssessFirst",
    [AFP_WORDS_OPTIONS_REFUSED] = "The custom fields in Pinpoint are not as they should be:",
    [AFP_WORDS_REASON] = "%r",
    [AFP_WORDS_OPTIONS_STAY] = "It is tried again by itself.",
    [AFP_WORDS_SYNCHRONISE] = "Synchronise now",
    [AFP_WORDS_RESULTS] = "Results",
    [AFP_WORDS_RESULTS_WORDS] =
        "Candidates’ results are read at AssessFirst from time to time, more often while an "
        "invitation is new, and written to their applications in Pinpoint.",
    [AFP_WORDS_COUNT_OPEN] = "Open assessments",
    [AFP_WORDS_COUNT_COMPLETED] = "Completed",
    [AFP_WORDS_REFRESH] = "Read the results",
    [AFP_WORDS_REFRESH_ALL] = "Refresh all now",
    [AFP_WORDS_RESULTS_ADDRESS] = "Results address",
    [AFP_WORDS_RESULTS_ADDRESS_WORDS] =
        "If AssessFirst can call an address when a candidate has finished a questionnaire, give "
        "it this one; results then appear at once. Keep it like a password.",

    /* activity */
    [AFP_WORDS_ACTIVITY] = "Recent activity",
    [AFP_WORDS_ACTIVITY_EMPTY] =
        "Nothing yet. Webhooks from Pinpoint appear here with what became of them.",
    [AFP_WORDS_ACTIVITY_CAPTION] = "The latest webhooks and invitations, newest first",
    [AFP_WORDS_ALL_ACTIVITY] = "All activity",
    [AFP_WORDS_COLUMN_TIME] = "Time",
    [AFP_WORDS_COLUMN_APPLICATION] = "Application",
    [AFP_WORDS_COLUMN_RESULT] = "Result",
    [AFP_WORDS_COLUMN_WHY] = "Why",
    [AFP_WORDS_COLUMN_ACTION] = "Action",
    [AFP_WORDS_MOMENT] = "%t",
    [AFP_WORDS_NO_APPLICATION] = "none",
    [AFP_WORDS_RESULT_WAITING] = "Waiting",
    [AFP_WORDS_RESULT_RUNNING] = "Running",
    [AFP_WORDS_RESULT_HELD] = "Held back",
    [AFP_WORDS_RESULT_IGNORED] = "Ignored",
    [AFP_WORDS_RESULT_INVITED] = "Invited",
    [AFP_WORDS_RESULT_SKIPPED] = "Skipped",
    [AFP_WORDS_RESULT_UNCERTAIN] = "Uncertain",
    [AFP_WORDS_RESULT_FAILED] = "Failed",
    [AFP_WORDS_RESULT_REPEATED] = "Tried again",
    [AFP_WORDS_RESULT_DONE] = "Done",
    [AFP_WORDS_RESULT_AGAIN] = "Tried",
    [AFP_WORDS_RESULT_RECEIVED] = "Received",
    [AFP_WORDS_TRIED] = "(tried %s time)|(tried %s times)",
    [AFP_WORDS_NEXT_TRY] = "Next try on %t.",
    [AFP_WORDS_HELD_PAUSED] = "Goes on when you resume",
    [AFP_WORDS_HELD_PARKED] = "Goes on by itself when the connection works again",
    [AFP_WORDS_HELD_RELEASED] = "Goes on by itself shortly",
    [AFP_WORDS_NOW] = "now",
    [AFP_WORDS_ACTION_APPLICATION] = "%1$s: application %2$s",
    [AFP_WORDS_SEND_AGAIN] = "Send again",
    [AFP_WORDS_INVITE_ANYWAY] = "Invite anyway",
    [AFP_WORDS_TRY_AGAIN] = "Try again",
    [AFP_WORDS_DECIDE_AGAIN] = "Decide again",
    [AFP_WORDS_ABOUT_WEBHOOK] = "Webhook",
    [AFP_WORDS_ABOUT_INVITATION] = "Invitation",
    [AFP_WORDS_ABOUT_WRITE_BACK] = "Results to Pinpoint",
    [AFP_WORDS_ABOUT_RESULTS] = "Reading of results",
    [AFP_WORDS_ABOUT_FIELDS] = "Custom fields",

    [AFP_WORDS_NUMBERS] = "In numbers",
    [AFP_WORDS_SENT_TODAY] = "Sent today",
    [AFP_WORDS_OLDEST_WAITING] = "Oldest that waits",
    [AFP_WORDS_NOTHING_WAITING] = "Nothing waits",
    [AFP_WORDS_NEXT_RETRY] = "Next try",
    [AFP_WORDS_NO_RETRY] = "None is planned",
    [AFP_WORDS_CHART] = "Invitations of the last 14 days",
    [AFP_WORDS_CHART_EMPTY] = "None in these days.",
    [AFP_WORDS_CHART_WRONG] = "Failed or uncertain",
    [AFP_WORDS_CHART_TABLE] = "The same as a table",
    [AFP_WORDS_CHART_CAPTION] = "Invitations by day (UTC) and result",
    [AFP_WORDS_COLUMN_DAY] = "Day",
    [AFP_WORDS_DAY_AND_MONTH] = "%1$s %2$s",
    [AFP_WORDS_FIND] = "Find",
    [AFP_WORDS_FILTER_STATE] = "State",
    [AFP_WORDS_FILTER_ALL] = "All",
    [AFP_WORDS_FILTER_APPLICATION] = "Application",
    [AFP_WORDS_FILTER_APPLICATION_HINT] =
        "Its number, or its address in Pinpoint. Answers: why was this candidate not invited?",
    [AFP_WORDS_FILTER_WRONG] =
        "Enter the number of an application, for example 4711, or its address in Pinpoint.",
    [AFP_WORDS_FILTER_SHOW] = "Show",
    [AFP_WORDS_FILTER_EVERYTHING] = "Show everything",
    [AFP_WORDS_LIST] = "What happened",
    [AFP_WORDS_LIST_CAPTION] = "Webhooks, invitations and results, newest first",
    [AFP_WORDS_LIST_EMPTY] = "Nothing like that happened, as far as it is remembered here.",
    [AFP_WORDS_PAGES_OF_LIST] = "Pages of the list",
    [AFP_WORDS_NEWEST] = "Newest",
    [AFP_WORDS_NEWER] = "Newer",
    [AFP_WORDS_OLDER] = "Older",
    [AFP_WORDS_TRY_ALL_HINT] = "Once the cause is gone, all of these can be tried again together.",
    [AFP_WORDS_TRY_ALL] = "Try all again",
    [AFP_WORDS_DECIDE_ALL_HINT] =
        "After a change of the settings, all of these can be decided again by the settings of "
        "today.",
    [AFP_WORDS_DECIDE_ALL] = "Decide all again",

    [AFP_WORDS_ANSWER_ERASED] =
        "The data of this application was erased here. Webhooks about it are acknowledged, "
        "nothing of them is kept, and nobody is invited for it.",
    [AFP_WORDS_ANSWER_UNKNOWN] = "Nothing is known of this application",
    [AFP_WORDS_ANSWER_UNKNOWN_WORDS] =
        "No webhook of it has arrived, as far as it is remembered here. Perhaps the number is "
        "another one, or the application came before the connection, or it has not reached the "
        "stage that is set. See in Pinpoint whether the webhook was sent.",
    [AFP_WORDS_ANSWER_INVITED] = "Invited",
    [AFP_WORDS_ANSWER_INVITED_WORDS] = "The invitation went out on %t.",
    [AFP_WORDS_ANSWER_OPEN] = "Not invited yet",
    [AFP_WORDS_ANSWER_OPEN_WORDS] = "It waits to be worked off; the next try is due on %t.",
    [AFP_WORDS_ANSWER_RUNNING_WORDS] = "It is being worked off right now.",
    [AFP_WORDS_ANSWER_HELD_WORDS] =
        "It is held back, and goes on by itself when that is over. Nothing is lost.",
    [AFP_WORDS_ANSWER_UNCERTAIN] = "Perhaps invited",
    [AFP_WORDS_ANSWER_UNCERTAIN_WORDS] =
        "On %t AssessFirst did not say whether the invitation went out, and could not tell later "
        "either.",
    [AFP_WORDS_ANSWER_NOT_INVITED] = "Not invited",
    [AFP_WORDS_ANSWER_SKIPPED_WORDS] =
        "On %t the application was looked at, and there was a reason not to invite:",
    [AFP_WORDS_ANSWER_DEAD_WORDS] = "Inviting failed on %t, and is not tried again by itself:",
    [AFP_WORDS_ANSWER_IGNORED_WORDS] = "What Pinpoint sent on %t was not your trigger:",
    [AFP_WORDS_BACK_TO_LIST] = "Back to the list",
    [AFP_WORDS_ASSESSMENT] = "Assessment",
    [AFP_WORDS_INVITED_ON] = "Invited",
    [AFP_WORDS_MODEL] = "Predictive model",
    [AFP_WORDS_NO_MODEL] = "None",
    [AFP_WORDS_PROGRESS] = "Progress",
    [AFP_WORDS_PROGRESS_INVITED] = "Not begun",
    [AFP_WORDS_PROGRESS_STARTED] = "Begun",
    [AFP_WORDS_PROGRESS_COMPLETED] = "Completed",
    [AFP_WORDS_PROGRESS_DECLINED] = "Declined",
    [AFP_WORDS_PROGRESS_EXPIRED] = "Expired",
    [AFP_WORDS_LAST_READ] = "Last read",
    [AFP_WORDS_TIMELINE] = "What happened, in the order of time",
    [AFP_WORDS_TIMELINE_CAPTION] = "Webhooks, attempts and results, oldest first",
    [AFP_WORDS_TIMELINE_CUT] = "Only the latest are shown.",
    [AFP_WORDS_COLUMN_ABOUT] = "What",
    [AFP_WORDS_EVENT] = "Event <q>%s</q>.",
    [AFP_WORDS_ATTEMPT] = "Attempt %s:",

    /* API token, end of the connection, confirmations */
    [AFP_WORDS_API_TOKEN] = "API token",
    [AFP_WORDS_API_TOKEN_WORDS] =
        "The token opens this connection’s API to your own programs. It was shown when it was "
        "generated and cannot be shown again. The company’s identifier "
        "(<code>company_uuid</code>) is <code>%s</code>.",
    [AFP_WORDS_API_ADDRESS] =
        "The API’s address is <code>%1$s</code>. Its description, in the OpenAPI format, is there "
        "as <code>%2$s</code>.",
    [AFP_WORDS_GENERATE_NEW] = "Generate a new token",
    [AFP_WORDS_DISCONNECT] = "Disconnect",
    [AFP_WORDS_END] = "Pause or disconnect",
    [AFP_WORDS_PAUSE_WORDS] =
        "<strong>Pause</strong>: webhooks are received and stored, nothing is sent until you "
        "resume.",
    [AFP_WORDS_DISCONNECT_WORDS] =
        "<strong>Disconnect</strong>: Pinpoint’s webhooks are refused, and the API key and all "
        "secrets are erased here.",
    [AFP_WORDS_ASK_GENERATE] =
        "The token you have stops working at once: programs that use it must be given the new "
        "one. The connection to Pinpoint is not touched.",
    [AFP_WORDS_ASK_GENERATE_FIRST] =
        "There is no API token now: programs that are to use this connection must be given the "
        "new one. The connection to Pinpoint is not touched.",
    [AFP_WORDS_ASK_PAUSE] =
        "Webhooks from Pinpoint will be received and stored, but nobody is invited and no result "
        "is written until you resume.",
    [AFP_WORDS_ASK_RESUME] =
        "What has waited is worked off at once, and candidates are invited again.",
    [AFP_WORDS_ASK_DISCONNECT] =
        "Pinpoint’s webhooks will be refused, and what still waits will not be sent. The API "
        "key, the signing secret and the AssessFirst API token stored here are erased. To "
        "connect again you will enter them once more.",
    [AFP_WORDS_DATA_STAYS] =
        "What is held here of candidates stays: ids, states and scores, no names. Invitations are "
        "kept as long as the record of this connection, so that nobody is invited twice if you "
        "connect again; finished work and ignored webhooks for %1$s, digests of webhooks for "
        "%2$s. You can erase a candidate’s data before disconnecting, and after it.",
    [AFP_WORDS_DAYS] = "%s day|%s days",
    [AFP_WORDS_ALSO_DELETE] =
        "Also delete the custom fields that this integration created in Pinpoint, with "
        "everything in them: %s",
    [AFP_WORDS_FIELD_ON_JOBS] = "%s (on jobs)",
    [AFP_WORDS_ASK_SEND_AGAIN] =
        "The candidate of application %s gets one more invitation by e-mail, even if the first "
        "one arrived, and whatever the application’s stage is now.",
    [AFP_WORDS_TRY_COUNTED] = "Try %s failed item again|Try %s failed items again",
    [AFP_WORDS_ASK_TRY_ALL] =
        "Each is worked off as if it had just arrived. An invitation goes out at most once, "
        "however often it is tried.",
    [AFP_WORDS_DECIDE_COUNTED] = "Decide %s ignored webhook again|Decide %s ignored webhooks again",
    [AFP_WORDS_ASK_DECIDE_ALL] =
        "Those that are your trigger by the settings of today are worked off as if they had just "
        "arrived, and their candidates are invited if nothing else speaks against it. The oldest "
        "arrived on %t.",
    [AFP_WORDS_NO_BACK] = "No, back to the page",

    /* checks, secrets, changes, erasing */
    [AFP_WORDS_TITLE_CHANGES] = "Changes: AssessFirst for Pinpoint",
    [AFP_WORDS_SECRET_SET] =
        "<strong>Stored:</strong> fingerprint <code>%1$s</code>, set on %2$t by %3$s.",
    [AFP_WORDS_SECRET_STORED] = "<strong>Stored:</strong> fingerprint <code>%s</code>.",
    [AFP_WORDS_FINGERPRINT] = "fingerprint %s",
    [AFP_WORDS_SECRET_USED] = "Last used %a.",
    [AFP_WORDS_SECRET_NOT_USED] = "Not used yet.",
    [AFP_WORDS_FORMER_SECRET] = "Former webhook secret signature",
    [AFP_WORDS_FORMER_THERE] =
        "A former secret is accepted as well. If you replace the present one and keep it, that "
        "former one is forgotten.",
    [AFP_WORDS_FORMER_WORDS] =
        "Webhooks are accepted under this secret as well as under the present one. Pinpoint "
        "tries a webhook again for up to 24 hours with the secret it had: when this one is no "
        "longer used, remove it.",
    [AFP_WORDS_REMOVE_FORMER] = "Remove the former secret",
    [AFP_WORDS_ASK_REMOVE_USED] =
        "Webhooks that are signed with the former secret will be refused. It was last used %a.",
    [AFP_WORDS_ASK_REMOVE_UNUSED] =
        "Webhooks that are signed with the former secret will be refused. Since this is "
        "recorded, it was not used.",
    [AFP_WORDS_NO_API_TOKEN] = "There is no token: it was revoked.",
    [AFP_WORDS_REVOKE] = "Revoke the token",
    [AFP_WORDS_ASK_REVOKE] =
        "Programs that use the token are refused at once, until you generate another one and "
        "give it to them. The connection to Pinpoint is not touched.",
    [AFP_WORDS_PERMISSIONS] = "What the API key may do",
    [AFP_WORDS_PERMISSIONS_MISSING] =
        "In Pinpoint, open <em>Settings > API & Webhooks > API Keys</em>, tick for this key what "
        "is missing, and test the connection again.",
    [AFP_WORDS_PERMISSIONS_GIVEN] = "Everything that is needed.",
    [AFP_WORDS_PERMISSIONS_EACH] = "Permission by permission",
    [AFP_WORDS_PERMISSIONS_TRIED] = "Tried %a, without leaving anything behind in Pinpoint",
    [AFP_WORDS_COLUMN_PERMISSION] = "Permission in Pinpoint",
    [AFP_WORDS_COLUMN_USE] = "What it is for",
    [AFP_WORDS_COLUMN_GRANT] = "Result",
    [AFP_WORDS_GRANT_GIVEN] = "Given",
    [AFP_WORDS_GRANT_MISSING] = "Missing",
    [AFP_WORDS_GRANT_NOT_NEEDED] = "Not needed",
    [AFP_WORDS_GRANT_UNKNOWN] = "Could not be tried",
    [AFP_WORDS_USE_JOB_READ] = "To know the job that an application is for, and the stages",
    [AFP_WORDS_USE_APPLICATION_READ] = "To know whom to invite, and in which stage",
    [AFP_WORDS_USE_FIELD_READ] = "To find the fields that are used",
    [AFP_WORDS_USE_ATTRIBUTES_READ] = "To know the predictive model that a job selects",
    [AFP_WORDS_USE_COMMENT_READ] = "To write no comment twice",
    [AFP_WORDS_USE_ATTRIBUTES_WRITE] = "To write scores and the link to the profile",
    [AFP_WORDS_USE_COMMENT_WRITE] = "To write a comment when the assessment is complete",
    [AFP_WORDS_USE_FIELD_WRITE] = "To make the fields, and to offer the predictive models",
    [AFP_WORDS_USE_FIELD_DELETE] = "To take the fields away when you disconnect, if you want that",
    [AFP_WORDS_STAGE_UNKNOWN] = "<strong>Notice:</strong> no stage of your latest jobs in Pinpoint "
                                "is named <q>%1$s</q>, so nobody is invited there (looked up "
                                "%2$a). Compare it with the stage’s name in Pinpoint.",
    [AFP_WORDS_STAGE_NEAREST] =
        "<strong>Notice:</strong> no stage of your latest jobs in Pinpoint is named <q>%1$s</q>, "
        "so nobody is invited there. Did you mean <q>%2$s</q>? (Looked up %3$a.)",
    [AFP_WORDS_TICK_STAGE_CHANGED] =
        "<strong>Notice:</strong> Pinpoint sends <em>New application</em> only, but candidates "
        "are to be invited at the stage <q>%1$s</q>. In Pinpoint, edit the webhook and tick "
        "<em>Application stage changed</em> instead. Last seen %2$a.",
    [AFP_WORDS_TICK_NEW_APPLICATION] =
        "<strong>Notice:</strong> Pinpoint sends <em>Application stage changed</em> only, but "
        "candidates are to be invited when they apply. In Pinpoint, edit the webhook and tick "
        "<em>New application</em> instead, or enter a stage’s name as status. Last seen %a.",
    [AFP_WORDS_CHANGES] = "Changes",
    [AFP_WORDS_CHANGES_HEADING] = "Who changed what",
    [AFP_WORDS_CHANGES_WORDS] =
        "Every change of this connection, kept for two years. Of secrets it is only recorded "
        "that they were changed.",
    [AFP_WORDS_CHANGES_EMPTY] = "Nothing was changed yet.",
    [AFP_WORDS_CHANGES_CAPTION] = "Changes, newest first",
    [AFP_WORDS_COLUMN_WHO] = "Who",
    [AFP_WORDS_COLUMN_CHANGE] = "What",
    [AFP_WORDS_NEWEST_CHANGES] = "Newest changes",
    [AFP_WORDS_OLDER_CHANGES] = "Older changes",
    [AFP_WORDS_DEED_CHANGED] = "%1$s: from %2$s to %3$s",
    [AFP_WORDS_DEED_SET] = "%s: set",
    [AFP_WORDS_DEED_REPLACED] = "%s: replaced",
    [AFP_WORDS_DEED_REMOVED] = "%s: removed",
    [AFP_WORDS_DEED_CONNECTED] = "Connected",
    [AFP_WORDS_DEED_PAUSED] = "Paused",
    [AFP_WORDS_DEED_RESUMED] = "Resumed",
    [AFP_WORDS_DEED_DISCONNECTED] = "Disconnected",
    [AFP_WORDS_DEED_DISCONNECTED_FIELDS] =
        "Disconnected, with the custom fields in Pinpoint to be deleted",
    [AFP_WORDS_DEED_TOKEN] = "API token generated",
    [AFP_WORDS_DEED_TOKEN_REVOKED] = "API token revoked",
    [AFP_WORDS_DEED_TESTED] = "Connection tested",
    [AFP_WORDS_DEED_RETRIED] = "%s item tried again|%s items tried again",
    [AFP_WORDS_DEED_DECIDED] = "%s ignored webhook decided again|%s ignored webhooks decided again",
    [AFP_WORDS_DEED_KEPT_AWAY] = "An application is kept away of which nothing was held",
    [AFP_WORDS_DEED_ERASED] =
        "A candidate’s data erased (%s application)|A candidate’s data erased (%s applications)",
    [AFP_WORDS_DEED_INVITED_ANYWAY] = "A candidate invited anyway",
    [AFP_WORDS_DEED_SENT_AGAIN] = "An invitation sent again",
    [AFP_WORDS_WHO_API_TOKEN] = "API token %s",
    [AFP_WORDS_ERASE] = "Erase a candidate’s data",
    [AFP_WORDS_ERASE_WORDS] =
        "All that is held here of the candidate’s applications goes: webhooks, invitations, "
        "results, and what was noted about the profile. Nothing changes in Pinpoint or at "
        "AssessFirst. A later webhook does not bring it back, and nobody is invited for these "
        "applications again.",
    [AFP_WORDS_LABEL_ERASE_APPLICATION] = "Application id in Pinpoint",
    [AFP_WORDS_LABEL_ERASE_CANDIDATE] = "or the candidate’s id at AssessFirst",
    [AFP_WORDS_ERASE_BUTTON] = "Erase",
    [AFP_WORDS_NOTHING_ERASED] = "Nothing was erased",
    [AFP_WORDS_ERASURES_LOST] =
        "Whose data was erased can no longer be told here, because the site’s encryption key has "
        "changed. Nobody is invited and nothing is erased until the site’s operator lists the "
        "former key again.",
    [AFP_WORDS_CORRECT_ERASE] = "Please correct what is marked below.",
    [AFP_WORDS_FAULT_ERASE_ONE] = "Enter one of the two ids.",
    [AFP_WORDS_FAULT_ERASE_APPLICATION] =
        "An application’s id has digits only: take it from the address in Pinpoint.",
    [AFP_WORDS_FAULT_ERASE_CANDIDATE] = "This cannot be an id of AssessFirst.",
    [AFP_WORDS_ASK_ERASE] = "This erases what is held here of application %s. It cannot be undone.",
    [AFP_WORDS_ASK_ERASE_NOTHING] =
        "Nothing is held here of application %s: is the number right? If you go on, a later "
        "webhook of it will be kept away, and nobody will be invited for it. It cannot be undone.",
    [AFP_WORDS_AND_MORE] = "%s and more",
    [AFP_WORDS_LABEL_TYPED] = "Type %s to confirm",
    [AFP_WORDS_FAULT_TYPED] = "Type exactly what is asked for.",

    /* time */
    [AFP_WORDS_NEVER] = "never",
    [AFP_WORDS_FIRST_OF_MONTH] = "%s",
    [AFP_WORDS_DATE_AND_TIME] = "%1$s %2$s %3$s, %4$s UTC",
    [AFP_WORDS_ON_DATE] = "on %s",
    [AFP_WORDS_SECONDS_AGO] = "%s\u00a0s ago|%s\u00a0s ago",
    [AFP_WORDS_MINUTES_AGO] = "%s\u00a0min ago|%s\u00a0min ago",
    [AFP_WORDS_HOURS_AGO] = "%s\u00a0h ago|%s\u00a0h ago",
    [AFP_WORDS_JANUARY] = "Jan",
    [AFP_WORDS_FEBRUARY] = "Feb",
    [AFP_WORDS_MARCH] = "Mar",
    [AFP_WORDS_APRIL] = "Apr",
    [AFP_WORDS_MAY] = "May",
    [AFP_WORDS_JUNE] = "June",
    [AFP_WORDS_JULY] = "July",
    [AFP_WORDS_AUGUST] = "Aug",
    [AFP_WORDS_SEPTEMBER] = "Sept",
    [AFP_WORDS_OCTOBER] = "Oct",
    [AFP_WORDS_NOVEMBER] = "Nov",
    [AFP_WORDS_DECEMBER] = "Dec",

    /* deliveries that invite nobody: core/settings.c */
    [AFP_WORDS_REASON_STATUS_SET] =
        "a new application invites nobody here, because the status is “%s”",
    [AFP_WORDS_REASON_STATUS_EMPTY] =
        "a changed stage invites nobody here, because the status is empty",
    [AFP_WORDS_REASON_EVENT_UNKNOWN] =
        "the event “%s” is not known: it may be the trigger under another name",
    [AFP_WORDS_REASON_EVENT_NEVER] = "the event “%s” never invites anybody",
    [AFP_WORDS_REASON_EVENT_ALONE] = "the event names no application",

    /* applications that invite nobody: core/application.c */
    [AFP_WORDS_REASON_STAGE_UNTOLD] =
        "Pinpoint did not say in which stage the application is; the status asks for “%s”",
    [AFP_WORDS_REASON_STAGE_CASE] =
        "the application is in the stage “%1$s”, the status asks for “%2$s”: only upper and "
        "lower case differ",
    [AFP_WORDS_REASON_STAGE_OTHER] =
        "the application is in the stage “%1$s”, the status asks for “%2$s”",
    [AFP_WORDS_REASON_REJECTED] = "the application is rejected",
    [AFP_WORDS_REASON_HIRED] = "the candidate is hired already",
    [AFP_WORDS_REASON_DEMO] = "the application is one of Pinpoint’s demo data",
    [AFP_WORDS_REASON_CONCEALED] = "Pinpoint conceals who the candidate is (blind screening)",
    [AFP_WORDS_REASON_NO_EMAIL] = "the application has no usable e-mail address",

    /* invitations: work/invite.c */
    [AFP_WORDS_REASON_TEST_EVENT] = "Pinpoint does not know application %s (a test event?)",
    [AFP_WORDS_REASON_UNKNOWN] = "Pinpoint does not know application %s",
    [AFP_WORDS_REASON_UNKNOWN_YET] = "Pinpoint does not know application %s yet",
    [AFP_WORDS_REASON_JOB_UNTOLD] = "Pinpoint did not say which job the application is for",
    [AFP_WORDS_REASON_NOTHING_SELECTED] =
        "Nothing is selected in “%1$s” on job %2$s, so nobody is invited",
    [AFP_WORDS_REASON_MODEL_GONE] =
        "AssessFirst has no predictive model named “%1$s”, which is selected on job %2$s",
    [AFP_WORDS_REASON_INVITED] = "Invited with model %s",
    [AFP_WORDS_REASON_INVITED_NO_MODEL] = "Invited with no predictive model",
    [AFP_WORDS_REASON_INVITED_UNANSWERED] =
        "Invited: AssessFirst shows the invitation, although its answer was lost",
    [AFP_WORDS_REASON_ALREADY] = "Already invited",
    [AFP_WORDS_REASON_ALREADY_MODEL] = "Already invited with model %s",
    [AFP_WORDS_REASON_ALREADY_NO_MODEL] = "Already invited with no predictive model",
    [AFP_WORDS_REASON_MAYBE_SENT] =
        "It is not certain whether AssessFirst sent the invitation; the candidate will be looked "
        "up there",
    [AFP_WORDS_REASON_MAYBE_SENT_AFTER] =
        "It is not certain whether AssessFirst sent the invitation; the candidate will be looked "
        "up there. %r",
    [AFP_WORDS_REASON_UNCERTAIN] =
        "It is not certain whether the candidate was invited: %r. Ask AssessFirst or the "
        "candidate, then use “Send again” if needed",
    [AFP_WORDS_REASON_SENT_TWICE] = "it was sent twice and AssessFirst does not know the candidate",
    [AFP_WORDS_REASON_NOT_REPEATED] =
        "AssessFirst does not know the candidate, and the invitation was not repeated because %r",
    [AFP_WORDS_REASON_NO_EMAIL_NOW] = "the application has no usable e-mail address any more",
    [AFP_WORDS_REASON_NOT_LOOKED_UP] = "the candidate could not be looked up (%r)",
    [AFP_WORDS_REASON_NOT_SHOWN] =
        "AssessFirst knows the candidate, but its record does not show this invitation",

    /* any follow-up: work/job.c and the like */
    [AFP_WORDS_REASON_NO_DATABASE] = "The database did not answer",
    [AFP_WORDS_REASON_NO_TOKEN] = "No AssessFirst API token is set",
    [AFP_WORDS_REASON_GIVEN_UP] = "Given up after %1$s tries. %2$r",
    [AFP_WORDS_REASON_KIND_UNKNOWN] = "This machine’s module does not know this kind",
    [AFP_WORDS_REASON_ERASURES_LOST] =
        "Whether this candidate’s data was erased cannot be read any more",
    [AFP_WORDS_REASON_RESULTS_UNREADABLE] =
        "The candidate was invited, but the results cannot be read. %r",

    /* readings and write-backs: work/read_results.c, work/write_back.c, core/results_text.c */
    [AFP_WORDS_REASON_TOO_OLD] = "the invitation is too old",
    [AFP_WORDS_REASON_CANDIDATE_UNKNOWN] = "AssessFirst does not know the candidate",
    [AFP_WORDS_REASON_ADDRESS_UNKNOWN] = "AssessFirst does not know the candidate’s address yet",
    [AFP_WORDS_REASON_NO_SCORE] = "AssessFirst gave no overall score within a day",
    [AFP_WORDS_REASON_DELETED] = "the application was deleted in Pinpoint",
    [AFP_WORDS_REASON_NOTHING_TO_READ] = "There is no invitation whose results could be read",
    [AFP_WORDS_REASON_NOTHING_TO_WRITE] = "There is nothing to write",
    [AFP_WORDS_REASON_WAITS] = "Invited",
    [AFP_WORDS_REASON_STARTED] = "In progress %1$s/%2$s",
    [AFP_WORDS_REASON_COMPLETED] = "Completed",
    [AFP_WORDS_REASON_DECLINED] = "Declined",
    [AFP_WORDS_REASON_EXPIRED] = "Expired",
    [AFP_WORDS_REASON_FAILED] = "Failed: %r",
    [AFP_WORDS_REASON_NO_SUCH_MODEL] =
        "the predictive model of the job does not exist at AssessFirst",

    /* custom fields: work/fields.c, work/synchronise.c */
    [AFP_WORDS_REASON_FIELD_REFUSED] = "The custom field “%1$s” could not be made: %2$r.",
    [AFP_WORDS_REASON_FIELD_OTHER_TYPE] =
        "The custom field “%1$s” exists in Pinpoint with the type %2$s; it is left alone, %3$s "
        "is needed.",
    [AFP_WORDS_REASON_OPTIONS_REFUSED] =
        "The options of “%1$s” could not be changed and are as they were: %2$r.",

    /* what an API answered: remote/ */
    [AFP_WORDS_REASON_ANSWERED] = "%1$s answered %2$s",
    [AFP_WORDS_REASON_ANSWERED_WORDS] = "%1$s answered %2$s: %3$q",
    [AFP_WORDS_REASON_ANSWERED_REDIRECT] =
        "%1$s answered %2$s, a redirect, which is not followed: check %3$sAPI",
    [AFP_WORDS_REASON_ANSWERED_BUT] = "%1$s answered %2$s, but %3$r",
    [AFP_WORDS_REASON_BUT_NO_JSON] = "not with JSON (%q)",
    [AFP_WORDS_REASON_BUT_NO_LIST] = "not with a list",
    [AFP_WORDS_REASON_BUT_NO_MODELS] = "not with a list of predictive models",
    [AFP_WORDS_REASON_BUT_NO_CANDIDATES] = "not with a list of candidates",
    [AFP_WORDS_REASON_BUT_NO_CANDIDATE] = "with something else than the candidate or an empty list",
    [AFP_WORDS_REASON_BUT_OTHER_CANDIDATE] = "not with the candidate that was asked for",
    [AFP_WORDS_REASON_BUT_OTHER_APPLICATION] = "not with the application that was asked for",
    [AFP_WORDS_REASON_BUT_NO_ATTRIBUTES] = "not with a list of custom attributes",
    [AFP_WORDS_REASON_BUT_NO_FIELD] = "not with the custom field that was made",
    [AFP_WORDS_REASON_BUT_LONG_LIST] = "with a list of more than %s rows",
    [AFP_WORDS_REASON_NEEDS] = "%1$r (the API key needs %2$q)",
    [AFP_WORDS_REASON_NEEDS_ALL] =
        "%r (every call is refused: is the Pinpoint API switched on, and has the API key any "
        "permissions?)",
    [AFP_WORDS_REASON_BUDGET] = "the budget of calls to AssessFirst ended within %q",

    /* no answer: remote/http_failure.c */
    [AFP_WORDS_REASON_UNREACHABLE] = "%1$s could not be reached: %2$r",
    [AFP_WORDS_REASON_NOT_PUBLIC] = "the address of %s is not public",
    [AFP_WORDS_REASON_NO_NAME] = "the name %s cannot be resolved",
    [AFP_WORDS_REASON_NO_PROXY_NAME] = "the name of the proxy cannot be resolved",
    [AFP_WORDS_REASON_REFUSED] = "connection refused",
    [AFP_WORDS_REASON_NO_ROUTE] = "no route to the host",
    [AFP_WORDS_REASON_TIMED_OUT] = "the connection timed out",
    [AFP_WORDS_REASON_RESET] = "connection reset",
    [AFP_WORDS_REASON_NO_DESCRIPTOR] = "this server has no file descriptor left",
    [AFP_WORDS_REASON_NO_CONNECTION] = "no connection",
    [AFP_WORDS_REASON_NOT_WITHIN] = "no connection within %s",
    [AFP_WORDS_REASON_NO_PROXY] = "no connection through the proxy",
    [AFP_WORDS_REASON_PROXY_ANSWERED] = "the proxy answered %s",
    [AFP_WORDS_REASON_CERTIFICATE] = "its certificate is not accepted",
    [AFP_WORDS_REASON_CERTIFICATE_WHY] = "its certificate is not accepted (%q)",
    [AFP_WORDS_REASON_NO_TLS] = "no TLS connection",
    [AFP_WORDS_REASON_NO_TLS_WHY] = "no TLS connection (%q)",
    [AFP_WORDS_REASON_CA_FILE] = "the file of %sCACertificateFile cannot be used",
    [AFP_WORDS_REASON_CA_LIST] =
        "this server’s own list of certification authorities cannot be read",
    [AFP_WORDS_REASON_NO_ANSWER] = "%1$s did not answer in %2$s",
    [AFP_WORDS_REASON_NO_WHOLE_ANSWER] = "%1$s did not finish its answer in %2$s",
    [AFP_WORDS_REASON_STALLED] = "%s did not finish its answer (it stalled)",
    [AFP_WORDS_REASON_BROKEN_OFF] = "%s broke its answer off",
    [AFP_WORDS_REASON_CLOSED] = "%s closed the connection without an answer",
    [AFP_WORDS_REASON_NO_HTTP] = "%s did not answer in HTTP",
    [AFP_WORDS_REASON_TOO_LARGE] = "%s sent an answer that is too large",
    [AFP_WORDS_REASON_NO_MEMORY] = "%s sent an answer for which this server has no memory",
};
