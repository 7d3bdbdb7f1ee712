/* plan_test.c - whole trials first, then rounds that have every load once; a seed is an order; and
 * how long it takes.
 * SPDX-License-Identifier: MIT */
#include "measure/plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

enum { SERVERS = 5, LOADS = 3, TRIALS = 2, ROUNDS = 4, PRESENT = 3 };

static struct run_server servers[SERVERS] = {{.name = "a"},
                                             {.name = "b", .missing = "no library"},
                                             {.name = "c"},
                                             {.name = "d"},
                                             {.name = "a again", .control_of = "a"}};
static struct load loads[LOADS];

static struct run make_run(unsigned long long seed)
{
    return (struct run){.seed = seed,
                        .rounds = ROUNDS,
                        .trials_each = TRIALS,
                        .servers = servers,
                        .server_count = SERVERS,
                        .suite = {.loads = loads, .load_count = LOADS}};
}

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9 * fabs(expected)))
        fail_msg("%.10g instead of %.10g", value, expected);
}

/* ---- the order ---- */

/* Of each server that is there, but not of the control. */
static void the_trials_come_first(void **state)
{
    (void)state;
    size_t count;
    int seen[TRIALS][LOADS][SERVERS] = {0};
    struct run run = make_run(1);
    struct step *steps = plan_make(&run, &count);
    assert_int_equal(count, TRIALS * LOADS * PRESENT + ROUNDS * LOADS);
    for (size_t i = 0; i < TRIALS * LOADS * PRESENT; i++) {
        assert_true(steps[i].trial);
        assert_int_equal(steps[i].round, 1 + i / (LOADS * PRESENT));
        seen[steps[i].round - 1][steps[i].load][steps[i].server]++;
        /* The servers of one load stand together. */
        assert_int_equal(steps[i].load, steps[i - i % PRESENT].load);
    }
    for (int r = 0; r < TRIALS; r++)
        for (int l = 0; l < LOADS; l++)
            for (int s = 0; s < SERVERS; s++)
                assert_int_equal(seen[r][l][s],
                                 servers[s].missing || servers[s].control_of ? 0 : 1);
    free(steps);
}

static void every_round_has_every_load_once(void **state)
{
    (void)state;
    size_t count;
    int seen[ROUNDS][LOADS] = {0};
    struct run run = make_run(1);
    struct step *steps = plan_make(&run, &count);
    const struct step *rounds = &steps[TRIALS * LOADS * PRESENT];
    for (size_t i = 0; i < ROUNDS * LOADS; i++) {
        assert_false(rounds[i].trial);
        assert_int_equal(rounds[i].round, 1 + i / LOADS);
        seen[rounds[i].round - 1][rounds[i].load]++;
    }
    for (int r = 0; r < ROUNDS; r++)
        for (int l = 0; l < LOADS; l++)
            assert_int_equal(seen[r][l], 1);
    free(steps);
}

static void either_may_be_none(void **state)
{
    (void)state;
    size_t count;
    struct run run = make_run(1);
    run.trials_each = 0;
    free(plan_make(&run, &count));
    assert_int_equal(count, ROUNDS * LOADS);
    run = make_run(1);
    run.rounds = 0;
    free(plan_make(&run, &count));
    assert_int_equal(count, TRIALS * LOADS * PRESENT);
}

static bool is_same(const struct step *a, const struct step *b)
{
    return a->trial == b->trial && a->round == b->round && a->load == b->load &&
           a->server == b->server;
}

static void a_seed_is_an_order(void **state)
{
    (void)state;
    size_t count, moved_trials = 0, moved_rounds = 0;
    struct run one = make_run(12345678);
    struct run other = make_run(12345679);
    struct step *first = plan_make(&one, &count);
    struct step *again = plan_make(&one, &count);
    struct step *different = plan_make(&other, &count);
    for (size_t i = 0; i < count; i++) {
        assert_true(is_same(&first[i], &again[i]));
        moved_trials += first[i].trial && !is_same(&first[i], &different[i]);
        moved_rounds += !first[i].trial && !is_same(&first[i], &different[i]);
    }
    assert_true(moved_trials > 0);
    assert_true(moved_rounds > 0);
    free(first);
    free(again);
    free(different);
}

/* More rounds leave the order of those before as it was: a run may go on with more. */
static void more_rounds_come_behind(void **state)
{
    (void)state;
    size_t count, more;
    struct run run = make_run(3);
    struct step *first = plan_make(&run, &count);
    run.rounds = ROUNDS + 2;
    struct step *longer = plan_make(&run, &more);
    assert_int_equal(more, count + 2 * LOADS);
    for (size_t i = 0; i < count; i++)
        assert_true(is_same(&first[i], &longer[i]));
    free(first);
    free(longer);
}

enum { LANES = 12 };

static void shuffled(size_t items[LANES], unsigned long long seed, int a, int b, int c)
{
    for (size_t i = 0; i < LANES; i++)
        items[i] = i;
    plan_shuffle(items, LANES, seed, a, b, c);
}

