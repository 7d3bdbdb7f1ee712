/* summary_test.c - what is computed from trials and slices: medians, ranking, failures, shifts.
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

/* As if a round had no such server, without anything being wrong. */
static void forget(struct run *run, const char *server, const char *load, int round)
{
    for (int block = 1; block <= SAMPLE_BLOCKS; block++) {
        struct slice *slice = sample_find_slice(run, server, load, round, block);
        slice->server_cpu_s = slice->seconds = NAN;
    }
}

static void make_figures(struct run *run)
{
    static const double rates[] = {105, 101, 103, 104, 102, 106};
    sample_run(run, two, 2, 6);
    set_rates(run, "slow", "c50", rates, 6);
    for (int round = 1; round <= 6; round++) {
        struct trial *trial = sample_find(run, "slow", "c50", round);
        trial->cpu_us_per_request = 7; /* of no account */
        trial->result.percentile_ms[0] = round;
        trial->result.percentile_ms[90] = 10 * round;
        trial->result.percentile_ms[100] = 100 * round;
        trial->result.connect = (struct connection_time){round, 10 * round, 2, 5, round};
        sample_set_cpu(run, "slow", "c50", round, 90 * pow(1.01, round));
    }
    forget(run, "slow", "c50", 3);
}

/* Medians, the lowest and the highest. */
static void check_trials(const struct cell *cell)
{
    assert_int_equal(cell->trials, 6);
    assert_int_equal(cell->trials_invalid, 0);
    assert_near(cell->requests_per_second.mid, 103.5);
    assert_near(cell->requests_per_second.low, 101);
    assert_near(cell->requests_per_second.high, 106);
    assert_near(cell->percentile_ms[0], 1);
    assert_near(cell->percentile_ms[90], 35);
    assert_near(cell->percentile_ms[100], 600);
    assert_near(cell->connect.min, 1);
    assert_near(cell->connect.mean, 35);
    assert_near(cell->connect.sd, 2);
    assert_near(cell->connect.median, 5);
    assert_near(cell->connect.max, 6);
    assert_true(fabs(cell->example->result.requests_per_second - 103.5) <= 0.5);
}

/* Of the exponents 1, 2, 4, 5, 6 the middle mean of two is 3.5. */
static void check_slices(const struct cell *cell)
{
    assert_int_equal(cell->rounds, 5);
    assert_int_equal(cell->slices.slices, 6 * SAMPLE_BLOCKS);
    assert_int_equal(cell->slices.wrong, 0);
    assert_near(cell->cpu_us_per_request.mid, 90 * pow(1.01, 3.5));
    assert_near(cell->cpu_us_per_request.low, 90 * 1.01);
    assert_near(cell->cpu_us_per_request.high, 90 * pow(1.01, 6));
    assert_near(cell->capacity.mid, 1e6 / 90 / pow(1.01, 3.5));
    assert_near(cell->capacity.low, 1e6 / 90 / pow(1.01, 6));
    assert_near(cell->capacity.high, 1e6 / 90 / 1.01);
}

static void figures_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    make_figures(&run);
    summary_make(&summary, &run);
    const struct cell *cell = cell_of(&summary, &run, "c50", "slow");
    assert_null(cell->reason);
    assert_null(cell_absence(cell));
    check_trials(cell);
    check_slices(cell);
    summary_free(&summary);
    run_free(&run);
}

/* One round has a middle, and no interval; one trial no range. */
static void single_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 1);
    sample_set_cpu(&run, "slow", "c50", 1, 50);
    summary_make(&summary, &run);
    const struct cell *cell = cell_of(&summary, &run, "c50", "slow");
    assert_near(cell->cpu_us_per_request.mid, 50);
    assert_near(cell->capacity.mid, 20000);
    assert_true(isnan(cell->cpu_us_per_request.low));
    assert_true(isnan(cell->capacity.high));
    assert_true(isnan(cell->requests_per_second.low));
    assert_string_equal(cell->letters[QUANTITY_CPU], "");
    summary_free(&summary);
    run_free(&run);
}

/* The whole machine's, over all slices that count together: one slice is too short for its
 * ticks. */
