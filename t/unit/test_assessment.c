#include "store_fixture.h"

#include "store/assessment.h"

#include <apr_strings.h>
#include <string.h>

static afp_follow_up_t follow_up_of(const char *application_id)
{
    afp_follow_up_t follow_up = {.occurrence = 1};

    apr_cpystrn(follow_up.company_uuid, ACME, sizeof(follow_up.company_uuid));
    apr_cpystrn(follow_up.application_id, application_id, sizeof(follow_up.application_id));
    return follow_up;
}

/* Everything that is stored has a value of its own. */
static afp_assessment_t sample(void)
{
    afp_assessment_t assessment = {
        .occurrence = 2,
        .results = {.progress = AFP_PROGRESS_STARTED,
                    .finished = 5,
                    .wanted = 7,
                    .scores = {71, AFP_SCORE_NONE, 0, 100},
                    .global = 74,
                    .link = "https://app.assessfirst.com/r/1"},
        .polls = 12,
        .read_at = APR_INT64_C(1790000000000001),
        .failure = "the model does not exist any more",
        .closed = "hired",
    };

    return assessment;
}

typedef struct {
    const afp_follow_up_t *follow_up;
    const afp_assessment_t *assessment;
} storing_t;

static apr_status_t store_one(afp_session_t *session, void *baton)
{
    storing_t *storing = baton;

    return afp_assessment_store(session, storing->follow_up, storing->assessment);
}

static void store_assessment(store_t *store, const char *application_id,
                             const afp_assessment_t *assessment)
{
    const afp_follow_up_t follow_up = follow_up_of(application_id);
    storing_t storing = {&follow_up, assessment};

    assert_int_equal(afp_session_write(store->session, store_one, &storing), APR_SUCCESS);
}

static afp_assessment_t read_assessment(store_t *store, const char *application_id, int occurrence)
{
    afp_assessment_t assessment;

    assert_int_equal(
        afp_assessment_read(store->session, ACME, application_id, occurrence, &assessment),
        APR_SUCCESS);
    return assessment;
}

static void assert_same(const afp_assessment_t *one, const afp_assessment_t *other)
{
    assert_int_equal(one->occurrence, other->occurrence);
    assert_int_equal(one->results.progress, other->results.progress);
    assert_int_equal(one->results.finished, other->results.finished);
    assert_int_equal(one->results.wanted, other->results.wanted);
    assert_memory_equal(one->results.scores, other->results.scores, sizeof(one->results.scores));
    assert_int_equal(one->results.global, other->results.global);
    assert_string_equal(one->results.link, other->results.link);
    assert_int_equal(one->polls, other->polls);
    assert_int_equal(one->read_at, other->read_at);
    assert_string_equal(one->failure, other->failure);
    assert_string_equal(one->closed, other->closed);
}

/* ---- one ---- */

static void of_an_unknown_assessment_nothing_is_known(void **state)
{
    store_t *store = *state;
    afp_assessment_t assessment = read_assessment(store, "11", 1);

    assert_int_equal(assessment.occurrence, 0);
    assert_int_equal(assessment.results.global, AFP_SCORE_NONE);
    for (int i = 0; i < AFP_QUESTIONNAIRES; i++) {
        assert_int_equal(assessment.results.scores[i], AFP_SCORE_NONE);
    }
    assert_string_equal(assessment.results.link, "");
    assert_string_equal(assessment.closed, "");
    assert_int_equal(assessment.read_at, 0);
}

static void what_is_stored_is_read_again(void **state)
{
    store_t *store = *state;
    afp_assessment_t stored = sample();
    afp_assessment_t assessment;

    store_assessment(store, "11", &stored);
    assessment = read_assessment(store, "11", 2);
    assert_same(&assessment, &stored);
    assert_string_equal(assessment.results.token, "");
    assert_int_equal(read_assessment(store, "11", 1).occurrence, 0);
    assert_int_equal(read_assessment(store, "12", 2).occurrence, 0);
}

