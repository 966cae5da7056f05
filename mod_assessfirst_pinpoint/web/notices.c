#include "web/notices.h"

#include "core/event.h"

#include <string.h>

static int is_signature(const afp_notice_t *notice)
{
    return strcmp(notice->code, AFP_NOTICE_SIGNATURE) == 0;
}

/* The operator may have named the event since (directive PinpointEvent). */
static int is_known_event(const afp_notice_t *notice, const afp_site_t *site, apr_pool_t *pool)
{
    return strcmp(notice->code, AFP_NOTICE_UNKNOWN_EVENT) == 0 &&
           afp_event_classify(afp_event_normalise(pool, notice->words), &site->event_names) !=
               AFP_EVENT_APPLICATION_UNKNOWN;
}

void afp_notices_keep(apr_array_header_t *notices, const afp_site_t *site,
                      const afp_tenant_t *tenant, apr_time_t last_received_at, apr_pool_t *pool)
{
    int kept = 0;

    for (int i = 0; i < notices->nelts; i++) {
        const afp_notice_t notice = APR_ARRAY_IDX(notices, i, afp_notice_t);
        int is_over = is_signature(&notice) ? notice.last_at <= last_received_at ||
                                                  notice.last_at <= tenant->updated_at
                                            : is_known_event(&notice, site, pool);

        if (!is_over) {
            APR_ARRAY_IDX(notices, kept++, afp_notice_t) = notice;
        }
    }
    notices->nelts = kept;
}

apr_time_t afp_notices_refused_at(const apr_array_header_t *notices)
{
    for (int i = 0; i < notices->nelts; i++) {
        const afp_notice_t *notice = &APR_ARRAY_IDX(notices, i, afp_notice_t);

        if (is_signature(notice)) {
            return notice->last_at;
        }
    }
    return 0;
}
