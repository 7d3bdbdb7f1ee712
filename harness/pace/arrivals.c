/* arrivals.c - when each request of an open loop is due.
 * SPDX-License-Identifier: MIT */
#include "pace/arrivals.h"

#include "base/alloc.h"
#include "base/random.h"
#include "stats/stats.h"

#include <stdint.h>

/* 53 bits make a number in [0, 1). */
static double uniform(uint64_t *state)
{
    return (double)(random_next(state) >> 11) * 0x1p-53;
}

double *arrivals_make(const struct plan *plan, long count)
{
    double *due = alloc_zeroed((size_t)count + 1, sizeof *due);
    uint64_t state = plan->seed;
    for (long i = 0; i < count; i++)
        due[i] = plan->constant ? (double)i / plan->rate
                                : uniform(&state) * (double)count / plan->rate;
    if (!plan->constant)
        stats_sort(due, (size_t)count);
    return due;
}
