#include "unit.h"

#include "core/options.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

#define A  "aaaaaaaa00000000000000000000000a"
#define B  "bbbbbbbb00000000000000000000000b"
#define C  "cccccccc00000000000000000000000c"
#define A2 "aaaaaaaa111111111111111111111111" /* begins like A */

#define LIVE     0
#define STALE    1
#define VANISHED 2

/* AssessFirst's list of these models: uuid and name in turn, ended by NULL. Read as the module
 * does, so that equal names have their suffixes. */
static apr_array_header_t *models_of(apr_pool_t *pool, const char *const *texts)
{
    struct json_object *list = json_object_new_array();
    apr_array_header_t *models;

    for (; *texts != NULL; texts += 2) {
        struct json_object *model = json_object_new_object();

        json_object_object_add(model, "uuid", json_object_new_string(texts[0]));
        json_object_object_add(model, "name", json_object_new_string(texts[1]));
        json_object_array_add(list, model);
    }
    models = afp_models_read(pool, list);
    json_object_put(list);
    assert_non_null(models);
    return models;
}

#define MODELS(pool, ...) models_of(pool, (const char *const[]){__VA_ARGS__, NULL})
#define NO_MODELS(pool)   models_of(pool, (const char *const[]){NULL})

static apr_array_header_t *nothing(apr_pool_t *pool)
{
    return apr_array_make(pool, 1, sizeof(afp_option_t));
}

static const afp_option_t *option_of(const apr_array_header_t *options, const char *text)
{
    const afp_option_t *found = NULL;

    for (int i = 0; i < options->nelts; i++) {
        const afp_option_t *option = &APR_ARRAY_IDX(options, i, afp_option_t);

        if (strcmp(option->option, text) == 0) {
            assert_null(found);
            found = option;
        }
    }
    return found;
}

static void assert_option(const apr_array_header_t *options, const char *text, const char *uuid,
                          int condition)
{
    const afp_option_t *option = option_of(options, text);

    if (option == NULL) {
        fail_msg("no option \"%s\"", text);
        return;
    }
    assert_string_equal(option->uuid, uuid);
    assert_int_equal(option->stale, condition != LIVE);
    assert_int_equal(option->vanished, condition == VANISHED);
}

static const char *joined(apr_pool_t *pool, const apr_array_header_t *texts)
{
    const char *all = "";

    for (int i = 0; i < texts->nelts; i++) {
        all = apr_pstrcat(pool, all, i > 0 ? "|" : "", APR_ARRAY_IDX(texts, i, const char *), NULL);
    }
    return all;
}

static apr_array_header_t *texts_of(apr_pool_t *pool, const char *const *texts)
{
    apr_array_header_t *array = apr_array_make(pool, 4, sizeof(const char *));

    for (; *texts != NULL; texts++) {
        APR_ARRAY_PUSH(array, const char *) = *texts;
    }
    return array;
}

#define TEXTS(pool, ...) texts_of(pool, (const char *const[]){__VA_ARGS__, NULL})

/* --- joining ---------------------------------------------------------------------------------- */

static void the_first_list_gives_each_model_its_option(void **state)
{
    const apr_array_header_t *options = afp_options_join(
        *state, MODELS(*state, A, "Sales", B, "Developer", C, "Sales"), nothing(*state));

    assert_int_equal(options->nelts, 3);
    assert_option(options, "Sales (aaaaaaaa)", A, LIVE);
    assert_option(options, "Developer", B, LIVE);
    assert_option(options, "Sales (cccccccc)", C, LIVE);
    assert_string_equal(option_of(options, "Sales (aaaaaaaa)")->name, "Sales");
}

static void the_same_list_again_changes_nothing(void **state)
{
    const apr_array_header_t *models = MODELS(*state, A, "Sales", B, "Developer", C, "Sales");
    const apr_array_header_t *once = afp_options_join(*state, models, nothing(*state));
    const apr_array_header_t *twice = afp_options_join(*state, models, once);

    assert_int_equal(twice->nelts, once->nelts);
    for (int i = 0; i < once->nelts; i++) {
        const afp_option_t *before = &APR_ARRAY_IDX(once, i, afp_option_t);
        const afp_option_t *after = &APR_ARRAY_IDX(twice, i, afp_option_t);

        assert_string_equal(before->option, after->option);
        assert_string_equal(before->uuid, after->uuid);
        assert_string_equal(before->name, after->name);
        assert_int_equal(before->stale, after->stale);
    }
}

