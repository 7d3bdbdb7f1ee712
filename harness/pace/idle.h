/* idle.h - connections that are kept and have nothing to say.
 * SPDX-License-Identifier: MIT */
#ifndef PACE_IDLE_H
#define PACE_IDLE_H

#include "base/err.h"
#include "pace/plan.h"

/* What the next one met. */
enum idle_end {
    IDLE_ALL,    /* there was none: all are held */
    IDLE_WAITS,  /* no answer */
    IDLE_SLOW,   /* one, like those before it, but the time was up */
    IDLE_CLOSED, /* refused, reset or closed */
};

/* All zeros: none. */
struct idle {
    int *fds; /* -1: the server closed it */
    int asked;
    int held;
    int closed;     /* by the server, after its answer */
    double seconds; /* that they took to be made */
    enum idle_end end;
    char why[160]; /* why there are no more, where held is less than asked; else "" */
};

/* Opens as many as the plan asks for, each answered once, and keeps them. Where the server takes no
 * more, or the machine, it stops, with the reason in idle->why. 0; -1 if they cannot be had on this
 * machine at all: too few descriptors or ports, with the number that is needed. */
int idle_open(struct idle *idle, const struct plan *plan, struct err *err);

/* Counts those that the server has closed since. */
void idle_look(struct idle *idle);

void idle_close(struct idle *idle);

#endif
