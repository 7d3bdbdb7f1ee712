/* memory_figures.h - what memory readings say: the cost of a connection, and whether memory
 * leaks. Pure functions.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_MEMORY_FIGURES_H
#define ABACUS_MEMORY_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

/* The slope of the least-squares line through the points; NAN for fewer than two different x. */
double figures_slope(const double *x, const double *y, size_t n);

/* What memory did over steps of a steady load. */
struct growth {
    double requests; /* in all steps but the first, in which caches fill */
    double bytes;    /* that memory was more after the last step than after the first */
    double
        seen; /* bytes per request: the smallest leak that would have been called one */
    bool leaks;
};

/* `kb`: dirty memory after each step; `requests`: in that step. It leaks if it grew in every
 * step after the first, by more than 64 KB together: an allocator that settles stops growing,
 * and a leak does not. */
struct growth figures_growth(const double *kb, const double *requests, size_t steps);

#endif
