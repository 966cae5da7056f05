#include "unit_json.h"

#include "core/model.h"
#include "core/results.h"
#include "core/text.h"

#include <apr_hash.h>
#include <apr_strings.h>

#define UUID_A  "aaaaaaaa00000000000000000000000a"
#define UUID_B  "bbbbbbbb00000000000000000000000b"
#define UUID_C  "cccccccc00000000000000000000000c"
#define UUID_A2 "aaaaaaaa111111111111111111111111" /* begins like UUID_A */

#define MODEL(uuid, name) "{\"uuid\":\"" uuid "\",\"name\":\"" name "\"}"

static const apr_array_header_t *read_models(apr_pool_t *pool, const char *text)
{
    const apr_array_header_t *models = afp_models_read(pool, unit_json(pool, text));

    assert_non_null(models);
    return models;
}

/* The option of the model `uuid`, which must be in the list. */
static const char *option(const apr_array_header_t *models, const char *uuid)
{
    for (int i = 0; i < models->nelts; i++) {
        const afp_model_t *model = &APR_ARRAY_IDX(models, i, afp_model_t);

        if (strcmp(model->uuid, uuid) == 0) {
            return model->option;
        }
    }
    fail_msg("no model %s", uuid);
    return "";
}

static afp_choice_t choose(apr_pool_t *pool, const char *list, const char *value, const char **uuid)
{
    const afp_model_t *model = NULL;
    afp_choice_t choice = afp_models_choose(pool, read_models(pool, list), value, &model);

    *uuid = model != NULL ? model->uuid : "";
    return choice;
}

static void assert_chosen(apr_pool_t *pool, const char *list, const char *value, const char *uuid)
{
    const char *chosen;

    assert_int_equal(choose(pool, list, value, &chosen), AFP_CHOICE_MODEL);
    assert_string_equal(chosen, uuid);
}

static void a_list_is_read_with_and_without_an_envelope(void **state)
{
    static const char *const lists[] = {
        "[" MODEL(UUID_A, "Sales") "," MODEL(UUID_B, "Developer") "]",
        "{\"data\":[" MODEL(UUID_A, "Sales") "," MODEL(UUID_B, "Developer") "],\"meta\":{}}",
    };

    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const apr_array_header_t *models = read_models(*state, lists[i]);

        assert_int_equal(models->nelts, 2);
        assert_string_equal(APR_ARRAY_IDX(models, 0, afp_model_t).uuid, UUID_A);
        assert_string_equal(APR_ARRAY_IDX(models, 0, afp_model_t).name, "Sales");
        assert_string_equal(APR_ARRAY_IDX(models, 0, afp_model_t).option, "Sales");
        assert_string_equal(option(models, UUID_B), "Developer");
    }
}

static void an_empty_list_is_a_list(void **state)
{
    assert_int_equal(read_models(*state, "[]")->nelts, 0);
    assert_int_equal(read_models(*state, "{\"data\":[]}")->nelts, 0);
}

static void a_document_that_is_no_list_is_refused(void **state)
{
    static const char *const documents[] = {
        "{}",    "{\"data\":{}}",   "{\"data\":null}",
        "\"x\"", "{\"models\":[]}", "{\"error\":\"no licence\",\"data\":[]}",
    };

    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        assert_null(afp_models_read(*state, unit_json(*state, documents[i])));
    }
    assert_null(afp_models_read(*state, NULL));
}

static void the_list_outlives_its_document(void **state)
{
    const apr_array_header_t *models;
    apr_pool_t *document_pool;

    assert_int_equal(apr_pool_create(&document_pool, *state), APR_SUCCESS);
    models = afp_models_read(*state, unit_json(document_pool, "[" MODEL(UUID_A, "Sales") "]"));
    apr_pool_destroy(document_pool);
    assert_string_equal(APR_ARRAY_IDX(models, 0, afp_model_t).uuid, UUID_A);
    assert_string_equal(APR_ARRAY_IDX(models, 0, afp_model_t).name, "Sales");
    assert_string_equal(APR_ARRAY_IDX(models, 0, afp_model_t).option, "Sales");
}

