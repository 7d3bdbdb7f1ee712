/* stats_test.c - the statistics against published answers, against enumeration, and
 * against a simulation.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"

#include "stats/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const size_t MAX = 60;

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.10g instead of %.10g", value, expected);
}

/* Hollander & Wolfe, example 3.1: Hamilton's depression scale of nine patients, second
 * visit minus first. Darwin 1876: height of crossed minus self-fertilised maize, 1/8
 * inch. */
static const double depression[] = {
    0.878 - 1.83, 0.647 - 0.50, 0.598 - 1.62, 2.05 - 2.48, 1.06 - 1.68,
    1.29 - 1.88,  1.06 - 1.55,  3.14 - 3.06,  1.29 - 1.30,
};
static const double maize[] = {49, -67, 8,  16, 6,  23, 28, 41,
                               14, 29,  56, 24, 75, 60, -48};

static void quantile_test(void **state)
{
    (void)state;
    static const double five[] = {40, 15, 50, 20, 35};
    static const double nine[] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
    static const struct {
        const double *values;
        size_t n;
        double q, quantile;
    } cases[] = {
        {five, 5, 0, 15},    {five, 5, 0.05, 16}, {five, 5, 0.3, 23},
        {five, 5, 0.4, 29},  {five, 5, 0.5, 35},  {five, 5, 1, 50},
        {nine, 9, 0.1, 1.8}, {nine, 9, 0.9, 8.2}, {nine, 8, 0.25, 3.75},
        {nine, 1, 0.99, 9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_near(stats_quantile(cases[i].values, cases[i].n, cases[i].q),
                    cases[i].quantile, 1e-12);
    assert_true(isnan(stats_quantile(NULL, 0, 0.5)));
    assert_near(five[0], 40, 0);
}

static void moments_test(void **state)
{
    (void)state;
    static const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    assert_near(stats_median(values, 8), 4.5, 0);
    assert_near(stats_median(values, 7), 4, 0);
    assert_near(stats_mean(values, 8), 5, 0);
    assert_near(stats_sd(values, 8), sqrt(32.0 / 7), 1e-15);
    assert_near(stats_sd(values + 1, 3), 0, 0);
    assert_true(isnan(stats_median(NULL, 0)));
    assert_true(isnan(stats_mean(NULL, 0)));
    assert_true(isnan(stats_sd(values, 1)));
}

/* R: mean(values, trim = share). */
static void trimmed_mean_test(void **state)
{
    (void)state;
    static const double values[] = {100, 3, 1, 2, -50, 4, 5, 6, 7, 12};
    static const struct {
        size_t n;
        double share, mean;
    } cases[] = {
        {1, 0.2, 100},       /* nothing to trim */
        {4, 0.2, 106 / 4.0}, /* 0.8 of a value is none */
        {5, 0.2, 2},         /* of 1, 2, 3 */
        {9, 0.2, 28 / 7.0},  /* of 1 to 7: 1.8 of a value is one */
        {10, 0.2, 27 / 6.0}, /* of 2 to 7 */
        {10, 0, 9},          /* all */
        {10, 0.49, 4.5},     /* the two in the middle */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_near(stats_trimmed_mean(values, cases[i].n, cases[i].share), cases[i].mean,
                    1e-12);
    assert_near(values[0], 100, 0);
    assert_true(isnan(stats_trimmed_mean(NULL, 0, 0.2)));
}

/* The ranks and coverages of the tables for the sign test: Hollander & Wolfe, A.2. */
static void median_interval_test(void **state)
{
    (void)state;
    static const struct {
        size_t n, low, high; /* which order statistics, from 1 */
        double coverage;
    } cases[] = {
        {1, 1, 1, 0},        {2, 1, 2, 0.5},       {5, 1, 5, 0.9375},
        {6, 1, 6, 0.96875},  {8, 1, 8, 0.9922},    {9, 2, 8, 0.9609},
        {10, 2, 9, 0.9785},  {12, 3, 10, 0.9614},  {15, 4, 12, 0.9648},
        {20, 6, 15, 0.9586}, {30, 10, 21, 0.9572},
    };
    double values[30];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = cases[i].n;
        for (size_t j = 0; j < n; j++)
            values[j] = (double)(n - j);
        struct interval interval = stats_median_interval(values, n);
        assert_near(interval.low, (double)cases[i].low, 0);
        assert_near(interval.mid, (double)(n + 1) / 2, 0);
        assert_near(interval.high, (double)cases[i].high, 0);
        assert_near(stats_median_coverage(n), cases[i].coverage, 5e-5);
    }
    assert_true(isnan(stats_median_interval(NULL, 0).mid));
    assert_true(isnan(stats_median_coverage(0)));
}

/* One less than the critical values that tables of the signed-rank statistic give for a
 * two-sided 5 % (R: qsignrank(0.025, n) - 1). */
static void signed_rank_c_test(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        int c;
    } cases[] = {
        {0, -1},     {1, -1},     {5, -1},     {6, 0},       {7, 2},   {8, 3},
        {9, 5},      {10, 8},     {11, 10},    {12, 13},     {13, 17}, {14, 21},
        {15, 25},    {16, 29},    {18, 40},    {20, 52},     {24, 81}, {30, 137},
        {100, 1955}, {200, 8444}, {201, 8531}, {500, 56289},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(stats_signed_rank_c(cases[i].n), cases[i].c);
}

static void hodges_lehmann_test(void **state)
{
    (void)state;
    struct interval interval = stats_hodges_lehmann(depression, 9);
    assert_near(interval.mid, -0.46, 1e-12);
    assert_near(interval.low, -0.786, 1e-12);
    assert_near(interval.high, -0.010, 1e-12);

    static const double few[] = {3, 1, 2};
    interval = stats_hodges_lehmann(few, 3);
    assert_near(interval.low, 1, 0);
    assert_near(interval.mid, 2, 0);
    assert_near(interval.high, 3, 0);
    assert_near(stats_hodges_lehmann(few, 1).mid, 3, 0);
    assert_true(isnan(stats_hodges_lehmann(NULL, 0).mid));
}

static void signed_rank_p_test(void **state)
{
    (void)state;
    static const double rising[] = {1, 2, 3, 4, 5, 6};
    static const double zeros[] = {0, 1, 0, 2, 3, 4, 0, 5, 6};
    static const double balanced[] = {-1, 1, -2, 2};
    assert_near(stats_signed_rank_p(depression, 9), 0.0390625, 1e-15); /* V = 5 or 40 */
    assert_near(stats_signed_rank_p(maize, 15), 0.04126, 5e-6);        /* V = 96 */
    assert_near(stats_signed_rank_p(rising, 6), 0.03125, 0);
    assert_near(stats_signed_rank_p(zeros, 9), 0.03125, 0);
    assert_near(stats_signed_rank_p(balanced, 4), 1, 0);
    assert_near(stats_signed_rank_p(zeros, 1), 1, 0);
    assert_near(stats_signed_rank_p(NULL, 0), 1, 0);
}

/* Beyond 200 values by the normal distribution, which gives what the exact one does to within
 * a few percent, and no less (the exact values are by stats.c with its limit raised). */
static void many_values_test(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        double exact;
    } cases[] = {{200, 0.00561448}, {201, 0.00483598}, {300, 0.000683922}};
    double values[300];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = cases[i].n;
        for (size_t v = 0; v < n; v++)
            values[v] = (double)(v * 7919 % n) - 0.44 * (double)n + 0.5;
        double p = stats_signed_rank_p(values, n);
        assert_true(p > 0.999 * cases[i].exact && p < 1.06 * cases[i].exact);
    }
}

