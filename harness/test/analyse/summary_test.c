/* summary_test.c - what is computed from trials: medians, ranking, failures, shifts.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

#include "analyse/summary.h"

#include <math.h>
#include <stdio.h>

static const struct sample_server two[] = {
    {"slow", "", 1000, 90, 1, BOUND_SERVER},
    {"fast", "", 2000, 30, 1, BOUND_CLIENT},
};

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9 * fabs(expected)))
        fail_msg("%.12g instead of %.12g", value, expected);
}

static const struct cell *cell_of(const struct summary *summary, const struct run *run,
                                  const char *load, const char *server)
{
    return table_cell(summary_table(summary, load), run_server(run, server));
}

static void set_rates(struct run *run, const char *server, const char *load,
                      const double *rates, int count)
{
    for (int round = 1; round <= count; round++)
        sample_find(run, server, load, round)->result.requests_per_second =
            rates[round - 1];
}

/* Medians with their interval, minimum of minima, maximum of maxima. */
static void figures_test(void **state)
{
    (void)state;
    static const double rates[] = {105, 101, 103, 104, 102, 106};
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 6);
    set_rates(&run, "slow", "c50", rates, 6);
    for (int round = 1; round <= 6; round++) {
        struct trial *trial = sample_find(&run, "slow", "c50", round);
        trial->cpu_us_per_request = 90 + round;
        trial->result.percentile_ms[0] = round;
        trial->result.percentile_ms[90] = 10 * round;
        trial->result.percentile_ms[100] = 100 * round;
        trial->result.connect = (struct connection_time){round, 10 * round, 2, 5, round};
    }
    sample_find(&run, "slow", "c50", 3)->cpu_us_per_request = NAN;

    summary_make(&summary, &run);
    const struct cell *cell = cell_of(&summary, &run, "c50", "slow");
    assert_int_equal(cell->rounds, 6);
    assert_int_equal(cell->uncounted, 0);
    assert_null(cell->reason);
    assert_null(cell_absence(cell));
    assert_near(cell->requests_per_second.mid, 103.5);
    assert_near(cell->requests_per_second.low, 101);
    assert_near(cell->requests_per_second.high, 106);
    assert_near(cell->cpu_us_per_request.mid, 94); /* of 91, 92, 94, 95, 96 */
    assert_near(cell->percentile_ms[0], 1);
    assert_near(cell->percentile_ms[90], 35);
    assert_near(cell->percentile_ms[100], 600);
    assert_near(cell->connect.min, 1);
    assert_near(cell->connect.mean, 35);
    assert_near(cell->connect.sd, 2);
    assert_near(cell->connect.median, 5);
    assert_near(cell->connect.max, 6);
    assert_true(fabs(cell->example->result.requests_per_second - 103.5) <= 0.5);
    summary_free(&summary);
    run_free(&run);
}

/* Ranked by the median; then what failed, what was never met, what was left out. */
static void ranking_test(void **state)
{
    (void)state;
    static const char *const ranked[] = {"libev", "epoll",    "libuv",
                                         "fork",  "libevent", "select"};
    struct run run;
    struct summary summary;
    sample_run(&run, sample_six, 6, 1);
    run.servers[1].missing = alloc_copy("no library");
    sample_remove(&run, "select");
    sample_remove(&run, "libevent");
    sample_fail(&run, "fork", "c1000", 1, "it died");

    summary_make(&summary, &run);
    const struct table *table = summary_table(&summary, "c1000");
    for (size_t i = 0; i < table->cell_count; i++)
        assert_string_equal(table->cells[i].server->name, ranked[i]);
    assert_string_equal(cell_absence(&table->cells[3]), "failed");
    assert_string_equal(cell_absence(&table->cells[4]), "not measured");
    assert_string_equal(cell_absence(&table->cells[5]), "left out");
    assert_string_equal(table->cells[3].reason, "it died");
    assert_string_equal(table->cells[5].reason, "no library");
    assert_true(isnan(table->cells[3].requests_per_second.mid));
    assert_true(isnan(table->cells[3].percentile_ms[100]));
    assert_null(table->cells[3].example);
    assert_null(summary_table(&summary, "c7"));
    summary_free(&summary);
    run_free(&run);
}

