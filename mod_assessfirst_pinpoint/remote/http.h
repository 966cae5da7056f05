#ifndef AFP_REMOTE_HTTP_H
#define AFP_REMOTE_HTTP_H

#include "core/log.h"
#include "core/outcome.h"

#include <apr_pools.h>
#include <apr_tables.h>
#include <json.h>

/* The one HTTP client: libcurl with every limit set. HTTPS with verification (plain http only for a
 * literal loopback address that the operator configured), HTTP/1.1, no redirects, no cookies, no
 * proxy but the configured one, bounded time, bounded headers and body, every address checked at
 * connect time where asked. The process must ignore SIGPIPE, as httpd's children do. */

/* Bytes of an answer: its body, and all its header lines with those of interim answers. */
#define AFP_HTTP_BODY_LIMIT   (2 * 1024 * 1024)
#define AFP_HTTP_HEADER_LIMIT (64 * 1024)

/* What all calls of one vhost to one API share. Made from the configuration; read-only; outlives
 * every client that was used with it. */
typedef struct {
    const char *name;    /* "Pinpoint" or "AssessFirst", for words and logs */
    const char *base;    /* address with its version part, without a trailing slash; may hold
                          * {subdomain} */
    const char *ca_file; /* further trust anchors (PEM), or NULL: the system's only */
    const char *proxy;   /* http or https URL, or NULL: none. Every call tunnels through it */
    apr_interval_time_t connect_timeout;
    apr_interval_time_t total_timeout; /* of one call; an answer that has begun and then stalls for
                                        * a third of it ends the call as well */
    int public_addresses_only;         /* the host is partly a tenant's: port 443 only, and private
                                        * addresses are refused. A proxy's own address is the
                                        * operator's choice, and the proxy resolves the name */
    const afp_logger_t *logger;
} afp_http_api_t;

/* A client of one thread: keeps connections alive between calls, never shared between two APIs. */
typedef struct afp_http_client_t afp_http_client_t;

typedef enum { AFP_HTTP_GET, AFP_HTTP_POST, AFP_HTTP_PUT, AFP_HTTP_DELETE } afp_http_method_t;

typedef enum {
    AFP_HTTP_REPEATABLE, /* libcurl may repeat it on a fresh connection when a kept one was dead */
    AFP_HTTP_ONCE        /* a connection of its own, never repeated: at-most-once depends on it */
} afp_http_repeat_t;

typedef struct {
    afp_http_method_t method;
    afp_http_repeat_t repeat;
    const char *url;      /* absolute, made by us; percent-encoded */
    apr_table_t *headers; /* names and values, may be NULL; a value with controls is refused */
    const char *body;     /* NULL for none */
    apr_size_t body_length;
} afp_http_request_t;

typedef struct {
    int status;
    const char *body; /* NUL-terminated copy in the pool of the call */
    apr_size_t body_length;
} afp_http_response_t;

/* Once in each child before any client, from one thread; the counterpart when all clients are
 * gone. APR_EGENERAL if libcurl cannot start. */
apr_status_t afp_http_start(void);
void afp_http_stop(void);

/* A client whose calls end soon (1 s) after *abort (read atomically) becomes non-zero. It lives in
 * `pool` and is closed with it; one thread at a time. `abort` may be NULL. */
afp_http_client_t *afp_http_client_make(apr_pool_t *pool, volatile apr_uint32_t *abort);

/* Carries the request out. Fills *outcome completely: kind by the status (2xx DONE; 401, 403, 404,
 * 429; 408 and 5xx BROKEN; other 3xx and 4xx REFUSED), words without the body's text (the caller
 * adds the remote's own with afp_http_words). A request that breaks a rule of ours (scheme, port,
 * proxy, header) is REFUSED with nothing sent. `sent` is AFP_SENT_NOTHING if the call ended before
 * the connection, TLS included, was ready; AFP_SENT_ANSWERED after a complete answer within the
 * limits, and only then *response is more than zeros; AFP_SENT_UNCERTAIN otherwise. Memory from
 * `pool`. */
void afp_http_call(afp_http_client_t *client, const afp_http_api_t *api,
                   const afp_http_request_t *request, apr_pool_t *pool,
                   afp_http_response_t *response, afp_outcome_t *outcome);

/* Sets outcome->words: "<API> answered <status>[: <remote's words>]". `hidden` as in
 * afp_text_remote_words. Takes errors[0].detail, message, error, the title of a page or the first
 * text of the body, bounded. Changes nothing unless there was an answer (AFP_SENT_ANSWERED). */
void afp_http_words(const afp_http_response_t *response, const char *const *hidden,
                    apr_pool_t *pool, afp_outcome_t *outcome);

/* The JSON document of a 2xx answer, owned by `pool`. If the body is none: NULL, *outcome becomes
 * AFP_OUTCOME_BROKEN and says why. */
struct json_object *afp_http_json(const afp_http_response_t *response, apr_pool_t *pool,
                                  afp_outcome_t *outcome);

/* Makes *outcome AFP_OUTCOME_BROKEN with the words "<API> answered <status>, but <what>": the
 * answer arrived but is not what the contract says. */
void afp_http_unexpected(afp_outcome_t *outcome, const char *what);

/* Makes *outcome AFP_OUTCOME_REFUSED with nothing sent: a call that must not be made. */
void afp_http_refuse(afp_outcome_t *outcome, const char *api, const char *words);

/* 1 if `base` is an address the client accepts: https, or http with a literal loopback host; host
 * present, no user part, no fragment, no query, no slash at its end; {subdomain} at most once, as
 * the first label of a longer name. Otherwise 0 and *why. For the configuration check. */
int afp_http_base_is_acceptable(apr_pool_t *pool, const char *base, const char **why);

/* 1 if `proxy` is an http or https URL with a host (a user and a password may stand in it); other
 * kinds could resolve a tenant's host name here, past the check of addresses. Otherwise 0 and
 * *why, which does not repeat it. For the configuration check. */
int afp_http_proxy_is_acceptable(const char *proxy, const char **why);

#endif
