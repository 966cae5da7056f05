#include "http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS  8
#define REQUESTS     300
#define REQUEST_SIZE 16384

typedef struct {
    int fd;
    int number;
    SSL *tls;
    char *bytes; /* of the request so far */
    size_t length;
} connection_t;

struct server_t {
    const server_step_t *steps;
    SSL_CTX *tls;
    int listener;
    int port;
    int stop[2]; /* a pipe: closing its write end stops the thread */
    int stopped;
    pthread_t thread;
    connection_t connections[CONNECTIONS];
    int accepted;
    int requests; /* atomic */
    char *request[REQUESTS];
    int connection_of[REQUESTS];
};

static void must(int condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "http_server: %s\n", what);
        abort();
    }
}

static int stop_asked(const server_t *server, int wait_ms)
{
    struct pollfd fd = {.fd = server->stop[0], .events = POLLIN};

    return poll(&fd, 1, wait_ms) != 0;
}

static void close_connection(connection_t *connection)
{
    if (connection->tls != NULL) {
        SSL_shutdown(connection->tls);
        SSL_free(connection->tls);
    }
    close(connection->fd);
    free(connection->bytes);
    memset(connection, 0, sizeof(*connection));
    connection->fd = -1;
}

static ssize_t write_some(connection_t *connection, const char *bytes, size_t length)
{
    if (connection->tls != NULL)
        return SSL_write(connection->tls, bytes, (int)length);
    return send(connection->fd, bytes, length, MSG_NOSIGNAL);
}

static void write_all(connection_t *connection, const char *bytes)
{
    size_t length = strlen(bytes);

    while (length > 0) {
        ssize_t written = write_some(connection, bytes, length);

        if (written <= 0)
            return;
        bytes += written;
        length -= (size_t)written;
    }
}

/* The length of the complete request at the start of the bytes, 0 if it is not complete. */
static size_t request_length(const connection_t *connection)
{
    const char *end = strstr(connection->bytes, "\r\n\r\n");
    const char *field = strcasestr(connection->bytes, "\r\nContent-Length:");
    size_t length;

    if (end == NULL)
        return 0;
    length = (size_t)(end - connection->bytes) + 4;
    if (field != NULL && field < end)
        length += strtoul(field + strlen("\r\nContent-Length:"), NULL, 10);
    return length <= connection->length ? length : 0;
}

static void write_without_end(const server_t *server, connection_t *connection, size_t length,
                              int pause_ms)
{
    char bytes[4096];

    memset(bytes, 'x', sizeof(bytes));
    while (!stop_asked(server, pause_ms)) {
        if (write_some(connection, bytes, length) <= 0)
            return;
    }
}

static void answer(server_t *server, connection_t *connection)
{
    const server_step_t *step = server->steps;

    for (int i = 0; i < server->requests - 1 && step->answer != NULL; i++)
        step++;
    if (step->answer == NULL) {
        close_connection(connection);
        return;
    }
    write_all(connection, step->answer);
    if (step->then == SERVER_HOLD)
        stop_asked(server, -1);
    if (step->then == SERVER_FLOOD)
        write_without_end(server, connection, 4096, 0);
    if (step->then == SERVER_DRIP)
        write_without_end(server, connection, 1, 20);
    if (step->then != SERVER_KEEP)
        close_connection(connection);
}

static void take_request(server_t *server, connection_t *connection)
{
    size_t length = request_length(connection);

    if (length == 0)
        return;
    must(server->requests < REQUESTS, "too many requests");
    server->request[server->requests] = strndup(connection->bytes, length);
    server->connection_of[server->requests] = connection->number;
    __atomic_add_fetch(&server->requests, 1, __ATOMIC_RELEASE);
    connection->length -= length;
    memmove(connection->bytes, connection->bytes + length, connection->length + 1);
    answer(server, connection);
}

