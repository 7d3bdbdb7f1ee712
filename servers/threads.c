/* threads.c - a fixed pool of threads, which clients are handed to through a queue.
 * SPDX-License-Identifier: MIT
 *
 * The first article's model, whose actors ran on such a pool. One thread accepts and puts clients
 * into a queue; whichever thread is free takes the next one, and waits in read() and write()
 * until it is done. A client costs two changes of thread, and the pool its stacks, however few
 * there are. It breaks where all threads have a client that does not go: the queue fills up,
 * and the others wait, there or in the backlog. */
#include "core/conn.h"
#include "core/fail.h"
#include "core/listen.h"
#include "core/server.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

enum { THREADS = 128, QUEUE = 1024 };

/* Accepted clients, the oldest first, in a ring. */
static int queue[QUEUE];
static size_t first, length;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the queue */
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static pthread_cond_t emptied = PTHREAD_COND_INITIALIZER;

static void queue_put(int fd)
{
    pthread_mutex_lock(&lock);
    while (length == QUEUE)
        pthread_cond_wait(&emptied, &lock);
    queue[(first + length++) % QUEUE] = fd;
    pthread_mutex_unlock(&lock);
    pthread_cond_signal(&filled);
}

static int queue_take(void)
{
    pthread_mutex_lock(&lock);
    while (length == 0)
        pthread_cond_wait(&filled, &lock);
    int fd = queue[first];
    first = (first + 1) % QUEUE;
    bool was_full = length-- == QUEUE;
    pthread_mutex_unlock(&lock);
    if (was_full)
        pthread_cond_signal(&emptied);
    return fd;
}

static _Noreturn void *work(void *unused)
{
    (void)unused;
    struct conn conn;
    for (;;) {
        int fd = queue_take();
        conn_open(&conn);
        while (conn_step(&conn, fd) != WANT_CLOSE)
            ;
        conn_close(&conn);
        close(fd);
    }
}

static void pool_start(void)
{
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        errno = pthread_create(&thread, NULL, work, NULL);
        if (errno)
            fail("pthread_create");
    }
}

/* No descriptor is left: a moment later there may be one. */
static void serve(const struct listener *listener)
{
    pool_start();
    listen_announce(listener);
    for (;;) {
        int fd = listen_accept_blocking(listener->fd);
        if (fd >= 0)
            queue_put(fd);
        else if (fd == LISTEN_FULL)
            poll(NULL, 0, LISTEN_RETRY_MS);
    }
}

const struct server server = {
    .about = "one process, a pool of 128 blocking threads behind a queue; further "
             "clients wait",
    .blocking = true,
    .serve = serve,
};