static void machine_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 21);
    for (int round = 1; round <= 21; round++)
        for (int block = 1; block <= SAMPLE_BLOCKS; block++)
            sample_find_slice(&run, "slow", "c50", round, block)->machine_cpu_s =
                round % 2 ? 0.11 : 0.10;
    sample_fail_slice(&run, "slow", "c50", 1, 1, "too few bytes");
    summary_make(&summary, &run);
    const struct cell *cell = cell_of(&summary, &run, "c50", "slow");
    double machine_s = (11 * 0.11 + 10 * 0.10) * SAMPLE_BLOCKS - 0.11;
    assert_near(cell->machine_us_per_request,
                machine_s / (104.0 * SAMPLE_REQUESTS) * 1e6);
    assert_true(isnan(summary.overall.cells[0].machine_us_per_request));
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

/* Two trials of one, and all of the other; a slice of one, and the other is lost. */
static void make_failures(struct run *run)
{
    sample_run(run, two, 2, 21);
    sample_fail(run, "slow", "c50", 1, "first");
    sample_fail(run, "slow", "c50", 2, "second");
    for (int trial = 1; trial <= 21; trial++)
        sample_fail(run, "fast", "c50", trial, "no trial");
    sample_fail(run, "slow", "c100", 4, "a trial");
    sample_fail_slice(run, "slow", "c100", 3, 2, "a slice");
    sample_lose(run, "fast", "c100", 21, 5, "the server ended");
}

/* A trial that does not count takes nothing from the others; nor does a slice in a hundred. */
static void some_fail_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    make_failures(&run);
    summary_make(&summary, &run);
    const struct cell *cell = cell_of(&summary, &run, "c50", "slow");
    assert_int_equal(cell->trials, 19);
    assert_int_equal(cell->trials_invalid, 2);
    assert_int_equal(cell->rounds, 21);
    assert_false(cell->failed);
    assert_string_equal(cell->reason, "second");
    assert_null(cell_absence(cell));

    cell = cell_of(&summary, &run, "c100", "slow");
    assert_false(cell->failed);
    assert_int_equal(cell->slices.wrong, 1);
    assert_int_equal(cell->slices.round, 3);
    assert_int_equal(cell->slices.block, 2);
    assert_string_equal(cell->reason, "a slice");
    assert_int_equal(cell->rounds, 21);
    summary_free(&summary);
    run_free(&run);
}

/* No figure, whichever they would be from, and no part in any comparison. */
static void check_failed(const struct cell *cell, const char *reason)
{
    assert_true(cell->failed);
    assert_string_equal(cell_absence(cell), "failed");
    assert_string_equal(cell->reason, reason);
    assert_int_equal(cell->trials, 0);
    assert_int_equal(cell->rounds, 0);
    assert_true(isnan(cell->requests_per_second.mid));
    assert_true(isnan(cell->percentile_ms[50]));
    assert_true(isnan(cell->cpu_us_per_request.mid));
    assert_true(isnan(cell->cpu_ratio.mid));
    assert_true(isnan(cell->machine_us_per_request));
    assert_null(cell->example);
    assert_string_equal(cell->letters[QUANTITY_CPU], "");
}

/* Where no trial counts, or the server was lost. */
static void all_fail_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    make_failures(&run);
    summary_make(&summary, &run);
    const struct cell *cell = cell_of(&summary, &run, "c50", "fast");
    check_failed(cell, "no trial");
    assert_int_equal(cell->trials_invalid, 21);
    check_failed(cell_of(&summary, &run, "c100", "fast"), "the server ended");
    for (size_t i = 1; i < summary.table_count; i++)
        assert_int_equal(summary.tables[i].comparisons[QUANTITY_CPU].made, 0);
    check_failed(table_cell(&summary.overall, run_server(&run, "fast")),
                 "the server ended");
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

static void set_figure(struct run *run, enum quantity quantity, const char *load,
                       int round, double value)
{
    if (quantity == QUANTITY_CPU)
        sample_set_cpu(run, "slow", load, round, value);
    else
        sample_set_rate(run, "slow", load, round, value);
}

/* From 1,000 in every round to these, by either figure; the other stays as it is. */
static void shift_test(void **state)
{
    (void)state;
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
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        size_t c = i / 2;
        enum quantity quantity = i % 2 ? QUANTITY_CPU : QUANTITY_RATE;
        struct run run;
        struct summary summary;
        sample_run(&run, two, 1, cases[c].rounds);
        for (int round = 1; round <= cases[c].rounds; round++) {
            for (enum quantity q = 0; q < QUANTITIES; q++)
                for (size_t l = 0; l < 2; l++)
                    set_figure(&run, q, l ? "c50" : "c1000", round, 1000);
            set_figure(&run, quantity, "c50", round, cases[c].to[round - 1]);
        }
        summary_make(&summary, &run);
        const struct shift *shift = &summary.shifts[0];
        assert_int_equal(summary.shift_count, 1);
        assert_int_equal(shift->rounds, cases[c].rounds);
        assert_near(shift->ratio[quantity].mid, cases[c].ratio);
        assert_int_equal(shift->change[quantity], cases[c].change);
        assert_near(shift->ratio[!quantity].mid, 1);
        summary_free(&summary);
        run_free(&run);
    }
}

