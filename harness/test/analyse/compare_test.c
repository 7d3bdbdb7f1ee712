/* compare_test.c - what is told apart, what is a tie, what is open; and, by simulation,
 * how often that errs.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random.h"

#include "analyse/compare.h"
#include "analyse/summary.h"
#include "base/alloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Six servers and the control, which is server 0 once more. */
enum { SERVERS = 6, ROWS = SERVERS + 1, MAX_ROUNDS = 11 };

static const size_t in_order[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.10g instead of %.10g", value, expected);
}

/* ---- the noise ---- */

/* Two servers: the variance of their difference is that of a paired sample, and so are
 * the degrees of freedom. */
static void noise_of_two_test(void **state)
{
    (void)state;
    double logs[] = {0.10, 0.14, 0.09, 0.17, /**/ 0.02, 0.03, 0.05, 0.06};
    double paired[] = {0.08, 0.11, 0.04, 0.11};
    const struct samples samples = {.servers = 2, .rounds = 4, .logs = logs};
    struct noise noise[2];
    assert_near(noise_fit(noise, &samples), 3, 0);
    double variance = stats_sd(paired, 4) * stats_sd(paired, 4);
    double prior = 1 / pow(1 - 2 / (9 * 1.5), 3); /* the median of two equal ones */
    assert_near(noise[0].variance, variance / 2 * (1 + prior) / 2, 1e-15);
    assert_near(noise[1].variance, noise[0].variance, 1e-15);
    assert_near(noise[0].df, 3, 0);
}

/* What all servers share in a round is no noise, gaps or not; a server alone has none to
 * be held against. */
static void noise_of_rounds_test(void **state)
{
    (void)state;
    double logs[4 * 5];
    struct samples samples = {.servers = 4, .rounds = 5, .logs = logs};
    struct noise noise[4];
    for (size_t s = 0; s < 4; s++)
        for (size_t r = 0; r < 5; r++)
            logs[s * 5 + r] = (double)s + sin((double)r);
    assert_near(noise_fit(noise, &samples), 12, 0);
    assert_near(noise[2].variance, 0, 1e-20);
    logs[0] = logs[2 * 5 + 3] = NAN;
    assert_near(noise_fit(noise, &samples), 10, 0);
    assert_near(noise[2].variance, 0, 1e-20);

    samples.servers = 1;
    assert_near(noise_fit(noise, &samples), 0, 0);
    assert_true(isnan(noise[0].variance));
    samples.rounds = 0;
    assert_near(noise_fit(noise, &samples), 0, 0);
}

/* ---- verdicts ---- */

struct verdict_case {
    const char *what;
    size_t rounds;
    double a[MAX_ROUNDS], b[MAX_ROUNDS]; /* 0: no valid trial */
    double delta;
    bool limited;
    enum relation relation;
    int rounds_needed;
    bool untrustworthy;
};

static const struct verdict_case verdicts[] = {
    {.what = "less",
     .rounds = 6,
     .a = {10, 11, 10, 11, 10, 11},
     .b = {20, 21, 22, 21, 20, 21},
     .delta = 0.01,
     .relation = RELATION_LESS},
    {.what = "more",
     .rounds = 6,
     .a = {20, 21, 22, 21, 20, 21},
     .b = {10, 11, 10, 11, 10, 11},
     .delta = 0.01,
     .relation = RELATION_MORE},
    {.what = "both limited",
     .rounds = 6,
     .a = {10, 11, 10, 11, 10, 11},
     .b = {20, 21, 22, 21, 20, 21},
     .delta = 0.01,
     .limited = true,
     .relation = RELATION_NONE},
    {.what = "below the noise floor",
     .rounds = 6,
     .a = {10, 11, 10, 11, 10, 11},
     .b = {20, 21, 22, 21, 20, 21},
     .delta = 1.0,
     .relation = RELATION_OPEN,
     .rounds_needed = 7},
    {.what = "more, but below the noise floor",
     .rounds = 6,
     .a = {20, 21, 22, 21, 20, 21},
     .b = {10, 11, 10, 11, 10, 11},
     .delta = 1.0,
     .relation = RELATION_OPEN,
     .rounds_needed = 7},
    {.what = "of no interest",
     .rounds = 5,
     .a = {100.5, 100.5, 100.5, 100.5, 100.6},
     .b = {100, 100, 100, 100, 100},
     .delta = 0.01,
     .relation = RELATION_OPEN,
     .rounds_needed = 101},
    {.what = "a tie",
     .rounds = 6,
     .a = {100, 101, 100, 101, 100, 101},
     .b = {101, 100, 101, 100, 100, 101},
     .delta = 0.015,
     .relation = RELATION_TIE},
    {.what = "no tie without trust",
     .rounds = 6,
     .a = {100, 101, 100, 101, 100, 101},
     .b = {101, 100, 101, 100, 100, 101},
     .delta = 0.015,
     .untrustworthy = true,
     .relation = RELATION_OPEN,
     .rounds_needed = 101},
    {.what = "no tie from five rounds",
     .rounds = 5,
     .a = {100, 100, 100, 100, 100},
     .b = {100, 100, 100, 100, 100.1},
     .delta = 0.01,
     .relation = RELATION_OPEN,
     .rounds_needed = 101},
    {.what = "one round against five",
     .rounds = 6,
     .a = {10, 10, 10, 10, 10, 30},
     .b = {20, 20, 20, 20, 20, 20},
     .delta = 0.01,
     .relation = RELATION_OPEN,
     .rounds_needed = 7},
    {.what = "one common round",
     .rounds = 6,
     .a = {10, 11, 10, 0, 0, 0},
     .b = {0, 0, 20, 21, 22, 20},
     .delta = 0.01,
     .relation = RELATION_OPEN},
    {.what = "no common round",
     .rounds = 6,
     .a = {10, 11, 10, 0, 0, 0},
     .b = {0, 0, 0, 21, 22, 20},
     .delta = 0.01,
     .relation = RELATION_NONE},
    {.what = "two rounds, far apart",
     .rounds = 2,
     .a = {10, 10.1},
     .b = {20, 20.1},
     .delta = 0.01,
     .relation = RELATION_LESS},
    {.what = "one round",
     .rounds = 1,
     .a = {10},
     .b = {20},
     .delta = 0.01,
     .relation = RELATION_OPEN},
    {.what = "no noise at all",
     .rounds = 6,
     .a = {10, 10, 10, 10, 10, 10},
     .b = {20, 20, 20, 20, 20, 20},
     .delta = 0.01,
     .relation = RELATION_LESS},
};

