/* stats.h - the statistics: pure functions of samples of finite values. Each names its
 * source, and takes any n; memory and time grow with n squared at most.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STATS_H
#define ABACUS_STATS_H

#include <stddef.h>

/* From fewer values no 95 % interval of a median can be had: figures are then
 * indicative. */
enum { ROUNDS_FOR_INTERVAL = 6 };

/* An estimate between its limits. All NAN where there is no sample. */
struct interval {
    double low, mid, high;
};

/* e to the power of each: from the logarithms of ratios to ratios. */
struct interval interval_exp(struct interval logs);

/* Sorts in place, the smallest first. */
void stats_sort(double *values, size_t n);

/* An interval may miss the true value in 2.5 % of cases on each side. */
#define TAIL 0.025

/* The normal quantile of 1 - TAIL. */
#define TAIL_QUANTILE 1.959963984540054

/* Of a statistic from 0 to `total`, of which element s is the probability of s. */

/* P(statistic <= s) and P(statistic >= s), each summed from its own end, so that a small
 * one keeps its digits. */
double tail_below(const double *probability, size_t s);
double tail_above(const double *probability, size_t s, size_t total);

/* The largest s with P(statistic <= s) <= TAIL; -1 where not even 0 is that rare. */
long tail_rank(const double *probability, size_t total);

/* The median: the middle of the sorted sample, or the mean of the two middle ones.
 * NAN if n is 0. `values` is not changed. */
double stats_median(const double *values, size_t n);

/* Quantile, q from 0 to 1, by linear interpolation of the order statistics (Hyndman & Fan
 * 1996, type 7). NAN if n is 0. */
double stats_quantile(const double *values, size_t n, double q);

/* The mean, and the sample standard deviation (n - 1); NAN where not defined. */
double stats_mean(const double *values, size_t n);
double stats_sd(const double *values, size_t n);

/* The mean without the `share` of the values, 0 to less than 0.5 and rounded down, at either end
 * (Tukey 1962, "The future of data analysis"). NAN if n is 0. `values` is not changed. */
double stats_trimmed_mean(const double *values, size_t n, double share);

/* The median with its order-statistic interval (David & Nagaraja, Order Statistics, 7.1):
 * the narrowest symmetric pair of order statistics that covers the median with at least
 * 95 %; for n < 6, which cannot reach 95 %, the range. */
struct interval stats_median_interval(const double *values, size_t n);

/* The coverage, 0 to 1, that stats_median_interval's pair really has for this n. */
double stats_median_coverage(size_t n);

/* Hodges & Lehmann 1963: the median of the n(n+1)/2 Walsh averages, with the exact
 * signed-rank interval (Hollander & Wolfe, Nonparametric Statistical Methods, 3.3): the
 * (C+1)-th smallest and largest Walsh average, C the largest number for which the
 * interval covers at least 95 % (from 200 values on by the normal approximation). For n < 6
 * the smallest and largest average: less than 95 %. */
struct interval stats_hodges_lehmann(const double *values, size_t n);

/* C above for n values, from the null distribution of the signed-rank statistic: the exact one,
 * or for n > 200 the normal one; -1 for n < 6. */
int stats_signed_rank_c(size_t n);

/* How many means of pairs there are: of n values, each paired with itself, too. */
size_t walsh_count(size_t n);

/* The (k+1)-th smallest of the means of all pairs of `sorted`, n ascending finite values; k is
 * less than walsh_count(n). It takes time in proportion to n. */
double walsh_select(const double *sorted, size_t n, size_t k);

/* Wilcoxon's signed-rank test against 0: the exact two-sided p. Zeros are dropped, ties
 * get mean ranks and the exact permutation distribution given those ranks (Pratt &
 * Gibbons 1981, ch. 3), or for n > 200 the normal one. 1 if nothing is left. */
double stats_signed_rank_p(const double *values, size_t n);

/* Holm 1979: replaces n p values by the adjusted ones, each at most 1. */
void stats_holm(double *p, size_t n);

#endif
