/* knee_test.c - the rate at which a server is just in time: bisected, summed up over the rounds,
 * compared.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "knees.h"

#include "analyse/knee.h"
#include "analyse/summary.h"

#include <math.h>
#include <string.h>

enum { QUICK, SAME, SLOW, MIDDLE, PACE, OTHER_PACE, NEVER, ENDLESS, SERVERS };

static const struct knee_server all[SERVERS] = {
    [QUICK] = {"quick", 9000, 8000, false},
    [SAME] = {"same", 8600, 8000, false}, /* as quick, but other rates are tried */
    [SLOW] = {"slow", 9000, 7600, false},
    [MIDDLE] = {"middle", 9000, 4650, false}, /* where the steps are widest */
    [PACE] = {"pace", 20000, 18000, true},
    [OTHER_PACE] = {"other-pace", 20000, 19000, true},
    [NEVER] = {"never", 800, 0, false},
    [ENDLESS] = {"endless", 1000, 1e6, false},
};

enum { ROUNDS = 12 };

struct made {
    struct run run;
    struct summary summary;
};

static int make(void **state)
{
    struct made *made = alloc_zeroed(1, sizeof *made);
    sample_knees(&made->run, all, SERVERS, ROUNDS);
    summary_make(&made->summary, &made->run);
    *state = made;
    return 0;
}

static int unmake(void **state)
{
    struct made *made = *state;
    summary_free(&made->summary);
    run_free(&made->run);
    free(made);
    return 0;
}

static const struct cell *cell_of(const struct made *made, size_t server)
{
    return table_cell(&made->summary.tables[0], &made->run.servers[server]);
}

/* The rates of a round lie on a grid of 9 % or less, and that of each round elsewhere. */
static void a_knee_is_found_within_a_step(void **state)
{
    for (size_t i = QUICK; i <= OTHER_PACE; i++) {
        const struct knee *knee = &cell_of(*state, i)->knee;
        double ratio = knee->rate.mid / all[i].knee;
        if (!(ratio > 0.98 && ratio < 1.02))
            fail_msg("%s: %.0f instead of %.0f", all[i].name, knee->rate.mid,
                     all[i].knee);
        assert_true(knee->rate.low < knee->rate.mid && knee->rate.mid < knee->rate.high);
        assert_true(isnan(knee->too_high));
    }
}

static void whose_limit_it_is(void **state)
{
    assert_false(cell_of(*state, QUICK)->knee.limited);
    assert_true(cell_of(*state, PACE)->knee.limited);
    /* Nothing was too fast for it. */
    assert_true(cell_of(*state, ENDLESS)->knee.limited);
    assert_true(cell_of(*state, ENDLESS)->knee.rate.mid > 1800);
}

static void one_that_is_never_in_time_has_none(void **state)
{
    const struct cell *cell = cell_of(*state, NEVER);
    assert_true(isnan(cell->knee.rate.mid));
    assert_true(cell->knee.too_high > 110 && cell->knee.too_high < 130);
    assert_int_equal(cell->rounds, 0);
    assert_string_equal(cell_absence(cell), "never in time");
}

static enum relation relation_of(const struct made *made, size_t a, size_t b)
{
    const struct table *table = &made->summary.tables[0];
    return comparison_pair(&table->comparisons[QUANTITY_RATE],
                           (size_t)(cell_of(made, a) - table->cells),
                           (size_t)(cell_of(made, b) - table->cells))
        .relation;
}

/* The most first; what pace limited is not compared with itself, but with those that are slower. */
static void they_are_ranked_and_compared(void **state)
{
    const struct made *made = *state;
    const struct table *table = &made->summary.tables[0];
    assert_string_equal(table->cells[0].server->name, "other-pace");
    assert_string_equal(table->cells[1].server->name, "pace");
    assert_string_equal(table->cells[4].server->name, "slow");
    assert_string_equal(table->cells[5].server->name, "middle");
    assert_int_equal(relation_of(made, QUICK, SLOW), RELATION_MORE);
    assert_int_not_equal(relation_of(made, QUICK, SAME), RELATION_MORE);
    assert_int_not_equal(relation_of(made, QUICK, SAME), RELATION_LESS);
    assert_int_equal(relation_of(made, PACE, OTHER_PACE), RELATION_NONE);
    assert_int_equal(relation_of(made, PACE, QUICK), RELATION_MORE);
}

/* What was tried is not what a request costs. */
static void no_other_figure_is_made_of_it(void **state)
{
    const struct cell *cell = cell_of(*state, QUICK);
    assert_true(isnan(cell->cpu_us_per_request.mid));
    assert_true(isnan(cell->capacity.mid));
    assert_true(isnan(cell->paced.achieved));
    assert_int_equal(cell->rounds, ROUNDS);
}

