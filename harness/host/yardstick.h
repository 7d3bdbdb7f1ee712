/* yardstick.h - how fast a core is just now: fixed work that is done on it many times a
 * second, and the CPU time that it takes.
 * SPDX-License-Identifier: MIT
 *
 * The cores of a virtual machine change their speed by tens of per cent within seconds, as
 * the host's other guests come and go, and nothing in the guest counts that: neither steal
 * nor load shows it. What can be seen is that the same work takes longer. With it as a
 * covariate a comparison loses most of that noise (record/speed.h). */
#ifndef ABACUS_YARDSTICK_H
#define ABACUS_YARDSTICK_H

#include "base/err.h"

#include <pthread.h>
#include <stddef.h>

struct yardstick {
    pthread_t thread;
    int cpu;
    int stop; /* an eventfd: readable once the thread is to end */
    double spent_s;
    size_t count;
};

/* Starts a thread on `cpu` that does the work about 67 times a second, ahead of whatever
 * else runs there where the system permits real-time scheduling. It takes half a per cent
 * of the core's time. 0, or -1 with `err` set. */
int yardstick_start(struct yardstick *yardstick, int cpu, struct err *err);

/* Ends the thread. Returns the mean CPU time of the work, µs; NAN if it was never done. */
double yardstick_stop(struct yardstick *yardstick);

#endif