static void read_more(server_t *server, connection_t *connection)
{
    size_t room = REQUEST_SIZE - 1 - connection->length;
    char *to = connection->bytes + connection->length;
    ssize_t got;

    if (connection->tls != NULL)
        got = SSL_read(connection->tls, to, (int)room);
    else
        got = recv(connection->fd, to, room, 0);
    if (got <= 0) {
        close_connection(connection);
        return;
    }
    connection->length += (size_t)got;
    connection->bytes[connection->length] = '\0';
    take_request(server, connection);
}

static void accept_connection(server_t *server)
{
    connection_t *connection = server->connections;

    while (connection->fd >= 0)
        connection++;
    must(connection < server->connections + CONNECTIONS, "too many connections");
    connection->fd = accept(server->listener, NULL, NULL);
    connection->number = server->accepted++;
    connection->bytes = calloc(1, REQUEST_SIZE);
    if (server->tls != NULL) {
        connection->tls = SSL_new(server->tls);
        SSL_set_fd(connection->tls, connection->fd);
        if (SSL_accept(connection->tls) != 1)
            close_connection(connection);
    }
}

static void *serve(void *baton)
{
    server_t *server = baton;

    for (;;) {
        struct pollfd fds[CONNECTIONS + 2];

        fds[0] = (struct pollfd){.fd = server->stop[0], .events = POLLIN};
        fds[1] = (struct pollfd){.fd = server->listener, .events = POLLIN};
        for (int i = 0; i < CONNECTIONS; i++)
            fds[i + 2] = (struct pollfd){.fd = server->connections[i].fd, .events = POLLIN};
        poll(fds, CONNECTIONS + 2, -1);
        if (fds[0].revents)
            return NULL;
        for (int i = 0; i < CONNECTIONS; i++) {
            if (fds[i + 2].revents)
                read_more(server, &server->connections[i]);
        }
        if (fds[1].revents)
            accept_connection(server);
    }
}

server_t *server_start(const server_step_t *steps, SSL_CTX *tls)
{
    server_t *server = calloc(1, sizeof(*server));
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);

    must(server != NULL, "no memory");
    server->steps = steps;
    server->tls = tls;
    for (int i = 0; i < CONNECTIONS; i++)
        server->connections[i].fd = -1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    must(bind(server->listener, (struct sockaddr *)&address, length) == 0, "bind");
    must(listen(server->listener, 16) == 0, "listen");
    must(getsockname(server->listener, (struct sockaddr *)&address, &length) == 0, "getsockname");
    server->port = ntohs(address.sin_port);
    must(pipe(server->stop) == 0, "pipe");
    must(pthread_create(&server->thread, NULL, serve, server) == 0, "pthread_create");
    return server;
}

void server_await_request(const server_t *server)
{
    for (int ms = 0; !__atomic_load_n(&server->requests, __ATOMIC_ACQUIRE) && ms < 10000; ms++)
        usleep(1000);
}

int server_port(const server_t *server)
{
    return server->port;
}

void server_stop(server_t *server)
{
    if (server->stopped)
        return;
    server->stopped = 1;
    close(server->stop[1]);
    pthread_join(server->thread, NULL);
    close(server->stop[0]);
    close(server->listener);
    for (int i = 0; i < CONNECTIONS; i++) {
        if (server->connections[i].fd >= 0)
            close_connection(&server->connections[i]);
    }
}

int server_connections(server_t *server)
{
    server_stop(server);
    return server->accepted;
}

int server_requests(server_t *server)
{
    server_stop(server);
    return server->requests;
}

const char *server_request(server_t *server, int n)
{
    server_stop(server);
    return n < server->requests ? server->request[n] : "";
}

int server_connection_of(server_t *server, int n)
{
    server_stop(server);
    return n < server->requests ? server->connection_of[n] : -1;
}

void server_free(server_t *server)
{
    server_stop(server);
    for (int i = 0; i < server->requests; i++)
        free(server->request[i]);
    free(server);
}
