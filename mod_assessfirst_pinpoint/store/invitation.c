#include "store/invitation.h"

#include <apr_strings.h>
#include <string.h>

#define COLUMNS "occurrence, state, model_uuid, model_name, candidate_id, resent, sending_at, lease"

static const afp_statement_t select_latest = {
    "select-latest-invitation",
    "SELECT " COLUMNS " FROM afp_invitation WHERE company_uuid = %s AND application_id = %s"
    " ORDER BY occurrence DESC LIMIT 1"};

static const afp_statement_t select_sent = {
    "select-sent-invitation",
    "SELECT " COLUMNS " FROM afp_invitation WHERE company_uuid = %s AND application_id = %s"
    " AND state = 'invited' ORDER BY occurrence DESC LIMIT 1"};

static const afp_statement_t insert_sending = {
    "insert-invitation",
    "INSERT INTO afp_invitation (company_uuid, application_id, occurrence, job_id, state, lease,"
    " model_uuid, model_name, candidate_id, resent, delivery_id, sending_at, updated_at)"
    " VALUES (%s, %s, %s, %s, 'sending', %s, %s, %s, '', 0, %s, %s, %s)"};

static const afp_statement_t update_sending = {
    "update-invitation-sending",
    "UPDATE afp_invitation SET state = 'sending', lease = %s, model_uuid = %s, model_name = %s,"
    " resent = resent + %s, sending_at = %s, updated_at = %s"
    " WHERE company_uuid = %s AND application_id = %s AND occurrence = %s AND state = %s"};

static const afp_statement_t update_state = {
    "update-invitation", "UPDATE afp_invitation SET state = %s, updated_at = %s"
                         " WHERE company_uuid = %s AND application_id = %s AND occurrence = %s"};

static const afp_statement_t update_candidate = {
    "update-invitation-candidate",
    "UPDATE afp_invitation SET candidate_id = %s"
    " WHERE company_uuid = %s AND application_id = %s AND occurrence = %s"};

typedef struct {
    const afp_statement_t *statement;
    const char *company_uuid;
    const char *application_id;
    afp_invitation_t *invitation;
    char lease[AFP_ID_LENGTH + 1];
} latest_t;

static apr_status_t read_latest(afp_session_t *session, void *baton)
{
    latest_t *latest = baton;
    afp_invitation_t *invitation = latest->invitation;
    const char *values[] = {latest->company_uuid, latest->application_id};
    afp_rows_t *rows;
    apr_status_t rv = afp_sql_select(session, latest->statement, values, &rows);

    memset(invitation, 0, sizeof(*invitation));
    while (rv == APR_SUCCESS && afp_rows_next(rows)) {
        invitation->occurrence = (int)afp_rows_number(rows, 0);
        apr_cpystrn(invitation->state, afp_rows_text(rows, 1), sizeof(invitation->state));
        apr_cpystrn(invitation->model_uuid, afp_rows_text(rows, 2), sizeof(invitation->model_uuid));
        apr_cpystrn(invitation->model_name, afp_rows_text(rows, 3), sizeof(invitation->model_name));
        apr_cpystrn(invitation->candidate_id, afp_rows_text(rows, 4),
                    sizeof(invitation->candidate_id));
        invitation->resent = (int)afp_rows_number(rows, 5);
        invitation->sending_at = afp_rows_number(rows, 6);
        apr_cpystrn(latest->lease, afp_rows_text(rows, 7), sizeof(latest->lease));
    }
    return rv;
}

apr_status_t afp_invitation_latest_in_transaction(afp_session_t *session, const char *company_uuid,
                                                  const char *application_id,
                                                  afp_invitation_t *invitation)
{
    latest_t latest = {&select_latest, company_uuid, application_id, invitation, ""};

    return read_latest(session, &latest);
}

apr_status_t afp_invitation_latest(afp_session_t *session, const char *company_uuid,
                                   const char *application_id, afp_invitation_t *invitation)
{
    latest_t latest = {&select_latest, company_uuid, application_id, invitation, ""};

    return afp_session_read(session, read_latest, &latest);
}

apr_status_t afp_invitation_sent(afp_session_t *session, const char *company_uuid,
                                 const char *application_id, afp_invitation_t *invitation)
{
    latest_t latest = {&select_sent, company_uuid, application_id, invitation, ""};

    return afp_session_read(session, read_latest, &latest);
}