static void verdict_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        const struct verdict_case *this = &verdicts[i];
        const bool limited[] = {this->limited, this->limited};
        double logs[2 * MAX_ROUNDS];
        for (size_t r = 0; r < this->rounds; r++) {
            logs[r] = this->a[r] > 0 ? log(this->a[r]) : NAN;
            logs[this->rounds + r] = this->b[r] > 0 ? log(this->b[r]) : NAN;
        }
        const struct samples samples = {
            .servers = 2, .rounds = this->rounds, .logs = logs};
        struct comparison comparison;
        const struct comparison_input input = {.samples = &samples,
                                               .servers = 2,
                                               .order = in_order,
                                               .limited = limited,
                                               .delta = this->delta,
                                               .untrustworthy = this->untrustworthy};
        comparison_make(&comparison, &input);
        struct pair pair = comparison_pair(&comparison, 0, 1);
        if (pair.relation != this->relation || pair.rounds_needed != this->rounds_needed)
            fail_msg("%s: relation %d, rounds %d, p %g, %g (%g to %g)", this->what,
                     pair.relation, pair.rounds_needed, pair.p, pair.ratio.mid,
                     pair.ratio.low, pair.ratio.high);
        comparison_free(&comparison);
    }
}

/* Alone, two servers have no more degrees of freedom than a paired sample, and Holm's
 * correction changes nothing. */
static void pair_alone_test(void **state)
{
    (void)state;
    double logs[] = {0.10, 0.14, 0.09, 0.17, /**/ 0.02, 0.03, 0.05, 0.06};
    const struct samples samples = {.servers = 2, .rounds = 4, .logs = logs};
    const struct comparison_input input = {
        .samples = &samples, .servers = 2, .order = in_order, .delta = 0.01};
    struct noise noise[2];
    struct comparison comparison;
    noise_fit(noise, &samples);
    comparison_make(&comparison, &input);
    struct pair pair = comparison_pair(&comparison, 0, 1);
    double error = sqrt(2 * noise[0].variance * acos(-1) / 3 / 4);
    assert_near(pair.ratio.mid, exp(0.0875), 1e-12);
    assert_near(pair.p, stats_student_p(0.0875 / error, 3), 1e-12);
    assert_near(pair.signed_rank_p, 0.125, 1e-12);
    assert_near(comparison_pair(&comparison, 1, 0).ratio.low, 1 / pair.ratio.high, 1e-12);
    comparison_free(&comparison);
}

/* However steady the servers are in other rounds: one that both have tells nothing. A
 * server without any figure takes no letter and no part. */
