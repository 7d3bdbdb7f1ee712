/* samples_test.c - slices by load, server, round and block: what is trimmed, what is missing,
 * who has failed, and what the load tool limited.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sample.h"

#include "analyse/samples.h"

#include <math.h>

enum { SLOW, FAST, SERVERS };
enum { C1000, C50, C100, LOADS };

static const struct sample_server two[SERVERS] = {
    {"slow", "", 1000, 90, 1, BOUND_SERVER},
    {"fast", "", 2000, 30, 1, BOUND_CLIENT},
};

static const struct loads all = {C1000, LOADS};

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9))
        fail_msg("%.12g instead of %.12g", value, expected);
}

static struct loads one(size_t load)
{
    return (struct loads){load, 1};
}

static void set_cpu(struct run *run, size_t server, size_t load, int round, int block,
                    double us)
{
    struct slice *slice = sample_find_slice(run, two[server].name,
                                            run->suite.loads[load].name, round, block);
    slice->server_cpu_s = us * slice->accepted / 1e6;
}

/* Of ten blocks two are trimmed at either end, of the others the mean is taken. */
static void trimming_test(void **state)
{
    (void)state;
    static const double logs[10] = {9, -7, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 8, -9};
    struct run run;
    struct samples samples;
    sample_run(&run, two, 2, 1);
    for (int block = SAMPLE_BLOCKS + 1; block <= 10; block++)
        for (size_t server = 0; server < SERVERS; server++)
            sample_add_slice(&run, &two[server], server, C50, 1, block);
    for (int block = 1; block <= 10; block++) {
        double slow = 20 + block; /* shared by both, and gone in the contrast */
        set_cpu(&run, FAST, C50, 1, block, slow);
        set_cpu(&run, SLOW, C50, 1, block, slow * exp(logs[block - 1]));
    }
    samples_make(&samples, &run);
    assert_int_equal(samples.blocks, 10);
    assert_near(samples_contrast(&samples, QUANTITY_CPU, one(C50), SLOW, FAST, 0), 0.35);
    assert_near(samples_contrast(&samples, QUANTITY_CPU, one(C50), FAST, SLOW, 0), -0.35);
    double level = 0;
    for (int cpu = 23; cpu <= 28; cpu++)
        level += log(cpu) / 6;
    assert_near(samples_level(&samples, QUANTITY_CPU, one(C50), FAST, 0), level);
    samples_free(&samples);
    run_free(&run);
}

/* One wrong slice in more than a hundred is a gap: the block is not compared with the others,
 * and the other figures stay. */
static void gap_test(void **state)
{
    (void)state;
    struct run run;
    struct samples samples;
    sample_run(&run, two, 2, 21); /* 105 slices under each load */
    for (int block = 1; block <= SAMPLE_BLOCKS; block++) {
        set_cpu(&run, FAST, C50, 3, block, 10);
        set_cpu(&run, SLOW, C50, 3, block, 10 * exp(block));
    }
    sample_fail_slice(&run, "slow", "c50", 3, 4, "ab ended with status 104");
    samples_make(&samples, &run);
    const struct standing *standing = samples_standing(&samples, C50, SLOW);
    assert_int_equal(standing->slices, 105);
    assert_int_equal(standing->wrong, 1);
    assert_int_equal(standing->round, 3);
    assert_int_equal(standing->block, 4);
    assert_string_equal(standing->reason, "ab ended with status 104");
    assert_false(standing->failed);
    assert_int_equal(samples_standing(&samples, C50, FAST)->wrong, 0);
    assert_null(samples_standing(&samples, C50, FAST)->reason);
    assert_int_equal(samples_standing(&samples, C100, SLOW)->wrong, 0);
    /* Of 1, 2, 3, 5: a fifth of four blocks is none. */
    assert_near(samples_contrast(&samples, QUANTITY_CPU, one(C50), SLOW, FAST, 2), 2.75);
    samples_free(&samples);
    run_free(&run);
}