/* A round that is filled by a second attempt counts once; one that no attempt filled is
 * one failure, however often it was tried. */
static void attempts_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 3);
    sample_fail(&run, "slow", "c50", 1, "first");
    sample_fail(&run, "slow", "c50", 2, "second");
    sample_add(&run, &two[0], 0, 1, 1);
    run.trials[run.trial_count - 1].attempt = 2;
    for (int attempt = 2; attempt <= 3; attempt++) {
        sample_add(&run, &two[0], 0, 1, 2);
        struct trial *trial = &run.trials[run.trial_count - 1];
        trial->attempt = attempt;
        trial->verdict = VERDICT_INVALID;
        trial->reason = alloc_format("attempt %d", attempt);
    }

    summary_make(&summary, &run);
    const struct cell *cell = cell_of(&summary, &run, "c50", "slow");
    assert_int_equal(cell->rounds, 2);
    assert_int_equal(cell->uncounted, 1);
    assert_int_equal(cell->retried, 1);
    assert_string_equal(cell->reason, "attempt 3");
    assert_int_equal(summary.rounds_done, 3);
    summary_free(&summary);
    run_free(&run);
}

static void bound_test(void **state)
{
    (void)state;
    static const struct {
        enum bound bounds[4], bound;
    } cases[] = {
        {{BOUND_SERVER, BOUND_SERVER, BOUND_SERVER, BOUND_CLIENT}, BOUND_SERVER},
        {{BOUND_SERVER, BOUND_SERVER, BOUND_CLIENT, BOUND_CLIENT}, BOUND_CLIENT},
        {{BOUND_WAITING, BOUND_SERVER, BOUND_CLIENT, BOUND_WAITING}, BOUND_WAITING},
        {{BOUND_WAITING, BOUND_WAITING, BOUND_SERVER, BOUND_SERVER}, BOUND_WAITING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        struct summary summary;
        sample_run(&run, two, 1, 4);
        for (int round = 1; round <= 4; round++)
            sample_find(&run, "slow", "c50", round)->bound = cases[i].bounds[round - 1];
        summary_make(&summary, &run);
        assert_int_equal(cell_of(&summary, &run, "c50", "slow")->bound, cases[i].bound);
        summary_free(&summary);
        run_free(&run);
    }
}

/* From 1,000 requests per second in every round to these. */
static void shift_test(void **state)
{
    (void)state;
    static const double from[] = {1000, 1000, 1000, 1000, 1000, 1000};
    static const struct {
        int rounds;
        double to[6];
        double ratio;
        enum change change;
    } cases[] = {
        {6, {1100, 1100, 1100, 1100, 1100, 1100}, 1.1, CHANGE_RAISED},
        {6, {800, 800, 800, 800, 800, 800}, 0.8, CHANGE_LOWERED},
        {6, {1040, 1040, 1040, 1040, 1040, 1040}, 1.04, CHANGE_NEGLIGIBLE},
        {6, {960, 960, 960, 960, 960, 960}, 0.96, CHANGE_NEGLIGIBLE},
        {6, {1010, 1100, 1100, 1100, 1100, 1100}, 1.1, CHANGE_UNCLEAR},
        {6, {800, 800, 800, 800, 800, 1300}, 0.8, CHANGE_UNCLEAR},
        {2, {1200, 1200}, 1.2, CHANGE_RAISED},
        {1, {2000}, 2, CHANGE_UNCLEAR},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        struct summary summary;
        sample_run(&run, two, 1, cases[i].rounds);
        set_rates(&run, "slow", "c1000", from, cases[i].rounds);
        set_rates(&run, "slow", "c50", cases[i].to, cases[i].rounds);
        summary_make(&summary, &run);
        assert_int_equal(summary.shift_count, 1);
        assert_int_equal(summary.shifts[0].rounds, cases[i].rounds);
        assert_near(summary.shifts[0].ratio.mid, cases[i].ratio);
        assert_int_equal(summary.shifts[0].change, cases[i].change);
        summary_free(&summary);
        run_free(&run);
    }
}

/* Only rounds with both trials are compared: here one, and the other server has none. */
static void shift_pairs_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 3);
    sample_fail(&run, "slow", "c1000", 1, "it died");
    sample_fail(&run, "slow", "c50", 3, "it died");
    for (int round = 1; round <= 3; round++)
        sample_fail(&run, "fast", "c50", round, "it died");
    sample_find(&run, "slow", "c1000", 2)->result.requests_per_second = 100;
    sample_find(&run, "slow", "c50", 2)->result.requests_per_second = 130;

    summary_make(&summary, &run);
    assert_int_equal(summary.shifts[0].rounds, 1);
    assert_near(summary.shifts[0].ratio.mid, 1.3);
    assert_int_equal(summary.shifts[1].rounds, 0);
    assert_true(isnan(summary.shifts[1].ratio.mid));
    assert_int_equal(summary.shifts[1].change, CHANGE_UNCLEAR);
    summary_free(&summary);
    run_free(&run);
}

