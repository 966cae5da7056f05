#include "core/utf8.h"

size_t afp_utf8_decode(const char *at, size_t left, unsigned int *code)
{
    /* The smallest code point that needs a character of this length; less is not shortest form. */
    static const unsigned int least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)at[0];
    unsigned int value;
    size_t length;

    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        length = 2;
        value = lead & 0x1f;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        length = 3;
        value = lead & 0x0f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4;
        value = lead & 0x07;
    } else {
        return 0;
    }
    if (length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)at[i];

        if ((next & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | (next & 0x3f);
    }
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        return 0;
    }
    *code = value;
    return length;
}

size_t afp_utf8_cut(const char *text, size_t length, size_t limit)
{
    size_t cut = limit;

    if (length <= limit) {
        return length;
    }
    /* More than three continuation bytes are no UTF-8, and then there is no character to spare. */
    while (cut > 0 && limit - cut < 3 && ((unsigned char)text[cut] & 0xc0) == 0x80) {
        cut--;
    }
    return ((unsigned char)text[cut] & 0xc0) == 0x80 ? limit : cut;
}

int afp_utf8_is_control(unsigned int code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

int afp_utf8_is_direction(unsigned int code)
{
    return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

int afp_utf8_is_direction_mark(unsigned int code)
{
    return code == 0x061c || code == 0x200e || code == 0x200f;
}

int afp_utf8_is_blank(unsigned int code)
{
    return code == ' ' || code == 0xa0 || code == 0x2028 || code == 0x2029 ||
           afp_utf8_is_control(code);
}

unsigned int afp_utf8_lower(unsigned int code)
{
    /* Blocks where capitals and small letters lie a fixed distance apart, and blocks where they
     * alternate (distance 1: only each second code point, counted from the first, is a capital). */
    static const struct {
        unsigned int first, last, distance;
    } blocks[] = {
        {'A', 'Z', 32},     {0xc0, 0xd6, 32},   {0xd8, 0xde, 32},   {0x100, 0x12e, 1},
        {0x132, 0x136, 1},  {0x139, 0x147, 1},  {0x14a, 0x176, 1},  {0x179, 0x17d, 1},
        {0x391, 0x3a1, 32}, {0x3a3, 0x3ab, 32}, {0x400, 0x40f, 80}, {0x410, 0x42f, 32},
    };

    if (code == 0x178) {
        return 0xff;
    }
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        if (code >= blocks[i].first && code <= blocks[i].last) {
            int capital = blocks[i].distance > 1 || (code - blocks[i].first) % 2 == 0;

            return capital ? code + blocks[i].distance : code;
        }
    }
    return code;
}
