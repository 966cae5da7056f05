#ifndef AFP_CORE_LANGUAGE_H
#define AFP_CORE_LANGUAGE_H

#include <apr_pools.h>

/* The languages that the marketplace page speaks, and which of them a reader wants. */

typedef enum {
    AFP_LANGUAGE_EN, /* also where nothing else is known */
    AFP_LANGUAGE_FR,
    AFP_LANGUAGES
} afp_language_t;

/* As HTML and HTTP name it (BCP 47): "en", "fr". */
const char *afp_language_code(afp_language_t language);

/* 1 and *language if `code` is one of these codes, otherwise 0. */
int afp_language_find(const char *code, afp_language_t *language);

/* The language that a header Accept-Language (RFC 9110 section 12.5.4; may be NULL) asks for most:
 * the highest weight counts, then the first place. A range fits whatever region it names ("fr-CA");
 * "*" stands for the languages that are not named. English if it asks for nothing that we have. */
afp_language_t afp_language_accepted(apr_pool_t *pool, const char *header);

/* The form that a number takes: 1 for the plural. Zero is plural in English, singular in French. */
int afp_language_is_plural(afp_language_t language, int number);

#endif
