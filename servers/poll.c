/* poll.c - one process, which asks poll() about every client, then reads and writes blocking.
 * SPDX-License-Identifier: MIT
 *
 * The second article's model. The set is an array of descriptors without an upper limit, but
 * the kernel walks through all of it in every turn, and so does the server. A client is read
 * from only when poll() says that there is something, so reading does not wait. Writing
 * does: a client that does not take its reply holds up all others until it has. It breaks at
 * the limit of descriptors: then clients wait in the backlog. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* Two arrays side by side; place 0 is the listening socket's. */
static struct pollfd *polled;
static struct conn *conns;
static size_t count; /* places taken */
static size_t room;  /* places that there is memory for */

/* False: there is no memory for one more. */
static bool room_make(void)
{
    if (count < room)
        return true;
    size_t more = 2 * count + 1;
    struct pollfd *moved_polled = realloc(polled, more * sizeof *polled);
    if (moved_polled)
        polled = moved_polled;
    struct conn *moved_conns = realloc(conns, more * sizeof *conns);
    if (moved_conns)
        conns = moved_conns;
    if (!moved_polled || !moved_conns)
        return false;
    room = more;
    return true;
}

/* The last client takes the place. */
static void client_close(size_t place)
{
    conn_close(&conns[place]);
    close(polled[place].fd);
    count--;
    polled[place] = polled[count];
    conns[place] = conns[count];
}

static void client_accept(void)
{
    int fd = listen_accept_blocking(polled[0].fd);
    if (fd == LISTEN_FULL)
        polled[0].events = 0; /* for one wait */
    if (fd < 0)
        return;
    if (!room_make()) {
        close(fd);
        return;
    }
    polled[count] = (struct pollfd){.fd = fd, .events = POLLIN};
    conn_open(&conns[count]);
    count++;
}

/* Backwards, so that the client that takes the place of a closed one has had its turn. */
static void turn(void)
{
    for (size_t place = count; --place > 0;)
        if (polled[place].revents &&
            conn_step(&conns[place], polled[place].fd) == WANT_CLOSE)
            client_close(place);
    if (polled[0].revents)
        client_accept();
}

static void serve(const struct listener *listener)
{
    if (!room_make())
        fail("realloc");
    polled[count++] = (struct pollfd){.fd = listener->fd, .events = POLLIN};
    listen_announce(listener);
    for (;;) {
        int n = poll(polled, count, polled[0].events ? -1 : LISTEN_RETRY_MS);
        if (n < 0 && errno != EINTR)
            fail("poll");
        polled[0].events = POLLIN;
        if (n > 0)
            turn();
    }
}

const struct server server = {
    .about = "one process, poll; blocks while a client does not take its reply",
    .blocks = "reply",
    .serve = serve,
};
