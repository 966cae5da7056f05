/* The do-nothing POST handler that scripts/bench measures the webhook against: it reads the body
 * and answers 204. */

#include <httpd.h>

#include <http_config.h>
#include <http_protocol.h>

#include <string.h>

static int bare_handler(request_rec *r)
{
    if (!r->handler || strcmp(r->handler, "bench-bare")) {
        return DECLINED;
    }
    if (r->method_number != M_POST) {
        return HTTP_METHOD_NOT_ALLOWED;
    }
    if (ap_discard_request_body(r) != OK) {
        return HTTP_BAD_REQUEST;
    }
    r->status = HTTP_NO_CONTENT;
    return OK;
}

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    ap_hook_handler(bare_handler, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(bench_bare) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks, 0,
};
