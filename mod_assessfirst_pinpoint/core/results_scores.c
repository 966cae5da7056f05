#include "core/results_parts.h"

#include "core/json.h"
#include "core/text.h"

#include <string.h>

#define WITHOUT_MODEL (AFP_BIT(AFP_SWIPE) | AFP_BIT(AFP_DRIVE) | AFP_BIT(AFP_BRAIN))

#define SCORE_LIMIT 100

/* --- names ------------------------------------------------------------------------------------ */

/* The questionnaire that goes by this name, or -1. The first version's names and its labels, which
 * it translates: this is what was seen of them. */
static int questionnaire_of(const char *name)
{
    static const struct {
        const char *name;
        afp_questionnaire_t questionnaire;
    } names[] = {
        {"swipe", AFP_SWIPE},       {"shape", AFP_SWIPE},
        {"personality", AFP_SWIPE}, {"personnalit\xc3\xa9", AFP_SWIPE},
        {"drive", AFP_DRIVE},       {"motivation", AFP_DRIVE},
        {"brain", AFP_BRAIN},       {"reasoning", AFP_BRAIN},
        {"aptitude", AFP_BRAIN},    {"aptitudes", AFP_BRAIN},
        {"voice", AFP_VOICE},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (afp_text_equal_but_case(name, names[i].name)) {
            return (int)names[i].questionnaire;
        }
    }
    return -1;
}

/* --- members of an object --------------------------------------------------------------------- */

typedef void take_t(void *baton, const char *name, struct json_object *value);

/* Calls `take` for each member in the document's order; for anything but an object not at all. */
static void each_member(struct json_object *object, take_t *take, void *baton)
{
    struct json_object_iterator member, end;

    if (!json_object_is_type(object, json_type_object)) {
        return;
    }
    member = json_object_iter_begin(object);
    end = json_object_iter_end(object);
    for (; !json_object_iter_equal(&member, &end); json_object_iter_next(&member)) {
        take(baton, json_object_iter_peek_name(&member), json_object_iter_peek_value(&member));
    }
}

/* --- wanted ----------------------------------------------------------------------------------- */

static void take_flag(void *baton, const char *name, struct json_object *value)
{
    unsigned int *wanted = baton;
    const char *text = afp_json_text_at(value, "");
    int questionnaire = questionnaire_of(name);
    int is_set = afp_json_true_at(value, "");

    if (json_object_is_type(value, json_type_int)) {
        is_set = json_object_get_int64(value) == 1;
    } else if (text != NULL) {
        is_set = strcmp(text, "1") == 0 || afp_text_equal_but_case(text, "true");
    }
    if (questionnaire >= 0 && is_set) {
        *wanted |= AFP_BIT(questionnaire);
    }
}

unsigned int afp_results_wanted(struct json_object *model_entry)
{
    unsigned int wanted = 0;

    each_member(afp_json_at(model_entry, "assessments"), take_flag, &wanted);
    return wanted != 0 ? wanted : WITHOUT_MODEL;
}

/* --- scores ----------------------------------------------------------------------------------- */

/* Reads "71", "71.5" and the like, with blanks around it; strtod depends on the locale and knows
 * more kinds of numbers than AssessFirst should. 0, or -1. */
static int read_decimal(const char *text, double *number, int *has_point)
{
    double weight = 1;
    const char *digits;

    text += strspn(text, " \t");
    digits = text;
    *number = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        *number = *number * 10 + (*text - '0');
    }
    *has_point = *text == '.';
    if (text > digits && *has_point) {
        digits = ++text;
        for (; *text >= '0' && *text <= '9'; text++) {
            weight /= 10;
            *number += (*text - '0') * weight;
        }
    }
    return text > digits && text[strspn(text, " \t")] == '\0' ? 0 : -1;
}

/* The score that `value` is, or AFP_SCORE_NONE. *suspect: see rescaled_suspect. */
static int score_of(struct json_object *value, int *suspect)
{
    const char *text = afp_json_text_at(value, "");
    double number = -1;
    int has_point = 0;

    if (json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double)) {
        number = json_object_get_double(value);
        has_point = json_object_is_type(value, json_type_double);
    } else if (text == NULL || read_decimal(text, &number, &has_point) != 0) {
        return AFP_SCORE_NONE;
    }
    /* Written so that NaN fails. */
    if (!(number >= 0 && number <= SCORE_LIMIT)) {
        return AFP_SCORE_NONE;
    }
    *suspect = has_point && number > 0 && number <= 1;
    return (int)(number + 0.5);
}

/* Where scores are taken to, and whether they count for us. */
typedef struct {
    afp_results_t *results;
    int ours;
} scores_t;

/* Takes what may be a score into `place` if none is there yet. 1 if it is a score, ours or not. */
static int take_score(const scores_t *scores, struct json_object *value, int *place)
{
    int suspect = 0;
    int score = score_of(value, &suspect);

    if (score != AFP_SCORE_NONE && scores->ours && *place == AFP_SCORE_NONE) {
        *place = score;
        scores->results->rescaled_suspect |= suspect;
    }
    return score != AFP_SCORE_NONE;
}

