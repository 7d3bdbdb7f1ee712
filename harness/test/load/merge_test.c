/* merge_test.c - several load tools' figures as those of one.
 * SPDX-License-Identifier: MIT */
#include "load/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)

/* Times that are spread evenly from `first` ms over 100 ms. */
static struct tool_result even(long complete, double first)
{
    struct tool_result result = {
        .seconds = 2,
        .requests_per_second = (double)complete / 2,
        .kilobytes_per_second = 10,
        .complete = complete,
        .non_2xx = 1,
        .write_errors = -1,
        .keepalive = 3,
        .document_length = 13,
        .total_bytes = 100 * complete,
        .body_bytes = 13 * complete,
        .total = {first, first + 50, 10, first + 50, first + 100}};
    for (int p = 0; p < PERCENTILES; p++)
        result.percentile_ms[p] = first + p;
    return result;
}

static void one_is_itself(void **state)
{
    (void)state;
    const struct tool_result one = even(1000, 5);
    struct tool_result merged;
    tool_results_merge(&merged, &one, 1, 10);
    assert_memory_equal(&merged, &one, sizeof one);
}

static void rates_and_counts_are_summed(void **state)
{
    (void)state;
    struct tool_result each[] = {even(1000, 0), even(1000, 0), even(2000, 0)};
    struct tool_result merged;
    each[1].seconds = 3;
    each[1].failed = 2;
    snprintf(each[1].failures, sizeof each[1].failures, "Length: 2");
    tool_results_merge(&merged, each, 3, 40);
    assert_near(merged.seconds, 3);
    assert_near(merged.requests_per_second, 2000);
    assert_near(merged.time_per_request_ms, 20); /* 40 / 2,000 s */
    assert_near(merged.kilobytes_per_second, 30);
    assert_int_equal(merged.complete, 4000);
    assert_int_equal(merged.failed, 2);
    assert_string_equal(merged.failures, "Length: 2");
    assert_int_equal(merged.non_2xx, 3);
    assert_int_equal(merged.write_errors, -1); /* not known of one, so not of all */
    assert_int_equal(merged.keepalive, 9);
    assert_int_equal(merged.document_length, 13);
    assert_int_equal(merged.total_bytes, 400000);
    assert_int_equal(merged.body_bytes, 52000);
}

static void other_pages_have_no_length(void **state)
{
    (void)state;
    struct tool_result each[] = {even(10, 0), even(10, 0)};
    struct tool_result merged;
    each[1].document_length = 12;
    tool_results_merge(&merged, each, 2, 2);
    assert_int_equal(merged.document_length, -1);
}

/* Half of the requests took 0 to 100 ms, the other half 100 to 200; then three quarters. */
static void percentiles_are_of_all_requests(void **state)
{
    (void)state;
    struct tool_result each[] = {even(1000, 0), even(1000, 100)};
    struct tool_result merged;
    tool_results_merge(&merged, each, 2, 2);
    assert_near(merged.percentile_ms[0], 0);
    assert_near(merged.percentile_ms[10], 20);
    assert_near(merged.percentile_ms[25], 50);
    assert_near(merged.percentile_ms[90], 180);
    assert_near(merged.percentile_ms[100], 200);
    each[0].complete = 3000;
    tool_results_merge(&merged, each, 2, 2);
    assert_near(merged.percentile_ms[60], 80);
    assert_near(merged.percentile_ms[80], 120);
}

/* Many requests that took the same time are a step, and not a division by nothing. */
static void equal_times_are_a_step(void **state)
{
    (void)state;
    struct tool_result each[] = {even(1000, 0), even(1000, 0)};
    struct tool_result merged;
    for (int p = 0; p < PERCENTILES; p++)
        each[1].percentile_ms[p] = 40;
    tool_results_merge(&merged, each, 2, 2);
    assert_near(merged.percentile_ms[20], 40); /* 20 % of all: 40 % of the first */
    assert_near(merged.percentile_ms[70], 40);
    assert_near(merged.percentile_ms[80], 60);
}

static void what_one_lacks_all_lack(void **state)
{
    (void)state;
    struct tool_result each[] = {even(1000, 0), even(1000, 0)};
    struct tool_result merged;
    each[1].percentile_ms[66] = NAN;
    each[1].connect.min = NAN;
    tool_results_merge(&merged, each, 2, 2);
    for (int p = 0; p < PERCENTILES; p++)
        assert_true(isnan(merged.percentile_ms[p]));
    assert_true(isnan(merged.connect.min));
}

/* Two of the same spread, 100 ms apart: 10^2 within, and 50^2 between them. */
static void times_are_pooled(void **state)
{
    (void)state;
    const struct tool_result each[] = {even(1000, 0), even(1000, 100)};
    struct tool_result merged;
    tool_results_merge(&merged, each, 2, 2);
    assert_near(merged.total.min, 0);
    assert_near(merged.total.mean, 100);
    assert_near(merged.total.sd, sqrt(100 + 2500));
    assert_near(merged.total.max, 200);
    assert_true(isnan(merged.total.median));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_itself),
        cmocka_unit_test(rates_and_counts_are_summed),
        cmocka_unit_test(other_pages_have_no_length),
        cmocka_unit_test(percentiles_are_of_all_requests),
        cmocka_unit_test(equal_times_are_a_step),
        cmocka_unit_test(what_one_lacks_all_lack),
        cmocka_unit_test(times_are_pooled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