/* Sets the control's CPU per request to the original's times a factor, in each round. */
static void set_control(struct run *run, const double factors[6])
{
    for (size_t l = 0; l < run->suite.load_count; l++)
        for (int round = 1; round <= run->rounds; round++) {
            const char *load = run->suite.loads[l].name;
            sample_find(run, "slow again", load, round)->cpu_us_per_request =
                factors[round - 1] *
                sample_find(run, "slow", load, round)->cpu_us_per_request;
        }
}

/* The control competes nowhere; over all loads it says how far one server is from
 * itself. */
static void control_test(void **state)
{
    (void)state;
    static const struct {
        double factor[6]; /* the control's CPU per request / the original's, by round */
        int rounds;
        double low, mid, high, delta;
        bool trustworthy;
    } cases[] = {
        {{1, 1, 1, 1, 1, 1}, 6, 1, 1, 1, 0.01, true},
        {{1.005, 1.005, 1.005, 1.005, 1.005, 1.005}, 6, 1.005, 1.005, 1.005, 0.01, true},
        {{1.02, 1.02, 1.02, 1.02, 1.02, 1.02}, 6, 1.02, 1.02, 1.02, 0.02, false},
        {{0.8, 0.8, 0.8, 0.8, 0.8, 0.8}, 6, 0.8, 0.8, 0.8, 0.25, false},
        {{1.02}, 1, 1.02, 1.02, 1.02, 0.01, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        struct summary summary;
        sample_run(&run, two, 2, cases[i].rounds);
        sample_control(&run, &two[0]);
        set_control(&run, cases[i].factor);
        summary_make(&summary, &run);
        const struct noise_floor *floor = &summary.floors[QUANTITY_CPU];
        assert_int_equal(summary.tables[0].cell_count, 2);
        assert_int_equal(summary.shift_count, 2);
        assert_int_equal(summary.rounds_done, cases[i].rounds);
        assert_ptr_equal(floor->control, &run.servers[2]);
        assert_int_equal(floor->pairs, 3 * cases[i].rounds);
        assert_near(floor->ratio.low, cases[i].low);
        assert_near(floor->ratio.mid, cases[i].mid);
        assert_near(floor->ratio.high, cases[i].high);
        assert_near(floor->delta, cases[i].delta);
        assert_int_equal(floor->trustworthy, cases[i].trustworthy);
        summary_free(&summary);
        run_free(&run);
    }
}

/* A wide interval raises the noise floor to half its width, and takes no trust away. */
static void wide_floor_test(void **state)
{
    (void)state;
    static const double factors[6] = {0.9, 1.2};
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 2);
    sample_control(&run, &two[0]);
    set_control(&run, factors);
    summary_make(&summary, &run);
    assert_near(summary.floors[QUANTITY_CPU].delta, 0.15);
    assert_true(summary.floors[QUANTITY_CPU].trustworthy);
    summary_free(&summary);
    run_free(&run);
}