static void the_map_outlives_what_it_was_made_of(void **state)
{
    const apr_array_header_t *options;
    const apr_array_header_t *stored;
    apr_pool_t *pool;

    assert_int_equal(apr_pool_create(&pool, *state), APR_SUCCESS);
    stored = afp_options_join(pool, MODELS(pool, A, "Sales"), nothing(pool));
    options = afp_options_join(*state, MODELS(pool, B, "Developer"), stored);
    apr_pool_destroy(pool);
    assert_option(options, "Sales", A, VANISHED);
    assert_option(options, "Developer", B, LIVE);
    assert_string_equal(option_of(options, "Sales")->name, "Sales");
}

static void a_renamed_model_takes_a_new_text_and_its_former_one_is_stale(void **state)
{
    const apr_array_header_t *options =
        afp_options_join(*state, MODELS(*state, A, "Sales"), nothing(*state));

    options = afp_options_join(*state, MODELS(*state, A, "Sales 2"), options);
    assert_int_equal(options->nelts, 2);
    assert_option(options, "Sales", A, STALE);
    assert_option(options, "Sales 2", A, LIVE);
    assert_string_equal(option_of(options, "Sales")->name, "Sales 2");
}

static void a_model_that_is_renamed_back_takes_its_former_text_back(void **state)
{
    const apr_array_header_t *options =
        afp_options_join(*state, MODELS(*state, A, "Sales"), nothing(*state));

    options = afp_options_join(*state, MODELS(*state, A, "Sales 2"), options);
    options = afp_options_join(*state, MODELS(*state, A, "Sales"), options);
    assert_int_equal(options->nelts, 2);
    assert_option(options, "Sales", A, LIVE);
    assert_option(options, "Sales 2", A, STALE);
}

static void a_name_that_differs_only_in_blanks_keeps_its_text(void **state)
{
    const apr_array_header_t *options =
        afp_options_join(*state, MODELS(*state, A, "Sales"), nothing(*state));

    options = afp_options_join(*state, MODELS(*state, A, " Sales\n"), options);
    assert_int_equal(options->nelts, 1);
    assert_option(options, "Sales", A, LIVE);
}

static void the_texts_of_a_vanished_model_stay(void **state)
{
    const apr_array_header_t *options =
        afp_options_join(*state, MODELS(*state, A, "Sales"), nothing(*state));

    options = afp_options_join(*state, MODELS(*state, A, "Sales 2"), options);
    options = afp_options_join(*state, NO_MODELS(*state), options);
    assert_int_equal(options->nelts, 2);
    assert_option(options, "Sales", A, VANISHED);
    assert_option(options, "Sales 2", A, VANISHED);
}

static void a_model_that_returns_is_live_again(void **state)
{
    const apr_array_header_t *options =
        afp_options_join(*state, MODELS(*state, A, "Sales", B, "Sales"), nothing(*state));

    options = afp_options_join(*state, NO_MODELS(*state), options);
    options = afp_options_join(*state, MODELS(*state, A, "Sales"), options);
    assert_int_equal(options->nelts, 2);
    assert_option(options, "Sales (aaaaaaaa)", A, LIVE);
    assert_option(options, "Sales (bbbbbbbb)", B, VANISHED);
}

static void a_model_keeps_its_text_when_another_of_the_same_name_comes_or_goes(void **state)
{
    const apr_array_header_t *options =
        afp_options_join(*state, MODELS(*state, A, "Sales"), nothing(*state));

    options = afp_options_join(*state, MODELS(*state, A, "Sales", B, "Sales"), options);
    assert_int_equal(options->nelts, 2);
    assert_option(options, "Sales", A, LIVE);
    assert_option(options, "Sales (bbbbbbbb)", B, LIVE);
    options = afp_options_join(*state, MODELS(*state, B, "Sales"), options);
    assert_int_equal(options->nelts, 2);
    assert_option(options, "Sales", A, VANISHED);
    assert_option(options, "Sales (bbbbbbbb)", B, LIVE);
}

