#ifndef AFP_WEB_ASSETS_H
#define AFP_WEB_ASSETS_H

/* The files that go along with the pages, made of web/page.css, page.js and page.svg by
 * scripts/embed. Not ended by NUL. */

extern const unsigned char afp_asset_style[];
extern const unsigned long afp_asset_style_size;
extern const unsigned char afp_asset_script[];
extern const unsigned long afp_asset_script_size;
extern const unsigned char afp_asset_icons[];
extern const unsigned long afp_asset_icons_size;

#endif
