/* watch.h - a tool that watches a running server: strace, bpftrace or perf.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_WATCH_H
#define ABACUS_WATCH_H

#include "base/err.h"
#include "profile/target.h"

struct watcher {
    const char *name;
    char *const *argv;
    const char *said;  /* the file that takes its standard output and error */
    const char *ready; /* what it prints there once it watches; NULL: nothing, and it
                          traces every process of the server (ptrace) */
    const char *lacks; /* what mostly is the matter if it ends at once */
    int cpu;           /* the one that it may run on; -1: any */
};

/* Has the tool watch the server while that answers what `drive` says, again and again for so
 * many seconds (0: once). On SIGINT the tool ends, and has written what it saw. */
int watch_drive(const struct watcher *watcher, struct target *target,
                const struct drive *drive, double seconds, struct err *err);

/* Runs a tool to its end, which must be a good one; its standard output goes to `output`. */
int watch_run(const struct watcher *watcher, int output, struct err *err);

/* The server's processes as -p takes them, "12,13"; owned by the caller. Children that come
 * later the tools find themselves. */
char *watch_pids(const struct target *target);

#endif
