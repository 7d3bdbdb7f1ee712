/* select.c - one process, which asks select() about every client, every time.
 * SPDX-License-Identifier: MIT
 *
 * The set of descriptors is a bitmap. It is copied into the kernel and out again, and searched
 * by both, in every turn: a wait costs as much as there are descriptors, not as much as there
 * is to do. The server copies the bytes itself, as with epoll. It breaks at FD_SETSIZE, 1024:
 * FD_SET of a greater descriptor writes beside the bitmap. So the process is not allowed to have
 * such descriptors, and clients beyond that wait in the backlog until another one leaves. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <sys/select.h>
#include <unistd.h>

static struct conn conns[FD_SETSIZE]; /* by descriptor */
static fd_set readers, writers;       /* which descriptors wait for what */
static int highest;                   /* of the descriptors in either */
static int listen_fd;

static void client_close(int fd)
{
    conn_close(&conns[fd]);
    close(fd);
    FD_CLR(fd, &readers);
    FD_CLR(fd, &writers);
    while (!FD_ISSET(highest, &readers) && !FD_ISSET(highest, &writers) &&
           highest > listen_fd)
        highest--;
}

static void client_step(int fd)
{
    enum want want = conn_step(&conns[fd], fd);
    if (want == WANT_CLOSE) {
        client_close(fd);
        return;
    }
    FD_SET(fd, want == WANT_READ ? &readers : &writers);
    FD_CLR(fd, want == WANT_READ ? &writers : &readers);
}

static void client_accept(void)
{
    int fd = listen_accept(listen_fd);
    if (fd == LISTEN_FULL)
        FD_CLR(listen_fd, &readers);
    if (fd < 0)
        return;
    conn_open(&conns[fd]);
    FD_SET(fd, &readers);
    if (fd > highest)
        highest = fd;
}

/* The listening socket is left out of one wait after it was LISTEN_FULL. False: there is nothing
 * to be done. */
static bool turn_await(fd_set *readable, fd_set *writable)
{
    struct timeval retry = {.tv_usec = LISTEN_RETRY_MS * 1000};
    bool full = !FD_ISSET(listen_fd, readable);
    int n = select(highest + 1, readable, writable, NULL, full ? &retry : NULL);
    if (n < 0 && errno != EINTR)
        fail("select");
    FD_SET(listen_fd, &readers);
    return n > 0;
}

static void serve(const struct listener *listener)
{
    listen_fit_select(listener);
    highest = listen_fd = listener->fd;
    FD_SET(listen_fd, &readers);
    listen_announce(listener);
    for (;;) {
        fd_set readable = readers, writable = writers;
        if (!turn_await(&readable, &writable))
            continue;
        if (FD_ISSET(listen_fd, &readable))
            client_accept();
        for (int client = highest; client > listen_fd; client--)
            if (FD_ISSET(client, &readable) || FD_ISSET(client, &writable))
                client_step(client);
    }
}

const struct server server = {
    .about = "one process, select; at most 1024 descriptors, further clients wait",
    .serve = serve,
};
