/* yardstick.c - how fast a core is just now.
 * SPDX-License-Identifier: MIT */
#include "host/yardstick.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    EXCHANGES = 3, /* short against a scheduler's slice, so that it delays nobody */
    MESSAGE_BYTES = 512,
    PERIOD_MS = 15,
};

static double cpu_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What a server spends its time on, in small: the kernel makes two sockets, copies a message
 * through them, and takes them down. Arithmetic alone would follow the core's clock, but not
 * its caches, and tells much less about a server. Local sockets leave no trace in the
 * network's counters. */
static bool exchange(void)
{
    int ends[2];
    char message[MESSAGE_BYTES] = {0};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return false;
    bool done = write(ends[0], message, sizeof message) == sizeof message &&
                read(ends[1], message, sizeof message) == sizeof message;
    close(ends[0]);
    close(ends[1]);
    return done;
}

static void work(struct yardstick *yardstick)
{
    double before = cpu_now_s();
    for (int i = 0; i < EXCHANGES; i++)
        if (!exchange())
            return; /* too few descriptors just now: this time does not count */
    yardstick->spent_s += cpu_now_s() - before;
    yardstick->count++;
}

/* It must neither wait for the server's slice to end, nor be waited for by another core. False:
 * it is not on that core, so what it would measure is another one. */
static bool take_place(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1});
    return sched_setaffinity(0, sizeof set, &set) == 0;
}

static void *run(void *argument)
{
    struct yardstick *yardstick = argument;
    struct pollfd stop = {.fd = yardstick->stop, .events = POLLIN};
    bool there = take_place(yardstick->cpu);
    while (there && poll(&stop, 1, PERIOD_MS) == 0)
        work(yardstick);
    return NULL;
}

int yardstick_start(struct yardstick *yardstick, int cpu, struct err *err)
{
    *yardstick = (struct yardstick){.cpu = cpu, .stop = eventfd(0, EFD_CLOEXEC)};
    if (yardstick->stop < 0)
        return err_set(err, "eventfd: %s", strerror(errno));
    sigset_t all, usual;
    sigfillset(&all); /* a signal is for the thread that waits for it */
    pthread_sigmask(SIG_SETMASK, &all, &usual);
    int failed = pthread_create(&yardstick->thread, NULL, run, yardstick);
    pthread_sigmask(SIG_SETMASK, &usual, NULL);
    if (failed) {
        close(yardstick->stop);
        return err_set(err, "a thread for the yardstick: %s", strerror(failed));
    }
    return 0;
}

double yardstick_stop(struct yardstick *yardstick)
{
    eventfd_write(yardstick->stop, 1);
    pthread_join(yardstick->thread, NULL);
    close(yardstick->stop);
    return yardstick->count > 0 ? yardstick->spent_s / (double)yardstick->count * 1e6
                                : NAN;
}