/* Only rounds that have both loads are compared: here one, and the other server has none. */
static void shift_pairs_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 3);
    forget(&run, "slow", "c1000", 1);
    forget(&run, "slow", "c50", 3);
    sample_lose(&run, "fast", "c50", 3, 1, "it died");
    sample_set_cpu(&run, "slow", "c1000", 2, 100);
    sample_set_cpu(&run, "slow", "c50", 2, 130);

    summary_make(&summary, &run);
    assert_int_equal(summary.shifts[0].rounds, 1);
    assert_near(summary.shifts[0].ratio[QUANTITY_CPU].mid, 1.3);
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++) {
        assert_true(isnan(summary.shifts[1].ratio[quantity].mid));
        assert_int_equal(summary.shifts[1].change[quantity], CHANGE_UNCLEAR);
    }
    assert_int_equal(summary.shifts[1].rounds, 0);
    summary_free(&summary);
    run_free(&run);
}

/* Sets the control's CPU per request under a load to the original's times a factor, in each
 * round. */
static void set_control_under(struct run *run, const char *load, const double factors[6])
{
    for (int round = 1; round <= run->rounds; round++)
        for (int block = 1; block <= SAMPLE_BLOCKS; block++)
            sample_find_slice(run, "slow again", load, round, block)->server_cpu_s =
                factors[round - 1] *
                sample_find_slice(run, "slow", load, round, block)->server_cpu_s;
}

static void set_control(struct run *run, const double factors[6])
{
    for (size_t l = 0; l < run->suite.load_count; l++)
        set_control_under(run, run->suite.loads[l].name, factors);
}

static const struct {
    double factor[6]; /* the control's CPU per request / the original's, by round */
    int rounds;
    double low, mid, high, delta, margin;
    bool trustworthy;
} controls[] = {
    {{1, 1, 1, 1, 1, 1}, 6, 1, 1, 1, 0.005, 0.005, true},
    {{1.009, 1.009, 1.009, 1.009, 1.009, 1.009},
     6,
     1.009,
     1.009,
     1.009,
     0.005,
     0.009,
     true},
    {{0.97, 0.98, 0.99, 1.01, 1.02, 1.03}, 6, 0.97, 1, 1.03, 0.03, 0.005, true},
    {{1.02, 1.02, 1.02, 1.02, 1.02, 1.02}, 6, 1.02, 1.02, 1.02, 0.02, 0.02, false},
    {{0.8, 0.8, 0.8, 0.8, 0.8, 0.8}, 6, 0.8, 0.8, 0.8, 0.25, 0.25, false},
    {{1.02}, 1, 1.02, 1.02, 1.02, 0.005, 0.02, true},
};

/* The control competes nowhere; over all loads it says how far one server is from
 * itself. */
static void control_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
        struct run run;
        struct summary summary;
        sample_run(&run, two, 2, controls[i].rounds);
        sample_control(&run, &two[0]);
        set_control(&run, controls[i].factor);
        summary_make(&summary, &run);
        const struct noise_floor *floor = &summary.floors[QUANTITY_CPU];
        assert_int_equal(summary.tables[0].cell_count, 2);
        assert_int_equal(summary.shift_count, 2);
        assert_int_equal(summary.rounds_done, controls[i].rounds);
        assert_ptr_equal(floor->control, &run.servers[2]);
        assert_int_equal(floor->rounds, controls[i].rounds);
        assert_near(floor->ratio.low, controls[i].low);
        assert_true(fabs(floor->ratio.mid - controls[i].mid) < 1e-3);
        assert_near(floor->ratio.high, controls[i].high);
        assert_near(floor->delta, controls[i].delta);
        assert_true(fabs(floor->margin - controls[i].margin) < 1e-3);
        assert_int_equal(floor->trustworthy, controls[i].trustworthy);
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