static void entries_without_name_or_usable_uuid_are_left_out(void **state)
{
    const apr_array_header_t *models = read_models(
        *state,
        "[null,5,\"x\",[],{},{\"uuid\":\"" UUID_A "\"},{\"name\":\"Sales\"},"
        "{\"uuid\":5,\"name\":\"Sales\"},{\"uuid\":\"\",\"name\":\"Sales\"},"
        "{\"uuid\":\"a b\",\"name\":\"Sales\"},{\"uuid\":\" "
        "a\",\"name\":\"Sales\"},{\"uuid\":\"a\x7f\",\"name\":\"Sales\"},{\"uuid\":\"\xc3\xa9\","
        "\"name\":\"Sales\"},"
        "{\"uuid\":\"" UUID_A "\",\"name\":\" \\n \"},{\"uuid\":\"" UUID_A "\",\"name\":null},"
        "{\"uuid\":\"" UUID_A UUID_A "0\",\"name\":\"65 bytes\"}," MODEL(UUID_B, "Developer") "]");

    assert_int_equal(models->nelts, 1);
    assert_string_equal(option(models, UUID_B), "Developer");
}

static void a_uuid_has_1_to_64_characters(void **state)
{
    const apr_array_header_t *models =
        read_models(*state, "[" MODEL("a", "Sales") "," MODEL(UUID_A UUID_B, "Developer") "]");

    assert_string_equal(option(models, "a"), "Sales");
    assert_string_equal(option(models, UUID_A UUID_B), "Developer");
}

static void a_repeated_uuid_is_kept_once(void **state)
{
    const apr_array_header_t *models =
        read_models(*state, "[" MODEL(UUID_A, "Sales") "," MODEL(UUID_A, "Sales again") "]");

    assert_int_equal(models->nelts, 1);
    assert_string_equal(option(models, UUID_A), "Sales");
}

static void each_model_says_which_questionnaires_it_wants(void **state)
{
    const apr_array_header_t *models = read_models(
        *state, "[{\"uuid\":\"" UUID_A "\",\"name\":\"Sales\",\"assessments\":{\"swipe\":false,"
                "\"drive\":true,\"brain\":false,\"voice\":true}}," MODEL(UUID_B, "Developer") "]");

    assert_int_equal(APR_ARRAY_IDX(models, 0, afp_model_t).wanted,
                     1u << AFP_DRIVE | 1u << AFP_VOICE);
    assert_int_equal(APR_ARRAY_IDX(models, 1, afp_model_t).wanted, afp_results_wanted(NULL));
}

static void models_of_equal_name_carry_the_beginning_of_their_uuid(void **state)
{
    const apr_array_header_t *models = read_models(
        *state,
        "[" MODEL(UUID_A, "Sales") "," MODEL(UUID_B, "Sales") "," MODEL(UUID_C, "sales") "]");

    assert_string_equal(option(models, UUID_A), "Sales (aaaaaaaa)");
    assert_string_equal(option(models, UUID_B), "Sales (bbbbbbbb)");
    assert_string_equal(option(models, UUID_C), "sales");
}

static void where_that_is_not_enough_they_carry_the_whole_uuid(void **state)
{
    const apr_array_header_t *models = read_models(
        *state,
        "[" MODEL(UUID_A, "Sales") "," MODEL(UUID_A2, "Sales") "," MODEL(UUID_B, "Sales") "]");

    assert_string_equal(option(models, UUID_A), "Sales (" UUID_A ")");
    assert_string_equal(option(models, UUID_A2), "Sales (" UUID_A2 ")");
    assert_string_equal(option(models, UUID_B), "Sales (bbbbbbbb)");
}

