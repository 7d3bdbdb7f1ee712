/* epoll.c - one process, told by epoll which clients are ready.
 * SPDX-License-Identifier: MIT
 *
 * The kernel keeps the set of descriptors, so a wait costs time for those clients only
 * that are ready, however many there are. It is level-triggered: what was not finished is reported
 * again, so one read per turn is enough and no event can be lost. The server copies: read()
 * and write() move the bytes once they can do so without waiting. It breaks at the limit of
 * descriptors: then clients wait in the backlog. And it cannot use more than one core.
 *
 * Read it from serve(), at the end, upwards. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = 256 }; /* taken from the kernel at a time */

struct client {
    uint32_t watched; /* the event that epoll watches for */
    struct conn conn;
};

/* Indexed by descriptor. The kernel gives out the lowest free one, so the array stays small. */
static struct client *clients;
static size_t room; /* how many clients it has memory for */
static int epoll_fd, listen_fd;
static bool listening; /* epoll watches the listening socket */

static int watch(int fd, int operation, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    return epoll_ctl(epoll_fd, operation, fd, &event);
}

/* Where no descriptor is left, it is off for one wait. */
static void listen_watch(bool on)
{
    if (on != listening && watch(listen_fd, EPOLL_CTL_MOD, on ? EPOLLIN : 0) == 0)
        listening = on;
}

/* Epoll forgets a descriptor when it is closed. */
static void client_close(int fd)
{
    conn_close(&clients[fd].conn);
    close(fd);
}

/* Waits for what the client wants. */
static void client_await(int fd, enum want want)
{
    struct client *client = &clients[fd];
    uint32_t events = want == WANT_WRITE ? EPOLLOUT : EPOLLIN;
    if (want == WANT_CLOSE)
        client_close(fd);
    else if (events == client->watched)
        return;
    else if (watch(fd, EPOLL_CTL_MOD, events) == 0)
        client->watched = events;
    else
        client_close(fd);
}

/* conn_step reads once, writes what it can, and says what to wait for. */
static void client_step(int fd)
{
    client_await(fd, conn_step(&clients[fd].conn, fd));
}

/* False: there is no memory for a client with this descriptor. */
static bool room_make(int fd)
{
    if ((size_t)fd < room)
        return true;
    size_t more = 2 * ((size_t)fd + 1);
    struct client *moved = realloc(clients, more * sizeof *clients);
    if (!moved)
        return false;
    clients = moved;
    room = more;
    return true;
}

/* It has seldom sent its request yet, so nothing is read before epoll tells of it. */
static void client_open(int fd)
{
    if (!room_make(fd) || watch(fd, EPOLL_CTL_ADD, EPOLLIN) < 0) {
        close(fd);
        return;
    }
    clients[fd].watched = EPOLLIN;
    conn_open(&clients[fd].conn);
}

static void client_accept(void)
{
    int fd = listen_accept(listen_fd);
    if (fd == LISTEN_FULL)
        listen_watch(false);
    else if (fd >= 0)
        client_open(fd);
}

static _Noreturn void loop_run(void)
{
    for (;;) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(epoll_fd, events, EVENTS, listening ? -1 : LISTEN_RETRY_MS);
        if (n < 0 && errno != EINTR)
            fail("epoll_wait");
        listen_watch(true);
        for (int i = 0; i < n; i++)
            if (events[i].data.fd == listen_fd)
                client_accept();
            else
                client_step(events[i].data.fd);
    }
}

static void loop_open(void)
{
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0 || watch(listen_fd, EPOLL_CTL_ADD, EPOLLIN) < 0)
        fail("epoll");
    listening = true;
}

static void serve(const struct listener *listener)
{
    listen_fd = listener->fd;
    loop_open();
    listen_announce(listener);
    loop_run();
}

const struct server server = {
    .about = "one process, epoll, level-triggered",
    .serve = serve,
};
