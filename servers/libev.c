/* libev.c - one process, callbacks of libev's ev_io watchers.
 * SPDX-License-Identifier: MIT
 * library: ev
 * debian: libev-dev
 *
 * A thin layer over the best call of the system, on Linux epoll, or over another one if
 * LIBEV_FLAGS in the environment says so. The library waits and says
 * "this descriptor is ready"; what is to be done then is the server's affair, which reads and
 * writes itself, as with epoll. It changes the kernel's set lazily, before the next wait, and
 * only where a watcher has changed. It breaks where that call does. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/reserve.h"
#include "core/server.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct client {
    ev_io io; /* the first member: libev's callbacks get a pointer to it */
    struct conn conn;
};

static ev_io accepter;
static ev_timer retry; /* of accepting, while there is no descriptor left */

static void client_close(struct ev_loop *loop, struct client *client)
{
    ev_io_stop(loop, &client->io);
    conn_close(&client->conn);
    close(client->io.fd);
    free(client);
    ev_io_start(loop,
                &accepter); /* there is a descriptor again, if that was what it lacked */
}

/* EV_ERROR: the kernel could not watch for it. */
static void on_client(struct ev_loop *loop, ev_io *io, int revents)
{
    struct client *client = (struct client *)io;
    enum want want = revents & EV_ERROR ? WANT_CLOSE : conn_step(&client->conn, io->fd);
    int events = want == WANT_WRITE ? EV_WRITE : EV_READ;
    if (want == WANT_CLOSE) {
        client_close(loop, client);
    } else if ((io->events & (EV_READ | EV_WRITE)) != events) {
        ev_io_stop(loop, io);
        ev_io_set(io, io->fd, events);
        ev_io_start(loop, io);
    }
}

static void on_listener(struct ev_loop *loop, ev_io *io, int revents)
{
    int fd = revents & EV_ERROR ? LISTEN_FULL : listen_accept(io->fd);
    if (fd == LISTEN_FULL) {
        ev_io_stop(loop, io);
        ev_timer_again(loop, &retry);
    }
    if (fd < 0)
        return;
    struct client *client = malloc(sizeof *client);
    if (!client) {
        close(fd);
        return;
    }
    ev_io_init(&client->io, on_client, fd, EV_READ);
    conn_open(&client->conn);
    ev_io_start(loop, &client->io);
}

static void on_retry(struct ev_loop *loop, ev_timer *timer, int revents)
{
    (void)revents;
    ev_timer_stop(loop, timer);
    ev_io_start(loop, &accepter);
}

static void *table_realloc(void *old, long size)
{
    return reserve_realloc(old, (size_t)size);
}

/* Libev ends the program when it gets no memory. */
static struct ev_loop *loop_open(void)
{
    ev_set_allocator(table_realloc);
    struct ev_loop *loop = ev_default_loop(EVFLAG_AUTO);
    if (!loop)
        fail("ev_default_loop");
    return loop;
}

static void serve(const struct listener *listener)
{
    struct ev_loop *loop = loop_open();
    ev_io_init(&accepter, on_listener, listener->fd, EV_READ);
    ev_io_start(loop, &accepter);
    ev_timer_init(&retry, on_retry, 0, LISTEN_RETRY_MS / 1000.0);
    listen_announce(listener);
    ev_run(loop, 0);
}

static const char *backend_name(unsigned backend)
{
    switch (backend) {
    case EVBACKEND_SELECT:
        return "select";
    case EVBACKEND_POLL:
        return "poll";
    case EVBACKEND_EPOLL:
        return "epoll";
    default:
        return "another backend";
    }
}

static const char *version(void)
{
    static char text[48];
    snprintf(text, sizeof text, "%d.%d on %s", ev_version_major(), ev_version_minor(),
             backend_name(ev_backend(loop_open())));
    return text;
}

const struct server server = {
    .about = "one process, ev_io watchers",
    .library = "libev",
    .version = version,
    .serve = serve,
};
