#include "core/base64.h"

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int afp_base64_decode(const char *text, size_t length, unsigned char *bytes, size_t room,
                      size_t *decoded)
{
    size_t padding = 0;
    size_t characters;
    size_t count = 0;
    unsigned int bits = 0;
    int waiting = 0;

    if (length % 4 != 0) {
        return -1;
    }
    while (padding < 2 && padding < length && text[length - 1 - padding] == '=') {
        padding++;
    }
    characters = length - padding;
    if (length / 4 * 3 - padding > room) {
        return -1;
    }
    for (size_t i = 0; i < characters; i++) {
        int value = sextet(text[i]);

        if (value < 0) {
            return -1;
        }
        bits = (bits << 6 | (unsigned int)value) & 0xffff;
        waiting += 6;
        if (waiting >= 8) {
            waiting -= 8;
            bytes[count++] = (unsigned char)(bits >> waiting);
        }
    }
    if ((bits & ((1U << waiting) - 1)) != 0) {
        return -1;
    }
    *decoded = count;
    return 0;
}
