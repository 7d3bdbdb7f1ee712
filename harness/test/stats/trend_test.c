/* trend_test.c - the trend test against answers found by other ways.
 * SPDX-License-Identifier: MIT */
#include "stats/trend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N = 12, PAIRS = N * (N - 1) / 2 };

/* How many of the orders of 1 … N have so many pairs in the wrong order: the numbers from
 * which Kendall tabled his statistic. */
static void count_orders(double counts[PAIRS + 1])
{
    for (int k = 0; k <= PAIRS; k++)
        counts[k] = k == 0;
    for (int n = 2; n <= N; n++)
        for (int k = PAIRS; k >= 0; k--)
            for (int j = 1; j < n && j <= k; j++)
                counts[k] += counts[k - j];
}

/* 1 … N with so many pairs in the wrong order: each swap of neighbours adds one. */
static void make_order(double *values, int wrong)
{
    for (int i = 0; i < N; i++)
        values[i] = i + 1;
    while (wrong > 0)
        for (int i = 0; i + 1 < N && wrong > 0; i++)
            if (values[i] < values[i + 1]) {
                double value = values[i];
                values[i] = values[i + 1];
                values[i + 1] = value;
                wrong--;
            }
}

/* Of all orders, the share that is at least as far from no trend. */
static double exact_p(const double counts[PAIRS + 1], int wrong)
{
    double all = 0;
    double extreme = 0;
    for (int k = 0; k <= PAIRS; k++) {
        all += counts[k];
        if (abs(PAIRS - 2 * k) >= abs(PAIRS - 2 * wrong))
            extreme += counts[k];
    }
    return extreme / all;
}

static void p_is_near_the_exact_one(void **state)
{
    (void)state;
    double counts[PAIRS + 1];
    double values[N];
    count_orders(counts);
    for (int wrong = 0; wrong <= PAIRS; wrong++) {
        make_order(values, wrong);
        double p = trend_p(values, N);
        double exact = exact_p(counts, wrong);
        if (!(fabs(p - exact) < 0.01))
            fail_msg("%d pairs: p is %g, exactly %g", wrong, p, exact);
    }
}

/* z = (|S| - 1) / sqrt(variance), by hand. */
static void p_is_that_of_the_formula(void **state)
{
    (void)state;
    static const struct {
        double values[10];
        double z;
    } cases[] = {
        {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 44 / 11.1803399}, /* S 45, variance 125 */
        {{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 44 / 11.1803399}, /* S -45 */
        {{1, 1, 1, 1, 1, 2, 2, 2, 2, 2}, 24 / 9.57427108},  /* S 25, variance 1650/18 */
        {{3, 3, 1, 1, 2, 2, 3, 3, 3, 3}, 11 / 9.72968},     /* S 12, variance 1704/18 */
        {{1, 2, 1, 2, 1, 2, 1, 2, 1, 2}, 4 / 9.57427108},   /* S 5 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double p = trend_p(cases[i].values, 10);
        double expected = erfc(cases[i].z / sqrt(2));
        if (!(fabs(p - expected) < 1e-6))
            fail_msg("case %zu: p is %g, not %g", i, p, expected);
    }
}

static void without_a_trend_p_is_1(void **state)
{
    (void)state;
    static const double flat[10] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
    static const double few[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    assert_true(trend_p(flat, 10) == 1);
    assert_true(trend_p(few, 9) == 1);
    assert_true(trend_p(NULL, 0) == 1);
}

static void drift_is_from_third_to_third(void **state)
{
    (void)state;
    static const double values[] = {100, 90, 110, 5, 5000, 60, 130, 120, 110};
    assert_true(fabs(trend_drift(values, 9) - 0.20) < 1e-12);
    assert_true(fabs(trend_drift(values, 8) - 0.3157894736842105) < 1e-12);
    assert_true(fabs(trend_drift(values, 3) - 0.10) < 1e-12);
    assert_true(trend_drift(values, 2) == 0);
    assert_true(trend_drift(NULL, 0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p_is_near_the_exact_one),
        cmocka_unit_test(p_is_that_of_the_formula),
        cmocka_unit_test(without_a_trend_p_is_1),
        cmocka_unit_test(drift_is_from_third_to_third),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
