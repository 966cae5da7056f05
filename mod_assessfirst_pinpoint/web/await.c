#include "web/await.h"

#include "store/checked.h"

#define PATIENCE      apr_time_from_msec(2500)
#define LOOK_PATIENCE apr_time_from_msec(200)
#define PAUSE         apr_time_from_msec(60)

/* One look, by which *pending and *found are set. APR_EBUSY if no session is free. */
static apr_status_t look(const afp_page_t *page, int *pending, afp_await_t *found)
{
    const char *company_uuid = page->tenant.company_uuid;
    afp_session_t *session =
        afp_child_borrow_session(afp_web_child(), page->vhost->site, LOOK_PATIENCE);
    afp_checked_t pinpoint, assessfirst;
    apr_status_t rv;

    if (session == NULL) {
        return APR_EBUSY;
    }
    rv = afp_checked_is_pending(session, company_uuid, pending);
    if (rv == APR_SUCCESS && !*pending) {
        rv = afp_checked_read(session, company_uuid, AFP_API_PINPOINT, &pinpoint);
        if (rv == APR_SUCCESS) {
            rv = afp_checked_read(session, company_uuid, AFP_API_ASSESSFIRST, &assessfirst);
        }
        if (rv == APR_SUCCESS) {
            *found =
                pinpoint.result == AFP_CHECKED_REFUSED ? AFP_AWAIT_REFUSED
                : pinpoint.result == AFP_CHECKED_WORKS && assessfirst.result == AFP_CHECKED_WORKS
                    ? AFP_AWAIT_GOOD
                    : AFP_AWAIT_BAD;
        }
    }
    afp_child_return_session(afp_web_child(), session);
    return rv;
}

afp_await_t afp_await_checks(const afp_page_t *page)
{
    apr_time_t until = apr_time_now() + PATIENCE;
    afp_await_t found = AFP_AWAIT_PENDING;
    int pending = 1;

    while (look(page, &pending, &found) == APR_SUCCESS && pending && apr_time_now() < until) {
        apr_sleep(PAUSE);
    }
    return found;
}
