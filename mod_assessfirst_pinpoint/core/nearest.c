#include "core/nearest.h"

#include "core/utf8.h"

#include <string.h>

/* A name as it is compared: characters without their case, runs of blanks as one. */
typedef struct {
    unsigned int codes[AFP_NEAREST_LENGTH];
    int length;
} folded_t;

/* 1, or 0 if nothing is left of the name, it is too long or it is not UTF-8. */
static int fold(const char *name, folded_t *folded)
{
    size_t left = strlen(name);
    int pending = 0; /* a blank that counts once something follows it */

    folded->length = 0;
    if (left > AFP_NEAREST_LENGTH) {
        return 0;
    }
    while (left > 0) {
        unsigned int code;
        size_t size = afp_utf8_decode(name, left, &code);

        if (size == 0) {
            return 0;
        }
        if (afp_utf8_is_blank(code)) {
            pending = folded->length > 0;
        } else {
            if (pending) {
                folded->codes[folded->length++] = ' ';
            }
            pending = 0;
            folded->codes[folded->length++] = afp_utf8_lower(code);
        }
        name += size;
        left -= size;
    }
    return folded->length > 0;
}

static int least(int one, int other)
{
    return one < other ? one : other;
}

/* The distance of two names: optimal string alignment, three rows of its table at a time. */
static int distance(const folded_t *one, const folded_t *other)
{
    int table[3][AFP_NEAREST_LENGTH + 1];
    int *before = table[0];
    int *above = table[1];
    int *row = table[2];

    for (int column = 0; column <= other->length; column++) {
        above[column] = column;
    }
    for (int line = 1; line <= one->length; line++) {
        int *spare = before;

        row[0] = line;
        for (int column = 1; column <= other->length; column++) {
            int differs = one->codes[line - 1] != other->codes[column - 1];

            row[column] =
                least(above[column - 1] + differs, least(above[column], row[column - 1]) + 1);
            if (line > 1 && column > 1 && one->codes[line - 1] == other->codes[column - 2] &&
                one->codes[line - 2] == other->codes[column - 1]) {
                row[column] = least(row[column], before[column - 2] + 1);
            }
        }
        before = above;
        above = row;
        row = spare;
    }
    return above[other->length];
}

const char *afp_nearest(const char *name, const char *const *names, int count)
{
    folded_t wanted;
    folded_t folded;
    const char *nearest = NULL;
    int limit;

    if (!fold(name, &wanted)) {
        return NULL;
    }
    limit = wanted.length / 3 + 1;
    for (int i = 0; i < count; i++) {
        int gap;

        if (strcmp(names[i], name) == 0) {
            return names[i];
        }
        if (!fold(names[i], &folded)) {
            continue;
        }
        gap = folded.length - wanted.length;
        if ((gap < 0 ? -gap : gap) >= limit) {
            continue;
        }
        gap = distance(&wanted, &folded);
        if (gap < limit) {
            nearest = names[i];
            limit = gap;
        }
    }
    return nearest;
}
