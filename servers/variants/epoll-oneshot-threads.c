/* epoll-oneshot-threads.c - a pool of threads on one epoll set.
 * SPDX-License-Identifier: MIT
 * beside: epoll
 * question: What does a pool of four threads on one epoll set (EPOLLONESHOT) cost, on one core?
 *
 * Whichever thread is idle takes the next client that is ready. The set forgets what it has told of,
 * so no two threads have the same client: to wait for it again takes an epoll_ctl each time. So it is
 * with the listening socket. In return no client waits for a thread that has other ones, as in
 * epoll-threads.c. It breaks where epoll does. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { THREADS = 4 };

struct client {
    int fd;
    struct conn conn;
};

static int epoll_fd, listen_fd;

/* The thread that found no descriptor left: it is the one to watch the listening socket again. */
static _Thread_local bool full;

/* NULL is the listening socket. */
static int watch(int fd, int operation, uint32_t events, struct client *client)
{
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data.ptr = client};
    return epoll_ctl(epoll_fd, operation, fd, &event);
}

static void client_close(struct client *client)
{
    conn_close(&client->conn);
    close(client->fd);
    free(client);
}

/* Once it is watched, it may be another thread's; the kernel's lock on the set sees to it that this one
 * finds all that was written of it. A buffer that a client holds meanwhile goes to that thread, too. */
static void client_step(struct client *client)
{
    enum want want = conn_step(&client->conn, client->fd);
    uint32_t events = want == WANT_WRITE ? EPOLLOUT : EPOLLIN;
    if (want == WANT_CLOSE || watch(client->fd, EPOLL_CTL_MOD, events, client) < 0)
        client_close(client);
}

static void client_open(int fd)
{
    struct client *client = malloc(sizeof *client);
    if (!client) {
        close(fd);
        return;
    }
    client->fd = fd;
    conn_open(&client->conn);
    if (watch(fd, EPOLL_CTL_ADD, EPOLLIN, client) < 0)
        client_close(client);
}

/* The next client may be accepted while this one is served. */
static void client_accept(void)
{
    int fd = listen_accept(listen_fd);
    full = fd == LISTEN_FULL || watch(listen_fd, EPOLL_CTL_MOD, EPOLLIN, NULL) < 0;
    if (fd >= 0)
        client_open(fd);
}

/* One event at a time: those behind it would wait for this thread. */
static void *loop_run(void *none)
{
    for (;;) {
        struct epoll_event event;
        int n = epoll_wait(epoll_fd, &event, 1, full ? LISTEN_RETRY_MS : -1);
        if (n < 0 && errno != EINTR)
            fail("epoll_wait");
        if (full)
            full = watch(listen_fd, EPOLL_CTL_MOD, EPOLLIN, NULL) < 0;
        if (n > 0 && event.data.ptr)
            client_step(event.data.ptr);
        else if (n > 0)
            client_accept();
    }
    return none;
}

static void serve(const struct listener *listener)
{
    listen_fd = listener->fd;
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0)
        fail("epoll_create1");
    for (int i = 1; i < THREADS; i++) {
        pthread_t thread;
        errno = pthread_create(&thread, NULL, loop_run, NULL);
        if (errno)
            fail("pthread_create");
    }
    if (watch(listen_fd, EPOLL_CTL_ADD, EPOLLIN, NULL) < 0)
        fail("epoll_ctl");
    listen_announce(listener);
    loop_run(NULL);
}

const struct server server = {
    .about = "4 threads on one epoll set, EPOLLONESHOT",
    .serve = serve,
};