static void a_shuffle_is_a_permutation(void **state)
{
    (void)state;
    for (int block = 1; block <= 100; block++) {
        size_t items[LANES];
        unsigned seen = 0;
        shuffled(items, 42, 1, 2, block);
        for (size_t i = 0; i < LANES; i++) {
            assert_true(items[i] < LANES);
            seen |= 1u << items[i];
        }
        assert_int_equal(seen, (1u << LANES) - 1);
    }
    plan_shuffle(NULL, 0, 42, 1, 2, 3);
}

/* Each of them makes another order, and the same ones the same. */
static void a_shuffle_depends_on_every_number(void **state)
{
    (void)state;
    static const struct {
        unsigned long long seed;
        int a, b, c;
        bool same;
    } cases[] = {
        {42, 1, 2, 3, true},  {43, 1, 2, 3, false}, {42, 2, 2, 3, false},
        {42, 1, 3, 3, false}, {42, 1, 2, 4, false}, {42, 2, 1, 3, false},
        {42, 3, 2, 1, false}, {42, 1, 3, 2, false},
    };
    size_t first[LANES];
    shuffled(first, 42, 1, 2, 3);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t items[LANES];
        shuffled(items, cases[i].seed, cases[i].a, cases[i].b, cases[i].c);
        assert_int_equal(memcmp(items, first, sizeof first) == 0, cases[i].same);
    }
}

/* Over many blocks every server is at every place about equally often. */
static void a_shuffle_is_even(void **state)
{
    (void)state;
    enum { BLOCKS = 12000 };
    size_t counts[LANES][LANES] = {0};
    for (int block = 1; block <= BLOCKS; block++) {
        size_t items[LANES];
        shuffled(items, 42, 1, 0, block);
        for (size_t i = 0; i < LANES; i++)
            counts[i][items[i]]++;
    }
    for (size_t i = 0; i < LANES; i++) /* 1,000 each, with a standard deviation of 30 */
        for (size_t item = 0; item < LANES; item++)
            assert_in_range(counts[i][item], 850, 1150);
}

/* ---- what is done ---- */

static void what_is_there_is_done(void **state)
{
    (void)state;
    struct run run;
    sample_run(&run, sample_six, 2, 2);
    const struct step trial = {.trial = true, .round = 2, .load = 1, .server = 1};
    const struct step round = {.round = 2, .load = 1};
    assert_true(plan_done(&run, &trial));
    assert_true(plan_done(&run, &round));
    sample_find(&run, "select", "c50", 2)->round = 3;
    assert_false(plan_done(&run, &trial));
    /* A trial that does not count is done all the same. */
    sample_find(&run, "select", "c50", 3)->verdict = VERDICT_INVALID;
    assert_true(plan_done(
        &run, &(struct step){.trial = true, .round = 3, .load = 1, .server = 1}));

    /* The last block of one server is enough: the others may be gone. */
    sample_remove_slices(&run, "select");
    assert_true(plan_done(&run, &round));
    run.slicings[1].blocks = SAMPLE_BLOCKS + 1;
    assert_false(plan_done(&run, &round));
    assert_true(plan_done(&run, &(struct step){.round = 2, .load = 2}));
    run.slicings[2].blocks = 0; /* not known how it is sliced */
    assert_false(plan_done(&run, &(struct step){.round = 2, .load = 2}));
    assert_false(plan_done(&run, &(struct step){.round = 3, .load = 0}));
    run_free(&run);
}

/* ---- how long it takes ---- */

/* A trial that took so long: server and load by their places. */
static void add_trial(struct run *run, size_t server, size_t load, double seconds)
{
    struct trial trial = {
        .server = server,
        .load = load,
        .round = 1,
        .started_s = 100,
        .ended_s = 100 + seconds,
    };
    run_add_trial(run, &trial);
}

static void assert_estimates(const struct run *run, const struct step *steps,
                             size_t count, const double *expected)
{
    double *each = plan_estimate(run, steps, count), sum = 0;
    for (size_t i = 0; i < count; i++)
        assert_near(each[i], expected[i]);
    for (size_t from = count; from > 0; from--) {
        assert_near(plan_left(run, steps, count, from), sum);
        sum += expected[from - 1];
    }
    free(each);
}

/* The sample's loads are of 100,000 requests and 3,000 to prime: a guess of 6.74 s each. */
static void trials_take_as_long_as_before(void **state)
{
    (void)state;
    static const double guess = 103000 / 16000.0 + 0.3;
    const struct step steps[] = {
        {.trial = true, .round = 2},
        {.trial = true, .round = 2, .server = 1},
        {.trial = true, .round = 2, .load = 1},
    };
    struct run run;
    sample_run(&run, sample_six, 2, 0);
    assert_estimates(&run, steps, 3, (double[]){guess, guess, guess});
    /* The other server is taken to be like it, and the guess to be as wrong for the other load. */
    add_trial(&run, 0, 0, 12);
    assert_estimates(&run, steps, 3, (double[]){12, 12, 12});
    add_trial(&run, 1, 0, 4);
    assert_estimates(&run, steps, 3, (double[]){12, 4, 8});
    run.trials[1].round = 2;
    assert_estimates(&run, steps, 3, (double[]){12, 0, 8});
    run_free(&run);
}