static void take_questionnaire_score(const scores_t *scores, int questionnaire,
                                     struct json_object *value)
{
    if (take_score(scores, value, &scores->results->scores[questionnaire])) {
        scores->results->finished |= AFP_BIT(questionnaire);
    }
}

/* One of "swipe": 71, "SHAPE": {"adequacy": 71}, "global": 74. */
static void take_adequacy(void *baton, const char *name, struct json_object *value)
{
    const scores_t *scores = baton;
    int questionnaire = questionnaire_of(name);

    if (json_object_is_type(value, json_type_object)) {
        value = afp_json_at(value, "adequacy");
    }
    if (questionnaire >= 0) {
        take_questionnaire_score(scores, questionnaire, value);
    } else if (afp_text_equal_but_case(name, "global")) {
        take_score(scores, value, &scores->results->global);
    }
}

/* --- questionnaires --------------------------------------------------------------------------- */

/* 1 for a date, whatever its form; MySQL's zero date and what PHP makes of none are none. */
static int is_date(struct json_object *value)
{
    const char *text = afp_json_text_at(value, "");

    if (text != NULL) {
        return *text != '\0' && strncmp(text, "0000-", 5) != 0;
    }
    return json_object_is_type(value, json_type_int) && json_object_get_int64(value) > 0;
}

static int is_finished(struct json_object *status)
{
    return afp_json_true_at(status, "") || afp_results_word(status) == AFP_PROGRESS_COMPLETED;
}

/* `state` is an object, or the status itself. */
static void take_questionnaire(const scores_t *scores, int questionnaire, struct json_object *state)
{
    if (is_finished(state) || is_finished(afp_json_at(state, "status")) ||
        is_date(afp_json_at(state, "finished_at")) || is_date(afp_json_at(state, "completed_at"))) {
        scores->results->finished |= AFP_BIT(questionnaire);
    }
    take_questionnaire_score(scores, questionnaire, afp_json_at(state, "score"));
    take_questionnaire_score(scores, questionnaire, afp_json_at(state, "adequacy"));
}

static void take_named_questionnaire(void *baton, const char *name, struct json_object *state)
{
    int questionnaire = questionnaire_of(name);

    if (questionnaire >= 0) {
        take_questionnaire(baton, questionnaire, state);
    }
}

/* An element of an array: its name stands in it, at the first of these places that has one. */
static void take_listed_questionnaire(const scores_t *scores, struct json_object *state)
{
    static const char *const places[] = {"name", "code", "type"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        const char *name = afp_json_text_at(state, places[i]);

        if (name != NULL && questionnaire_of(name) >= 0) {
            take_questionnaire(scores, questionnaire_of(name), state);
            return;
        }
    }
}

static void read_questionnaires(scores_t *scores, struct json_object *questionnaires)
{
    each_member(questionnaires, take_named_questionnaire, scores);
    if (json_object_is_type(questionnaires, json_type_array)) {
        size_t count = json_object_array_length(questionnaires);

        for (size_t i = 0; i < count; i++) {
            take_listed_questionnaire(scores, json_object_array_get_idx(questionnaires, i));
        }
    }
}

/* --- all together ----------------------------------------------------------------------------- */

/* 0 if the document says that its scores are another model's; the places are those of
 * core/candidate.h. */
static int is_of_model(struct json_object *root, const char *model_uuid)
{
    static const char *const places[] = {"predictive_model.uuid", "predictive_model_uuid",
                                         "model.uuid", "target"};

    if (*model_uuid == '\0') {
        return 0;
    }
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        const char *named = afp_json_text_at(root, places[i]);

        if (named != NULL && *named != '\0') {
            return strcmp(named, model_uuid) == 0;
        }
    }
    return 1;
}

void afp_results_take_adequacies(struct json_object *map, const char *model_uuid,
                                 afp_results_t *results)
{
    scores_t scores = {results, 1};
    struct json_object *adequacies = NULL;

    /* Not afp_json_at, because a uuid may hold a dot. */
    if (*model_uuid != '\0' && json_object_is_type(map, json_type_object)) {
        json_object_object_get_ex(map, model_uuid, &adequacies);
    }
    each_member(adequacies, take_adequacy, &scores);
}

/* In the order of the contract (8.4, 8.5): the first that is there stays. */
void afp_results_take_scores(struct json_object *candidate, const char *model_uuid,
                             afp_results_t *results)
{
    scores_t scores = {results, is_of_model(candidate, model_uuid)};

    each_member(afp_json_at(candidate, "adequacy"), take_adequacy, &scores);
    afp_results_take_adequacies(afp_json_at(candidate, "adequacies"), model_uuid, results);
    take_score(&scores, afp_json_at(candidate, "global.adequacy"), &results->global);
    each_member(afp_json_at(candidate, "scores"), take_adequacy, &scores);
    take_score(&scores, afp_json_at(candidate, "global_score"), &results->global);
    take_score(&scores, afp_json_at(candidate, "score"), &results->global);
    read_questionnaires(&scores, afp_json_at(candidate, "assessments"));
}
