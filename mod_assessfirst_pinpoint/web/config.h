#ifndef AFP_WEB_CONFIG_H
#define AFP_WEB_CONFIG_H

#include "work/child.h"
#include "work/site.h"

#include <httpd.h>
#include <http_config.h>
#include <ap_expr.h>

/* The directives. The module record itself is declared by APLOG_USE_MODULE(assessfirst_pinpoint) in
 * each file that logs or reads configurations, and by AP_DECLARE_MODULE where it is defined. */
extern const command_rec afp_config_commands[];

/* A vhost's configuration. Created with everything unset, merged, then completed by
 * afp_config_check (defaults, `site`); read-only from then on. */
typedef struct afp_config_t afp_config_t;

/* A directory's: only PinpointCompany. */
typedef struct {
    const ap_expr_info_t *company; /* NULL: unset */
} afp_directory_config_t;

/* What the request handlers need of a complete, enabled vhost. */
typedef struct {
    afp_site_t *site;
    const char *webhook_url;                /* PinpointWebhookURL */
    const char *api_url;                    /* PinpointAutomationURL without a slash at its end,
                                             * or NULL */
    const char *api_path;                   /* its path */
    const apr_array_header_t *page_origins; /* of const char *, as afp_origin_of gives them */
    apr_off_t body_limit;
    const char *pinpoint_domain; /* "pinpointhq.com" of PinpointAPI, or NULL with a fixed host */
} afp_vhost_t;

void *afp_config_create_server(apr_pool_t *pool, server_rec *server);
void *afp_config_merge_server(apr_pool_t *pool, void *base, void *add);
void *afp_config_create_directory(apr_pool_t *pool, char *directory);
void *afp_config_merge_directory(apr_pool_t *pool, void *base, void *add);

/* Hook check_config: completes and checks every vhost; errors name the directive, the reason and
 * the remedy. Runs for `apachectl configtest` too. */
int afp_config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *server);

/* The enabled vhost of a server, or NULL if the engine is off there. */
const afp_vhost_t *afp_config_vhost(const server_rec *server);

/* The expression for PinpointCompany that holds for a request: the directory's or the vhost's; NULL
 * if none. */
const ap_expr_info_t *afp_config_company(const request_rec *r);

/* Every site of the configuration: array of afp_site_t *. And the largest workers / worker children
 * of any vhost. */
const apr_array_header_t *afp_config_sites(void);
int afp_config_workers(void);
int afp_config_worker_children(void);

/* This child's runtime, for handlers; NULL before child_init or when no vhost is enabled. Set in
 * child_init. */
afp_child_t *afp_web_child(void);

#endif