/* The blocks that a server does not have at all: a run that was stopped. */
static void stopped_test(void **state)
{
    (void)state;
    double logs[3];
    int rounds[3] = {0};
    struct run run;
    struct samples samples;
    sample_run(&run, two, 2, 3);
    size_t kept = 0;
    for (size_t i = 0; i < run.slice_count; i++) {
        const struct slice *slice = &run.slices[i];
        if (slice->round != 2 || slice->load != C50 || slice->server != FAST)
            run.slices[kept++] = *slice;
    }
    run.slice_count = kept;
    samples_make(&samples, &run);
    assert_int_equal(
        samples_contrasts(&samples, QUANTITY_CPU, one(C50), SLOW, FAST, logs, rounds), 2);
    assert_int_equal(rounds[0], 1);
    assert_int_equal(rounds[1], 3);
    assert_int_equal(samples_levels(&samples, QUANTITY_CPU, one(C50), FAST, logs), 2);
    assert_int_equal(samples_levels(&samples, QUANTITY_CPU, one(C50), SLOW, logs), 3);
    /* All loads together: a round counts only if each of them has it. */
    assert_int_equal(samples_levels(&samples, QUANTITY_RATE, all, FAST, logs), 2);
    assert_int_equal(
        samples_contrasts(&samples, QUANTITY_CPU, one(C100), SLOW, FAST, logs, NULL), 3);
    samples_free(&samples);
    run_free(&run);
}

static bool has_level(const struct samples *samples, size_t load, size_t server)
{
    double logs[30];
    return samples_levels(samples, QUANTITY_CPU, one(load), server, logs) > 0 ||
           samples_levels(samples, QUANTITY_RATE, one(load), server, logs) > 0;
}

/* A server that was lost has no figure under this load, not even of the rounds before. */
static void lost_test(void **state)
{
    (void)state;
    struct run run;
    struct samples samples;
    sample_run(&run, two, 2, 30);
    sample_lose(&run, "slow", "c50", 29, 2, "the server ended");
    samples_make(&samples, &run);
    const struct standing *standing = samples_standing(&samples, C50, SLOW);
    assert_int_equal(standing->wrong, 1);
    assert_int_equal(standing->slices, 28 * SAMPLE_BLOCKS + 2);
    assert_true(standing->failed);
    assert_false(has_level(&samples, C50, SLOW));
    assert_true(has_level(&samples, C50, FAST));
    assert_true(has_level(&samples, C100, SLOW));
    samples_free(&samples);
    run_free(&run);
}

