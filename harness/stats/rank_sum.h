/* rank_sum.h - two independent samples: how far the second lies above the first.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RANK_SUM_H
#define ABACUS_RANK_SUM_H

#include "stats/stats.h"

#include <stddef.h>

/* Up to this size of each sample the distributions are counted out; beyond it they are
 * normal to three digits of p, and taken as such. */
enum { RANK_SUM_EXACT = 50 };

/* Hodges & Lehmann 1963: the median of all m n differences b - a, with the exact interval
 * of Mann & Whitney (Hollander & Wolfe, Nonparametric Statistical Methods, 4.3): the
 * (C+1)-th smallest and largest difference. With too few values for that, the smallest
 * and the largest: less than 95 %. All NAN if a sample is empty. */
struct interval rank_sum_shift(const double *a, size_t m, const double *b, size_t n);

/* C above: the largest number for which the interval covers at least 95 %; -1 if none
 * does. */
long rank_sum_c(size_t m, size_t n);

/* Wilcoxon's rank-sum test: the exact two-sided p, twice the smaller tail. Ties get mean
 * ranks, and the permutation distribution given those ranks. 1 if a sample is empty. */
double rank_sum_p(const double *a, size_t m, const double *b, size_t n);

/* The least p that samples of these sizes can come to: 2 in all ways to choose m of m + n,
 * at most 1. */
double rank_sum_least_p(size_t m, size_t n);

#endif
