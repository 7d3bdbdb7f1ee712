/* strace.h - the system calls of a running server, counted by strace.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STRACE_H
#define ABACUS_STRACE_H

#include "base/err.h"
#include "profile/target.h"

#include <stddef.h>

/* One line of its summary. */
struct call {
    char *name;
    double count;
    double errors;  /* of these, those that failed */
    double seconds; /* in all: CPU time of the kernel, or, if asked, from start to end */
};

/* Starts zeroed; freed by calls_free. */
struct calls {
    struct call *list;
    size_t count;
};

/* Reads the summary that strace -c wrote. -1: it is none, or is cut off. */
int strace_read(struct calls *calls, const char *path, struct err *err);

/* The calls that the server makes to answer what `drive` says, children's included, and what
 * attaching adds: a call or two that is interrupted. `elapsed`: seconds are of the clock, not
 * of the CPU. */
int strace_count(struct calls *calls, struct target *target, const struct drive *drive,
                 bool elapsed, struct err *err);

/* The call of that name, or NULL. */
const struct call *calls_find(const struct calls *calls, const char *name);

void calls_free(struct calls *calls);

#endif
