#include "web/await.h"

#include "store/checked.h"

#define PATIENCE      apr_time_from_msec(2500)
#define LOOK_PATIENCE apr_time_from_msec(200)
#define PAUSE         apr_time_from_msec(60)

/* What the checks that have ended say; only what does not depend on the other one. */
static apr_status_t judge(afp_session_t *session, const char *company_uuid, int pending,
                          afp_await_t *found)
{
    afp_checked_t pinpoint, assessfirst;
    apr_status_t rv = afp_checked_read(session, company_uuid, AFP_API_PINPOINT, &pinpoint);

    if (rv == APR_SUCCESS) {
        rv = afp_checked_read(session, company_uuid, AFP_API_ASSESSFIRST, &assessfirst);
    }
    if (rv == APR_SUCCESS && !(pending & AFP_PENDING_PINPOINT)) {
        *found = pinpoint.result == AFP_CHECKED_REFUSED    ? AFP_AWAIT_REFUSED
                 : pinpoint.result != AFP_CHECKED_WORKS    ? AFP_AWAIT_BAD
                 : pending                                 ? AFP_AWAIT_PENDING
                 : assessfirst.result == AFP_CHECKED_WORKS ? AFP_AWAIT_GOOD
                                                           : AFP_AWAIT_BAD;
    }
    return rv;
}

/* One look, by which *found is set. APR_EBUSY if no session is free. */
static apr_status_t look(const afp_page_t *page, afp_await_t *found)
{
    const char *company_uuid = page->tenant.company_uuid;
    afp_session_t *session =
        afp_child_borrow_session(afp_web_child(), page->vhost->site, LOOK_PATIENCE);
    int pending = 0;
    apr_status_t rv;

    if (session == NULL) {
        return APR_EBUSY;
    }
    rv = afp_checked_is_pending(session, company_uuid, &pending);
    if (rv == APR_SUCCESS) {
        rv = judge(session, company_uuid, pending, found);
    }
    afp_child_return_session(afp_web_child(), session);
    return rv;
}

afp_await_t afp_await_checks(const afp_page_t *page)
{
    apr_time_t until = apr_time_now() + PATIENCE;
    afp_await_t found = AFP_AWAIT_PENDING;

    while (look(page, &found) == APR_SUCCESS && found == AFP_AWAIT_PENDING &&
           apr_time_now() < until) {
        apr_sleep(PAUSE);
    }
    return found;
}