/* Each table has its own: a load that is noisy raises no other's. */
static void floors_test(void **state)
{
    (void)state;
    static const double same[6] = {1, 1, 1, 1, 1, 1};
    static const double wide[6] = {0.9, 0.95, 1, 1, 1.05, 1.1};
    static const double off[6] = {1.03, 1.03, 1.03, 1.03, 1.03, 1.03};
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 6);
    sample_control(&run, &two[0]);
    set_control(&run, same);
    set_control_under(&run, "c50", wide);
    set_control_under(&run, "c100", off);
    summary_make(&summary, &run);
    const struct noise_floor *first =
        &summary_table(&summary, "c1000")->floors[QUANTITY_CPU];
    const struct noise_floor *second =
        &summary_table(&summary, "c50")->floors[QUANTITY_CPU];
    const struct noise_floor *third =
        &summary_table(&summary, "c100")->floors[QUANTITY_CPU];
    assert_near(first->delta, DIFFERENCE_OF_INTEREST);
    assert_near(second->delta, 0.1);
    assert_true(second->trustworthy);
    assert_near(third->delta, 0.03);
    assert_false(third->trustworthy);
    /* Of the three loads together: cube roots, and from 0.975 to 1.043 it does not exclude 1. */
    const struct noise_floor *all = &summary.floors[QUANTITY_CPU];
    assert_near(all->ratio.low, cbrt(0.9 * 1.03));
    assert_near(all->ratio.high, cbrt(1.1 * 1.03));
    assert_near(all->delta, (cbrt(1.1 * 1.03) - cbrt(0.9 * 1.03)) / 2);
    assert_true(all->trustworthy);
    assert_near(summary.overall.floors[QUANTITY_CPU].delta, all->delta);
    assert_near(summary_table(&summary, "c100")->comparisons[QUANTITY_CPU].input.beyond,
                0.03);
    assert_near(summary_table(&summary, "c100")->comparisons[QUANTITY_CPU].input.within,
                0);
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
    sample_run(&run, sample_six, 6, 12);
    sample_control(&run, &sample_six[2]);
    forget(&run, "fork", "c50", 2);
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
    assert_int_equal(comparison_pair(by_cpu, 5, 4).rounds, 11);
    assert_string_equal(by_rate->letters[5], "d");
    assert_near(table->cells[by_cpu->order[0]].cpu_ratio.mid, 1);
    assert_true(isnan(table->cells[by_cpu->order[0]].cpu_ratio.low));
    const struct interval *fork = &table->cells[by_cpu->order[5]].cpu_ratio;
    assert_true(fork->low < 212 / 28.4 && 212 / 28.4 < fork->high);
    assert_true(fork->high / fork->low < 1.05);
    summary_free(&summary);
    run_free(&run);
}

/* Where the slices say that the load tool was the limit, the rate is not the server's, whatever
 * the whole trials say. */
static void limited_test(void **state)
{
    (void)state;
    for (int limited = 0; limited < 2; limited++) {
        struct run run;
        struct summary summary;
        sample_run(&run, two, 2, 6);
        for (size_t i = 0; i < run.trial_count; i++)
            run.trials[i].bound = BOUND_SERVER;
        for (size_t i = 0; i < run.slice_count; i++)
            run.slices[i].client_cpu_s =
                (limited && i % 5 < 3 ? 0.99 : 0.7) * run.slices[i].wall_s;
        summary_make(&summary, &run);
        const struct table *table = summary_table(&summary, "c50");
        assert_int_equal(table->comparisons[QUANTITY_RATE].made, limited ? 0 : 1);
        assert_int_equal(table->comparisons[QUANTITY_CPU].made, 1);
        assert_int_equal(table->cells[0].slices.limited, limited ? 18 : 0);
        summary_free(&summary);
        run_free(&run);
    }
}

/* What is flagged between rounds. */
static const struct spread {
    int rounds;
    double cpu[7];
    const char *rule; /* NULL: none */
} spreads[] = {
    {6, {100, 101, 102, 103, 104, 105}, NULL},
    {6, {100, 125, 105, 115, 130, 95}, "spread"},
    {2, {100, 150}, NULL},
    {6, {100, 100.1, 100.2, 100.3, 104, 100.2}, NULL},
    {7, {100, 100.1, 100.2, 100.3, 100.4, 108, 100.5}, "outlier"},
    {5, {100, 100.1, 100.2, 108, 100.3}, NULL},
    {6, {110, 100, 101, 102, 103, 104.7}, "first-round"},
    {6, {110, 100, 101, 102, 103, 104.8}, NULL},
    {5, {115, 100, 101, 102, 103}, NULL},
    {6, {90, 103, 102, 101, 100, 100}, NULL},
    {6, {100, 101, 110, 111, 100, 110}, "two-speeds"},
    {6, {100, 101, 104, 105, 100, 104}, NULL},
    {6, {100, 104, 110, 114, 100, 110}, NULL},
};