static void it_is_replaced_when_it_is_stored_anew(void **state)
{
    store_t *store = *state;
    afp_assessment_t stored = sample();
    afp_assessment_t assessment;

    for (int progress = AFP_PROGRESS_INVITED; progress <= AFP_PROGRESS_EXPIRED; progress++) {
        stored.results.progress = (afp_progress_t)progress;
        stored.polls++;
        store_assessment(store, "11", &stored);
        store_assessment(store, "11", &stored);
        assessment = read_assessment(store, "11", 2);
        assert_same(&assessment, &stored);
    }
    assert_int_equal(store_number(store, "SELECT COUNT(*) FROM afp_assessment"), 1);
}

static void the_longest_values_fit(void **state)
{
    store_t *store = *state;
    afp_assessment_t stored = sample();
    afp_assessment_t assessment;

    memset(stored.results.link, 'l', AFP_LINK_LIMIT);
    memset(stored.failure, 'f', sizeof(stored.failure) - 1);
    memset(stored.closed, 'c', sizeof(stored.closed) - 1);
    store_assessment(store, "18446744073709551615", &stored);
    assessment = read_assessment(store, "18446744073709551615", 2);
    assert_same(&assessment, &stored);
}

static void an_end_stores_what_was_read(void **state)
{
    store_t *store = *state;
    const afp_assessment_t read = sample();
    const afp_end_t end = {.kind = AFP_END_AGAIN, .reason = "", .fresh = 1, .assessment = &read};
    afp_assessment_t assessment;
    afp_follow_up_t follow_up;

    store_add_tenant(store, ACME, "connected");
    store_add_follow_up(store, ACME, 1, "11", 1);
    follow_up = store_take(store, ACME);
    store_end(store, &follow_up, &end);
    assessment = read_assessment(store, "11", 2);
    assert_same(&assessment, &read);
}

/* ---- what differs ---- */

static void what_looks_the_same_on_a_profile_does_not_differ(void **state)
{
    afp_assessment_t one = sample();
    afp_assessment_t other = sample();

    (void)state;
    assert_false(afp_assessment_differs(&one, &other));
    other.polls++;
    other.read_at++;
    other.occurrence++;
    other.results.finished = 3; /* two of three, like 5 */
    assert_false(afp_assessment_differs(&one, &other));
    /* What is not wanted is not counted. */
    other.results.finished = 3 | 8;
    assert_false(afp_assessment_differs(&one, &other));
    one.results.progress = other.results.progress = AFP_PROGRESS_COMPLETED;
    other.results.finished = 7;
    assert_false(afp_assessment_differs(&one, &other));
}

static void whatever_a_profile_shows_differs(void **state)
{
    const afp_assessment_t one = sample();
    afp_assessment_t others[10];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        others[i] = one;
    }
    others[0].results.progress = AFP_PROGRESS_COMPLETED;
    others[1].results.finished = 7;
    others[2].results.wanted = 15;
    others[3].results.scores[AFP_SWIPE] = 70;
    others[4].results.scores[AFP_VOICE] = AFP_SCORE_NONE;
    others[5].results.global = AFP_SCORE_NONE;
    others[6].results.link[0] = '\0';
    others[7].failure[0] = '\0';
    apr_cpystrn(others[8].closed, "rejected", sizeof(others[8].closed));
    others[9].occurrence = 0;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_true(afp_assessment_differs(&one, &others[i]));
        assert_true(afp_assessment_differs(&others[i], &one));
    }
}

/* ---- several ---- */

static void add_invitation(store_t *store, const char *company_uuid, const char *application_id,
                           int occurrence, const char *candidate_id)
{
    store_sql(store,
              "INSERT INTO afp_invitation (company_uuid, application_id, occurrence, job_id,"
              " state, lease, model_uuid, model_name, candidate_id, resent, delivery_id,"
              " sending_at, updated_at) VALUES ('%s', '%s', %d, '7', 'invited', '', '', '', '%s',"
              " 0, '', 1, 1)",
              company_uuid, application_id, occurrence, candidate_id);
}

