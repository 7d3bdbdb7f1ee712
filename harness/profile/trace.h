/* trace.h - the system calls of a running server: as strace counts them, and as bpftrace sums
 * the time in and between them in the kernel; and the phase of a request that each is for.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TRACE_H
#define ABACUS_TRACE_H

#include "base/err.h"
#include "profile/tally.h"
#include "profile/target.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- strace ---- */

/* A row of the tally is a system call; its first name is the call's. */
enum {
    CALL_COUNT,
    CALL_SECONDS, /* CPU time of the kernel in all of them; 0 where they were only counted */
};

/* Reads the log that strace wrote (-f -o): a call for each name in it. One that a signal cut
 * short is made again when that was handled, by the kernel or by the program, and counts only
 * then. -1: it cannot be read. */
int strace_read_log(struct tally *calls, const char *path, struct err *err);

/* Reads the summary that strace -c wrote. -1: it is none, or is cut off. */
int strace_read_summary(struct tally *calls, const char *path, struct err *err);

/* Counts the calls that the server makes to answer what `drive` says, children's included, and
 * what attaching adds: a call or two. `timed`: with the time in them, from strace's summary. */
int strace_calls(struct tally *calls, struct target *target, const struct drive *drive,
                 bool timed, struct err *err);

/* ---- bpftrace ---- */

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

/* Reads what bpftrace printed for trace.bt. -1: it is not that. */
int trace_read(struct trace *trace, const char *path, struct err *err);

/* Traces a server, which must have a cgroup, while it answers what `drive` says. -1: bpftrace
 * is missing or may not trace, and why. */
int trace_drive(struct trace *trace, struct target *target, const struct drive *drive,
                struct err *err);

void trace_free(struct trace *trace);

/* ---- phases.c: what they are made for ---- */

/* What a request passes through; the article's rows, and a child's. */
enum phase {
    PHASE_ACCEPT,
    PHASE_READ,
    PHASE_HANDLER,
    PHASE_WRITE,
    PHASE_BODY,
    PHASE_CLOSE,
    PHASE_CHILD,
    PHASE_OTHER,
    PHASES,
};

/* By a system call's number and its name: to which phase it belongs. */
enum phase phase_of_call(int call);
enum phase phase_of_name(const char *call);

/* User-space time between two calls belongs to the call that it leads to; but between a read
 * that gave something and whatever is not another read, it is the handler's. */
enum phase phase_of_user(int before, bool failed, int call);

/* A write right behind a write is the response's body. */
enum phase phase_of_kernel(int before, bool failed, int call);

#endif
