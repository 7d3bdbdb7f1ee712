/* reading.h - what the kernel counts of a trial: read before and after the load, and subtracted.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_READING_H
#define ABACUS_READING_H

#include "host/counters.h"
#include "host/usage.h"
#include "model/run.h"

struct reading {
    double server_cpu_s;
    double harness_cpu_s;
    double wall_s;
    struct counters counters;
};

/* Reads all, now, of the server with this pid and cgroup (or NULL). The wall clock is read
 * last. */
struct reading reading_take(pid_t server, const char *cgroup);

/* Fills in what happened between the two: times in s, and the counters. */
void reading_subtract(struct trial *trial, const struct reading *before,
                      const struct reading *after);

#endif
