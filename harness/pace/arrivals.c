/* arrivals.c - when each request of an open loop is due.
 * SPDX-License-Identifier: MIT */
#include "pace/arrivals.h"

#include "base/alloc.h"
#include "stats/stats.h"

#include <stdint.h>

/* splitmix64 (Steele, Lea & Flood 2014), 53 bits of which make a number in [0, 1). */
static double uniform(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
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
