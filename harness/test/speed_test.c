/* speed_test.c - CPU time per request at one speed of the core, and the yardstick that
 * tells it.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

#include "host/yardstick.h"
#include "random.h"
#include "record/speed.h"

#include <dirent.h>
#include <math.h>

static const struct sample_server servers[] = {
    {"cheap", "", 18000, 20, 1, BOUND_CLIENT},
    {"dear", "", 18000, 40, 1, BOUND_CLIENT},
};

/* A run in which the core's speed varies by a quarter, and with it both the yardstick and
 * what a request costs: cost = usual * (yardstick / 50)^slope, but for some noise. */
static void uneven_run(struct run *run, double slope, double noise)
{
    uint64_t random = 7;
    sample_run(run, servers, 2, 6);
    for (size_t i = 0; i < run->trial_count; i++) {
        struct trial *trial = &run->trials[i];
        double usual = strcmp(trial->server, "cheap") == 0 ? 20 : 40;
        double pace = 0.25 * random_normal(&random);
        trial->yardstick_us = 50 * exp(pace);
        trial->server_cpu_s = usual * exp(slope * pace + noise * random_normal(&random)) *
                              (double)trial->result.complete / 1e6;
    }
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.12g instead of %.12g", value, expected);
}

/* What a cost of 1 is at the mean speed under a load. */
static double level_of(const struct run *run, const char *load)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < run->trial_count; i++)
        if (run->trials[i].verdict == VERDICT_VALID &&
            strcmp(run->trials[i].load, load) == 0) {
            sum += log(run->trials[i].yardstick_us / 50);
            count++;
        }
    return exp(0.7 * sum / count);
}

/* Standard deviation of a server's logarithms. */
static double scatter(const struct run *run, const char *server)
{
    double sum = 0, squares = 0, n = 0;
    for (size_t i = 0; i < run->trial_count; i++) {
        double value =
            log(run->trials[i].cpu_us_per_request / level_of(run, run->trials[i].load));
        if (strcmp(run->trials[i].server, server) != 0)
            continue;
        sum += value;
        squares += value * value;
        n++;
    }
    return sqrt(squares / n - sum / n * sum / n);
}

/* Where the speed explains all, nothing of it is left, and the servers stay apart. */
static void slope_test(void **state)
{
    (void)state;
    struct run run;
    uneven_run(&run, 0.7, 0);
    speed_adjust(&run);
    assert_near(run.speed.slope, 0.7, 1e-9);
    assert_near(run.speed.sd, 0.25, 0.07);
    for (size_t i = 0; i < run.trial_count; i++) {
        const struct trial *trial = &run.trials[i];
        double usual = strcmp(trial->server, "cheap") == 0 ? 20 : 40;
        assert_near(trial->cpu_us_per_request, usual * level_of(&run, trial->load), 1e-9);
    }
    struct run twice = run;
    speed_adjust(&twice);
    assert_near(twice.trials[0].cpu_us_per_request, run.trials[0].cpu_us_per_request, 0);
    run_free(&run);
}

/* With noise beside it, the scatter shrinks to about the noise. */
static void noise_test(void **state)
{
    (void)state;
    struct run run;
    uneven_run(&run, 0.7, 0.03);
    speed_adjust(&run);
    assert_near(run.speed.slope, 0.7, 0.08);
    assert_true(scatter(&run, "cheap") < 0.045);
    assert_near(speed_unadjusted(&run.trials[0]),
                run.trials[0].server_cpu_s / (double)run.trials[0].result.complete * 1e6,
                1e-12);
    run_free(&run);
}