static void a_text_never_passes_to_another_model(void **state)
{
    const apr_array_header_t *options =
        afp_options_join(*state, MODELS(*state, A, "Sales"), nothing(*state));

    /* Vanished, or renamed: in both cases a job may still hold the text. */
    assert_option(afp_options_join(*state, MODELS(*state, B, "Sales"), options), "Sales", A,
                  VANISHED);
    options = afp_options_join(*state, MODELS(*state, A, "Sales 2", B, "Sales"), options);
    assert_int_equal(options->nelts, 3);
    assert_option(options, "Sales", A, STALE);
    assert_option(options, "Sales 2", A, LIVE);
    assert_option(options, "Sales (bbbbbbbb)", B, LIVE);
}

static void models_that_swap_their_names_do_not_swap_their_texts(void **state)
{
    const apr_array_header_t *options =
        afp_options_join(*state, MODELS(*state, A, "One", B, "Two"), nothing(*state));

    options = afp_options_join(*state, MODELS(*state, A, "Two", B, "One"), options);
    assert_int_equal(options->nelts, 4);
    assert_option(options, "One", A, STALE);
    assert_option(options, "Two", B, STALE);
    assert_option(options, "Two (aaaaaaaa)", A, LIVE);
    assert_option(options, "One (bbbbbbbb)", B, LIVE);
}

static void suffixes_grow_until_a_text_is_free(void **state)
{
    const apr_array_header_t *options = afp_options_join(
        *state, MODELS(*state, A, "Sales", B, "Sales (cccccccc)", A2, "Sales (" C ")"),
        nothing(*state));

    options = afp_options_join(
        *state, MODELS(*state, A, "Sales", B, "Sales (cccccccc)", A2, "Sales (" C ")", C, "Sales"),
        options);
    assert_int_equal(options->nelts, 4);
    assert_option(options, "Sales", A, LIVE);
    assert_option(options, "Sales (" C ", 3)", C, LIVE);
    options = afp_options_join(
        *state, MODELS(*state, A, "Sales", B, "Sales (cccccccc)", A2, "Sales (" C ")", C, "Sales"),
        options);
    assert_int_equal(options->nelts, 4);
    assert_option(options, "Sales (" C ", 3)", C, LIVE);
}

static void a_model_is_never_named_like_the_no_model_choice(void **state)
{
    const apr_array_header_t *options = afp_options_join(
        *state, MODELS(*state, A, AFP_MODEL_NONE, B, "Don\xe2\x80\x99t use a predictive model"),
        nothing(*state));

    assert_int_equal(options->nelts, 2);
    assert_option(options, AFP_MODEL_NONE " (aaaaaaaa)", A, LIVE);
    assert_option(options, "Don\xe2\x80\x99t use a predictive model (bbbbbbbb)", B, LIVE);
}

static void a_stored_map_that_is_at_odds_with_itself_is_put_in_order(void **state)
{
    apr_array_header_t *stored = nothing(*state);
    const apr_array_header_t *options;

    *(afp_option_t *)apr_array_push(stored) = (afp_option_t){"Sales", A, "Sales", 7, 0, 0};
    *(afp_option_t *)apr_array_push(stored) = (afp_option_t){"Sales", B, "Sales", 7, 0, 0};
    *(afp_option_t *)apr_array_push(stored) = (afp_option_t){"Sales 2", A, "Sales", 7, 0, 0};
    *(afp_option_t *)apr_array_push(stored) = (afp_option_t){AFP_MODEL_NONE, A, "Sales", 7, 0, 0};
    options = afp_options_join(*state, MODELS(*state, A, "Sales", B, "Sales"), stored);
    assert_int_equal(options->nelts, 3);
    assert_option(options, "Sales", A, LIVE);
    assert_option(options, "Sales 2", A, STALE);
    assert_option(options, "Sales (bbbbbbbb)", B, LIVE);
}

