#ifndef AFP_UNIT_HTTP_SERVER_H
#define AFP_UNIT_HTTP_SERVER_H

#include <openssl/ssl.h>

/* A server on 127.0.0.1 in a thread of the test: it answers the n-th request with the n-th step and
 * writes down what it was sent. Several connections may be open at once. */

typedef enum {
    SERVER_KEEP,  /* write the answer, keep the connection */
    SERVER_CLOSE, /* write the answer, close the connection */
    SERVER_HOLD,  /* write the answer, then nothing more on any connection until stopped */
    SERVER_FLOOD, /* write the answer, then bytes without end */
    SERVER_DRIP   /* write the answer, then a byte every 20 ms without end */
} server_then_t;

typedef struct {
    const char *answer; /* all bytes, with status line and headers */
    server_then_t then;
} server_step_t;

typedef struct server_t server_t;

/* Starts a server. `steps` ends with a NULL answer; behind the last step connections are closed
 * without an answer. `tls` may be NULL. Ends the test program if it cannot. */
server_t *server_start(const server_step_t *steps, SSL_CTX *tls);

int server_port(const server_t *server);

/* Waits until the server has taken a request, for 10 seconds at most. */
void server_await_request(const server_t *server);

/* Stops the thread; from then on the rest may be asked for. Idempotent. */
void server_stop(server_t *server);

int server_connections(server_t *server);
int server_requests(server_t *server);

/* The bytes of the n-th request (from 0), and the number of its connection (from 0). */
const char *server_request(server_t *server, int n);
int server_connection_of(server_t *server, int n);

void server_free(server_t *server);

#endif