static void add_slice(struct run *run, size_t server, int round, int block, double wall_s)
{
    struct slice slice = {
        .server = server, .round = round, .block = block, .wall_s = wall_s};
    run_add_slice(run, &slice);
}

/* As long as they are to take; then as their slicing says; then as the slices so far. */
static void rounds_take_as_long_as_their_blocks(void **state)
{
    (void)state;
    const struct step steps[] = {
        {.round = 1}, {.round = 2}, {.round = 1, .load = 1}, {.round = 2, .load = 1}};
    struct run run;
    sample_run(&run, sample_six, 2, 0);
    run.round_s = 16;
    assert_estimates(&run, steps, 4, (double[]){20, 20, 20, 20});
    struct slicing *slicing = &run.slicings[0];
    *slicing = (struct slicing){.requests = 1000, .blocks = 10, .start_s = 2};
    slicing->shares = alloc_zeroed(run.server_count, sizeof *slicing->shares);
    for (size_t i = 0; i < run.server_count; i++)
        slicing->shares[i].every = 1;
    slicing->shares[0].takes_s = 0.2;
    slicing->shares[1] = (struct share){.every = 2, .takes_s = 0.4};
    assert_estimates(&run, steps, 4, (double[]){2 + 10 * 0.4, 2 + 10 * 0.4, 20, 20});
    add_slice(&run, 0, 1, 1, 0.3);
    add_slice(&run, 1, 1, 1, 0.6);
    add_slice(&run, 0, 1, 2, NAN);    /* the server was gone */
    double block_s = 1.1 * 1.5 * 0.4; /* and what lies between the slices */
    assert_estimates(&run, steps, 4,
                     (double[]){2 + 8 * block_s, 2 + 10 * block_s, 20, 20});
    add_slice(&run, 0, 1, 10, 0.3);
    assert_estimates(&run, steps, 4, (double[]){0, 2 + 10 * block_s, 20, 20});
    run_free(&run);
}

/* Ten minutes, half of them for 36 trials: what the first ones take too much the others have less. */
static void trials_take_half_of_the_time(void **state)
{
    (void)state;
    struct run run;
    sample_run(&run, sample_six, 2, 0);
    run.trials_each = 6;
    run.suite.trial_s = 15;
    assert_true(plan_trial_s(&run) == 15); /* no time is given */
    run.suite.minutes = 10;
    assert_near(plan_trial_s(&run), 15);
    run.suite.minutes = 5;
    assert_near(plan_trial_s(&run), 2 * 150.0 / 36);
    add_trial(&run, 0, 0, 80);
    run.trials[0].ended_s = 80;
    assert_near(plan_trial_s(&run), 2 * (150.0 - 80) / 35);
    add_trial(&run, 1, 0, 100);
    run.trials[1].ended_s = 180;
    assert_true(plan_trial_s(&run) == 1);
    run_free(&run);
}

/* What the trials leave is for the rounds' slices and what they take beside. */
static void a_run_fits_its_time(void **state)
{
    (void)state;
    static const double guess = 103000 / 16000.0 + 0.3;
    struct run run;
    size_t count;
    sample_run(&run, sample_six, 2, 0);
    run.trials_each = 2; /* of two servers under three loads */
    run.rounds = 12;
    plan_fit(&run, 600);
    assert_near(run.round_s, (600 - 12 * guess) / 36 / 1.25);
    struct step *steps = plan_make(&run, &count);
    assert_near(plan_left(&run, steps, count, 0), 600);
    free(steps);
    plan_fit(&run, 30); /* too short for any of it: a second each */
    assert_near(run.round_s, 1);
    run.rounds = 0;
    plan_fit(&run, 600); /* there is nothing to be fitted */
    assert_near(run.round_s, 1);
    run_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_trials_come_first),
        cmocka_unit_test(every_round_has_every_load_once),
        cmocka_unit_test(either_may_be_none),
        cmocka_unit_test(a_seed_is_an_order),
        cmocka_unit_test(more_rounds_come_behind),
        cmocka_unit_test(a_shuffle_is_a_permutation),
        cmocka_unit_test(a_shuffle_depends_on_every_number),
        cmocka_unit_test(a_shuffle_is_even),
        cmocka_unit_test(what_is_there_is_done),
        cmocka_unit_test(trials_take_as_long_as_before),
        cmocka_unit_test(rounds_take_as_long_as_their_blocks),
        cmocka_unit_test(trials_take_half_of_the_time),
        cmocka_unit_test(a_run_fits_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