static void each_option_tells_what_its_model_wants_now(void **state)
{
    apr_array_header_t *models = MODELS(*state, A, "Sales", B, "Developer");
    const apr_array_header_t *options;

    APR_ARRAY_IDX(models, 0, afp_model_t).wanted = 1;
    options = afp_options_join(*state, models, nothing(*state));
    assert_int_equal(option_of(options, "Sales")->wanted, 1);
    assert_int_equal(option_of(options, "Developer")->wanted, 7);
    models = MODELS(*state, A, "Sales 2");
    APR_ARRAY_IDX(models, 0, afp_model_t).wanted = 8;
    options = afp_options_join(*state, models, options);
    assert_int_equal(option_of(options, "Sales")->wanted, 8);
    assert_int_equal(option_of(options, "Sales 2")->wanted, 8);
    assert_int_equal(option_of(options, "Developer")->wanted, 7);
}

/* A small generator, so that a failure can be repeated. */
static unsigned int next_random(unsigned int *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 16;
}

/* Some of four models with some of five names, among them such as look like suffixed ones. */
static apr_array_header_t *random_models(apr_pool_t *pool, unsigned int *seed)
{
    static const char *const uuids[] = {A, A2, B, C};
    static const char *const names[] = {"Sales", "Sales (aaaaaaaa)", "Sales (" A ")", "Other",
                                        AFP_MODEL_NONE};
    const char *texts[2 * COUNT_OF(uuids) + 1];
    size_t used = 0;

    for (size_t i = 0; i < COUNT_OF(uuids); i++) {
        if (next_random(seed) % 4 > 0) {
            texts[used++] = uuids[i];
            texts[used++] = names[next_random(seed) % COUNT_OF(names)];
        }
    }
    texts[used] = NULL;
    return models_of(pool, texts);
}

static void assert_map_is_sound(apr_pool_t *pool, const apr_array_header_t *options,
                                const apr_array_header_t *models)
{
    apr_hash_t *live = apr_hash_make(pool);

    for (int i = 0; i < options->nelts; i++) {
        const afp_option_t *option = &APR_ARRAY_IDX(options, i, afp_option_t);

        assert_ptr_equal(option_of(options, option->option), option);
        assert_false(afp_model_is_none(option->option));
        assert_true(option->stale || !option->vanished);
        if (!option->stale) {
            assert_null(apr_hash_get(live, option->uuid, APR_HASH_KEY_STRING));
            apr_hash_set(live, option->uuid, APR_HASH_KEY_STRING, option);
        }
    }
    assert_int_equal(apr_hash_count(live), models->nelts);
    for (int i = 0; i < models->nelts; i++) {
        const afp_model_t *model = &APR_ARRAY_IDX(models, i, afp_model_t);
        const afp_option_t *option = apr_hash_get(live, model->uuid, APR_HASH_KEY_STRING);

        assert_non_null(option);
        assert_string_equal(option->name, model->name);
    }
}

static void no_history_makes_a_text_change_its_meaning(void **state)
{
    apr_pool_t *pool = *state;
    const apr_array_header_t *options = nothing(pool);
    unsigned int seed = 1;

    for (int step = 0; step < 2000; step++) {
        const apr_array_header_t *models = random_models(pool, &seed);
        const apr_array_header_t *next = afp_options_join(pool, models, options);

        assert_map_is_sound(pool, next, models);
        for (int i = 0; i < options->nelts; i++) {
            const afp_option_t *before = &APR_ARRAY_IDX(options, i, afp_option_t);
            const afp_option_t *after = option_of(next, before->option);

            assert_non_null(after);
            assert_string_equal(after->uuid, before->uuid);
        }
        options = next;
    }
    /* The texts are bounded as well: at most four forms for each of a model's names. */
    assert_true(options->nelts <= 4 * 5 * 4);
}

static void thousands_of_models_are_joined_in_no_time(void **state)
{
    apr_array_header_t *models = apr_array_make(*state, 1, sizeof(afp_model_t));
    const apr_array_header_t *options = nothing(*state);

    for (int i = 0; i < 10000; i++) {
        afp_model_t *model = apr_array_push(models);

        model->uuid = apr_psprintf(*state, "%032x", (unsigned int)i);
        model->name = "Same";
        model->option = afp_model_option(*state, model->name, model->uuid, 2);
        model->wanted = 7;
    }
    for (int i = 0; i < 3; i++) {
        options = afp_options_join(*state, models, options);
    }
    assert_int_equal(options->nelts, 10000);
}

