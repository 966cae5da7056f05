#ifndef AFP_WEB_CONFIG_VALUES_H
#define AFP_WEB_CONFIG_VALUES_H

#include "web/config_fields.h"

/* NULL, or what is wrong with the text of one directive, for the end of a message that names it.
 * Paths are absolute. Private to the config files. */
const char *afp_config_check_text(apr_pool_t *pool, afp_text_field_t field, const char *text);

#endif
