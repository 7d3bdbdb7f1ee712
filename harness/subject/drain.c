/* drain.c - reads what a server says on its standard output once it is ready.
 * SPDX-License-Identifier: MIT */
#include "subject/drain.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A server that logs each request is read once in ten milliseconds rather than once a request:
 * so much fits into the pipe meanwhile, as much as any user may ask for. */
enum { PIPE_SIZE = 1 << 20, PAUSE_MS = 10, SAID_SIZE = 256 };

struct drain {
    int fd;
    int stop; /* an eventfd */
    pthread_t thread;
    pthread_mutex_t lock; /* of the rest, and of reading */
    bool ended;
    char said[SAID_SIZE];
    size_t size;
};

/* All that is there, which does not block. Locked, since what is read first is to be kept first. */
static void drain_read(struct drain *drain)
{
    char bytes[16 << 10];
    ssize_t n;
    pthread_mutex_lock(&drain->lock);
    /* NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection): O_NONBLOCK */
    while ((n = read(drain->fd, bytes, sizeof bytes)) > 0) {
        size_t room = sizeof drain->said - drain->size;
        size_t kept = (size_t)n < room ? (size_t)n : room;
        memcpy(drain->said + drain->size, bytes, kept);
        drain->size += kept;
    }
    drain->ended = n == 0;
    pthread_mutex_unlock(&drain->lock);
}

static void *drain_run(void *data)
{
    struct drain *drain = data;
    struct pollfd fds[2] = {{.fd = drain->stop, .events = POLLIN},
                            {.fd = drain->fd, .events = POLLIN}};
    while ((poll(fds, 2, -1) >= 0 || errno == EINTR) && !fds[0].revents) {
        drain_read(drain);
        if (drain->ended)
            fds[1].fd = -1;
        poll(fds, 1, PAUSE_MS);
    }
    return NULL;
}

/* Signals are the main thread's. */
static int thread_start(struct drain *drain)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&drain->thread, NULL, drain_run, drain);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

static void drain_free(struct drain *drain)
{
    close(drain->fd);
    if (drain->stop >= 0)
        close(drain->stop);
    pthread_mutex_destroy(&drain->lock);
    free(drain);
}

struct drain *drain_start(int fd, struct err *err)
{
    struct drain *drain = alloc_zeroed(1, sizeof *drain);
    drain->fd = fd;
    drain->stop = eventfd(0, EFD_CLOEXEC);
    pthread_mutex_init(&drain->lock, NULL);
    fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE); /* where the user may not, it is read as it is */
    int error = drain->stop < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0
                    ? errno
                    : thread_start(drain);
    if (error == 0)
        return drain;
    err_set(err, "cannot read the server's standard output: %s", strerror(error));
    drain_free(drain);
    return NULL;
}

ssize_t drain_said(struct drain *drain, char *bytes, size_t size)
{
    drain_read(drain);
    pthread_mutex_lock(&drain->lock);
    size_t n = drain->size < size ? drain->size : size;
    memcpy(bytes, drain->said, n);
    bool closed = n == 0 && drain->ended;
    pthread_mutex_unlock(&drain->lock);
    return closed ? -1 : (ssize_t)n;
}

void drain_stop(struct drain *drain)
{
    eventfd_write(drain->stop, 1);
    pthread_join(drain->thread, NULL);
    drain_free(drain);
}