/* --- the field's texts ------------------------------------------------------------------------ */

/* "b" and "a" live, "c" and "Z" stale. */
static const apr_array_header_t *some_options(apr_pool_t *pool)
{
    const apr_array_header_t *options =
        afp_options_join(pool, MODELS(pool, A, "c", B, "Z"), nothing(pool));

    return afp_options_join(pool, MODELS(pool, A, "b", C, "a"), options);
}

static void the_field_offers_the_no_model_choice_first(void **state)
{
    assert_string_equal(joined(*state, afp_options_texts(*state, nothing(*state), nothing(*state))),
                        AFP_MODEL_NONE);
    assert_string_equal(
        joined(*state, afp_options_texts(*state, some_options(*state), nothing(*state))),
        AFP_MODEL_NONE "|a|b");
}

static void stale_texts_stay_while_jobs_hold_them(void **state)
{
    const apr_array_header_t *options = some_options(*state);

    assert_string_equal(
        joined(*state, afp_options_texts(*state, options, TEXTS(*state, " c\n", "a", "other"))),
        AFP_MODEL_NONE "|a|b|c");
    assert_string_equal(
        joined(*state, afp_options_texts(*state, options, TEXTS(*state, "Z", "c", "z", "c"))),
        AFP_MODEL_NONE "|a|b|Z|c");
    assert_string_equal(
        joined(*state,
               afp_options_texts(*state, options, apr_array_make(*state, 1, sizeof(const char *)))),
        AFP_MODEL_NONE "|a|b");
}

static void texts_are_equal_only_in_the_same_order(void **state)
{
    assert_true(afp_options_equal(TEXTS(*state, "a", "b"), TEXTS(*state, "a", "b")));
    assert_true(afp_options_equal(texts_of(*state, (const char *const[]){NULL}),
                                  texts_of(*state, (const char *const[]){NULL})));
    assert_false(afp_options_equal(TEXTS(*state, "a", "b"), TEXTS(*state, "b", "a")));
    assert_false(afp_options_equal(TEXTS(*state, "a", "b"), TEXTS(*state, "a")));
    assert_false(afp_options_equal(TEXTS(*state, "a"), TEXTS(*state, "A")));
    assert_false(afp_options_equal(TEXTS(*state, "a"), TEXTS(*state, "a ")));
}

/* --- a job's choice --------------------------------------------------------------------------- */

static void assert_choice(apr_pool_t *pool, const apr_array_header_t *options, const char *value,
                          afp_choice_t expected, const char *text)
{
    static const afp_option_t untouched;
    const afp_option_t *option = &untouched;
    afp_choice_t choice = afp_options_choose(pool, options, value, &option);

    if (choice != expected) {
        fail_msg("\"%s\" is %d", value, (int)choice);
    }
    if (text == NULL) {
        assert_null(option);
    } else {
        assert_ptr_equal(option, option_of(options, text));
    }
}

static void a_live_text_means_its_model(void **state)
{
    const apr_array_header_t *options = some_options(*state);

    assert_choice(*state, options, "a", AFP_CHOICE_MODEL, "a");
    assert_choice(*state, options, " b\n", AFP_CHOICE_MODEL, "b");
}

static void a_stale_text_still_means_a_model_that_lives(void **state)
{
    const apr_array_header_t *options = some_options(*state);
    const afp_option_t *option;

    assert_choice(*state, options, "c", AFP_CHOICE_MODEL, "c");
    assert_int_equal(afp_options_choose(*state, options, "c", &option), AFP_CHOICE_MODEL);
    assert_string_equal(option->uuid, A);
    assert_string_equal(option->name, "b");
}

static void the_text_of_a_vanished_model_is_unknown_but_named(void **state)
{
    assert_choice(*state, some_options(*state), " Z ", AFP_CHOICE_UNKNOWN, "Z");
}