/* A slope that cannot be is none; and never is more taken off than the core was slower. */
static void limits_test(void **state)
{
    (void)state;
    static const struct {
        double true_slope, slope;
    } cases[] = {{-0.5, 0}, {0, 0}, {1.8, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        uneven_run(&run, cases[i].true_slope, 0);
        speed_adjust(&run);
        assert_near(run.speed.slope, cases[i].slope, 1e-9);
        run_free(&run);
    }
}

static void assert_plain(const struct run *run)
{
    assert_near(run->speed.slope, 0, 0);
    for (size_t i = 0; i < run->trial_count; i++)
        if (run->trials[i].verdict != VERDICT_INVALID)
            assert_near(run->trials[i].cpu_us_per_request,
                        speed_unadjusted(&run->trials[i]), 0);
}

/* All figures are adjusted or none: one trial without a yardstick, one round only. */
static void lack_test(void **state)
{
    (void)state;
    struct run run;
    uneven_run(&run, 0.7, 0);
    run.trials[5].yardstick_us = NAN;
    speed_adjust(&run);
    assert_plain(&run);
    run_free(&run);

    uneven_run(&run, 0.7, 0);
    for (size_t i = 0; i < run.trial_count; i++)
        if (run.trials[i].round > 1)
            run.trials[i].verdict = VERDICT_DISTURBED;
    speed_adjust(&run);
    assert_plain(&run);
    run_free(&run);

    struct run empty = {0};
    speed_adjust(&empty);
    assert_true(isnan(empty.speed.mean_us));
}

/* A trial that does not count has no say in the slope, but its figure is adjusted, too. */
static void disturbed_test(void **state)
{
    (void)state;
    struct run run;
    uneven_run(&run, 0.7, 0);
    sample_disturb(&run, "dear", "c50", 2, "foreign-cpu", "other programs");
    struct trial *trial = sample_find(&run, "dear", "c50", 2);
    trial->server_cpu_s *= 3;
    sample_fail(&run, "cheap", "c50", 3, "it ended");
    speed_adjust(&run);
    assert_near(run.speed.slope, 0.7, 1e-9);
    assert_near(trial->cpu_us_per_request, 120 * level_of(&run, "c50"), 1e-9);
    run_free(&run);
}

/* A server that slows the yardstick by itself would come out too cheap. */
static void by_server_test(void **state)
{
    (void)state;
    struct run run;
    uneven_run(&run, 0.7, 0.03);
    assert_false(run.speed.by_server);
    for (size_t i = 0; i < run.trial_count; i++)
        if (strcmp(run.trials[i].server, "dear") == 0)
            run.trials[i].yardstick_us *= 1.8;
    speed_adjust(&run);
    assert_true(run.speed.by_server);
    assert_plain(&run);
    run_free(&run);
}

/* Under more connections the yardstick is slower, too: no load comes out cheaper by it. */
static void by_load_test(void **state)
{
    (void)state;
    struct run run;
    uneven_run(&run, 0.7, 0);
    speed_adjust(&run);
    double before = sample_find(&run, "dear", "c50", 1)->cpu_us_per_request;
    for (size_t i = 0; i < run.trial_count; i++)
        if (strcmp(run.trials[i].load, "c50") == 0)
            run.trials[i].yardstick_us *= 1.3;
    speed_adjust(&run);
    assert_near(run.speed.slope, 0.7, 1e-9);
    assert_near(sample_find(&run, "dear", "c50", 1)->cpu_us_per_request, before, 1e-9);
    speed_clear(&run);
    assert_plain(&run);
    run_free(&run);
}

static size_t count_threads(void)
{
    size_t count = 0;
    DIR *directory = opendir("/proc/self/task");
    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

/* It measures something, and leaves no thread. */
static void yardstick_test(void **state)
{
    (void)state;
    struct err err;
    struct yardstick yardstick;
    size_t before = count_threads();
    assert_int_equal(yardstick_start(&yardstick, 0, &err), 0);
    const struct timespec while_it_works = {.tv_nsec = 200000000};
    nanosleep(&while_it_works, NULL);
    double us = yardstick_stop(&yardstick);
    assert_int_equal(count_threads(), before);
    assert_true(us > 0.1 && us < 1e6);

    assert_int_equal(yardstick_start(&yardstick, 0, &err), 0);
    us = yardstick_stop(&yardstick);
    assert_true(isnan(us) || us > 0.1); /* stopped at once: perhaps no time for any */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_server_test), cmocka_unit_test(by_load_test),
        cmocka_unit_test(slope_test),     cmocka_unit_test(noise_test),
        cmocka_unit_test(limits_test),    cmocka_unit_test(lack_test),
        cmocka_unit_test(disturbed_test), cmocka_unit_test(yardstick_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
