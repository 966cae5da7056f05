#ifndef AFP_UNIT_KEYS_H
#define AFP_UNIT_KEYS_H

#include "unit.h"

#include "core/seal.h"

/* Key files for tests: the bytes 0 to 31, and 32 times 0x42. */
#define KEY_COUNTING "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define KEY_LETTERS  "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="

/* The keyring of a key file that must be good. */
static inline afp_keyring_t *unit_keyring(apr_pool_t *pool, const char *text)
{
    const char *why = "";
    afp_keyring_t *keyring = afp_keyring_parse(pool, text, &why);

    if (keyring == NULL) {
        fail_msg("%s", why);
    }
    return keyring;
}

#endif
