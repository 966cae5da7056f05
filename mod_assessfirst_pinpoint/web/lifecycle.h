#ifndef AFP_WEB_LIFECYCLE_H
#define AFP_WEB_LIFECYCLE_H

#include <httpd.h>

/* The hooks of the server's life: what the parent makes, what a child starts and ends. */

int afp_lifecycle_pre_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp);
int afp_lifecycle_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                              server_rec *server);
void afp_lifecycle_child_init(apr_pool_t *pchild, server_rec *server);
void afp_lifecycle_child_stopping(apr_pool_t *pchild, int graceful);

#endif
