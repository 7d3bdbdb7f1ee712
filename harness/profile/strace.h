/* strace.h - the system calls of a running server, as strace saw them.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STRACE_H
#define ABACUS_STRACE_H

#include "base/err.h"
#include "profile/target.h"

#include <stddef.h>

struct call {
    char *name;
    double count;
    double
        seconds; /* CPU time of the kernel in all of them; 0 where they were only counted */
};

/* Starts zeroed; freed by calls_free. */
struct calls {
    struct call *list;
    size_t count;
};

/* Reads the log that strace wrote (-f -o): a call for each name in it. One that a signal cut
 * short is made again when that was handled, by the kernel or by the program, and counts only
 * then. -1: it cannot be read. */
int strace_read_log(struct calls *calls, const char *path, struct err *err);

/* Reads the summary that strace -c wrote. -1: it is none, or is cut off. */
int strace_read_summary(struct calls *calls, const char *path, struct err *err);

/* Counts the calls that the server makes to answer what `drive` says, children's included, and
 * what attaching adds: a call or two. */
int strace_count(struct calls *calls, struct target *target, const struct drive *drive,
                 struct err *err);

/* The same with the time in them, from strace's own summary. */
int strace_time(struct calls *calls, struct target *target, const struct drive *drive,
                struct err *err);

/* The call of that name, or NULL. */
const struct call *calls_find(const struct calls *calls, const char *name);

void calls_free(struct calls *calls);

#endif
