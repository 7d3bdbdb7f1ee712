/* stats.c - the statistics: pure functions of samples.
 * SPDX-License-Identifier: MIT */
#include "stats/stats.h"

#include "base/alloc.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The exact distribution of n signed ranks takes n cubed steps. Beyond these the normal one
 * will do: it moves an interval's end by one of 20,000 means, outwards. */
enum { EXACT_UP_TO = 200 };

struct interval interval_exp(struct interval logs)
{
    return (struct interval){
        .low = exp(logs.low),
        .mid = exp(logs.mid),
        .high = exp(logs.high),
    };
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void stats_sort(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_doubles);
}

static double *sorted_copy(const double *values, size_t n)
{
    double *copy = alloc_zeroed(n, sizeof *copy);
    if (n > 0)
        memcpy(copy, values, n * sizeof *copy);
    stats_sort(copy, n);
    return copy;
}

/* Both neighbours are weighed, instead of their difference added to the lower one, so
 * that equal neighbours give exactly their value. */
static double sorted_quantile(const double *sorted, size_t n, double q)
{
    double position = q * (double)(n - 1);
    size_t below = (size_t)position;
    double weight = position - (double)below;

    if (weight == 0)
        return sorted[below];
    return (1 - weight) * sorted[below] + weight * sorted[below + 1];
}

double stats_quantile(const double *values, size_t n, double q)
{
    if (n == 0)
        return NAN;
    double *sorted = sorted_copy(values, n);
    double quantile = sorted_quantile(sorted, n, q);
    free(sorted);
    return quantile;
}

double stats_median(const double *values, size_t n)
{
    return stats_quantile(values, n, 0.5);
}

double stats_trimmed_mean(const double *values, size_t n, double share)
{
    if (n == 0)
        return NAN;
    double *sorted = alloc_zeroed(n, sizeof *sorted);
    memcpy(sorted, values, n * sizeof *sorted);
    stats_sort(sorted, n);
    size_t cut = (size_t)(share * (double)n);
    double mean = stats_mean(sorted + cut, n - 2 * cut);
    free(sorted);
    return mean;
}

