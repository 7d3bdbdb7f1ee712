/* rank_sum.c - two independent samples: how far the second lies above the first.
 * SPDX-License-Identifier: MIT */
#include "stats/rank_sum.h"

#include "base/alloc.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static size_t sum_of(const size_t *weights, size_t count)
{
    size_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    return sum;
}

/* The distribution of the sum of `chosen` weights, each choice being as likely: element s
 * is the probability of the sum s, up to that of all weights, *total. Counts the choices
 * weight by weight: row k holds those of k weights so far. The counts are positive and
 * only added, so that doubles keep their digits. Owned by the caller. */
static double *choice_distribution(const size_t *weights, size_t count, size_t chosen,
                                   size_t *total)
{
    size_t width = (*total = sum_of(weights, count)) + 1, reached = 0;
    double *ways = alloc_zeroed((chosen + 1) * width, sizeof *ways), all = 0;
    ways[0] = 1;
    for (size_t i = 0; i < count; i++) {
        reached += weights[i];
        for (size_t k = i < chosen ? i + 1 : chosen; k > 0; k--)
            for (size_t s = weights[i]; s <= reached; s++)
                ways[k * width + s] += ways[(k - 1) * width + s - weights[i]];
    }
    double *probability = alloc_zeroed(width, sizeof *probability);
    for (size_t s = 0; s < width; s++)
        all += ways[chosen * width + s];
    for (size_t s = 0; s < width; s++)
        probability[s] = ways[chosen * width + s] / all;
    free(ways);
    return probability;
}

static bool is_small(size_t m, size_t n)
{
    return m <= RANK_SUM_EXACT && n <= RANK_SUM_EXACT;
}

/* ---- the interval ---- */

/* From the rank sum without ties, less the smallest that it can be, 1 + 2 + … + m. */
static long exact_c(size_t m, size_t n)
{
    size_t total, least = m * (m + 1) / 2;
    size_t *ranks = alloc_zeroed(m + n, sizeof *ranks);
    for (size_t i = 0; i < m + n; i++)
        ranks[i] = i + 1;
    double *probability = choice_distribution(ranks, m + n, m, &total);
    long c = tail_rank(probability + least, total - least);
    free(probability);
    free(ranks);
    return c;
}

/* With a correction for continuity. */
static long normal_c(size_t m, size_t n)
{
    double pairs = (double)m * (double)n;
    double sd = sqrt(pairs * (double)(m + n + 1) / 12);
    return (long)fmax(-1, floor(pairs / 2 - 0.5 - TAIL_QUANTILE * sd));
}

long rank_sum_c(size_t m, size_t n)
{
    if (m == 0 || n == 0)
        return -1;
    return is_small(m, n) ? exact_c(m, n) : normal_c(m, n);
}

struct interval rank_sum_shift(const double *a, size_t m, const double *b, size_t n)
{
    size_t count = m * n;
    if (count == 0)
        return (struct interval){.low = NAN, .mid = NAN, .high = NAN};
    double *differences = alloc_zeroed(count, sizeof *differences);
    for (size_t i = 0; i < count; i++)
        differences[i] = b[i % n] - a[i / n];
    stats_sort(differences, count);
    long c = rank_sum_c(m, n);
    size_t outside = c < 0 ? 0 : (size_t)c;
    struct interval shift = {
        .low = differences[outside],
        .mid = stats_median(differences, count),
        .high = differences[count - 1 - outside],
    };
    free(differences);
    return shift;
}

/* ---- the test ---- */

/* Twice the rank of `value` among both samples: with ties, mean ranks may end in a half,
 * and counting needs whole numbers. */
static size_t doubled_rank(double value, const double *all, size_t count)
{
    size_t rank = 1;
    for (size_t i = 0; i < count; i++)
        rank += all[i] < value ? 2 : all[i] == value;
    return rank;
}

static double exact_p(const size_t *ranks, size_t m, size_t n)
{
    size_t total, sum = sum_of(ranks, m);
    double *probability = choice_distribution(ranks, m + n, m, &total);
    double p =
        2 * fmin(tail_below(probability, sum), tail_above(probability, sum, total));
    free(probability);
    return fmin(1, p);
}

/* The variance is that of m drawn from all ranks, which ties make smaller by themselves;
 * doubled ranks lie 1 or 2 apart, so that the correction for continuity is 1. */
static double normal_p(const size_t *ranks, size_t m, size_t n)
{
    double count = (double)(m + n), squares = 0;
    double mean = (double)sum_of(ranks, m + n) / count;
    for (size_t i = 0; i < m + n; i++)
        squares += ((double)ranks[i] - mean) * ((double)ranks[i] - mean);
    double variance = (double)m * (double)n * squares / (count * (count - 1));
    double away = fabs((double)sum_of(ranks, m) - (double)m * mean) - 1;
    return variance > 0 && away > 0 ? erfc(away / sqrt(2 * variance)) : 1;
}

double rank_sum_p(const double *a, size_t m, const double *b, size_t n)
{
    if (m == 0 || n == 0)
        return 1;
    double *all = alloc_zeroed(m + n, sizeof *all);
    size_t *ranks = alloc_zeroed(m + n, sizeof *ranks);
    for (size_t i = 0; i < m + n; i++)
        all[i] = i < m ? a[i] : b[i - m];
    for (size_t i = 0; i < m + n; i++)
        ranks[i] = doubled_rank(all[i], all, m + n);
    double p = is_small(m, n) ? exact_p(ranks, m, n) : normal_p(ranks, m, n);
    free(ranks);
    free(all);
    return p;
}

double rank_sum_least_p(size_t m, size_t n)
{
    double p = 2;
    for (size_t i = 1; i <= m; i++)
        p *= (double)i / (double)(n + i);
    return fmin(1, p);
}
