/* times_test.c - when requests are due, and what is made of their times.
 * SPDX-License-Identifier: MIT */
#include "pace/arrivals.h"
#include "pace/times.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void quantiles_are_times_that_were(void **state)
{
    (void)state;
    struct times times = {0};
    assert_true(isnan(times_quantile(&times, 0.5)));
    for (int i = 1000; i > 0; i--) /* 1 to 1000 ms, the longest first */
        times_add(&times, i / 1e3);
    times_sort(&times);
    assert_true(times_quantile(&times, 0) == 1);
    assert_true(times_quantile(&times, 0.5) == 500);
    assert_true(times_quantile(&times, 0.99) == 990);
    assert_true(times_quantile(&times, 0.999) == 999);
    assert_true(times_quantile(&times, 1) == 1000);
    assert_true(fabs(times_mean(&times) - 500.5) < 1e-9);
    assert_true(fabs(times_sd(&times) - 288.8194) < 1e-3);
    times_free(&times);
}

static void what_does_not_fit_is_cut(void **state)
{
    (void)state;
    struct times times = {0};
    times_add(&times, -1);
    times_add(&times, 1e9);
    times_sort(&times);
    assert_true(times_quantile(&times, 0) == 0);
    assert_true(times_quantile(&times, 1) == UINT32_MAX / 1e3);
    times_free(&times);
}

/* ---- arrivals ---- */

enum { COUNT = 20000 };

static void constant_ones_are_level(void **state)
{
    (void)state;
    const struct plan plan = {.rate = 1000, .constant = true};
    double *due = arrivals_make(&plan, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(fabs(due[i] - (double)i / 1000) < 1e-9);
    free(due);
}

/* The distances of a Poisson process are exponential: their standard deviation is their mean, and
 * exp(-1) of them are longer than that. */
static void poisson_ones_are_exponential(void **state)
{
    (void)state;
    const struct plan plan = {.rate = 1000, .seed = 7};
    double *due = arrivals_make(&plan, COUNT);
    double squares = 0;
    size_t longer = 0;
    for (size_t i = 1; i < COUNT; i++) {
        double distance = due[i] - due[i - 1];
        assert_true(distance >= 0);
        squares += pow(distance - 0.001, 2);
        longer += distance > 0.001;
    }
    assert_true(due[0] >= 0 && due[COUNT - 1] < (double)COUNT / 1000);
    assert_true(fabs(sqrt(squares / (COUNT - 1)) / 0.001 - 1) < 0.05);
    assert_true(fabs((double)longer / (COUNT - 1) - exp(-1)) < 0.02);
    free(due);
}

static void a_seed_says_it_all(void **state)
{
    (void)state;
    const struct plan one = {.rate = 1000, .seed = 1}, two = {.rate = 1000, .seed = 2};
    double *a = arrivals_make(&one, 100), *b = arrivals_make(&one, 100);
    double *c = arrivals_make(&two, 100);
    size_t unlike = 0;
    for (size_t i = 0; i < 100; i++) {
        assert_true(a[i] == b[i]);
        unlike += a[i] != c[i];
    }
    assert_true(unlike > 90);
    free(a);
    free(b);
    free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_times_that_were),
        cmocka_unit_test(what_does_not_fit_is_cut),
        cmocka_unit_test(constant_ones_are_level),
        cmocka_unit_test(poisson_ones_are_exponential),
        cmocka_unit_test(a_seed_says_it_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