/* The state from which this occurrence may become *sending*, or NULL if it may not. */
static const char *state_to_leave(const afp_invitation_begin_t *begin,
                                  const afp_invitation_t *invitation)
{
    if (begin->resend) {
        /* *sending*: whoever wrote that died before it could say "uncertain". */
        return (!strcmp(invitation->state, AFP_INVITATION_UNCERTAIN) ||
                !strcmp(invitation->state, AFP_INVITATION_SENDING)) &&
                       !invitation->resent
                   ? invitation->state
                   : NULL;
    }
    if (!strcmp(invitation->state, AFP_INVITATION_PLANNED) ||
        !strcmp(invitation->state, AFP_INVITATION_REFUSED)) {
        return invitation->state;
    }
    return NULL;
}

static apr_status_t begin_sending(afp_session_t *session, void *baton)
{
    afp_invitation_begin_t *begin = baton;
    const afp_follow_up_t *follow_up = begin->follow_up;
    afp_invitation_t invitation;
    latest_t latest = {&select_latest, follow_up->company_uuid, follow_up->application_id,
                       &invitation, ""};
    const char *now, *occurrence, *leave;
    afp_tenant_state_t state;
    int rows = 0;
    apr_status_t rv = afp_tenant_lock(session, follow_up->company_uuid, &state, NULL);

    begin->result = AFP_BEGIN_LOST;
    if (rv == APR_SUCCESS) {
        rv = afp_follow_up_hold_lease(session, follow_up, begin->lease_time);
    }
    if (rv == APR_NOTFOUND) {
        return APR_SUCCESS;
    }
    if (rv == APR_SUCCESS) {
        rv = read_latest(session, &latest);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    begin->sending_at = afp_session_now(session);
    now = afp_sql_number(session, begin->sending_at);
    occurrence = afp_sql_number(session, follow_up->occurrence);
    begin->result = AFP_BEGIN_ALREADY;
    if (invitation.occurrence == follow_up->occurrence &&
        !strcmp(invitation.state, AFP_INVITATION_SENDING) &&
        !strcmp(latest.lease, follow_up->lease)) {
        /* A former try of this very call did commit. */
        begin->sending_at = invitation.sending_at;
        begin->result = AFP_BEGIN_GO;
        return APR_SUCCESS;
    }
    if (invitation.occurrence < follow_up->occurrence && !begin->resend) {
        const char *values[] = {
            follow_up->company_uuid,
            follow_up->application_id,
            occurrence,
            begin->job_id,
            follow_up->lease,
            begin->model_uuid,
            begin->model_name,
            follow_up->delivery_id,
            now,
            now,
        };

        rv = afp_sql_execute(session, &insert_sending, values, &rows);
    } else if (invitation.occurrence == follow_up->occurrence &&
               (leave = state_to_leave(begin, &invitation))) {
        const char *values[] = {
            follow_up->lease,
            begin->model_uuid,
            begin->model_name,
            afp_sql_number(session, begin->resend),
            now,
            now,
            follow_up->company_uuid,
            follow_up->application_id,
            occurrence,
            leave,
        };

        rv = afp_sql_execute(session, &update_sending, values, &rows);
    }
    if (rv == APR_SUCCESS && rows == 1) {
        begin->result = AFP_BEGIN_GO;
    }
    return rv;
}

apr_status_t afp_invitation_begin(afp_session_t *session, afp_invitation_begin_t *begin)
{
    return afp_session_write(session, begin_sending, begin);
}

apr_status_t afp_invitation_set_state(afp_session_t *session, const afp_follow_up_t *follow_up,
                                      const char *state, const char *candidate_id)
{
    const char *occurrence = afp_sql_number(session, follow_up->occurrence);
    const char *now = afp_sql_number(session, afp_session_now(session));
    const char *values[] = {state, now, follow_up->company_uuid, follow_up->application_id,
                            occurrence};
    apr_status_t rv = afp_sql_execute(session, &update_state, values, NULL);

    if (rv == APR_SUCCESS && *candidate_id) {
        const char *candidate[] = {candidate_id, follow_up->company_uuid, follow_up->application_id,
                                   occurrence};

        rv = afp_sql_execute(session, &update_candidate, candidate, NULL);
    }
    return rv;
}

typedef struct {
    const afp_follow_up_t *follow_up;
    int occurrence;
    const char *candidate_id;
} found_t;

static apr_status_t note_candidate(afp_session_t *session, void *baton)
{
    const found_t *found = baton;
    const char *values[] = {found->candidate_id, found->follow_up->company_uuid,
                            found->follow_up->application_id,
                            afp_sql_number(session, found->occurrence)};
    apr_status_t rv = afp_follow_up_lock(session, found->follow_up);

    return rv == APR_SUCCESS ? afp_sql_execute(session, &update_candidate, values, NULL) : rv;
}

apr_status_t afp_invitation_note_candidate(afp_session_t *session, const afp_follow_up_t *follow_up,
                                           int occurrence, const char *candidate_id)
{
    found_t found = {follow_up, occurrence, candidate_id};

    return afp_session_write(session, note_candidate, &found);
}
