/* calibrate_test.c - what the calibration computes: rates and their intervals, blocks of
 * a run, and who is told apart in them.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

#include "tools/calibrate/block.h"
#include "tools/calibrate/rate.h"
#include "tools/calibrate/score.h"
#include "tools/calibrate/sheet.h"
#include "tools/calibrate/tally.h"

#include <math.h>
#include <stdio.h>

/* One server twice, its control, and itself with an extra cost: 4 % of wobble from round
 * to round is the sample's own. */
static const struct sample_server entries[] = {
    {"epoll", "", 18000, 30, 1, BOUND_CLIENT},
    {"epoll-2", "", 18000, 30, 1, BOUND_CLIENT},
    {"epoll-3", "", 18000, 30, 1, BOUND_CLIENT},
    {"plus-2", "", 18000, 30.06, 1, BOUND_CLIENT},
    {"plus-5", "", 18000, 31.5, 1, BOUND_CLIENT},
    {"plus-10", "", 18000, 33, 1, BOUND_CLIENT},
    {"plus-20", "", 18000, 36, 1, BOUND_CLIENT},
    {"epoll again", "", 18000, 30, 1, BOUND_CLIENT},
};

enum { ENTRIES = sizeof entries / sizeof *entries };

/* A run of them under one load; ended by run_free. */
static void entries_run(struct run *run, int rounds)
{
    sample_run(run, entries, ENTRIES, rounds);
    for (size_t i = 0; i < ENTRIES; i++) {
        free(run->servers[i].path);
        run->servers[i].path = alloc_copy(strncmp(entries[i].name, "epoll", 5) == 0
                                              ? "build/calibrate/epoll"
                                              : "build/calibrate/other");
    }
    run->servers[ENTRIES - 1].control_of = alloc_copy("epoll");
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.12g instead of %.12g", value, expected);
}

/* Known intervals: 1 - 0.025^(1/n) where nothing was hit; others from printed tables. */
static void rate_test(void **state)
{
    (void)state;
    static const struct {
        struct rate rate;
        double low, high;
    } cases[] = {
        {{0, 1}, 0, 0.975},
        {{0, 60}, 0, 0.059629},
        {{1, 20}, 0.001265, 0.248733},
        {{8, 10}, 0.443905, 0.974789},
        {{10, 10}, 0.691503, 1},
        {{50, 100}, 0.398321, 0.601679},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct interval interval = rate_interval(&cases[i].rate);
        assert_near(interval.low, cases[i].low, 2e-5);
        assert_near(interval.high, cases[i].high, 2e-5);
        assert_near(interval.mid, (double)cases[i].rate.hits / cases[i].rate.tries, 0);
    }
    struct interval none = rate_interval(&(struct rate){0, 0});
    assert_true(isnan(none.low) && isnan(none.mid) && isnan(none.high));
}

/* Its rounds and no others, counted from 1; the run stays as it was. */
static void block_test(void **state)
{
    (void)state;
    struct run run, block;
    entries_run(&run, 18);
    block_make(&block, &run, 7, 6);
    assert_int_equal(block.rounds, 6);
    assert_int_equal(block.trial_count, run.trial_count / 3);
    for (size_t i = 0; i < block.trial_count; i++) {
        const struct trial *trial = &block.trials[i];
        assert_true(trial->round >= 1 && trial->round <= 6);
        assert_int_equal(trial->bound, BOUND_WAITING);
        const struct trial *original =
            sample_find(&run, trial_server(&run, trial)->name,
                        trial_load(&run, trial)->name, trial->round + 6);
        assert_ptr_equal(original->raw, trial->raw);
        assert_int_equal(original->bound, BOUND_CLIENT);
    }
    block_free(&block);
    run_free(&run);
}

/* What differs by a fifth is told apart in every block, what is the same in none; a
 * started block does not count. */
static void score_test(void **state)
{
    (void)state;
    struct run run;
    struct score score;
    entries_run(&run, 20);
    score_make(&score, &run, 6, QUANTITY_CPU);
    assert_int_equal(score.same.tries, 3 * 3 * 4); /* blocks, pairs, tables */
    assert_int_equal(score.same.hits, 0);
    assert_int_equal(score.tables.tries, 3);
    assert_int_equal(score.tables.hits, 0);
    assert_int_equal(score.extra[0].tries, 3); /* 0.2 % in truth: below any floor */
    assert_int_equal(score.extra[0].hits, 0);
    assert_int_equal(score.extra[3].tries, 3);
    assert_int_equal(score.extra[3].hits, 3);
    score_make(&score, &run, 11, QUANTITY_CPU);
    assert_int_equal(score.extra[3].tries, 1);
    run_free(&run);
}

/* A server that comes out as more expensive than itself in one block is a false verdict
 * there; and an extra cost that came out as a gain is not found. */