static int compare_values(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Each mean of two, against all of them made and sorted. */
static void walsh_test(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (size_t n = 1; n <= 25; n++) {
        double values[25], means[25 * 26 / 2] = {0};
        size_t count = 0;
        for (size_t i = 0; i < n; i++) /* some of them equal, some far from the others */
            values[i] = (double)(random_next(&seed) % 9) - 4 +
                        (n % 3 ? random_unit(&seed) * pow(10, (double)i - 12) : 0);
        qsort(values, n, sizeof *values, compare_values);
        for (size_t i = 0; i < n; i++)
            for (size_t j = i; j < n; j++)
                means[count++] = (values[i] + values[j]) / 2;
        qsort(means, count, sizeof *means, compare_values);
        assert_int_equal(walsh_count(n), count);
        for (size_t k = 0; k < count; k++)
            assert_true(walsh_select(values, n, k) == means[k]);
    }
}

/* The rank of one magnitude among others, by comparing it with each. */
static double rank_of(const double *values, size_t n, size_t which)
{
    double rank = 0.5;
    for (size_t i = 0; i < n; i++)
        if (fabs(values[i]) < fabs(values[which]))
            rank += 1;
        else if (fabs(values[i]) == fabs(values[which]))
            rank += 0.5;
    return rank;
}

/* p by going through all 2^n ways to give the ranks their signs. */
static double p_by_enumeration(const double *values, size_t n)
{
    double ranks[16];
    double half = 0;
    double observed = 0;
    for (size_t i = 0; i < n; i++) {
        ranks[i] = rank_of(values, n, i);
        half += ranks[i] / 2;
        observed += values[i] > 0 ? ranks[i] : 0;
    }
    size_t extreme = 0;
    for (size_t signs = 0; signs < (size_t)1 << n; signs++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += signs >> i & 1 ? ranks[i] : 0;
        extreme += fabs(sum - half) >= fabs(observed - half);
    }
    return (double)extreme / (double)((size_t)1 << n);
}

static void enumeration_test(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (size_t n = 1; n <= 12; n++)
        for (int repeat = 0; repeat < 20; repeat++) {
            double values[16];
            for (size_t i = 0; i < n; i++) {
                double magnitude = 1 + (double)(random_next(&seed) % 8);
                values[i] = random_next(&seed) & 1 ? magnitude : -magnitude;
            }
            assert_near(stats_signed_rank_p(values, n), p_by_enumeration(values, n),
                        1e-12);
        }
}

/* The interval and the test are one: 0 is outside the interval if, and only if, p is
 * below 5 %, whatever the sample. */
static void duality_test(void **state)
{
    (void)state;
    uint64_t seed = 2;
    double values[60];
    size_t rejected = 0;
    for (size_t n = 6; n <= MAX; n += 3)
        for (int repeat = 0; repeat < 40; repeat++) {
            for (size_t i = 0; i < n; i++)
                values[i] = random_unit(&seed) - 0.4;
            struct interval interval = stats_hodges_lehmann(values, n);
            bool outside = interval.low > 0 || interval.high < 0;
            assert_int_equal(outside, stats_signed_rank_p(values, n) < 0.05);
            rejected += outside;
        }
    assert_in_range(rejected, 100, 700);
}

/* How often the interval of n values around 0 holds 0. */
static double coverage_simulated(size_t n, size_t samples, uint64_t seed,
                                 struct interval (*estimate)(const double *, size_t))
{
    double values[60];
    size_t held = 0;
    for (size_t sample = 0; sample < samples; sample++) {
        for (size_t i = 0; i < n; i++)
            values[i] = tan(3.0 * (random_unit(&seed) - 0.5));
        struct interval interval = estimate(values, n);
        held += interval.low <= 0 && interval.high >= 0;
    }
    return (double)held / (double)samples;
}

/* The exact coverages: of the 2^n ways to sign the ranks, 1, 1, 3 and 25 have a sum of at
 * most C. */
static void coverage_test(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        double coverage;
    } cases[] = {
        {5, 1 - 2.0 / 32},
        {6, 1 - 2.0 / 64},
        {7, 1 - 6.0 / 128},
        {10, 1 - 50.0 / 1024},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double exact = cases[i].coverage;
        double tolerance = 4 * sqrt(exact * (1 - exact) / 4000);
        assert_near(coverage_simulated(cases[i].n, 4000, 3, stats_hodges_lehmann), exact,
                    tolerance);
        assert_near(coverage_simulated(cases[i].n, 4000, 4, stats_median_interval),
                    stats_median_coverage(cases[i].n), tolerance);
    }
}