static void one_common_round_test(void **state)
{
    (void)state;
    double logs[4 * 6];
    for (size_t s = 0; s < 4; s++)
        for (size_t r = 0; r < 6; r++) {
            bool missing = (s == 0 && r > 2) || (s == 1 && r < 2) || s == 3;
            logs[s * 6 + r] =
                missing ? NAN : (double)s + 0.001 * (double)((s * 7 + r * 5) % 4);
        }
    const struct samples samples = {.servers = 4, .rounds = 6, .logs = logs};
    const struct comparison_input input = {
        .samples = &samples, .servers = 4, .order = in_order, .delta = 0.01};
    struct comparison comparison;
    comparison_make(&comparison, &input);
    assert_int_equal(comparison_pair(&comparison, 0, 1).relation, RELATION_OPEN);
    assert_int_equal(comparison_pair(&comparison, 0, 3).relation, RELATION_NONE);
    assert_int_equal(comparison_pair(&comparison, 1, 2).relation, RELATION_LESS);
    assert_int_equal(comparison.made, 3);
    assert_string_equal(comparison.letters[1], "a");
    assert_string_equal(comparison.letters[3], "");
    comparison_free(&comparison);
}

/* ---- by simulation ---- */

struct world {
    const char *what;
    size_t rounds, loads;
    double sd[ROWS];         /* of the logarithm of one trial */
    double difference;       /* server 1 is so much above the others, as a share */
    double drift;            /* sd of what all servers share in a round */
    double disturbed, shift; /* so often a trial is up to so much (log) above itself */
    double missing;          /* so often a trial is not valid */
    double false_tables; /* at most: the share of tables that name a false difference */
    double power;        /* at least: the share that tells server 0 and 1 apart */
};

static const struct world worlds[] = {
    {.what = "equal, CPU",
     .rounds = 6,
     .loads = 3,
     .sd = {0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03},
     .disturbed = 0.05,
     .shift = 0.3,
     .false_tables = 0.05},
    {.what = "equal, requests per second",
     .rounds = 6,
     .loads = 3,
     .sd = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1},
     .drift = 0.1,
     .disturbed = 0.05,
     .shift = 0.5,
     .false_tables = 0.05},
    {.what = "equal, one is noisy",
     .rounds = 6,
     .loads = 3,
     .sd = {0.02, 0.02, 0.02, 0.02, 0.02, 0.12, 0.02},
     .false_tables = 0.05},
    {.what = "equal, three rounds",
     .rounds = 3,
     .loads = 3,
     .sd = {0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03},
     .false_tables = 0.05},
    {.what = "equal, with gaps",
     .rounds = 6,
     .loads = 3,
     .sd = {0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03},
     .missing = 0.15,
     .false_tables = 0.05},
    {.what = "equal, eleven rounds",
     .rounds = 11,
     .loads = 3,
     .sd = {0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03},
     .drift = 0.05,
     .false_tables = 0.05},
    {.what = "10 %",
     .rounds = 6,
     .loads = 3,
     .sd = {0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03},
     .difference = 0.10,
     .false_tables = 0.05,
     .power = 0.90},
    {.what = "10 %, one load",
     .rounds = 6,
     .loads = 1,
     .sd = {0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03},
     .difference = 0.10,
     .false_tables = 0.05,
     .power = 0.87},
    {.what = "10 %, quieter, with drift",
     .rounds = 6,
     .loads = 3,
     .sd = {0.025, 0.025, 0.025, 0.025, 0.025, 0.025, 0.025},
     .difference = 0.10,
     .drift = 0.05,
     .false_tables = 0.05,
     .power = 0.95},
    {.what = "5 %, eleven rounds",
     .rounds = 11,
     .loads = 3,
     .sd = {0.025, 0.025, 0.025, 0.025, 0.025, 0.025, 0.025},
     .difference = 0.05,
     .false_tables = 0.05,
     .power = 0.80},
};

enum { TABLES = 2000, MAX_LOADS = 3 };

static void world_sample(const struct world *world, uint64_t *seed, double *logs)
{
    for (size_t r = 0; r < world->rounds; r++) {
        double shared = world->drift * random_normal(seed);
        for (size_t s = 0; s < ROWS; s++) {
            double log_figure = shared + world->sd[s] * random_normal(seed);
            if (s == 1)
                log_figure += log1p(world->difference);
            if (random_unit(seed) < world->disturbed)
                log_figure += world->shift * random_unit(seed);
            if (random_unit(seed) < world->missing)
                log_figure = NAN;
            logs[s * world->rounds + r] = log_figure;
        }
    }
}

/* The noise floor as summary.c has it: of this table's control, and of the other loads'. */
static double world_delta(const struct world *world, const double *logs, uint64_t *seed)
{
    double differences[MAX_ROUNDS * MAX_LOADS];
    size_t count = 0;
    while (count < (world->loads - 1) * world->rounds)
        differences[count++] = world->sd[0] * (random_normal(seed) - random_normal(seed));
    for (size_t r = 0; r < world->rounds; r++) {
        differences[count] = logs[SERVERS * world->rounds + r] - logs[r];
        count += isfinite(differences[count]) != 0;
    }
    struct interval ratio = interval_exp(stats_hodges_lehmann(differences, count));
    return fmax(DIFFERENCE_OF_INTEREST, (ratio.high - ratio.low) / 2);
}