static void spread_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spreads / sizeof *spreads; i++) {
        struct run run;
        struct summary summary;
        sample_run(&run, two, 1, spreads[i].rounds);
        for (int round = 1; round <= spreads[i].rounds; round++)
            sample_set_cpu(&run, "slow", "c50", round, spreads[i].cpu[round - 1]);
        summary_make(&summary, &run);
        const struct flags *flags = &cell_of(&summary, &run, "c50", "slow")->flags;
        if (flags->count != (spreads[i].rule ? 1 : 0))
            fail_msg("case %zu: %zu flags", i, flags->count);
        if (spreads[i].rule) {
            char *words = spread_words(&flags->items[0]);
            assert_non_null(strstr(words, "in CPU per request "));
            assert_string_equal(flags->items[0].rule, spreads[i].rule);
            assert_int_equal(flags->items[0].quantity, QUANTITY_CPU);
            assert_int_equal(flags->items[0].trials, 0);
            free(words);
        }
        summary_free(&summary);
        run_free(&run);
    }
}

/* What the checks saw counts by whole trials, and only by valid ones; the last value stays. */
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
    sample_fail(&run, "slow", "c50", 3, "it failed");
    summary_make(&summary, &run);
    const struct cell *cell = cell_of(&summary, &run, "c50", "slow");
    assert_int_equal(cell->trials_invalid, 1);
    assert_int_equal(cell->flags.count, 2);
    assert_string_equal(cell->flags.items[0].rule, "retries");
    assert_true(cell->flags.items[0].value == 2);
    assert_int_equal(cell->flags.items[0].trials, 2);
    assert_int_equal(cell->flags.items[0].quantity, QUANTITIES);
    assert_string_equal(cell->flags.items[1].rule, "short");
    assert_int_equal(cell->flags.items[1].trials, 1);
    summary_free(&summary);
    run_free(&run);
}

/* A round is done when its last block is there, of any server, under every load. */
static void rounds_done_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 3);
    sample_lose(&run, "fast", "c100", 3, SAMPLE_BLOCKS - 1, "it died");
    summary_make(&summary, &run);
    assert_int_equal(summary.rounds_done, 3);
    summary_free(&summary);
    sample_lose(&run, "slow", "c100", 3, SAMPLE_BLOCKS - 1, "it died");
    summary_make(&summary, &run);
    assert_int_equal(summary.rounds_done, 2);
    summary_free(&summary);
    run_free(&run);
}

static void totals_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    double slices_s = 0;
    sample_run(&run, two, 2, 3);
    for (size_t i = 0; i < run.slice_count; i++) {
        run.slices[i].harness_cpu_s = 0.002 * run.slices[i].wall_s;
        slices_s += run.slices[i].wall_s;
    }
    run.wall_s = run.trials[run.trial_count - 1].ended_s + 1.6 * slices_s;
    free(run.suite.compare_from);
    free(run.suite.compare_to);
    run.suite.compare_from = run.suite.compare_to = NULL;

    summary_make(&summary, &run);
    assert_int_equal(summary.shift_count, 0);
    assert_near(summary.harness_share, 0.002);
    assert_near(summary.slice_share, 1 / 1.6);
    summary_free(&summary);
    run.wall_s = NAN; /* it did not finish */
    summary_make(&summary, &run);
    assert_true(isnan(summary.slice_share));
    assert_near(summary.harness_share, 0.002);
    summary_free(&summary);
    run_free(&run);
}

/* What others used, and what the hypervisor took, while load tools ran; a slice whose times are
 * not known is not among them. */
