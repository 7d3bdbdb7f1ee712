/* memory_clients.c - clients that were answered once and then stay, silent, on open
 * connections.
 * SPDX-License-Identifier: MIT */
#include "profile/memory_clients.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const double REPLY_TIMEOUT_S = 5;
static const double LEAVE_TIMEOUT_S = 5;

/* Asks once, and the reply must keep the connection. */
static int client_ask(struct http_conn *conn, const struct server *server,
                      struct err *err)
{
    char request[160];
    struct http_reply reply;
    double deadline = clock_now() + REPLY_TIMEOUT_S;
    int size = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: %s:%d\r\n\r\n",
                        server->host, server->port);
    if (http_open(conn, server->host, server->port, 0, deadline, err) < 0 ||
        http_send(conn, request, (size_t)size, deadline, err) < 0 ||
        http_receive(conn, &reply, false, deadline, err) < 0)
        return -1;
    int status = reply.status;
    http_reply_free(&reply);
    if (status != 200)
        return err_set(err, "GET / was answered with status %d", status);
    return conn->closed ? err_set(err, "the server did not keep the connection") : 0;
}

int clients_raise(struct clients *clients, size_t count, const struct server *server,
                  struct err *err)
{
    if (count > clients->count)
        clients->conns = alloc_resize(clients->conns, count, sizeof *clients->conns);
    while (clients->count < count) {
        struct err why;
        struct http_conn *conn = &clients->conns[clients->count];
        if (client_ask(conn, server, &why) < 0) {
            http_close(conn);
            return err_set(err, "connection %zu: %s", clients->count + 1, why.text);
        }
        clients->count++;
    }
    return 0;
}

/* The server sees the end of what it is sent, and closes; that its end comes back says that it
 * did. */
static int client_leave(struct http_conn *conn, double deadline, struct err *err)
{
    if (shutdown(conn->fd, SHUT_WR) < 0)
        return err_set(err, "shutdown: %s", strerror(errno));
    return http_receive_end(conn, deadline, err);
}

int clients_leave(struct clients *clients, struct err *err)
{
    int failed = 0;
    double deadline = clock_now() + LEAVE_TIMEOUT_S;
    for (size_t i = 0; i < clients->count; i++) {
        struct err why;
        if (!failed && client_leave(&clients->conns[i], deadline, &why) < 0)
            failed = err_set(err, "the server did not close connection %zu: %s", i + 1,
                             why.text);
        http_close(&clients->conns[i]);
    }
    free(clients->conns);
    *clients = (struct clients){0};
    return failed;
}