struct outcome {
    bool erred, told;
};

static struct outcome world_compare(const struct world *world, uint64_t *seed)
{
    double logs[ROWS * MAX_ROUNDS];
    world_sample(world, seed, logs);
    const struct samples samples = {ROWS, world->rounds, logs};
    struct outcome outcome = {false, false};
    struct comparison comparison;
    comparison_make(&comparison,
                    &(struct comparison_input){.samples = &samples,
                                               .servers = SERVERS,
                                               .order = in_order,
                                               .delta = world_delta(world, logs, seed)});
    for (size_t a = 0; a < SERVERS; a++)
        for (size_t b = a + 1; b < SERVERS; b++) {
            enum relation relation = comparison_pair(&comparison, a, b).relation;
            bool told = relation == RELATION_LESS || relation == RELATION_MORE;
            bool equal = world->difference == 0 || (a != 1 && b != 1);
            outcome.erred |= told && equal;
            outcome.told |= relation == RELATION_LESS && a == 0 && b == 1;
        }
    comparison_free(&comparison);
    return outcome;
}

static void simulation_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        uint64_t seed = 7;
        size_t erred = 0, told = 0;
        for (int table = 0; table < TABLES; table++) {
            struct outcome outcome = world_compare(&worlds[i], &seed);
            erred += outcome.erred;
            told += outcome.told;
        }
        double false_tables = (double)erred / TABLES, power = (double)told / TABLES;
        print_message("%-28s false %.1f %%, told apart %.1f %%\n", worlds[i].what,
                      100 * false_tables, 100 * power);
        assert_true(false_tables <= worlds[i].false_tables);
        assert_true(power >= worlds[i].power);
    }
}

/* ---- letters ---- */

static void letters_test(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        const char *apart; /* pairs of servers, "01 12" */
        size_t order[6];
        const char *letters[6];
    } cases[] = {
        {0, "", {0}, {NULL}},
        {1, "", {0}, {"a"}},
        {3, "", {0, 1, 2}, {"a", "a", "a"}},
        {3, "01 02 12", {0, 1, 2}, {"a", "b", "c"}},
        {3, "01 02 12", {2, 0, 1}, {"b", "c", "a"}},
        {3, "02", {0, 1, 2}, {"a", "ab", "b"}},
        {3, "12", {0, 1, 2}, {"ab", "a", "b"}},
        {3, "12", {0, 2, 1}, {"ab", "b", "a"}},
        {4, "02 03 13", {0, 1, 2, 3}, {"a", "ab", "bc", "c"}},
        /* Not in a row: the middle one is apart from its neighbours, they are not. */
        {3, "01 12", {0, 1, 2}, {"a", "b", "a"}},
        /* A ring of four that are apart: two groups cross. */
        {4, "01 12 23 03", {0, 1, 2, 3}, {"a", "b", "a", "b"}},
        {5, "03 04 14", {0, 1, 2, 3, 4}, {"a", "ab", "abc", "bc", "c"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = cases[i].count;
        bool apart[36] = {false};
        for (const char *pair = cases[i].apart; *pair; pair += pair[2] ? 3 : 2) {
            size_t a = (size_t)(pair[0] - '0'), b = (size_t)(pair[1] - '0');
            apart[a * n + b] = apart[b * n + a] = true;
        }
        char **letters = letters_make(apart, cases[i].order, n);
        for (size_t s = 0; s < n; s++) {
            assert_string_equal(letters[s], cases[i].letters[s]);
            free(letters[s]);
        }
        free(letters);
    }
}

static bool share_letter(const char *one, const char *other)
{
    return strpbrk(one, other) != NULL;
}

/* Whatever the matrix: a letter is shared exactly where servers are not told apart. */
static void letters_meaning_test(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int repeat = 0; repeat < 300; repeat++) {
        enum { N = 8 };
        bool apart[N * N] = {false};
        for (size_t a = 0; a < N; a++)
            for (size_t b = a + 1; b < N; b++)
                apart[a * N + b] = apart[b * N + a] = random_unit(&seed) < 0.5;
        char **letters = letters_make(apart, in_order, N);
        for (size_t a = 0; a < N; a++)
            for (size_t b = a + 1; b < N; b++)
                assert_int_equal(share_letter(letters[a], letters[b]), !apart[a * N + b]);
        for (size_t s = 0; s < N; s++)
            free(letters[s]);
        free(letters);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_of_two_test),     cmocka_unit_test(noise_of_rounds_test),
        cmocka_unit_test(verdict_test),          cmocka_unit_test(pair_alone_test),
        cmocka_unit_test(one_common_round_test), cmocka_unit_test(simulation_test),
        cmocka_unit_test(letters_test),          cmocka_unit_test(letters_meaning_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