/* A slice that failed tells nothing: the next is at the same rate. */
static void a_failed_slice_is_asked_again(void **state)
{
    (void)state;
    struct run run;
    sample_knees(&run, all, SERVERS, 1);
    int before = bisect_rate(&run, 0, QUICK, 2);
    struct slice slice = knee_slice(&run, &all[QUICK], QUICK, 2, 1);
    slice.reason = alloc_copy("12 requests failed");
    run_add_slice(&run, &slice);
    assert_int_equal(bisect_rate(&run, 0, QUICK, 2), before);
    slice.reason = NULL;
    run_add_slice(&run, &slice);
    assert_true(bisect_rate(&run, 0, QUICK, 2) > before);
    run_free(&run);
}

/* One stall of the machine makes a slice late at any rate; a second one in a row tells. */
static void a_rate_is_too_high_if_late_twice(void **state)
{
    (void)state;
    struct run run;
    sample_knees(&run, all, SERVERS, 1);
    int first = bisect_rate(&run, 0, QUICK, 2);
    struct slice slice = knee_slice(&run, &all[QUICK], QUICK, 2, 1);
    slice.time_ms[TIME_P99] = 30;
    run_add_slice(&run, &slice);
    assert_int_equal(bisect_rate(&run, 0, QUICK, 2), first);
    run_add_slice(&run, &slice);
    assert_true(bisect_rate(&run, 0, QUICK, 2) < first);
    run.slices[run.slice_count - 1].time_ms[TIME_P99] = 1;
    assert_true(bisect_rate(&run, 0, QUICK, 2) > first);
    run_free(&run);
}

/* A late slice in which pace kept up is the server's, whatever held up the other one. */
static void pace_is_the_limit_if_late_twice(void **state)
{
    (void)state;
    struct run run;
    sample_knees(&run, all, SERVERS, 1);
    struct slice slice = knee_slice(&run, &all[PACE], PACE, 2, 1);
    slice.time_ms[TIME_P99] = 30;
    slice.lateness_ms = 1.5;
    run_add_slice(&run, &slice);
    run_add_slice(&run, &slice);
    assert_true(knee_tried(&run, 0, PACE, 2).limited);
    run.slices[run.slice_count - 1].lateness_ms = 0.5;
    assert_false(knee_tried(&run, 0, PACE, 2).limited);
    run.slices[run.slice_count - 1].lateness_ms = 1.5;
    run.slices[run.slice_count - 2].lateness_ms = 0.5;
    assert_false(knee_tried(&run, 0, PACE, 2).limited);
    run_free(&run);
}

/* One that ended before its last slice would have a knee that is too low. */
static void a_round_that_is_not_whole_has_none(void **state)
{
    (void)state;
    struct run run;
    sample_knees(&run, all, SERVERS, 1);
    assert_true(knee_of_round(&run, 0, QUICK, 1) > 0);
    struct slice slice = knee_slice(&run, &all[QUICK], QUICK, 2, 1);
    run_add_slice(&run, &slice);
    assert_true(isnan(knee_of_round(&run, 0, QUICK, 2)));
    run_free(&run);
}

static void tell(struct run *run, int block, int rate, double p99_ms)
{
    struct slice slice = knee_slice(run, &all[QUICK], QUICK, 2, block);
    slice.rate = rate;
    slice.time_ms[TIME_P99] = p99_ms;
    run_add_slice(run, &slice);
}

/* No slice is left to repeat the last one, and most that are late would be late again. */
static void a_doubt_at_the_end_counts(void **state)
{
    (void)state;
    struct run run;
    sample_knees(&run, all, SERVERS, 1);
    tell(&run, 1, 4000, 1);
    tell(&run, 2, 9000, 30);
    tell(&run, 3, 9000, 30);
    tell(&run, BISECT_SLICES, 6250, 30);
    assert_float_equal(knee_of_round(&run, 0, QUICK, 2), 5000, 0.001);
    run_free(&run);
}

/* However low the rate, there are requests enough for a 99th percentile. */
static void a_slice_is_fifty_bounds_long(void **state)
{
    (void)state;
    const struct load load = {.slo = 10};
    assert_int_equal(bisect_requests(&load, 8000), 4000);
    assert_int_equal(bisect_requests(&load, 20), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_knee_is_found_within_a_step, make, unmake),
        cmocka_unit_test_setup_teardown(whose_limit_it_is, make, unmake),
        cmocka_unit_test_setup_teardown(one_that_is_never_in_time_has_none, make, unmake),
        cmocka_unit_test_setup_teardown(they_are_ranked_and_compared, make, unmake),
        cmocka_unit_test_setup_teardown(no_other_figure_is_made_of_it, make, unmake),
        cmocka_unit_test(a_failed_slice_is_asked_again),
        cmocka_unit_test(a_rate_is_too_high_if_late_twice),
        cmocka_unit_test(pace_is_the_limit_if_late_twice),
        cmocka_unit_test(a_round_that_is_not_whole_has_none),
        cmocka_unit_test(a_doubt_at_the_end_counts),
        cmocka_unit_test(a_slice_is_fifty_bounds_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