static void false_verdict_test(void **state)
{
    (void)state;
    struct run run;
    struct score score;
    entries_run(&run, 12);
    for (size_t i = 0; i < run.trial_count; i++) {
        struct trial *trial = &run.trials[i];
        if (trial->round <= 6 && sample_is_of(&run, trial, "epoll-3"))
            trial->cpu_us_per_request *= 1.3;
        if (sample_is_of(&run, trial, "plus-20"))
            trial->cpu_us_per_request /= 1.8;
    }
    score_make(&score, &run, 6, QUANTITY_CPU);
    assert_int_equal(score.same.tries, 2 * 3 * 4);
    assert_int_equal(score.same.hits, 2 * 4); /* from epoll and from epoll-2 */
    assert_int_equal(score.tables.tries, 2);
    assert_int_equal(score.tables.hits, 1);
    assert_int_equal(score.extra[3].tries, 2);
    assert_int_equal(score.extra[3].hits, 0);
    run_free(&run);
}

/* Requests per second are compared even where the client was the limit. */
static void limited_test(void **state)
{
    (void)state;
    struct run run;
    struct score score;
    entries_run(&run, 6);
    for (size_t i = 0; i < run.trial_count; i++)
        if (sample_is_of(&run, &run.trials[i], "epoll-2"))
            run.trials[i].result.requests_per_second *= 1.5;
    score_make(&score, &run, 6, QUANTITY_RATE);
    assert_int_equal(score.same.hits, 2 * 3); /* by this figure, loads are not joined */
    run_free(&run);
}

static void extra_ratio_test(void **state)
{
    (void)state;
    struct run run;
    entries_run(&run, 6);
    struct interval ratio = score_extra_ratio(&run, 20);
    assert_near(ratio.mid, 1.2, 0.02);
    assert_true(ratio.low <= ratio.mid && ratio.mid <= ratio.high);
    assert_true(isnan(score_extra_ratio(&run, 7).mid));
    run_free(&run);
}

static void tally_test(void **state)
{
    (void)state;
    struct run run;
    entries_run(&run, 6);
    char *rules = tally_rules(&run);
    assert_string_equal(rules, "");
    free(rules);
    for (size_t i = 0; i < 3; i++) {
        run.trials[i].verdict = VERDICT_DISTURBED;
        trial_add_remark(&run.trials[i], "steal", CONSEQUENCE_RERUN, 2, 1);
        trial_add_remark(&run.trials[i], "short", CONSEQUENCE_FLAG, 2, 1);
    }
    trial_add_remark(&run.trials[1], "foreign-cpu", CONSEQUENCE_RERUN, 2, 1);
    sample_fail(&run, "plus-20", "c50", 6, "it died");
    rules = tally_rules(&run);
    assert_string_equal(rules, "steal 3, foreign-cpu 1, it died 1");
    free(rules);
    struct rate rate = tally_thrown_out(&run);
    assert_int_equal(rate.hits, 4);
    assert_int_equal(rate.tries, run.trial_count);
    run_free(&run);
}

/* What the sheet says of three runs: its text, owned by the caller. */
static char *sheet_text(const struct calibration *calibration, bool *reached)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    *reached = sheet_write(&(struct page){.out = out}, calibration);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void assert_line(const char *text, const char *begin, const char *end)
{
    const char *line = strstr(text, begin);
    const char *found = line ? strstr(line, end) : NULL;
    if (!line)
        fail_msg("no line '%s' in:\n%s", begin, text);
    if (!found || found > strchrnul(line, '\n'))
        fail_msg("no '%s' after '%s' in:\n%s", end, begin, text);
}

/* A goal that is missed is seen, and so is one whose figure could not be had. */
static void sheet_test(void **state)
{
    (void)state;
    bool reached;
    struct calibration calibration;
    entries_run(&calibration.quiet, 12);
    entries_run(&calibration.loaded, 12);
    sample_run(&calibration.six, sample_six, 6, 1);
    char *text = sheet_text(&calibration, &reached);
    assert_line(text, "Same server told apart by CPU, quiet", "0 of 24");
    assert_line(text, "5 % more CPU told apart, 11 rounds", "1 of 1");
    assert_line(text, "10 % more CPU told apart, 6 rounds", "2 of 2");
    assert_line(text, "Time of a run", "1.20");
    assert_null(strstr(text, "NO\n"));
    assert_true(reached);
    free(text);

    calibration.six.wall_s *= 1.1;
    text = sheet_text(&calibration, &reached);
    assert_line(text, "Time of a run", "NO");
    assert_false(reached);
    free(text);

    calibration.six.wall_s = NAN;
    text = sheet_text(&calibration, &reached);
    assert_line(text, "Time of a run", "NO");
    assert_false(reached);
    free(text);
    run_free(&calibration.quiet);
    run_free(&calibration.loaded);
    run_free(&calibration.six);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_test),    cmocka_unit_test(block_test),
        cmocka_unit_test(score_test),   cmocka_unit_test(false_verdict_test),
        cmocka_unit_test(limited_test), cmocka_unit_test(extra_ratio_test),
        cmocka_unit_test(tally_test),   cmocka_unit_test(sheet_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
