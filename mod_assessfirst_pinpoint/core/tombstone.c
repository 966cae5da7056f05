#include "core/tombstone.h"

#include "core/text.h"

#include <openssl/evp.h>
#include <string.h>

int afp_tombstone_make(const char *key, const char *application_id,
                       char tombstone[AFP_TOMBSTONE_LENGTH + 1])
{
    unsigned char mac[AFP_TOMBSTONE_LENGTH / 2];
    size_t size = 0;

    if (EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, strlen(key),
                  (const unsigned char *)application_id, strlen(application_id), mac, sizeof(mac),
                  &size) == NULL ||
        size != sizeof(mac)) {
        return -1;
    }
    afp_text_hex(tombstone, mac, sizeof(mac));
    return 0;
}
