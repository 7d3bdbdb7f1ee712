/* stacks_watch.h - perf, beside a running server: what it saw of where the server was.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STACKS_WATCH_H
#define ABACUS_STACKS_WATCH_H

#include "base/err.h"
#include "host/proc.h"
#include "profile/stacks_fold.h"
#include "profile/target.h"

enum { WATCH_HZ = 997 }; /* samples per second of CPU time */

/* perf, watching. */
struct watch {
    struct proc proc;
    int cpu;    /* that it may run on */
    int input;  /* of its child; closing it ends the watch */
    int output; /* of its child */
    char *data; /* perf's file; owned */
    char *said; /* where perf's messages go; owned */
};

/* Watches every process that the server has and will have. Returns once perf does so. 0, to be
 * ended with watch_end; or -1 with the reason. */
int watch_start(struct watch *watch, const struct target *target, struct err *err);

/* Ends the watch, while the server is still there. If `folds` is not NULL it takes what was
 * seen; `program` is the server's own executable. -1 with the reason. */
int watch_end(struct watch *watch, struct folds *folds, const char *program,
              struct err *err);

#endif
