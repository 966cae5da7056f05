#include "core/language.h"

#include "core/text.h"

#include <apr_strings.h>
#include <string.h>

#define WEIGHT_FULL 1000 /* q=1 */

static const char *const codes[AFP_LANGUAGES] = {
    [AFP_LANGUAGE_EN] = "en",
    [AFP_LANGUAGE_FR] = "fr",
};

const char *afp_language_code(afp_language_t language)
{
    return codes[language];
}

int afp_language_find(const char *code, afp_language_t *language)
{
    for (int i = 0; i < AFP_LANGUAGES; i++) {
        if (strcmp(codes[i], code) == 0) {
            *language = (afp_language_t)i;
            return 1;
        }
    }
    return 0;
}

/* Reads "0.5" and the like as thousandths; what is no weight counts as 0. */
static int weight_of(const char *text)
{
    int weight = *text == '1' ? WEIGHT_FULL : 0;
    int digit = WEIGHT_FULL / 10;

    if ((*text != '0' && *text != '1') || (text[1] != '\0' && text[1] != '.')) {
        return 0;
    }
    for (text += text[1] == '.' ? 2 : 1; *text >= '0' && *text <= '9'; text++) {
        weight += (*text - '0') * digit;
        digit /= 10;
    }
    return *text == '\0' && weight <= WEIGHT_FULL ? weight : 0;
}

/* The weight of one element such as "fr-CA;q=0.8"; the range remains in `element`. */
static int take_weight(apr_pool_t *pool, char *element)
{
    char *parameter = strchr(element, ';');

    if (parameter == NULL) {
        return WEIGHT_FULL;
    }
    *parameter++ = '\0';
    parameter = apr_pstrdup(pool, afp_text_trim(pool, parameter));
    return (*parameter == 'q' || *parameter == 'Q') && parameter[1] == '='
               ? weight_of(parameter + 2)
               : 0;
}

/* The language that a range such as "fr-CA" names, whatever the region, or AFP_LANGUAGES. */
static afp_language_t language_of(apr_pool_t *pool, const char *range)
{
    const char *primary = apr_pstrmemdup(pool, range, strcspn(range, "-"));
    int found = 0;

    while (found < AFP_LANGUAGES && !afp_text_equal_but_case(primary, codes[found])) {
        found++;
    }
    return (afp_language_t)found;
}

afp_language_t afp_language_accepted(apr_pool_t *pool, const char *header)
{
    char *rest = apr_pstrdup(pool, header != NULL ? header : "");
    int is_named[AFP_LANGUAGES] = {0, 0};
    afp_language_t best = AFP_LANGUAGE_EN;
    int best_weight = 0, weight_of_others = 0;
    char *element;

    while ((element = apr_strtok(rest, ",", &rest)) != NULL) {
        int weight = take_weight(pool, element);
        const char *range = afp_text_trim(pool, element);
        afp_language_t language = language_of(pool, range);

        if (strcmp(range, "*") == 0) {
            weight_of_others = weight;
        } else if (language != AFP_LANGUAGES) {
            is_named[language] = 1;
            if (weight > best_weight) {
                best = language;
                best_weight = weight;
            }
        }
    }
    for (int i = 0; i < AFP_LANGUAGES && weight_of_others > best_weight; i++) {
        if (!is_named[i]) {
            return (afp_language_t)i;
        }
    }
    return best;
}

int afp_language_is_plural(afp_language_t language, int number)
{
    return language == AFP_LANGUAGE_FR ? number > 1 : number != 1;
}