/* One of a hundred slices may be wrong, and no more. */
static void wrong_slices_test(void **state)
{
    (void)state;
    static const struct {
        int rounds, wrong;
        bool failed;
    } cases[] = {{20, 1, false}, {20, 2, true}, {19, 1, true}, {1, 0, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        struct samples samples;
        sample_run(&run, two, 2, cases[i].rounds);
        for (int round = 1; round <= cases[i].wrong; round++)
            sample_fail_slice(&run, "slow", "c50", round, 1, "bytes are missing");
        samples_make(&samples, &run);
        assert_int_equal(samples_standing(&samples, C50, SLOW)->failed, cases[i].failed);
        assert_int_equal(has_level(&samples, C50, SLOW), !cases[i].failed);
        samples_free(&samples);
        run_free(&run);
    }
}

/* Each load has the same say, however many blocks it has. */
static void loads_together_test(void **state)
{
    (void)state;
    static const double cpu[LOADS] = {40, 80, 10};
    struct run run;
    struct samples samples;
    sample_run(&run, two, 2, 2);
    for (int block = SAMPLE_BLOCKS + 1; block <= 15; block++)
        for (size_t server = 0; server < SERVERS; server++)
            sample_add_slice(&run, &two[server], server, C100, 2, block);
    for (size_t load = 0; load < LOADS; load++)
        for (int block = 1; block <= (load == C100 ? 15 : SAMPLE_BLOCKS); block++) {
            set_cpu(&run, FAST, load, 2, block, 20);
            set_cpu(&run, SLOW, load, 2, block, cpu[load]);
        }
    samples_make(&samples, &run);
    /* 2, 4 and 1/2: the geometric mean is the cube root of 4. */
    assert_near(samples_contrast(&samples, QUANTITY_CPU, all, SLOW, FAST, 1), log(4) / 3);
    assert_near(
        samples_contrast(&samples, QUANTITY_CPU, (struct loads){C50, 2}, SLOW, FAST, 1),
        log(2) / 2);
    assert_near(samples_level(&samples, QUANTITY_CPU, all, SLOW, 1), log(32000) / 3);
    samples_free(&samples);
    run_free(&run);
}

/* A server's CPU time is that of a connection accepted, or with keep-alive of a request; its rate
 * is that of requests. */
static void quantities_test(void **state)
{
    (void)state;
    for (int kept = 0; kept < 2; kept++) {
        struct run run;
        struct samples samples;
        sample_run(&run, two, 2, 1);
        run.suite.loads[C50].keepalive = kept;
        for (int block = 1; block <= SAMPLE_BLOCKS; block++) {
            struct slice *slice = sample_find_slice(&run, "slow", "c50", 1, block);
            slice->server_cpu_s = 0.025;
            slice->complete = 500;
            slice->accepted = 625;
            slice->seconds = 0.1;
        }
        samples_make(&samples, &run);
        assert_near(samples_level(&samples, QUANTITY_CPU, one(C50), SLOW, 0),
                    log(kept ? 50 : 40));
        assert_near(samples_level(&samples, QUANTITY_RATE, one(C50), SLOW, 0), log(5000));
        samples_free(&samples);
        run_free(&run);
    }
}

/* What a record may have, too: no figure, and not the end of all others. */
static void odd_figures_test(void **state)
{
    (void)state;
    static const double odd[SAMPLE_BLOCKS] = {NAN, 0, -1, INFINITY, 0.001};
    double logs[1];
    struct run run;
    struct samples samples;
    sample_run(&run, two, 2, 1);
    for (int block = 1; block <= SAMPLE_BLOCKS; block++) {
        struct slice *slice = sample_find_slice(&run, "slow", "c50", 1, block);
        slice->accepted = 50;
        slice->server_cpu_s = odd[block - 1];
        sample_find_slice(&run, "slow", "c100", 1, block)->accepted = 0;
    }
    samples_make(&samples, &run);
    assert_near(samples_level(&samples, QUANTITY_CPU, one(C50), SLOW, 0), log(20));
    assert_int_equal(samples_levels(&samples, QUANTITY_CPU, one(C100), SLOW, logs), 0);
    samples_free(&samples);
    run_free(&run);
}

/* The load tool used up its core; or it shares one with the server, and uses more of it. */
static void limited_test(void **state)
{
    (void)state;
    static const struct {
        double client_s, server_s; /* of a second */
        bool limited;
    } cases[] = {
        {0.96, 0.9, true},  {0.94, 0.9, false}, {0.5, 0.42, true},
        {0.42, 0.5, false}, {0.5, 0.38, false}, {0.7, 0.4, false}, /* two cores */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        struct samples samples;
        sample_run(&run, two, 2, 1);
        struct slice *slice = sample_find_slice(&run, "slow", "c50", 1, 2);
        slice->wall_s = 1;
        slice->client_cpu_s = cases[i].client_s;
        slice->server_cpu_s = cases[i].server_s;
        samples_make(&samples, &run);
        assert_int_equal(samples_standing(&samples, C50, SLOW)->limited,
                         cases[i].limited);
        assert_int_equal(samples_standing(&samples, C50, FAST)->limited, SAMPLE_BLOCKS);
        samples_free(&samples);
        run_free(&run);
    }
}

/* A run without a slice, and so without rounds. */
static void empty_test(void **state)
{
    (void)state;
    double logs[1];
    struct run run;
    struct samples samples;
    sample_run(&run, two, 2, 0);
    samples_make(&samples, &run);
    assert_int_equal(samples.rounds, 0);
    assert_int_equal(samples_standing(&samples, C50, FAST)->slices, 0);
    assert_false(samples_standing(&samples, C50, FAST)->failed);
    assert_int_equal(
        samples_contrasts(&samples, QUANTITY_CPU, all, SLOW, FAST, logs, NULL), 0);
    samples_free(&samples);
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trimming_test),     cmocka_unit_test(gap_test),
        cmocka_unit_test(stopped_test),      cmocka_unit_test(lost_test),
        cmocka_unit_test(wrong_slices_test), cmocka_unit_test(loads_together_test),
        cmocka_unit_test(quantities_test),   cmocka_unit_test(odd_figures_test),
        cmocka_unit_test(limited_test),      cmocka_unit_test(empty_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
