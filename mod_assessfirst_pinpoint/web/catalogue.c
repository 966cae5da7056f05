#include "web/catalogue.h"

const char *afp_catalogue_text(afp_language_t language, afp_words_t words)
{
    switch (language) {
    case AFP_LANGUAGE_FR:
        return afp_catalogue_fr[words];
    case AFP_LANGUAGE_EN:
    case AFP_LANGUAGES:
        break;
    }
    return afp_catalogue_en[words];
}