static void disturbance_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    double seconds = 0;
    sample_run(&run, two, 2, 2);
    for (size_t i = 0; i < run.trial_count; i++) {
        seconds += run.trials[i].tool_wall_s;
        run.trials[i].counters.steal_s = 0.25;
    }
    for (size_t i = 0; i < run.slice_count; i++) {
        run.slices[i].steal_s = 0.5;
        seconds += run.slices[i].wall_s;
    }
    summary_make(&summary, &run);
    double trials = (double)run.trial_count, slices = (double)run.slice_count;
    assert_near(summary.disturbance.seconds, seconds);
    assert_near(summary.disturbance.foreign_s, SAMPLE_FOREIGN * seconds);
    assert_near(summary.disturbance.steal_s, trials / 4 + slices / 2);
    summary_free(&summary);

    struct slice *lost = &run.slices[3];
    seconds -= lost->wall_s;
    lost->wall_s = lost->server_cpu_s = lost->machine_cpu_s = lost->steal_s = NAN;
    run.slices[4].steal_s = NAN; /* this alone is not known */
    summary_make(&summary, &run);
    assert_near(summary.disturbance.seconds, seconds);
    assert_near(summary.disturbance.foreign_s, SAMPLE_FOREIGN * seconds);
    assert_near(summary.disturbance.steal_s, trials / 4 + (slices - 2) / 2);
    summary_free(&summary);
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
    assert_true(isnan(summary.slice_share));
    assert_true(summary.disturbance.seconds == 0);
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
    for (int round = 1; round <= 6; round++)
        for (size_t l = 0; l < run.suite.load_count; l++)
            for (size_t s = 0; s < run.server_count; s++)
                sample_set_cpu(&run, run.servers[s].name, run.suite.loads[l].name, round,
                               factor[l] * (s == 2 ? 30 : 33));
    forget(&run, "epoll", "c50", 4);
    summary_make(&summary, &run);
    const struct table *overall = &summary.overall;
    const struct cell *epoll = table_cell(overall, run_server(&run, "epoll"));
    const struct cell *libev = table_cell(overall, run_server(&run, "libev"));
    assert_near(epoll->cpu_us_per_request.mid, 60);
    assert_near(libev->cpu_us_per_request.mid, 66);
    assert_near(libev->cpu_ratio.mid, 1.1);
    assert_int_equal(epoll->rounds, 5);
    assert_int_equal(libev->rounds, 6);
    assert_int_equal(epoll->trials, 0);
    assert_true(isnan(epoll->requests_per_second.mid));
    struct pair pair = comparison_pair(&overall->comparisons[QUANTITY_CPU],
                                       (size_t)(libev - overall->cells),
                                       (size_t)(epoll - overall->cells));
    assert_near(pair.ratio.mid, 1.1);
    assert_int_equal(pair.rounds, 5);
    summary_free(&summary);
    run_free(&run);
}

/* Leaves a run of the first load only. */
static void keep_first_load(struct run *run)
{
    size_t trials = 0, slices = 0;
    for (size_t i = 0; i < run->trial_count; i++)
        if (run->trials[i].load == 0)
            run->trials[trials++] = run->trials[i];
        else
            trial_free(&run->trials[i]);
    for (size_t i = 0; i < run->slice_count; i++)
        if (run->slices[i].load == 0)
            run->slices[slices++] = run->slices[i];
    run->trial_count = trials;
    run->slice_count = slices;
    while (run->suite.load_count > 1)
        load_free(&run->suite.loads[--run->suite.load_count]);
    free(run->suite.compare_from);
    free(run->suite.compare_to);
    run->suite.compare_from = run->suite.compare_to = NULL;
}

static void one_load_test(void **state)
{
    (void)state;
    struct run run;
    struct summary summary;
    sample_run(&run, two, 2, 6);
    keep_first_load(&run);
    summary_make(&summary, &run);
    assert_int_equal(summary.overall.cell_count, 0);
    assert_int_equal(summary.rounds_done, 6);
    assert_int_equal(summary.tables[0].cell_count, 2);
    assert_int_equal(summary.tables[0].cells[0].rounds, 6);
    summary_free(&summary);
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overall_test),     cmocka_unit_test(one_load_test),
        cmocka_unit_test(figures_test),     cmocka_unit_test(single_test),
        cmocka_unit_test(machine_test),     cmocka_unit_test(ranking_test),
        cmocka_unit_test(some_fail_test),   cmocka_unit_test(all_fail_test),
        cmocka_unit_test(bound_test),       cmocka_unit_test(shift_test),
        cmocka_unit_test(shift_pairs_test), cmocka_unit_test(control_test),
        cmocka_unit_test(wide_floor_test),  cmocka_unit_test(floors_test),
        cmocka_unit_test(comparison_test),  cmocka_unit_test(limited_test),
        cmocka_unit_test(spread_test),      cmocka_unit_test(flags_test),
        cmocka_unit_test(rounds_done_test), cmocka_unit_test(totals_test),
        cmocka_unit_test(disturbance_test), cmocka_unit_test(empty_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
