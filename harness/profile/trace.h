/* trace.h - where a server's time goes between and within its system calls, summed by
 * bpftrace in the kernel.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TRACE_H
#define ABACUS_TRACE_H

#include "base/err.h"
#include "profile/target.h"

#include <stdbool.h>
#include <stddef.h>

enum trace_kind {
    TRACE_KERNEL, /* on a CPU, in the call */
    TRACE_USER,   /* on a CPU, in user space, from the call before to the call */
    TRACE_WAIT,   /* asleep in the call */
    TRACE_DELAY,  /* ready to run, without a CPU */
    TRACE_COUNT,  /* how often the call was made; no time */
};

/* One sum. */
struct trace_sum {
    enum trace_kind kind;
    int before;   /* the system call before, by its number */
    bool failed;  /* that one failed, or gave nothing */
    int call;     /* -1: user space, where it was interrupted */
    double value; /* s, or a count */
};

/* Starts zeroed; freed by trace_free. */
struct trace {
    struct trace_sum *list;
    size_t count;
};

/* What bpftrace printed for trace.bt. -1: it is not that. */
int trace_parse(struct trace *trace, const char *text, struct err *err);

/* Traces a server, which must have a cgroup, while it answers what `drive` says. -1: bpftrace
 * is missing or may not trace, and why. */
int trace_drive(struct trace *trace, struct target *target, const struct drive *drive,
                struct err *err);

void trace_free(struct trace *trace);

#endif
