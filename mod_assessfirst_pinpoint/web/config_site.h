#ifndef AFP_WEB_CONFIG_SITE_H
#define AFP_WEB_CONFIG_SITE_H

#include "web/config_fields.h"

/* From a vhost's checked configuration to the site that the other rooms work with. Private to the
 * config files. */

/* Makes everything of a site but its database and its tenants. `keyring` and `token` (or NULL) were
 * read before; all of it lives in `pool`. The site's log lines go to `server`. */
afp_site_t *afp_config_make_site(apr_pool_t *pool, const afp_config_t *config, server_rec *server,
                                 const char *name, const afp_keyring_t *keyring, const char *token);

/* 1 if two vhosts of one site agree in everything that belongs to the site. `pool` is for scratch.
 */
int afp_config_same_site(apr_pool_t *pool, const afp_config_t *one, const afp_config_t *other);

#endif
