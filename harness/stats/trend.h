/* trend.h - does a series go up or down? For what happens within a trial.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TREND_H
#define ABACUS_TREND_H

#include <stddef.h>

/* The change from the first third's mean to the last third's, as a share of the first's. 0
 * for fewer than three values. */
double trend_drift(const double *values, size_t n);

/* Mann 1945, Kendall 1975: the two-sided p of no monotonic trend, by the normal
 * approximation with the correction for ties; 1 for fewer than ten values, for which it is
 * not good enough. */
double trend_p(const double *values, size_t n);

#endif
