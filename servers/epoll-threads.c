/* epoll-threads.c - a thread for each core, each with an epoll loop of its own.
 * SPDX-License-Identifier: MIT
 *
 * The loops share nothing, not even the listening socket: each has one of its own at the same
 * address, and the kernel spreads the clients over them by a hash of their addresses
 * (SO_REUSEPORT). So nobody waits for a lock, and each loop is that of epoll.c; but a client
 * stays with the loop that it fell to, even if another one is idle. On one core it is one loop.
 * It breaks where epoll does. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = 256 }; /* taken from the kernel at a time */

struct client {
    int fd;
    uint32_t watched; /* the event that epoll watches for */
    struct conn conn;
};

/* What a loop is given. */
struct loop {
    int cpu;
    int listen_fd, epoll_fd;
};

static _Thread_local int epoll_fd, listen_fd;
static _Thread_local bool listening; /* epoll watches the listening socket */

/* Descriptors are the whole process's, so what epoll tells of a client is where its own loop
 * has it in memory; NULL is the listening socket. */
static int watch(int fd, int operation, uint32_t events, struct client *client)
{
    struct epoll_event event = {.events = events, .data.ptr = client};
    return epoll_ctl(epoll_fd, operation, fd, &event);
}

/* Where no descriptor is left, it is off for one wait: another loop may close some. */
static void listen_watch(bool on)
{
    if (on != listening && watch(listen_fd, EPOLL_CTL_MOD, on ? EPOLLIN : 0, NULL) == 0)
        listening = on;
}

static void client_close(struct client *client)
{
    conn_close(&client->conn);
    close(client->fd);
    free(client);
}

static void client_step(struct client *client)
{
    enum want want = conn_step(&client->conn, client->fd);
    uint32_t events = want == WANT_WRITE ? EPOLLOUT : EPOLLIN;
    if (want == WANT_CLOSE)
        client_close(client);
    else if (events == client->watched)
        return;
    else if (watch(client->fd, EPOLL_CTL_MOD, events, client) == 0)
        client->watched = events;
    else
        client_close(client);
}

/* As in epoll.c, nothing is read before epoll tells of it. */
static void client_open(int fd)
{
    struct client *client = malloc(sizeof *client);
    if (!client || watch(fd, EPOLL_CTL_ADD, EPOLLIN, client) < 0) {
        free(client);
        close(fd);
        return;
    }
    client->fd = fd;
    client->watched = EPOLLIN;
    conn_open(&client->conn);
}

static void client_accept(void)
{
    int fd = listen_accept(listen_fd);
    if (fd == LISTEN_FULL)
        listen_watch(false);
    else if (fd >= 0)
        client_open(fd);
}

static _Noreturn void *loop_run(void *data)
{
    const struct loop *loop = data;
    listen_fd = loop->listen_fd;
    epoll_fd = loop->epoll_fd;
    listening = true;
    for (;;) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait(epoll_fd, events, EVENTS, listening ? -1 : LISTEN_RETRY_MS);
        if (n < 0 && errno != EINTR)
            fail("epoll_wait");
        listen_watch(true);
        for (int i = 0; i < n; i++)
            if (events[i].data.ptr)
                client_step(events[i].data.ptr);
            else
                client_accept();
    }
}

/* The first loop has the socket that is there already. */
static void loop_open(struct loop *loop, int cpu, const struct listener *first,
                      bool further)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    struct listener own = *first;
    if (further && listen_again(&own, first) < 0)
        fail("a further listening socket");
    *loop = (struct loop){cpu, own.fd, epoll_create1(EPOLL_CLOEXEC)};
    if (loop->epoll_fd < 0 ||
        epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, loop->listen_fd, &event) < 0)
        fail("epoll");
}

/* As many as this process may use cores. Returns how many. */
static size_t loops_open(struct loop *loops, const struct listener *listener)
{
    size_t count = 0;
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) < 0)
        fail("sched_getaffinity");
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &allowed)) {
            loop_open(&loops[count], cpu, listener, count > 0);
            count++;
        }
    return count;
}

static void thread_pin(pthread_t thread, int cpu)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    errno = pthread_setaffinity_np(thread, sizeof one, &one);
    if (errno)
        fail("pthread_setaffinity_np");
}

/* Clients take descriptors, so all loops have theirs before the first one runs. */
static void serve(const struct listener *listener)
{
    static struct loop loops[CPU_SETSIZE];
    size_t count = loops_open(loops, listener);
    thread_pin(pthread_self(), loops[0].cpu);
    for (size_t i = 1; i < count; i++) {
        pthread_t thread;
        errno = pthread_create(&thread, NULL, loop_run, &loops[i]);
        if (errno)
            fail("pthread_create");
        thread_pin(thread, loops[i].cpu);
    }
    listen_announce(listener);
    loop_run(&loops[0]);
}

const struct server server = {
    .about = "a thread with an epoll loop per core, SO_REUSEPORT",
    .all_cores = true,
    .serve = serve,
};
