#include "core/id.h"

#include "core/text.h"

#include <openssl/rand.h>

#define ID_BYTES   (AFP_ID_LENGTH / 2)
#define TIME_BYTES 6

apr_status_t afp_id_random(afp_id_t *id)
{
    unsigned char bytes[ID_BYTES];

    if (RAND_bytes(bytes, sizeof(bytes)) != 1) {
        return APR_EGENERAL;
    }
    afp_text_hex(id->text, bytes, sizeof(bytes));
    return APR_SUCCESS;
}

apr_status_t afp_id_ordered(afp_id_t *id, apr_time_t now)
{
    unsigned char bytes[ID_BYTES];
    apr_uint64_t milliseconds = (apr_uint64_t)apr_time_as_msec(now);

    if (RAND_bytes(bytes + TIME_BYTES, ID_BYTES - TIME_BYTES) != 1) {
        return APR_EGENERAL;
    }
    for (int i = TIME_BYTES - 1; i >= 0; i--) {
        bytes[i] = (unsigned char)(milliseconds & 0xff);
        milliseconds >>= 8;
    }
    afp_text_hex(id->text, bytes, sizeof(bytes));
    return APR_SUCCESS;
}

int afp_id_is_valid(const char *text)
{
    return text != NULL && afp_text_is_hex(text, AFP_ID_LENGTH);
}