/* What is compared is the table's own: by requests per second not two that their client
 * limited. */
static void comparison_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, sample_six, 6, 6);
    sample_control(&run, &sample_six[2]);
    sample_disturb(&run, "fork", "c50", 2, "steal", "stolen");
    summary_make(&summary, &run);
    const struct table *table = summary_table(&summary, "c50");
    const struct comparison *by_rate = &table->comparisons[QUANTITY_RATE];
    const struct comparison *by_cpu = &table->comparisons[QUANTITY_CPU];
    assert_int_equal(by_rate->made, 15 - 3);
    assert_int_equal(by_cpu->made, 15);
    assert_string_equal(table->cells[by_cpu->order[0]].server->name, "epoll");
    assert_string_equal(table->cells[by_cpu->order[5]].server->name, "fork");
    assert_int_equal(comparison_pair(by_rate, 0, 1).relation, RELATION_NONE);
    assert_int_equal(comparison_pair(by_rate, 5, 4).relation, RELATION_LESS);
    assert_int_equal(comparison_pair(by_cpu, 5, 4).relation, RELATION_MORE);
    assert_int_equal(comparison_pair(by_cpu, 5, 4).rounds, 5);
    assert_string_equal(by_rate->letters[5], "d");
    summary_free(&summary);
    run_free(&run);
}

/* What is flagged between rounds. */
static void spread_test(void **state)
{
    (void)state;
    static const struct {
        int rounds;
        double rates[7];  /* CPU per request stays as it is */
        const char *rule; /* NULL: none */
    } cases[] = {
        {6, {100, 101, 102, 103, 104, 105}, NULL},
        {6, {100, 125, 105, 115, 130, 95}, "spread"},
        {2, {100, 150}, NULL},
        {6, {100, 100.1, 100.2, 100.3, 104, 100.2}, NULL},
        {7, {100, 100.1, 100.2, 100.3, 100.4, 108, 100.5}, "outlier"},
        {5, {100, 100.1, 100.2, 108, 100.3}, NULL},
        {6, {90, 100, 101, 102, 103, 95.1}, "first-round"},
        {6, {90, 100, 101, 102, 103, 94}, NULL},
        {5, {90, 100, 101, 102, 103}, NULL},
        {6, {103, 102, 101, 100, 100, 90}, NULL},
        {6, {100, 101, 110, 111, 100, 110}, "two-speeds"},
        {6, {100, 101, 104, 105, 100, 104}, NULL},
        {6, {100, 104, 110, 114, 100, 110}, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        struct summary summary;
        sample_run(&run, two, 1, cases[i].rounds);
        set_rates(&run, "slow", "c50", cases[i].rates, cases[i].rounds);
        summary_make(&summary, &run);
        const struct flags *flags = &cell_of(&summary, &run, "c50", "slow")->flags;
        if (flags->count != (cases[i].rule ? 1 : 0))
            fail_msg("case %zu: %zu flags", i, flags->count);
        if (cases[i].rule) {
            assert_string_equal(flags->items[0].rule, cases[i].rule);
            assert_int_equal(flags->items[0].rounds, 0);
        }
        summary_free(&summary);
        run_free(&run);
    }
}

/* What the checks saw counts by rounds, of valid trials only; the last value stays. */
static void flags_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 3);
    for (int round = 1; round <= 3; round++)
        trial_add_remark(sample_find(&run, "slow", "c50", round), "retries",
                         CONSEQUENCE_FLAG, round, 0);
    trial_add_remark(sample_find(&run, "slow", "c50", 1), "short", CONSEQUENCE_FLAG, 1,
                     0);
    sample_disturb(&run, "slow", "c50", 3, "steal", "stolen");
    summary_make(&summary, &run);
    const struct cell *cell = cell_of(&summary, &run, "c50", "slow");
    assert_int_equal(cell->disturbed, 1);
    assert_int_equal(cell->invalid, 0);
    assert_int_equal(cell->flags.count, 2);
    assert_string_equal(cell->flags.items[0].rule, "retries");
    assert_true(cell->flags.items[0].value == 2);
    assert_int_equal(cell->flags.items[0].rounds, 2);
    assert_string_equal(cell->flags.items[1].rule, "short");
    assert_int_equal(cell->flags.items[1].rounds, 1);
    summary_free(&summary);
    run_free(&run);
}

