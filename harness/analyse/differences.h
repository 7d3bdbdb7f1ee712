/* differences.h - in what two runs differ besides their figures.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_DIFFERENCES_H
#define ABACUS_DIFFERENCES_H

#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

/* All owned by the differences. */
struct difference {
    char *what;      /* "kernel", "c50: requests", "epoll: executable" */
    char *values[2]; /* in A and B; NULL: that run does not have it at all */
};

/* First what surrounds the servers that are compared (the machine, the loads that both runs
 * have), then what only one run has, and the servers themselves: their change is mostly the
 * reason to compare. */
struct differences {
    struct difference *items;
    size_t count;
    size_t surrounding;   /* the first so many: what surrounds the servers */
    bool servers_changed; /* a common server has another executable or library */
    bool servers_known; /* every common server has its executable's digest in both runs */
};

/* What changes by itself (the time, the load average) is no difference, nor is a load tool
 * that neither run uses, nor the name of a suite. */
void differences_find(struct differences *differences, const struct run *a,
                      const struct run *b);
void differences_free(struct differences *differences);

#endif