static void nothing_no_model_and_unknown_texts_have_no_option(void **state)
{
    const apr_array_header_t *options = some_options(*state);

    assert_choice(*state, options, "", AFP_CHOICE_NOTHING, NULL);
    assert_choice(*state, options, " \t", AFP_CHOICE_NOTHING, NULL);
    assert_choice(*state, options, AFP_MODEL_NONE, AFP_CHOICE_NONE, NULL);
    assert_choice(*state, options, " Don\xe2\x80\x99t use a predictive model ", AFP_CHOICE_NONE,
                  NULL);
    assert_choice(*state, options, "x", AFP_CHOICE_UNKNOWN, NULL);
    assert_choice(*state, options, "A", AFP_CHOICE_UNKNOWN, NULL);
    assert_choice(*state, nothing(*state), "a", AFP_CHOICE_UNKNOWN, NULL);
}

static void a_plain_name_is_found_if_only_one_model_bears_it(void **state)
{
    const apr_array_header_t *two =
        afp_options_join(*state, MODELS(*state, A, "Sales", B, "Sales"), nothing(*state));
    const apr_array_header_t *renamed =
        afp_options_join(*state, MODELS(*state, A, "Sales", B, "Developer"), two);

    assert_choice(*state, two, "Sales", AFP_CHOICE_UNKNOWN, NULL);
    assert_choice(*state, renamed, "Sales", AFP_CHOICE_MODEL, "Sales (aaaaaaaa)");
    assert_choice(*state, renamed, "Sales (bbbbbbbb)", AFP_CHOICE_MODEL, "Sales (bbbbbbbb)");
    assert_choice(*state, renamed, "Developer (bbbbbbbb)", AFP_CHOICE_MODEL, "Sales (bbbbbbbb)");
}

static void a_text_means_its_own_model_whoever_bears_that_name_now(void **state)
{
    const apr_array_header_t *options =
        afp_options_join(*state, MODELS(*state, A, "Sales"), nothing(*state));

    options = afp_options_join(*state, MODELS(*state, B, "Sales"), options);
    assert_choice(*state, options, "Sales", AFP_CHOICE_UNKNOWN, "Sales");
    options = afp_options_join(*state, MODELS(*state, A, "Other", B, "Sales"), options);
    assert_choice(*state, options, "Sales", AFP_CHOICE_MODEL, "Sales");
    assert_string_equal(option_of(options, "Sales")->uuid, A);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_first_list_gives_each_model_its_option),
        UNIT_TEST(the_same_list_again_changes_nothing),
        UNIT_TEST(the_map_outlives_what_it_was_made_of),
        UNIT_TEST(a_renamed_model_takes_a_new_text_and_its_former_one_is_stale),
        UNIT_TEST(a_model_that_is_renamed_back_takes_its_former_text_back),
        UNIT_TEST(a_name_that_differs_only_in_blanks_keeps_its_text),
        UNIT_TEST(the_texts_of_a_vanished_model_stay),
        UNIT_TEST(a_model_that_returns_is_live_again),
        UNIT_TEST(a_model_keeps_its_text_when_another_of_the_same_name_comes_or_goes),
        UNIT_TEST(a_text_never_passes_to_another_model),
        UNIT_TEST(models_that_swap_their_names_do_not_swap_their_texts),
        UNIT_TEST(suffixes_grow_until_a_text_is_free),
        UNIT_TEST(a_model_is_never_named_like_the_no_model_choice),
        UNIT_TEST(a_stored_map_that_is_at_odds_with_itself_is_put_in_order),
        UNIT_TEST(each_option_tells_what_its_model_wants_now),
        UNIT_TEST(no_history_makes_a_text_change_its_meaning),
        UNIT_TEST(thousands_of_models_are_joined_in_no_time),
        UNIT_TEST(the_field_offers_the_no_model_choice_first),
        UNIT_TEST(stale_texts_stay_while_jobs_hold_them),
        UNIT_TEST(texts_are_equal_only_in_the_same_order),
        UNIT_TEST(a_live_text_means_its_model),
        UNIT_TEST(a_stale_text_still_means_a_model_that_lives),
        UNIT_TEST(the_text_of_a_vanished_model_is_unknown_but_named),
        UNIT_TEST(nothing_no_model_and_unknown_texts_have_no_option),
        UNIT_TEST(a_plain_name_is_found_if_only_one_model_bears_it),
        UNIT_TEST(a_text_means_its_own_model_whoever_bears_that_name_now),
    };

    return UNIT_RUN(tests);
}