static void a_name_that_looks_like_a_suffixed_one_is_kept_apart(void **state)
{
    static const char *const lists[] = {
        "[" MODEL(UUID_A, "Sales") "," MODEL(UUID_B, "Sales") "," MODEL(UUID_C,
                                                                        "Sales (aaaaaaaa)") "]",
        "[" MODEL(UUID_C, "Sales (aaaaaaaa)") "," MODEL(UUID_B, "Sales") "," MODEL(UUID_A,
                                                                                   "Sales") "]",
    };

    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const apr_array_header_t *models = read_models(*state, lists[i]);

        assert_string_equal(option(models, UUID_A), "Sales (" UUID_A ")");
        assert_string_equal(option(models, UUID_B), "Sales (bbbbbbbb)");
        assert_string_equal(option(models, UUID_C), "Sales (aaaaaaaa) (cccccccc)");
    }
}

static void a_model_named_like_the_no_model_choice_is_kept_apart(void **state)
{
    const apr_array_header_t *models =
        read_models(*state, "[" MODEL(UUID_A, AFP_MODEL_NONE) "," MODEL(
                                UUID_B, "Don\xe2\x80\x99t use a predictive model") "]");

    assert_string_equal(option(models, UUID_A), AFP_MODEL_NONE " (aaaaaaaa)");
    assert_string_equal(option(models, UUID_B),
                        "Don\xe2\x80\x99t use a predictive model (bbbbbbbb)");
    models = read_models(*state, "[" MODEL(UUID_A, AFP_MODEL_NONE) "]");
    assert_string_equal(option(models, UUID_A), AFP_MODEL_NONE " (aaaaaaaa)");
    models = read_models(*state, "[" MODEL(UUID_A, AFP_MODEL_NONE) "," MODEL(UUID_C, AFP_MODEL_NONE
                                                                             " (aaaaaaaa)") "]");
    assert_string_equal(option(models, UUID_A), AFP_MODEL_NONE " (" UUID_A ")");
    assert_string_equal(option(models, UUID_C), AFP_MODEL_NONE " (aaaaaaaa) (cccccccc)");
}

static void an_option_is_one_line_without_blanks_around_it(void **state)
{
    const apr_array_header_t *models = read_models(
        *state, "[" MODEL(UUID_A, " Sales\\r\\n\\t Executive\\u00a0\\u2028\\u0001") "]");

    assert_string_equal(option(models, UUID_A), "Sales Executive");
    assert_string_equal(APR_ARRAY_IDX(models, 0, afp_model_t).name,
                        " Sales\r\n\t Executive\xc2\xa0\xe2\x80\xa8\x01");
}

/* A JSON list of two models whose names are `count` times `character`. */
static const char *long_names(apr_pool_t *pool, const char *character, int count)
{
    const char *name = "";

    while (count-- > 0) {
        name = apr_pstrcat(pool, name, character, NULL);
    }
    return apr_psprintf(pool,
                        "[{\"uuid\":\"" UUID_A "\",\"name\":\"%s\"},"
                        "{\"uuid\":\"" UUID_B "\",\"name\":\"%s!\"}]",
                        name, name);
}

static void a_name_of_255_bytes_fits_and_a_longer_one_is_shortened(void **state)
{
    const apr_array_header_t *models = read_models(*state, long_names(*state, "x", 255));

    assert_int_equal(strlen(option(models, UUID_A)), 255);
    assert_null(strstr(option(models, UUID_A), "\xe2\x80\xa6"));
    assert_int_equal(strlen(option(models, UUID_B)), 255);
    assert_non_null(strstr(option(models, UUID_B), "\xe2\x80\xa6"));
}

