#include "core/route.h"

#include <string.h>

int afp_route_fits(const char *pattern, const char *path, char value[AFP_ROUTE_VALUE_LIMIT + 1])
{
    size_t before = strcspn(pattern, "{");
    const char *after = strchr(pattern, '}');
    size_t length;

    value[0] = '\0';
    if (after == NULL) {
        return strcmp(pattern, path) == 0;
    }
    if (strncmp(pattern, path, before) != 0) {
        return 0;
    }
    length = strcspn(path + before, "/");
    if (length == 0 || length > AFP_ROUTE_VALUE_LIMIT ||
        strcmp(after + 1, path + before + length) != 0) {
        return 0;
    }
    memcpy(value, path + before, length);
    value[length] = '\0';
    return 1;
}

const char *afp_route_below(const char *base, const char *path)
{
    size_t length = strlen(base);

    if (strncmp(base, path, length) != 0) {
        return NULL;
    }
    return path[length] == '/' ? path + length + 1 : path[length] == '\0' ? path + length : NULL;
}