double stats_mean(const double *values, size_t n)
{
    if (n == 0)
        return NAN;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

double stats_sd(const double *values, size_t n)
{
    if (n < 2)
        return NAN;
    double mean = stats_mean(values, n);
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return sqrt(squares / (double)(n - 1));
}

/* ---- the ends of a discrete distribution ---- */

double tail_below(const double *probability, size_t s)
{
    double tail = 0;
    for (size_t i = 0; i <= s; i++)
        tail += probability[i];
    return tail;
}

double tail_above(const double *probability, size_t s, size_t total)
{
    double tail = 0;
    for (size_t i = total + 1; i-- > s;)
        tail += probability[i];
    return tail;
}

long tail_rank(const double *probability, size_t total)
{
    long rank = -1;
    double tail = 0;
    for (size_t s = 0; s <= total; s++) {
        tail += probability[s];
        if (tail > TAIL)
            break;
        rank = (long)s;
    }
    return rank;
}

/* ---- the median ---- */

/* The distribution of a sum in which each of n whole weights takes part or not, with even
 * odds: element s is the probability of the sum s, from 0 to *total. Weights 1, 2, …, n
 * make it the signed-rank statistic's under the null hypothesis, weights of 1 the
 * binomial's. It is exact for n up to 53, where every probability is a whole number of
 * 2^-n. */
static double *sum_distribution(const size_t *weights, size_t n, size_t *total)
{
    *total = 0;
    for (size_t i = 0; i < n; i++)
        *total += weights[i];

    double *probability = alloc_zeroed(*total + 1, sizeof *probability);
    size_t reached = 0;
    probability[0] = 1;
    for (size_t i = 0; i < n; i++) {
        reached += weights[i];
        for (size_t s = reached + 1; s-- > 0;) {
            double without = probability[s];
            double with = s >= weights[i] ? probability[s - weights[i]] : 0;
            probability[s] = (without + with) / 2;
        }
    }
    return probability;
}

static double *binomial_distribution(size_t n)
{
    size_t *ones = alloc_zeroed(n, sizeof *ones);
    for (size_t i = 0; i < n; i++)
        ones[i] = 1;
    size_t total;
    double *probability = sum_distribution(ones, n, &total);
    free(ones);
    return probability;
}

/* How many values lie outside the median's interval on each side. The number of values
 * below the median is binomial, so the pair (k+1)-th smallest, (k+1)-th largest misses it
 * with probability 2 P(B <= k). */
static size_t median_outside(const double *probability, size_t n)
{
    long rank = tail_rank(probability, n);
    return rank < 0 ? 0 : (size_t)rank;
}

struct interval stats_median_interval(const double *values, size_t n)
{
    if (n == 0)
        return (struct interval){.low = NAN, .mid = NAN, .high = NAN};

    double *probability = binomial_distribution(n);
    size_t outside = median_outside(probability, n);
    free(probability);

    double *sorted = sorted_copy(values, n);
    struct interval interval = {
        .low = sorted[outside],
        .mid = sorted_quantile(sorted, n, 0.5),
        .high = sorted[n - 1 - outside],
    };
    free(sorted);
    return interval;
}

double stats_median_coverage(size_t n)
{
    if (n == 0)
        return NAN;
    double *probability = binomial_distribution(n);
    size_t outside = median_outside(probability, n);
    double coverage = 1 - 2 * tail_below(probability, outside);
    free(probability);
    return coverage;
}

/* The sum of `weights`, each of which takes part or not with even odds, is nearly normal if they
 * are many: its mean is half of all, its variance a quarter of their squares (Hollander & Wolfe,
 * 3.1). */
static double normal_sd(const size_t *weights, size_t n)
{
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (double)weights[i] * (double)weights[i];
    return sqrt(squares) / 2;
}

static int exact_c(const size_t *ranks, size_t n)
{
    size_t total;
    double *probability = sum_distribution(ranks, n, &total);
    int c = (int)tail_rank(probability, total);
    free(probability);
    return c;
}

/* Half a step is the correction for sums that are whole numbers. */
static int normal_c(const size_t *ranks, size_t n)
{
    double mean = (double)(n * (n + 1)) / 4;
    return (int)floor(mean - TAIL_QUANTILE * normal_sd(ranks, n) - 0.5);
}

int stats_signed_rank_c(size_t n)
{
    size_t *ranks = alloc_zeroed(n, sizeof *ranks);
    for (size_t i = 0; i < n; i++)
        ranks[i] = i + 1;
    int c = n > EXACT_UP_TO ? normal_c(ranks, n) : exact_c(ranks, n);
    free(ranks);
    return c;
}

/* ---- the means of all pairs of a sample ---- */

/* The place of a double among all of them, as a whole number: its bits, which count up from 0,
 * and for the negative ones down. */
static int64_t place_of(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static double value_at(int64_t place)
{
    double value;
    int64_t bits = place < 0 ? INT64_MIN - place : place;
    memcpy(&value, &bits, sizeof value);
    return value;
}

size_t walsh_count(size_t n)
{
    return n * (n + 1) / 2;
}

/* How many means are no larger than `limit`. The larger one value of a pair, the fewer others
 * go with it. */
static size_t count_up_to(const double *sorted, size_t n, double limit)
{
    size_t count = 0;
    size_t end = n;
    for (size_t i = 0; i < end; i++) {
        while (end > i && (sorted[i] + sorted[end - 1]) / 2 > limit)
            end--;
        count += end - i;
    }
    return count;
}

/* Halves the range between the smallest and the largest, of which each double is a candidate,
 * until one is left: 64 times at most. */
double walsh_select(const double *sorted, size_t n, size_t k)
{
    int64_t low = place_of(sorted[0]);
    int64_t high = place_of(sorted[n - 1]);
    while (low < high) {
        int64_t middle = low + (int64_t)(((uint64_t)high - (uint64_t)low) / 2);
        if (count_up_to(sorted, n, value_at(middle)) > k)
            high = middle;
        else
            low = middle + 1;
    }
    return value_at(low);
}

/* The mean of the two in the middle, or the one that is there. */
static double walsh_median(const double *sorted, size_t n)
{
    size_t count = walsh_count(n);
    double below = walsh_select(sorted, n, (count - 1) / 2);
    return count % 2 ? below : (below + walsh_select(sorted, n, count / 2)) / 2;
}

struct interval stats_hodges_lehmann(const double *values, size_t n)
{
    if (n == 0)
        return (struct interval){.low = NAN, .mid = NAN, .high = NAN};

    double *sorted = sorted_copy(values, n);
    int c = stats_signed_rank_c(n);
    size_t outside = c < 0 ? 0 : (size_t)c;
    struct interval interval = {
        .low = walsh_select(sorted, n, outside),
        .mid = walsh_median(sorted, n),
        .high = walsh_select(sorted, n, walsh_count(n) - 1 - outside),
    };
    free(sorted);
    return interval;
}

static int compare_magnitudes(const void *left, const void *right)
{
    double a = fabs(*(const double *)left), b = fabs(*(const double *)right);
    return (a > b) - (a < b);
}

/* Twice the rank of each magnitude: with ties, mean ranks may end in a half, and counting
 * needs whole numbers. `values` is sorted by magnitude. */
static size_t *doubled_ranks(const double *values, size_t n)
{
    size_t *ranks = alloc_zeroed(n, sizeof *ranks);
    for (size_t first = 0, last; first < n; first = last + 1) {
        last = first;
        while (last + 1 < n && fabs(values[last + 1]) == fabs(values[first]))
            last++;
        for (size_t i = first; i <= last; i++)
            ranks[i] = (first + 1) + (last + 1);
    }
    return ranks;
}

/* The distribution is symmetric, so both tails are read off the lower end. */
static double exact_p(const size_t *ranks, size_t n, size_t smaller)
{
    size_t total;
    double *probability = sum_distribution(ranks, n, &total);
    double p = 2 * tail_below(probability, smaller);
    free(probability);
    return p;
}

/* The ranks are doubled, so half a step is 1. */
static double normal_p(const size_t *ranks, size_t n, size_t smaller, size_t total)
{
    double z = ((double)total / 2 - (double)smaller - 1) / normal_sd(ranks, n);
    return erfc(z / sqrt(2));
}

static double two_sided_p(const double *values, const size_t *ranks, size_t n)
{
    size_t total = 0, positive = 0;
    for (size_t i = 0; i < n; i++) {
        total += ranks[i];
        positive += values[i] > 0 ? ranks[i] : 0;
    }
    size_t smaller = positive < total - positive ? positive : total - positive;
    double p =
        n > EXACT_UP_TO ? normal_p(ranks, n, smaller, total) : exact_p(ranks, n, smaller);
    return fmin(p, 1);
}

double stats_signed_rank_p(const double *values, size_t n)
{
    double *nonzero = alloc_zeroed(n, sizeof *nonzero);
    size_t left = 0;
    for (size_t i = 0; i < n; i++)
        if (values[i] != 0)
            nonzero[left++] = values[i];
    qsort(nonzero, left, sizeof *nonzero, compare_magnitudes);

    size_t *ranks = doubled_ranks(nonzero, left);
    double p = two_sided_p(nonzero, ranks, left);
    free(ranks);
    free(nonzero);
    return p;
}

static int compare_pointed(const void *left, const void *right)
{
    return compare_doubles(*(double *const *)left, *(double *const *)right);
}

void stats_holm(double *p, size_t n)
{
    double **ascending = alloc_zeroed(n, sizeof *ascending);
    for (size_t i = 0; i < n; i++)
        ascending[i] = &p[i];
    qsort(ascending, n, sizeof *ascending, compare_pointed);

    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fmin(1, (double)(n - i) * *ascending[i]));
        *ascending[i] = largest;
    }
    free(ascending);
}