static void long_names_of_any_characters_stay_within_the_limit_and_unique(void **state)
{
    static const char *const characters[] = {"x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};

    for (size_t i = 0; i < COUNT_OF(characters); i++) {
        const apr_array_header_t *models =
            read_models(*state, long_names(*state, characters[i], 300));
        const char *one = option(models, UUID_A);
        const char *other = option(models, UUID_B);

        assert_true(strlen(one) <= AFP_MODEL_OPTION_LIMIT && strlen(one) >= 250);
        assert_true(strlen(other) <= AFP_MODEL_OPTION_LIMIT);
        assert_true(afp_text_is_utf8(one, strlen(one)));
        assert_string_equal(one + strlen(one) - strlen("\xe2\x80\xa6 (aaaaaaaa)"),
                            "\xe2\x80\xa6 (aaaaaaaa)");
        assert_string_not_equal(one, other);
    }
}

static void hundreds_of_equal_names_get_different_options(void **state)
{
    apr_hash_t *seen = apr_hash_make(*state);
    const char *list = "";
    const apr_array_header_t *models;

    for (int i = 0; i < 400; i++) {
        list = apr_psprintf(*state, "%s%s{\"uuid\":\"%032x\",\"name\":\"Same\"}", list,
                            i > 0 ? "," : "[", (unsigned int)i);
    }
    models = read_models(*state, apr_pstrcat(*state, list, "]", NULL));
    assert_int_equal(models->nelts, 400);
    for (int i = 0; i < models->nelts; i++) {
        const afp_model_t *model = &APR_ARRAY_IDX(models, i, afp_model_t);

        assert_null(apr_hash_get(seen, model->option, APR_HASH_KEY_STRING));
        apr_hash_set(seen, model->option, APR_HASH_KEY_STRING, model);
    }
}

static void nothing_selected_is_nothing(void **state)
{
    static const char *const values[] = {"", " ", "\t\n", "\xc2\xa0"};
    const char *uuid;

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        assert_int_equal(choose(*state, "[" MODEL(UUID_A, "Sales") "]", values[i], &uuid),
                         AFP_CHOICE_NOTHING);
    }
}

static void the_no_model_choice_is_found_with_either_apostrophe(void **state)
{
    static const char *const values[] = {
        AFP_MODEL_NONE,
        "  " AFP_MODEL_NONE "\n",
        "Don\xe2\x80\x99t use a predictive model",
    };
    const char *uuid;

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        assert_int_equal(choose(*state, "[" MODEL(UUID_A, AFP_MODEL_NONE) "]", values[i], &uuid),
                         AFP_CHOICE_NONE);
        assert_string_equal(uuid, "");
    }
}

static void an_option_finds_its_model(void **state)
{
    static const char list[] = "[" MODEL(UUID_A, "Sales") "," MODEL(UUID_B, "Sales") "," MODEL(
        UUID_C, "D\xc3\xa9veloppeur") "," MODEL(UUID_A2, AFP_MODEL_NONE) "]";

    assert_chosen(*state, list, "Sales (aaaaaaaa)", UUID_A);
    assert_chosen(*state, list, " Sales (bbbbbbbb)\n", UUID_B);
    assert_chosen(*state, list, "D\xc3\xa9veloppeur", UUID_C);
    assert_chosen(*state, list, AFP_MODEL_NONE " (aaaaaaaa)", UUID_A2);
}

static void a_plain_name_is_found_if_only_one_model_bears_it(void **state)
{
    static const char two[] = "[" MODEL(UUID_A, "Sales") "," MODEL(UUID_B, "Sales") "]";
    static const char other[] = "[" MODEL(UUID_A, "Sales") "," MODEL(UUID_B, "Sales") "," MODEL(
        UUID_C, "Sales (aaaaaaaa)") "]";
    const char *uuid;

    assert_int_equal(choose(*state, two, "Sales", &uuid), AFP_CHOICE_UNKNOWN);
    assert_string_equal(uuid, "");
    /* The option of the third carries a suffix, its name was an option of the first: ambiguous. */
    assert_int_equal(choose(*state, other, "Sales (aaaaaaaa)", &uuid), AFP_CHOICE_UNKNOWN);
}

