/* libevent.c - one process, libevent's buffered events.
 * SPDX-License-Identifier: MIT
 * library: libevent_core
 * debian: libevent-dev
 *
 * The library owns the socket's two sides as buffers: it reads into one before it calls back,
 * and writes the other out when the socket takes it. So the bytes are copied twice more, from
 * its input to the connection, and from the reply to its output; and a reply waits for one more
 * turn of the loop. In exchange the server has no partial write to think of. A connection costs
 * its two buffers; it breaks where the call below does: epoll, unless EVENT_NOEPOLL in the
 * environment leaves poll, or EVENT_NOPOLL, too, select, and then it breaks at FD_SETSIZE. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/server.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* The library reads at most so many bytes at a time: it says so nowhere, but evbuffer_read does
 * it. Behind as many there may be more. */
enum { READ_MAX = 4096 };

struct client {
    struct bufferevent *bufferevent;
    struct evconnlistener *listener;
    bool ended; /* the client will send no more than is in the input buffer */
    struct conn conn;
};

static void client_close(struct client *client)
{
    evconnlistener_enable(client->listener);
    bufferevent_free(client->bufferevent);
    conn_close(&client->conn);
    free(client);
}

/* Moves what has been read to the connection. False: there is nothing to move yet. */
static bool client_input(struct client *client)
{
    struct space space = conn_space(&client->conn);
    size_t n = bufferevent_read(client->bufferevent, space.bytes, space.length);
    bool ended = n == 0 && (client->ended || space.length == 0);
    conn_input(&client->conn, n > 0 || ended ? (ssize_t)n : -1);
    if (n >= READ_MAX)
        conn_more_waits(&client->conn);
    return n > 0 || ended;
}

/* Hands a reply over. on_written goes on when the last of it is in the socket. A long one takes
 * several writes, and what is held back of one would delay the next. */
static void client_output(struct client *client)
{
    struct slice output = conn_output(&client->conn);
    if (output.length <= (size_t)bufferevent_get_max_single_write(client->bufferevent))
        conn_cork(&client->conn, bufferevent_getfd(client->bufferevent));
    if (bufferevent_write(client->bufferevent, output.bytes, output.length) < 0)
        client_close(client);
}

static void client_go_on(struct client *client)
{
    bool more = true;
    while (more && conn_want(&client->conn) == WANT_READ)
        more = client_input(client);
    if (conn_want(&client->conn) == WANT_WRITE)
        client_output(client);
    else if (conn_want(&client->conn) == WANT_CLOSE)
        client_close(client);
    else if (bufferevent_enable(client->bufferevent, EV_READ) < 0)
        client_close(client);
}

/* While a reply is on its way, input stays in the buffer, and no more is read into it. */
static void on_readable(struct bufferevent *bufferevent, void *data)
{
    struct client *client = data;
    if (conn_want(&client->conn) == WANT_READ)
        client_go_on(client);
    else
        bufferevent_disable(bufferevent, EV_READ);
}

static void on_written(struct bufferevent *bufferevent, void *data)
{
    struct client *client = data;
    if (conn_want(&client->conn) != WANT_WRITE)
        return;
    conn_sent(&client->conn, conn_output(&client->conn).length);
    if (conn_want(&client->conn) == WANT_SHUTDOWN) {
        shutdown(bufferevent_getfd(bufferevent), SHUT_WR);
        conn_shut(&client->conn);
    }
    client_go_on(client);
}

static void on_event(struct bufferevent *bufferevent, short events, void *data)
{
    struct client *client = data;
    client->ended = true;
    if (events & BEV_EVENT_ERROR)
        client_close(client);
    else
        on_readable(bufferevent, client);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
                      struct sockaddr *address, int length, void *data)
{
    (void)address, (void)length, (void)data;
    struct client *client = malloc(sizeof *client);
    struct bufferevent *bufferevent = bufferevent_socket_new(
        evconnlistener_get_base(listener), fd, BEV_OPT_CLOSE_ON_FREE);
    if (!client || !bufferevent) {
        if (bufferevent)
            bufferevent_free(bufferevent);
        else
            evutil_closesocket(fd);
        free(client);
        return;
    }
    client->bufferevent = bufferevent;
    client->listener = listener;
    client->ended = false;
    conn_open(&client->conn);
    bufferevent_setcb(bufferevent, on_readable, on_written, on_event, client);
    if (bufferevent_enable(bufferevent, EV_READ) < 0)
        client_close(client);
}

static void on_retry(evutil_socket_t fd, short events, void *listener)
{
    (void)fd, (void)events;
    evconnlistener_enable(listener);
}

/* No descriptor is left: to go on listening would only spin, until a client has left, here or
 * elsewhere. */
static void on_accept_error(struct evconnlistener *listener, void *data)
{
    (void)data;
    const struct timeval retry = {.tv_usec = LISTEN_RETRY_MS * 1000};
    struct event_base *base = evconnlistener_get_base(listener);
    if (event_base_once(base, -1, EV_TIMEOUT, on_retry, listener, &retry) == 0)
        evconnlistener_disable(listener);
}

static struct event_base *base_open(void)
{
    struct event_base *base = event_base_new();
    if (!base)
        fail("event_base_new");
    return base;
}

static void serve(const struct listener *listener)
{
    struct event_base *base = base_open();
    if (strcmp(event_base_get_method(base), "select") == 0)
        listen_fit_select(listener);
    struct evconnlistener *accepter =
        evconnlistener_new(base, on_accept, NULL, LEV_OPT_CLOSE_ON_EXEC, 0, listener->fd);
    if (!accepter)
        fail("evconnlistener_new");
    evconnlistener_set_error_cb(accepter, on_accept_error);
    listen_announce(listener);
    event_base_dispatch(base);
}

static const char *version(void)
{
    static char text[64];
    struct event_base *base = base_open();
    snprintf(text, sizeof text, "%s on %s", event_get_version(),
             event_base_get_method(base));
    event_base_free(base);
    return text;
}

const struct server server = {
    .about = "one process, bufferevents",
    .library = "libevent",
    .version = version,
    .serve = serve,
};
