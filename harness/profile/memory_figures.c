/* memory_figures.c - what memory readings say: the cost of a connection, and whether memory
 * leaks.
 * SPDX-License-Identifier: MIT */
#include "profile/memory_figures.h"

#include "stats/stats.h"

#include <math.h>

static const double LEAK_BYTES = 64 * 1024;

double figures_slope(const double *x, const double *y, size_t n)
{
    double mean_x = stats_mean(x, n);
    double mean_y = stats_mean(y, n);
    double products = 0;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        products += (x[i] - mean_x) * (y[i] - mean_y);
        squares += (x[i] - mean_x) * (x[i] - mean_x);
    }
    return squares > 0 ? products / squares : NAN;
}

struct growth figures_growth(const double *kb, const double *requests, size_t steps)
{
    struct growth growth = {.seen = NAN};
    bool always = steps > 1;
    for (size_t i = 1; i < steps; i++) {
        growth.requests += requests[i];
        growth.bytes += (kb[i] - kb[i - 1]) * 1024;
        always = always && kb[i] > kb[i - 1];
    }
    if (growth.requests > 0)
        growth.seen = LEAK_BYTES / growth.requests;
    growth.leaks = always && growth.bytes > LEAK_BYTES;
    return growth;
}
