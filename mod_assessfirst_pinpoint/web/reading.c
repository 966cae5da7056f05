#include "web/reading.h"

#include "store/invitation.h"

#include <apr_strings.h>
#include <string.h>

apr_status_t afp_reading_hurry(afp_child_t *child, afp_site_t *site, afp_session_t *session,
                               const char *company_uuid, const char *application_id)
{
    afp_invitation_t invitation;
    afp_follow_up_t reading;
    apr_status_t rv = afp_invitation_sent(session, company_uuid, application_id, &invitation);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (invitation.occurrence == 0) {
        return APR_NOTFOUND;
    }
    memset(&reading, 0, sizeof(reading));
    apr_cpystrn(reading.company_uuid, company_uuid, sizeof(reading.company_uuid));
    apr_cpystrn(reading.kind, AFP_FOLLOW_UP_READ_RESULTS, sizeof(reading.kind));
    apr_cpystrn(reading.application_id, application_id, sizeof(reading.application_id));
    reading.occurrence = invitation.occurrence;
    rv = afp_follow_up_want(session, &reading, AFP_PRIORITY_HINTED);
    if (rv == APR_SUCCESS) {
        afp_child_wake(child, site, company_uuid, reading.id);
    }
    return rv;
}
