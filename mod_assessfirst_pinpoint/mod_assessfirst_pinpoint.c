/* The module record and its hooks, nothing else. */

#include "web/api.h"
#include "web/body.h"
#include "web/config.h"
#include "web/lifecycle.h"
#include "web/marketplace.h"
#include "web/results.h"
#include "web/webhook.h"

#include <mpm_common.h>
#include <http_config.h>

static void register_hooks(apr_pool_t *pool)
{
    /* A site-wide "ProxyPass /" would take our locations. */
    static const char *const before_proxy[] = {"mod_proxy.c", NULL};

    (void)pool;
    afp_body_register();
    ap_hook_pre_config(afp_lifecycle_pre_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(afp_config_check, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(afp_lifecycle_post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(afp_lifecycle_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_stopping(afp_lifecycle_child_stopping, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_handler(afp_webhook_handler, NULL, before_proxy, APR_HOOK_FIRST);
    ap_hook_handler(afp_marketplace_handler, NULL, before_proxy, APR_HOOK_FIRST);
    ap_hook_handler(afp_api_handler, NULL, before_proxy, APR_HOOK_FIRST);
    ap_hook_handler(afp_results_handler, NULL, before_proxy, APR_HOOK_FIRST);
}

AP_DECLARE_MODULE(assessfirst_pinpoint) = {
    STANDARD20_MODULE_STUFF,  afp_config_create_directory, afp_config_merge_directory,
    afp_config_create_server, afp_config_merge_server,     afp_config_commands,
    register_hooks,           AP_MODULE_FLAG_ALWAYS_MERGE,
};
