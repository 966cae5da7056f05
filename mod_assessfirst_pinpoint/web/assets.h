#ifndef AFP_WEB_ASSETS_H
#define AFP_WEB_ASSETS_H

/* The files that are part of the module, as scripts/embed makes them. Not ended by NUL. Those that
 * go along with the pages: web/page.css, page.js and page.svg. */

extern const unsigned char afp_asset_style[];
extern const unsigned long afp_asset_style_size;
extern const unsigned char afp_asset_script[];
extern const unsigned long afp_asset_script_size;
extern const unsigned char afp_asset_icons[];
extern const unsigned long afp_asset_icons_size;

/* The description of the JSON API, web/openapi.json. */
extern const unsigned char afp_asset_openapi[];
extern const unsigned long afp_asset_openapi_size;

#endif
