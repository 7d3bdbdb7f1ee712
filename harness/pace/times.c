/* times.c - every time of a request, and what is asked of them all.
 * SPDX-License-Identifier: MIT */
#include "pace/times.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

void times_add(struct times *times, double seconds)
{
    if (times->count == times->room) {
        times->room = times->room ? 2 * times->room : 1024;
        times->us = alloc_resize(times->us, times->room, sizeof *times->us);
    }
    double us = fmin(fmax(round(seconds * 1e6), 0), UINT32_MAX);
    times->us[times->count++] = (uint32_t)us;
}

static int by_length(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void times_sort(struct times *times)
{
    if (times->count > 0)
        qsort(times->us, times->count, sizeof *times->us, by_length);
}

double times_quantile(const struct times *times, double q)
{
    if (times->count == 0)
        return NAN;
    double rank = ceil(q * (double)times->count - 1e-9);
    size_t place = rank < 1 ? 0 : (size_t)rank - 1;
    return times->us[place < times->count ? place : times->count - 1] / 1e3;
}

double times_mean(const struct times *times)
{
    double sum = 0;
    for (size_t i = 0; i < times->count; i++)
        sum += times->us[i];
    return times->count ? sum / (double)times->count / 1e3 : NAN;
}

double times_sd(const struct times *times)
{
    double mean = times_mean(times), squares = 0;
    for (size_t i = 0; i < times->count; i++)
        squares += pow(times->us[i] / 1e3 - mean, 2);
    return times->count > 1 ? sqrt(squares / (double)(times->count - 1)) : NAN;
}

void times_free(struct times *times)
{
    free(times->us);
    *times = (struct times){0};
}