/* R: p.adjust(p, "holm"). */
static void holm_test(void **state)
{
    (void)state;
    static const struct {
        double p[5], adjusted[5];
        size_t n;
    } cases[] = {
        {{0.01, 0.04, 0.03, 0.005}, {0.03, 0.06, 0.06, 0.02}, 4},
        {{0.01, 0.02, 0.03, 0.04, 0.05}, {0.05, 0.08, 0.09, 0.09, 0.09}, 5},
        {{0.9, 0.6, 0.2}, {1, 1, 0.6}, 3},
        {{0.02, 0.02}, {0.04, 0.04}, 2},
        {{0.3}, {0.3}, 1},
        {{0}, {0}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double p[5];
        memcpy(p, cases[i].p, sizeof p);
        stats_holm(p, cases[i].n);
        for (size_t j = 0; j < cases[i].n; j++)
            assert_near(p[j], cases[i].adjusted[j], 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantile_test),        cmocka_unit_test(moments_test),
        cmocka_unit_test(median_interval_test), cmocka_unit_test(signed_rank_c_test),
        cmocka_unit_test(hodges_lehmann_test),  cmocka_unit_test(signed_rank_p_test),
        cmocka_unit_test(many_values_test),     cmocka_unit_test(walsh_test),
        cmocka_unit_test(enumeration_test),     cmocka_unit_test(duality_test),
        cmocka_unit_test(coverage_test),        cmocka_unit_test(holm_test),
        cmocka_unit_test(trimmed_mean_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
