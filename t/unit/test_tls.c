#include "remote_fixture.h"
#include "unit.h"

#include <apr_strings.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

static const server_step_t one_answer[] = {
    {OK, SERVER_KEEP}, {OK, SERVER_KEEP}, {NULL, SERVER_CLOSE}};

/* --- a certification authority of the test's own ---------------------------------------------- */

typedef struct {
    EVP_PKEY *key;
    X509 *certificate;
} identity_t;

static void add_extension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

    assert_non_null(extension);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

/* A certificate valid from yesterday to `days` from now, or expired (0); issued by itself if
 * `issuer` is NULL. */
static identity_t make_identity(const char *name, const char *alternative_names, int days,
                                const identity_t *issuer)
{
    identity_t identity = {EVP_EC_gen("P-256"), X509_new()};
    X509 *certificate = identity.certificate;
    X509_NAME *subject = X509_get_subject_name(certificate);

    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), issuer != NULL ? 2 : 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -24 * 3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), days > 0 ? days * 24L * 3600 : -60);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(certificate,
                         issuer != NULL ? X509_get_subject_name(issuer->certificate) : subject);
    X509_set_pubkey(certificate, identity.key);
    if (alternative_names != NULL)
        add_extension(certificate, NID_subject_alt_name, alternative_names);
    else
        add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    assert_true(X509_sign(certificate, issuer != NULL ? issuer->key : identity.key, EVP_sha256()) >
                0);
    return identity;
}

static void free_identity(identity_t *identity)
{
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
}

/* Writes the certificate to a temporary file, removed by the caller. */
static void write_certificate(const identity_t *identity, char path[32])
{
    FILE *file;

    memcpy(path, "/tmp/afp-test-ca-XXXXXX", sizeof("/tmp/afp-test-ca-XXXXXX"));
    file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, identity->certificate), 1);
    fclose(file);
}

typedef struct {
    fixture_t *fixture;
    SSL_CTX *context;
    char ca_file[32];
} secured_t;

/* Serves over TLS with a certificate for `names`, and lets the API trust its issuer's file. */
static secured_t serve(fixture_t *fixture, const char *names, int days)
{
    secured_t secured = {.fixture = fixture, .context = SSL_CTX_new(TLS_server_method())};
    identity_t ca = make_identity("Test authority", NULL, 30, NULL);
    identity_t server = make_identity("Test server", names, days, &ca);

    SSL_CTX_use_certificate(secured.context, server.certificate);
    SSL_CTX_use_PrivateKey(secured.context, server.key);
    write_certificate(&ca, secured.ca_file);
    free_identity(&server);
    free_identity(&ca);
    fixture->server = server_start(one_answer, secured.context);
    fixture->api.base =
        apr_psprintf(fixture->pool, "https://127.0.0.1:%d/v1", server_port(fixture->server));
    return secured;
}

static void end(secured_t *secured)
{
    server_stop(secured->fixture->server);
    SSL_CTX_free(secured->context);
    unlink(secured->ca_file);
}

static afp_outcome_t call(fixture_t *fixture)
{
    afp_http_response_t response;

    return fixture_call(fixture, AFP_HTTP_POST, AFP_HTTP_ONCE, "/x", "body", &response);
}

