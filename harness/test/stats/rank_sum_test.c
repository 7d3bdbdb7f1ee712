/* rank_sum_test.c - the rank-sum test and its interval against published tables and against
 * counting every permutation.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"

#include "stats/rank_sum.h"

#include <math.h>
#include <stdbool.h>

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.10g instead of %.10g", value, expected);
}

/* The critical values of U, two-sided 5 % (Mann & Whitney's table, as in Siegel 1956, K). */
static void c_test(void **state)
{
    (void)state;
    static const struct {
        size_t m, n;
        long c;
    } cases[] = {
        {0, 5, -1},   {5, 0, -1},   {3, 3, -1},   {3, 4, -1},   {3, 5, 0},
        {4, 4, 0},    {4, 6, 2},    {5, 5, 2},    {5, 8, 6},    {6, 6, 5},
        {6, 11, 13},  {11, 6, 13},  {7, 7, 8},    {8, 8, 13},   {9, 9, 17},
        {10, 10, 23}, {11, 11, 30}, {12, 12, 37}, {15, 15, 64}, {20, 20, 127},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(rank_sum_c(cases[i].m, cases[i].n), cases[i].c);
}

/* Where counting ends and the normal distribution takes over, it makes no step. */
static void c_large_test(void **state)
{
    (void)state;
    long counted = rank_sum_c(RANK_SUM_EXACT, RANK_SUM_EXACT);
    long normal = rank_sum_c(RANK_SUM_EXACT, RANK_SUM_EXACT + 1);
    double pairs = (double)RANK_SUM_EXACT * RANK_SUM_EXACT;
    assert_true(normal > counted && normal < counted + 2 * RANK_SUM_EXACT);
    assert_near((double)counted, pairs / 2 - 0.5 - 1.96 * sqrt(pairs * 101 / 12), 1);
    assert_int_equal(rank_sum_c(RANK_SUM_EXACT + 1, 1), -1);
}

/* Hollander & Wolfe, example 4.1: permeability of the chorioamnion. */
static void example_test(void **state)
{
    (void)state;
    const double at_term[] = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    const double earlier[] = {1.15, 0.88, 0.90, 0.74, 1.21};
    assert_near(rank_sum_p(at_term, 10, earlier, 5), 2 * 0.1272, 0.0001);
    struct interval shift = rank_sum_shift(at_term, 10, earlier, 5);
    assert_near(shift.mid, -0.305, 1e-12);
    struct interval back = rank_sum_shift(earlier, 5, at_term, 10);
    assert_near(back.mid, 0.305, 1e-12);
    assert_near(back.low, -shift.high, 1e-12);
}

/* ---- every permutation ---- */

enum { MOST = 6 };

static double u_statistic(const double *a, size_t m, const double *b, size_t n)
{
    double u = 0;
    for (size_t i = 0; i < m * n; i++)
        u += b[i % n] < a[i / n] ? 1 : (b[i % n] == a[i / n]) / 2.0;
    return u;
}

/* The two-sided p by trying each way to choose m of all. */
static double tried_p(const double *all, size_t m, size_t n)
{
    double u = u_statistic(all, m, all + m, n), below = 0, above = 0, ways = 0;
    for (unsigned chosen = 0; chosen < 1U << (m + n); chosen++) {
        double a[2 * MOST], b[2 * MOST];
        size_t in_a = 0, in_b = 0;
        for (size_t i = 0; i < m + n; i++) {
            if (chosen >> i & 1)
                a[in_a++] = all[i];
            else
                b[in_b++] = all[i];
        }
        if (in_a != m)
            continue;
        double other = u_statistic(a, m, b, n);
        below += other <= u;
        above += other >= u;
        ways++;
    }
    return fmin(1, 2 * fmin(below, above) / ways);
}

/* Values rounded to tenths, so that most samples have ties. */
static void permutation_test(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (size_t m = 1; m <= MOST; m++)
        for (size_t n = 1; n <= MOST; n++) {
            double all[2 * MOST];
            for (size_t i = 0; i < m + n; i++)
                all[i] = round(10 * random_unit(&seed)) / 10 + (i < m ? 0.3 : 0);
            assert_near(rank_sum_p(all, m, all + m, n), tried_p(all, m, n), 1e-12);
        }
}

/* The interval holds the shifts that the test does not reject, and no others. */
static void interval_test(void **state)
{
    (void)state;
    uint64_t seed = 12;
    double a[6], b[7], moved[7];
    for (size_t i = 0; i < 6; i++)
        a[i] = random_normal(&seed);
    for (size_t i = 0; i < 7; i++)
        b[i] = 1 + random_normal(&seed);
    struct interval shift = rank_sum_shift(a, 6, b, 7);
    const double tries[] = {shift.low - 1e-6, shift.low + 1e-6, shift.high - 1e-6,
                            shift.high + 1e-6};
    for (size_t t = 0; t < 4; t++) {
        for (size_t i = 0; i < 7; i++)
            moved[i] = b[i] - tries[t];
        bool inside = t == 1 || t == 2;
        assert_true((rank_sum_p(a, 6, moved, 7) > 0.05) == inside);
    }
}

/* One value too many for counting: the normal distribution of U, with its correction for
 * continuity, agrees with counting where one value less is left. */
static void p_large_test(void **state)
{
    (void)state;
    enum { MANY = RANK_SUM_EXACT + 1 };
    double a[MANY], b[MANY];
    for (size_t i = 0; i < MANY; i++) {
        a[i] = (double)((i * 37) % 101);
        b[i] = (double)((i * 53) % 101) + 12.5;
    }
    double away = fabs(u_statistic(a, MANY, b, MANY) - MANY * MANY / 2.0) - 0.5;
    double normal = erfc(away / sqrt(MANY * MANY * (2 * MANY + 1) / 6.0));
    assert_near(rank_sum_p(a, MANY, b, MANY), normal, 1e-12);

    size_t n = RANK_SUM_EXACT;
    double pairs = (double)(n * n);
    away = fabs(u_statistic(a, n, b, n) - pairs / 2) - 0.5;
    normal = erfc(away / sqrt(pairs * (double)(2 * n + 1) / 6));
    assert_near(rank_sum_p(a, n, b, n), normal, 0.001);

    for (size_t i = 0; i < MANY; i++)
        b[i] = a[i] = 1;
    assert_near(rank_sum_p(a, MANY, b, 3), 1, 0);
}

static void least_p_test(void **state)
{
    (void)state;
    static const struct {
        size_t m, n;
        double p;
    } cases[] = {
        {0, 0, 1},        {0, 6, 1},         {1, 1, 1},         {3, 3, 2.0 / 20},
        {4, 4, 2.0 / 70}, {5, 5, 2.0 / 252}, {6, 6, 2.0 / 924}, {6, 11, 2.0 / 12376},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double a[11], b[11];
        for (size_t k = 0; k < 11; k++) {
            a[k] = (double)k;
            b[k] = 100 + (double)k;
        }
        assert_near(rank_sum_least_p(cases[i].m, cases[i].n), cases[i].p, 1e-12);
        assert_near(rank_sum_p(a, cases[i].m, b, cases[i].n), cases[i].p, 1e-12);
    }
}

static void empty_test(void **state)
{
    (void)state;
    const double one = 1;
    assert_true(isnan(rank_sum_shift(&one, 0, &one, 1).mid));
    assert_true(isnan(rank_sum_shift(&one, 1, &one, 0).low));
    assert_near(rank_sum_shift(&one, 1, &one, 1).mid, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c_test),        cmocka_unit_test(c_large_test),
        cmocka_unit_test(example_test),  cmocka_unit_test(permutation_test),
        cmocka_unit_test(interval_test), cmocka_unit_test(p_large_test),
        cmocka_unit_test(least_p_test),  cmocka_unit_test(empty_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