static apr_array_header_t *find(store_t *store, const char *const *ids, int count)
{
    apr_array_header_t *found;

    assert_int_equal(afp_assessment_find(store->session, ACME, ids, count, store->pool, &found),
                     APR_SUCCESS);
    return found;
}

static void a_candidate_leads_to_his_applications(void **state)
{
    static const char *const both[] = {"c-1", "c-2", "c-1", "nobody"};
    static const char *const other[] = {"c-3"};
    store_t *store = *state;
    apr_array_header_t *found;

    add_invitation(store, ACME, "11", 1, "c-1");
    add_invitation(store, ACME, "11", 2, "c-2");
    add_invitation(store, ACME, "12", 1, "c-1");
    add_invitation(store, ACME, "13", 1, "");
    add_invitation(store, BETA, "14", 1, "c-1");
    add_invitation(store, BETA, "15", 1, "c-3");
    found = find(store, both, 4);
    assert_int_equal(found->nelts, 2);
    assert_string_not_equal(APR_ARRAY_IDX(found, 0, const char *),
                            APR_ARRAY_IDX(found, 1, const char *));
    assert_int_equal(find(store, both, 0)->nelts, 0);
    assert_int_equal(find(store, other, 1)->nelts, 0);
}

static void what_is_no_id_leads_nowhere(void **state)
{
    char longest[65 + 1] = "";
    const char *const ids[] = {"", longest, "' OR 1 = 1 --", "%", "C-1"};
    store_t *store = *state;

    memset(longest, 'x', 65);
    add_invitation(store, ACME, "11", 1, "");
    add_invitation(store, ACME, "12", 1, "c-1");
    assert_int_equal(find(store, ids, COUNT_OF(ids))->nelts, 0);
    longest[64] = '\0';
    add_invitation(store, ACME, "13", 1, longest);
    assert_int_equal(find(store, ids, COUNT_OF(ids))->nelts, 1);
}

static void open_and_completed_assessments_are_counted(void **state)
{
    static const char *const states[] = {"ready", "leased", "held"};
    store_t *store = *state;
    afp_assessment_count_t count = {-1, -1};
    afp_assessment_t assessment = sample();

    assert_int_equal(afp_assessment_count(store->session, ACME, &count), APR_SUCCESS);
    assert_int_equal(count.open, 0);
    assert_int_equal(count.completed, 0);
    store_add_follow_up(store, ACME, 1, "11", 1);
    store_add_kind(store, BETA, 2, AFP_FOLLOW_UP_READ_RESULTS, "12", AFP_PRIORITY_READING, -60);
    for (int i = 0; i < 3; i++) {
        store_add_kind(store, ACME, 10 + i, AFP_FOLLOW_UP_READ_RESULTS, "13",
                       AFP_PRIORITY_HINTED + i, -60);
        store_sql(store, "UPDATE afp_follow_up SET state = '%s' WHERE id = '%032x'", states[i],
                  (unsigned)(10 + i));
    }
    store_assessment(store, "11", &assessment);
    assessment.results.progress = AFP_PROGRESS_COMPLETED;
    store_assessment(store, "12", &assessment);
    store_assessment(store, "13", &assessment);
    assert_int_equal(afp_assessment_count(store->session, ACME, &count), APR_SUCCESS);
    assert_int_equal(count.open, 3);
    assert_int_equal(count.completed, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(of_an_unknown_assessment_nothing_is_known),
        STORE_TEST(what_is_stored_is_read_again),
        STORE_TEST(it_is_replaced_when_it_is_stored_anew),
        STORE_TEST(the_longest_values_fit),
        STORE_TEST(an_end_stores_what_was_read),
        STORE_TEST(what_looks_the_same_on_a_profile_does_not_differ),
        STORE_TEST(whatever_a_profile_shows_differs),
        STORE_TEST(a_candidate_leads_to_his_applications),
        STORE_TEST(what_is_no_id_leads_nowhere),
        STORE_TEST(open_and_completed_assessments_are_counted),
    };

    return STORE_RUN(tests);
}
