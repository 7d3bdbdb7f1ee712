/* times.h - every time of a request, and what is asked of them all.
 * SPDX-License-Identifier: MIT */
#ifndef PACE_TIMES_H
#define PACE_TIMES_H

#include <stddef.h>
#include <stdint.h>

/* Four bytes each, so that none needs to be left out; all zeros at first. */
struct times {
    uint32_t *us;
    size_t count, room;
};

/* Adds a time in seconds: to the nearest µs, at most 71 minutes, below 0 is 0. */
void times_add(struct times *times, double seconds);

/* Sorts them, which all of the rest needs. */
void times_sort(struct times *times);

/* The time in ms that a share `q` of them does not exceed, 0 to 1: the smallest such (nearest
 * rank). NAN if there are none; so for the next two. */
double times_quantile(const struct times *times, double q);

double times_mean(const struct times *times); /* ms */
double times_sd(const struct times *times);   /* ms, of the sample */

void times_free(struct times *times);

#endif