static void an_option_of_before_still_finds_its_model(void **state)
{
    /* The second "Sales" is gone, and with it the need for a suffix; the job still has it. */
    assert_chosen(*state, "[" MODEL(UUID_A, "Sales") "]", "Sales (aaaaaaaa)", UUID_A);
    assert_chosen(*state, "[" MODEL(UUID_A, " Sales\\nTeam ") "]", "Sales Team", UUID_A);
}

static void a_long_name_in_full_finds_its_model(void **state)
{
    const char *list = long_names(*state, "x", 300);
    const apr_array_header_t *models = read_models(*state, list);
    const afp_model_t *one = &APR_ARRAY_IDX(models, 0, afp_model_t);
    const char *uuid;

    assert_chosen(*state, list, one->name, UUID_A);
    /* The option of either before there was the other: it may stand for both. */
    assert_int_equal(
        choose(*state, list, afp_text_shorten(*state, one->name, AFP_MODEL_OPTION_LIMIT), &uuid),
        AFP_CHOICE_UNKNOWN);
}

static void any_other_text_stands_for_no_model(void **state)
{
    static const char *const values[] = {
        "sales",
        "Sale",
        "Sales ()",
        "Sales (bbbbbbbb)",
        "Sales, Developer",
        "Don\x60t use a predictive model",
        "don't use a predictive model",
        "Don",
        "Don't",
        AFP_MODEL_NONE ".",
    };
    const char *uuid;

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        assert_int_equal(choose(*state, "[" MODEL(UUID_A, "Sales") "]", values[i], &uuid),
                         AFP_CHOICE_UNKNOWN);
        assert_string_equal(uuid, "");
    }
    assert_int_equal(choose(*state, "[]", "Sales", &uuid), AFP_CHOICE_UNKNOWN);
}

static void a_shortened_option_finds_its_model(void **state)
{
    const char *list = long_names(*state, "x", 300);
    const apr_array_header_t *models = read_models(*state, list);

    assert_chosen(*state, list, option(models, UUID_A), UUID_A);
    assert_chosen(*state, list, option(models, UUID_B), UUID_B);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_list_is_read_with_and_without_an_envelope),
        UNIT_TEST(an_empty_list_is_a_list),
        UNIT_TEST(a_document_that_is_no_list_is_refused),
        UNIT_TEST(the_list_outlives_its_document),
        UNIT_TEST(entries_without_name_or_usable_uuid_are_left_out),
        UNIT_TEST(a_uuid_has_1_to_64_characters),
        UNIT_TEST(a_repeated_uuid_is_kept_once),
        UNIT_TEST(each_model_says_which_questionnaires_it_wants),
        UNIT_TEST(models_of_equal_name_carry_the_beginning_of_their_uuid),
        UNIT_TEST(where_that_is_not_enough_they_carry_the_whole_uuid),
        UNIT_TEST(a_name_that_looks_like_a_suffixed_one_is_kept_apart),
        UNIT_TEST(a_model_named_like_the_no_model_choice_is_kept_apart),
        UNIT_TEST(an_option_is_one_line_without_blanks_around_it),
        UNIT_TEST(a_name_of_255_bytes_fits_and_a_longer_one_is_shortened),
        UNIT_TEST(long_names_of_any_characters_stay_within_the_limit_and_unique),
        UNIT_TEST(hundreds_of_equal_names_get_different_options),
        UNIT_TEST(nothing_selected_is_nothing),
        UNIT_TEST(the_no_model_choice_is_found_with_either_apostrophe),
        UNIT_TEST(an_option_finds_its_model),
        UNIT_TEST(a_plain_name_is_found_if_only_one_model_bears_it),
        UNIT_TEST(an_option_of_before_still_finds_its_model),
        UNIT_TEST(a_long_name_in_full_finds_its_model),
        UNIT_TEST(any_other_text_stands_for_no_model),
        UNIT_TEST(a_shortened_option_finds_its_model),
    };

    return UNIT_RUN(tests);
}