static void assert_not_sent(fixture_t *fixture, const afp_outcome_t *outcome, const char *words)
{
    assert_int_equal(outcome->kind, AFP_OUTCOME_BROKEN);
    assert_int_equal(outcome->sent, AFP_SENT_NOTHING);
    if (strstr(outcome->words, words) == NULL)
        fail_msg("expected %s in: %s", words, outcome->words);
    assert_int_equal(server_requests(fixture->server), 0);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void a_certificate_of_the_configured_authority_is_accepted(void **state)
{
    fixture_t *fixture = *state;
    secured_t secured = serve(fixture, "IP:127.0.0.1", 30);
    afp_outcome_t outcome;

    fixture->api.ca_file = secured.ca_file;
    for (int i = 0; i < 2; i++) {
        outcome = call(fixture);
        assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
        assert_int_equal(outcome.sent, AFP_SENT_ANSWERED);
    }
    assert_int_equal(server_connections(fixture->server), 2);
    end(&secured);
}

static void a_file_of_anchors_is_read_once_by_a_client(void **state)
{
    fixture_t *fixture = *state;
    secured_t secured = serve(fixture, "IP:127.0.0.1", 30);
    afp_outcome_t outcome;

    fixture->api.ca_file = secured.ca_file;
    outcome = call(fixture);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    unlink(secured.ca_file);
    outcome = call(fixture);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    assert_int_equal(server_connections(fixture->server), 2);
    fixture->client = afp_http_client_make(fixture->pool, NULL);
    outcome = call(fixture);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    end(&secured);
}

static void an_unknown_authority_is_refused_before_anything_is_sent(void **state)
{
    fixture_t *fixture = *state;
    secured_t secured = serve(fixture, "IP:127.0.0.1", 30);
    afp_outcome_t outcome = call(fixture);

    assert_not_sent(fixture, &outcome, "its certificate is not accepted (");
    end(&secured);
}

static void anchors_of_one_api_are_not_used_for_another(void **state)
{
    fixture_t *fixture = *state;
    secured_t secured = serve(fixture, "IP:127.0.0.1", 30);
    afp_http_api_t *trusting = apr_palloc(fixture->pool, sizeof(*trusting));
    afp_http_request_t request = {.method = AFP_HTTP_GET, .url = fixture->api.base};
    afp_http_response_t response;
    afp_outcome_t outcome;

    *trusting = fixture->api;
    trusting->ca_file = secured.ca_file;
    afp_http_call(fixture->client, trusting, &request, fixture->pool, &response, &outcome);
    assert_int_equal(outcome.kind, AFP_OUTCOME_DONE);
    afp_http_call(fixture->client, &fixture->api, &request, fixture->pool, &response, &outcome);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_int_equal(server_requests(fixture->server), 1);
    end(&secured);
}

static void a_certificate_for_another_name_is_refused(void **state)
{
    fixture_t *fixture = *state;
    secured_t secured = serve(fixture, "DNS:localhost,DNS:other.example.test", 30);
    afp_outcome_t outcome;

    fixture->api.ca_file = secured.ca_file;
    outcome = call(fixture);
    assert_not_sent(fixture, &outcome, "its certificate is not accepted (");
    end(&secured);
}

static void an_expired_certificate_is_refused(void **state)
{
    fixture_t *fixture = *state;
    secured_t secured = serve(fixture, "IP:127.0.0.1", 0);
    afp_outcome_t outcome;

    fixture->api.ca_file = secured.ca_file;
    outcome = call(fixture);
    assert_not_sent(fixture, &outcome, "certificate has expired");
    end(&secured);
}

static void a_protocol_older_than_tls_1_2_is_refused(void **state)
{
    fixture_t *fixture = *state;
    secured_t secured = serve(fixture, "IP:127.0.0.1", 30);
    afp_outcome_t outcome;

    SSL_CTX_set_security_level(secured.context, 0);
    SSL_CTX_set_min_proto_version(secured.context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(secured.context, TLS1_1_VERSION);
    fixture->api.ca_file = secured.ca_file;
    outcome = call(fixture);
    assert_not_sent(fixture, &outcome, "no TLS connection");
    end(&secured);
}

static void a_file_of_anchors_that_cannot_be_read_is_named(void **state)
{
    fixture_t *fixture = *state;
    secured_t secured = serve(fixture, "IP:127.0.0.1", 30);
    afp_outcome_t outcome;

    fixture->api.ca_file = "/nonexistent/ca.pem";
    outcome = call(fixture);
    assert_not_sent(fixture, &outcome, "the file of PinpointCACertificateFile cannot be used");
    end(&secured);
}

static void a_server_without_tls_is_not_spoken_to(void **state)
{
    fixture_t *fixture = *state;
    afp_outcome_t outcome;

    fixture_serve(fixture, one_answer);
    fixture->api.base =
        apr_psprintf(fixture->pool, "https://127.0.0.1:%d/v1", server_port(fixture->server));
    fixture->api.total_timeout = apr_time_from_msec(500);
    outcome = call(fixture);
    assert_int_equal(outcome.sent, AFP_SENT_NOTHING);
    assert_int_equal(server_requests(fixture->server), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_certificate_of_the_configured_authority_is_accepted),
        FIXTURE_TEST(a_file_of_anchors_is_read_once_by_a_client),
        FIXTURE_TEST(an_unknown_authority_is_refused_before_anything_is_sent),
        FIXTURE_TEST(anchors_of_one_api_are_not_used_for_another),
        FIXTURE_TEST(a_certificate_for_another_name_is_refused),
        FIXTURE_TEST(an_expired_certificate_is_refused),
        FIXTURE_TEST(a_protocol_older_than_tls_1_2_is_refused),
        FIXTURE_TEST(a_file_of_anchors_that_cannot_be_read_is_named),
        FIXTURE_TEST(a_server_without_tls_is_not_spoken_to),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