static void totals_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 3);
    double wall_s = 0;
    for (size_t i = 0; i < run.trial_count; i++) {
        run.trials[i].harness_cpu_s = 0.002 * run.trials[i].tool_wall_s;
        wall_s += run.trials[i].tool_wall_s;
    }
    run.trial_count--; /* the last trial of the last round was never made */
    wall_s -= run.trials[run.trial_count].tool_wall_s;
    free(run.suite.compare_from);
    free(run.suite.compare_to);
    run.suite.compare_from = run.suite.compare_to = NULL;

    summary_make(&summary, &run);
    assert_int_equal(summary.rounds_done, 2);
    assert_int_equal(summary.shift_count, 0);
    assert_near(summary.tool_wall_s, wall_s);
    assert_near(summary.harness_share, 0.002);
    summary_free(&summary);
    trial_free(&run.trials[run.trial_count]);
    run_free(&run);
}

/* Nothing was measured: no figure, and nothing divided by nothing. */
static void empty_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 0);
    summary_make(&summary, &run);
    assert_int_equal(summary.rounds_done, 0);
    assert_true(isnan(summary.harness_share));
    assert_string_equal(cell_absence(&summary.tables[0].cells[0]), "not measured");
    summary_free(&summary);
    run_free(&run);
}

/* All loads together: the geometric mean in each round that has all of them. */
static void overall_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, sample_six, 6, 6);
    const double factor[] = {1, 2, 4}; /* of the loads: the geometric mean is 2 */
    for (size_t i = 0; i < run.trial_count; i++)
        for (size_t l = 0; l < sizeof factor / sizeof *factor; l++)
            if (run.trials[i].load == l)
                run.trials[i].cpu_us_per_request =
                    factor[l] * (sample_is_of(&run, &run.trials[i], "epoll") ? 30 : 33);
    sample_fail(&run, "epoll", "c50", 4, "it ended");
    summary_make(&summary, &run);
    const struct table *overall = &summary.overall;
    const struct cell *epoll = table_cell(overall, run_server(&run, "epoll"));
    const struct cell *libev = table_cell(overall, run_server(&run, "libev"));
    assert_near(epoll->cpu_us_per_request.mid, 60);
    assert_near(libev->cpu_us_per_request.mid, 66);
    assert_int_equal(epoll->rounds, 5);
    assert_int_equal(libev->rounds, 6);
    struct pair pair = comparison_pair(&overall->comparisons[QUANTITY_CPU],
                                       (size_t)(libev - overall->cells),
                                       (size_t)(epoll - overall->cells));
    assert_near(pair.ratio.mid, 1.1);
    assert_int_equal(pair.rounds, 5);
    summary_free(&summary);

    /* The loads follow each other, and then the rounds: the first load of the first one. */
    const size_t trial_count = run.trial_count;
    free(run.suite.compare_from);
    run.suite.compare_from = NULL;
    run.suite.load_count = 1;
    run.trial_count = run.server_count;
    summary_make(&summary, &run);
    assert_int_equal(summary.overall.cell_count, 0);
    summary_free(&summary);
    run.suite.load_count = 3;
    run.trial_count = trial_count;
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overall_test),     cmocka_unit_test(figures_test),
        cmocka_unit_test(ranking_test),     cmocka_unit_test(attempts_test),
        cmocka_unit_test(bound_test),       cmocka_unit_test(shift_test),
        cmocka_unit_test(shift_pairs_test), cmocka_unit_test(control_test),
        cmocka_unit_test(wide_floor_test),  cmocka_unit_test(comparison_test),
        cmocka_unit_test(spread_test),      cmocka_unit_test(flags_test),
        cmocka_unit_test(totals_test),      cmocka_unit_test(empty_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
