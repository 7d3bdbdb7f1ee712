/* compare_test.c - what differs significantly, what is a tie, what is open; and, by simulation,
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

/* Up to eleven servers, and the control, which is server 0 once more. */
enum { MAX_SERVERS = 11, ROWS = MAX_SERVERS + 1, MAX_ROUNDS = 12 };

static const size_t in_order[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.10g instead of %.10g", value, expected);
}

/* Samples of one load and one block: the logarithms of each round are what they are. */
static struct samples rounds_of(size_t servers, size_t rounds, double *logs)
{
    return (struct samples){.loads = 1,
                            .servers = servers,
                            .rounds = rounds,
                            .blocks = 1,
                            .logs = {[QUANTITY_CPU] = logs}};
}

/* All servers of the samples, by CPU per request. */
static struct comparison_input input_of(const struct samples *samples, double beyond,
                                        double within)
{
    return (struct comparison_input){.samples = samples,
                                     .quantity = QUANTITY_CPU,
                                     .loads = {0, samples->loads},
                                     .rows = in_order,
                                     .servers = samples->servers,
                                     .order = in_order,
                                     .beyond = beyond,
                                     .within = within};
}

static bool is_told(enum relation relation)
{
    return relation == RELATION_LESS || relation == RELATION_MORE;
}

/* ---- verdicts ---- */

struct verdict_case {
    const char *what;
    size_t rounds;
    double a[MAX_ROUNDS], b[MAX_ROUNDS]; /* 0: none */
    double beyond, within;
    bool limited;
    enum relation relation;
    int rounds_needed;
};

static const struct verdict_case verdicts[] = {
    {.what = "less",
     .rounds = 6,
     .a = {10, 11, 10, 11, 10, 11},
     .b = {20, 21, 22, 21, 20, 21},
     .beyond = 0.01,
     .within = 0.01,
     .relation = RELATION_LESS},
    {.what = "more",
     .rounds = 6,
     .a = {20, 21, 22, 21, 20, 21},
     .b = {10, 11, 10, 11, 10, 11},
     .beyond = 0.01,
     .within = 0.01,
     .relation = RELATION_MORE},
    {.what = "both limited",
     .rounds = 6,
     .a = {10, 11, 10, 11, 10, 11},
     .b = {20, 21, 22, 21, 20, 21},
     .beyond = 0.01,
     .within = 0.01,
     .limited = true,
     .relation = RELATION_NONE},
    /* The half width is 0.071 and the estimate 0.670: with 10 rounds, and so 0.77 of the margin
     * and of the width, 0.591 is beyond ln 1.77, with 9 not. */
    {.what = "below the margin",
     .rounds = 6,
     .a = {10, 11, 10, 11, 10, 11},
     .b = {20, 21, 22, 21, 20, 21},
     .beyond = 1.0,
     .within = 1.0,
     .relation = RELATION_OPEN,
     .rounds_needed = 10},
    {.what = "more, but below the margin",
     .rounds = 6,
     .a = {20, 21, 22, 21, 20, 21},
     .b = {10, 11, 10, 11, 10, 11},
     .beyond = 1.0,
     .within = 1.0,
     .relation = RELATION_OPEN,
     .rounds_needed = 10},
    /* The estimate is beyond the margin, but not the interval from 1.02 on. */
    {.what = "reaches into the margin",
     .rounds = 6,
     .a = {102, 108, 102, 108, 102, 108},
     .b = {100, 100, 100, 100, 100, 100},
     .beyond = 0.03,
     .within = 0.03,
     .relation = RELATION_OPEN,
     .rounds_needed = 13},
    {.what = "of no interest",
     .rounds = 6,
     .a = {100.4, 100.6, 100.4, 100.6, 100.4, 100.6},
     .b = {100, 100, 100, 100, 100, 100},
     .beyond = 0.005,
     .within = 0.005,
     .relation = RELATION_OPEN,
     .rounds_needed = 101},
    {.what = "a tie",
     .rounds = 6,
     .a = {100, 101, 100, 101, 100, 101},
     .b = {101, 100, 101, 100, 100, 101},
     .beyond = 0.015,
     .within = 0.015,
     .relation = RELATION_TIE},
    {.what = "a tie, though significantly off 1",
     .rounds = 6,
     .a = {100.5, 100.5, 100.5, 100.5, 100.5, 100.6},
     .b = {100, 100, 100, 100, 100, 100},
     .beyond = 0.01,
     .within = 0.01,
     .relation = RELATION_TIE},
    {.what = "beyond the margin, though not beyond the noise floor",
     .rounds = 6,
     .a = {102, 108, 102, 108, 102, 108},
     .b = {100, 100, 100, 100, 100, 100},
     .beyond = 0.01,
     .within = 0.03,
     .relation = RELATION_MORE},
    {.what = "no tie without trust",
     .rounds = 6,
     .a = {100, 101, 100, 101, 100, 101},
     .b = {101, 100, 101, 100, 100, 101},
     .beyond = 0.015,
     .relation = RELATION_OPEN,
     .rounds_needed = 101},
    {.what = "no tie from five rounds",
     .rounds = 5,
     .a = {100, 100, 100, 100, 100},
     .b = {100, 100, 100, 100, 100.1},
     .beyond = 0.01,
     .within = 0.01,
     .relation = RELATION_OPEN},
    /* p = 4 / 64. */
    {.what = "one round against five",
     .rounds = 6,
     .a = {10, 10, 10, 10, 10, 30},
     .b = {20, 20, 20, 20, 20, 20},
     .beyond = 0.01,
     .within = 0.01,
     .relation = RELATION_OPEN,
     .rounds_needed = 8},
    {.what = "one common round",
     .rounds = 6,
     .a = {10, 11, 10, 0, 0, 0},
     .b = {0, 0, 20, 21, 22, 20},
     .beyond = 0.01,
     .within = 0.01,
     .relation = RELATION_OPEN},
    {.what = "no common round",
     .rounds = 6,
     .a = {10, 11, 10, 0, 0, 0},
     .b = {0, 0, 0, 21, 22, 20},
     .beyond = 0.01,
     .within = 0.01,
     .relation = RELATION_NONE},
    /* However far: p = 2 / 32. */
    {.what = "five rounds",
     .rounds = 5,
     .a = {10, 10, 10, 10, 10},
     .b = {90, 90, 90, 90, 90},
     .beyond = 0.01,
     .within = 0.01,
     .relation = RELATION_OPEN},
    {.what = "one round",
     .rounds = 1,
     .a = {10},
     .b = {20},
     .beyond = 0.01,
     .within = 0.01,
     .relation = RELATION_OPEN},
    {.what = "no noise at all",
     .rounds = 6,
     .a = {10, 10, 10, 10, 10, 10},
     .b = {20, 20, 20, 20, 20, 20},
     .beyond = 0.01,
     .within = 0.01,
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
        const struct samples samples = rounds_of(2, this->rounds, logs);
        struct comparison comparison;
        struct comparison_input input = input_of(&samples, this->beyond, this->within);
        input.limited = limited;
        comparison_make(&comparison, &input);
        struct pair pair = comparison_pair(&comparison, 0, 1);
        if (pair.relation != this->relation || pair.rounds_needed != this->rounds_needed)
            fail_msg("%s: relation %d, rounds %d, p %g, %g (%g to %g)", this->what,
                     pair.relation, pair.rounds_needed, pair.p, pair.ratio.mid,
                     pair.ratio.low, pair.ratio.high);
        comparison_free(&comparison);
    }
}

/* Of two servers Holm's correction changes nothing. */
static void pair_alone_test(void **state)
{
    (void)state;
    double logs[] = {0.10, 0.14, 0.09, 0.17, /**/ 0.02, 0.03, 0.05, 0.06};
    const struct samples samples = rounds_of(2, 4, logs);
    const struct comparison_input input = input_of(&samples, 0.01, 0.01);
    struct comparison comparison;
    comparison_make(&comparison, &input);
    struct pair pair = comparison_pair(&comparison, 0, 1);
    /* Of the differences 0.08, 0.11, 0.04, 0.11 the middle means of two are 0.08 and 0.095. */
    assert_near(pair.ratio.mid, exp(0.0875), 1e-12);
    assert_near(pair.ratio.low, exp(0.04), 1e-12);
    assert_near(pair.ratio.high, exp(0.11), 1e-12);
    assert_near(pair.signed_rank_p, 0.125, 1e-12);
    assert_near(pair.p, 0.125, 1e-12);
    assert_near(comparison_pair(&comparison, 1, 0).ratio.low, 1 / pair.ratio.high, 1e-12);
    comparison_free(&comparison);
}

/* Eleven servers, of which the first costs half of any other: the smallest p that so many rounds
 * can have must pass Holm's correction over 55 pairs. */
static void many_pairs_test(void **state)
{
    (void)state;
    static const struct {
        size_t rounds;
        double p;
        enum relation relation;
        int rounds_needed;
    } cases[] = {
        {6, 1, RELATION_OPEN, 12},
        {11, 55 * 2 / 2048.0, RELATION_OPEN, 12},
        {12, 55 * 2 / 4096.0, RELATION_LESS, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t rounds = cases[i].rounds;
        double logs[MAX_SERVERS * MAX_ROUNDS];
        for (size_t s = 0; s < MAX_SERVERS; s++)
            for (size_t r = 0; r < rounds; r++)
                logs[s * rounds + r] =
                    (s > 0 ? log(2) : 0) + 0.001 * (double)((s * 5 + r * 7 + s * r) % 11);
        const struct samples samples = rounds_of(MAX_SERVERS, rounds, logs);
        const struct comparison_input input = input_of(&samples, 0.005, 0.005);
        struct comparison comparison;
        comparison_make(&comparison, &input);
        assert_int_equal(comparison.made, 55);
        for (size_t s = 1; s < MAX_SERVERS; s++) {
            struct pair pair = comparison_pair(&comparison, 0, s);
            assert_near(pair.p, cases[i].p, 1e-12);
            assert_int_equal(pair.relation, cases[i].relation);
            assert_int_equal(pair.rounds_needed, cases[i].rounds_needed);
            assert_string_equal(comparison.letters[s],
                                is_told(pair.relation) ? "b" : "a");
        }
        comparison_free(&comparison);
    }
}

/* Rows need not be all servers of the samples, nor in their order. */
static void rows_test(void **state)
{
    (void)state;
    double logs[3 * 6], of_pair[6];
    int rounds[6];
    for (size_t s = 0; s < 3; s++)
        for (size_t r = 0; r < 6; r++)
            logs[s * 6 + r] = r == 1 && s == 0 ? NAN : (double)s;
    const struct samples samples = rounds_of(3, 6, logs);
    struct comparison_input input = input_of(&samples, 0.01, 0.01);
    const size_t rows[] = {2, 0};
    input.rows = rows;
    input.servers = 2;
    struct comparison comparison;
    comparison_make(&comparison, &input);
    assert_near(comparison_pair(&comparison, 0, 1).ratio.mid, exp(2), 1e-12);
    assert_near(comparison_pair(&comparison, 1, 0).ratio.mid, exp(-2), 1e-12);
    assert_int_equal(comparison_logs(&comparison, 0, 1, of_pair, rounds), 5);
    assert_near(of_pair[1], 2, 1e-12);
    assert_int_equal(rounds[1], 3);
    comparison_free(&comparison);
}

/* However steady the servers are in other rounds: one that both have tells nothing. A
 * server without any figure takes no letter and no part. */
static void gap_test(void **state)
{
    (void)state;
    double logs[4 * 6];
    for (size_t s = 0; s < 4; s++)
        for (size_t r = 0; r < 6; r++) {
            bool missing = (s == 0 && r > 2) || (s == 1 && r < 2) || s == 3;
            logs[s * 6 + r] =
                missing ? NAN : (double)s + 0.001 * (double)((s * 7 + r * 5) % 4);
        }
    const struct samples samples = rounds_of(4, 6, logs);
    const struct comparison_input input = input_of(&samples, 0.01, 0.01);
    struct comparison comparison;
    comparison_make(&comparison, &input);
    assert_int_equal(comparison_pair(&comparison, 0, 1).relation, RELATION_OPEN);
    assert_int_equal(comparison_pair(&comparison, 0, 3).relation, RELATION_NONE);
    assert_int_equal(comparison_pair(&comparison, 1, 2).rounds, 4);
    assert_int_equal(comparison.made, 3);
    assert_string_equal(comparison.letters[1], "a");
    assert_string_equal(comparison.letters[3], "");
    comparison_free(&comparison);
}

/* ---- by simulation ---- */

/* The logarithm of a slice: what all servers share in its round and its block, what its server's
 * start has of its own, and its own noise. */
struct world {
    const char *what;
    size_t servers, rounds, blocks, loads;
    double sd;        /* of a slice's own: 0.08 was seen */
    double noisier;   /* the last server's is so many times as large; 0: as the others' */
    double start;     /* sd of what a server has in a round */
    double drift;     /* sd of what is shared in a block, and in a round */
    double disturbed; /* so often a slice is up to e times as expensive */
    double missing;   /* so often a slice is wrong, or a server's round missing */
    double difference; /* server 1 is so much above the others, as a share */
    double power; /* at least: the share of tables in which it differs from server 0 */
    int tables;
};

static const struct world worlds[] = {
    {.what = "equal",
     .servers = 11,
     .rounds = 12,
     .blocks = 20,
     .loads = 1,
     .sd = 0.08,
     .drift = 0.1,
     .tables = 1000},
    {.what = "equal, starts differ, disturbed",
     .servers = 11,
     .rounds = 12,
     .blocks = 20,
     .loads = 1,
     .sd = 0.08,
     .start = 0.02,
     .drift = 0.1,
     .disturbed = 0.05,
     .tables = 1000},
    {.what = "equal, one is noisy",
     .servers = 6,
     .rounds = 12,
     .blocks = 10,
     .loads = 1,
     .sd = 0.08,
     .noisier = 4,
     .start = 0.01,
     .drift = 0.1,
     .tables = 1000},
    {.what = "equal, with gaps",
     .servers = 6,
     .rounds = 12,
     .blocks = 10,
     .loads = 1,
     .sd = 0.08,
     .drift = 0.1,
     .missing = 0.05,
     .tables = 1000},
    {.what = "equal, two servers, six rounds",
     .servers = 2,
     .rounds = 6,
     .blocks = 10,
     .loads = 1,
     .sd = 0.08,
     .start = 0.02,
     .drift = 0.1,
     .tables = 2000},
    {.what = "equal, three loads together",
     .servers = 6,
     .rounds = 12,
     .blocks = 10,
     .loads = 3,
     .sd = 0.08,
     .drift = 0.1,
     .disturbed = 0.05,
     .tables = 1000},
    {.what = "10 %, eleven servers",
     .servers = 11,
     .rounds = 12,
     .blocks = 20,
     .loads = 1,
     .sd = 0.08,
     .drift = 0.1,
     .disturbed = 0.02,
     .difference = 0.10,
     .power = 0.95,
     .tables = 200},
    {.what = "5 %, four servers",
     .servers = 4,
     .rounds = 12,
     .blocks = 40,
     .loads = 1,
     .sd = 0.08,
     .drift = 0.1,
     .disturbed = 0.02,
     .difference = 0.05,
     .power = 0.95,
     .tables = 200},
    {.what = "2 %, four servers, three loads",
     .servers = 4,
     .rounds = 12,
     .blocks = 80,
     .loads = 3,
     .sd = 0.08,
     .drift = 0.1,
     .disturbed = 0.02,
     .difference = 0.02,
     .power = 0.9,
     .tables = 100},
    {.what = "5 %, six rounds, eleven servers",
     .servers = 11,
     .rounds = 6,
     .blocks = 40,
     .loads = 1,
     .sd = 0.08,
     .difference = 0.05,
     .power = 0, /* and it cannot have any */
     .tables = 100},
};

static struct run_server servers[ROWS];
static struct run servers_only = {.servers = servers};

static double slice_log(const struct world *world, size_t row, double shared,
                        uint64_t *seed)
{
    bool noisy = world->noisier > 0 && row + 1 == world->servers;
    double value =
        shared + world->sd * (noisy ? world->noisier : 1) * random_normal(seed);
    if (row == 1)
        value += log1p(world->difference);
    if (random_unit(seed) < world->disturbed)
        value += random_unit(seed);
    return random_unit(seed) < world->missing ? NAN : value;
}

/* One load's round of all servers, and of the control as the last one. */
static void world_round(const struct world *world, double *logs, uint64_t *seed)
{
    double starts[ROWS], shared = world->drift * random_normal(seed);
    size_t stride = world->rounds * world->blocks;
    for (size_t s = 0; s <= world->servers; s++)
        starts[s] = random_unit(seed) < world->missing
                        ? NAN
                        : shared + world->start * random_normal(seed);
    for (size_t block = 0; block < world->blocks; block++) {
        double slow = world->drift * random_normal(seed);
        for (size_t s = 0; s <= world->servers; s++)
            logs[s * stride + block] = slice_log(world, s, starts[s] + slow, seed);
    }
}

static void world_sample(const struct world *world, struct samples *samples,
                         uint64_t *seed)
{
    size_t rows = world->servers + 1;
    *samples = (struct samples){.loads = world->loads,
                                .servers = rows,
                                .rounds = world->rounds,
                                .blocks = world->blocks};
    double *logs =
        alloc_zeroed(world->loads * rows * world->rounds * world->blocks, sizeof *logs);
    samples->logs[QUANTITY_CPU] = logs;
    for (size_t load = 0; load < world->loads; load++)
        for (size_t r = 0; r < world->rounds; r++)
            world_round(world, &logs[(load * rows * world->rounds + r) * world->blocks],
                        seed);
}

struct outcome {
    bool erred, told;
};

static struct outcome world_compare(const struct world *world, uint64_t *seed)
{
    struct facts facts = {.run = &servers_only};
    struct noise_floor noise_floor;
    struct comparison comparison;
    struct outcome outcome = {false, false};
    world_sample(world, &facts.slices, seed);
    floor_make(&noise_floor, &facts, QUANTITY_CPU, (struct loads){0, world->loads});
    struct comparison_input input =
        input_of(&facts.slices, noise_floor.margin,
                 noise_floor.trustworthy ? noise_floor.delta : 0);
    input.servers = world->servers;
    comparison_make(&comparison, &input);
    for (size_t a = 0; a < world->servers; a++)
        for (size_t b = a + 1; b < world->servers; b++) {
            enum relation relation = comparison_pair(&comparison, a, b).relation;
            bool equal = world->difference == 0 || (a != 1 && b != 1);
            outcome.erred |= is_told(relation) && equal;
            outcome.told |= relation == RELATION_LESS && a == 0 && b == 1;
        }
    comparison_free(&comparison);
    samples_free(&facts.slices);
    return outcome;
}

/* P(at most so many of n), each of probability p. */
static double binomial_below(int count, int n, double p)
{
    double sum = 0;
    for (int k = 0; k <= count; k++)
        sum += exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) +
                   (n - k) * log1p(-p));
    return sum;
}

/* The upper 95 % bound of a probability of which so many of n were seen (Clopper & Pearson
 * 1934). */
static double upper_bound(int count, int n)
{
    double low = (double)count / n, high = 1;
    for (int step = 0; step < 50; step++) {
        double middle = (low + high) / 2;
        if (binomial_below(count, n, middle) > 0.05)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static void world_judge(const struct world *world, int erred, int told)
{
    double bound = upper_bound(erred, world->tables);
    double power = (double)told / world->tables;
    print_message("%-32s false %.1f %%, at most %.1f %%; told apart %.1f %%\n",
                  world->what, 100.0 * erred / world->tables, 100 * bound, 100 * power);
    assert_true(bound <= SIGNIFICANCE);
    assert_true(power >= world->power);
    if (world->difference > 0 && world->power <= 0)
        assert_int_equal(told, 0);
}

static void simulation_test(void **state)
{
    (void)state;
    assert_near(upper_bound(0, 100), 0.0295, 5e-5); /* 1 - 0.05^(1/100) */
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        uint64_t seed = 7;
        int erred = 0, told = 0;
        for (size_t s = 0; s <= worlds[i].servers; s++)
            servers[s] = (struct run_server){.name = s ? "other" : "first"};
        servers[worlds[i].servers].control_of = "first";
        servers_only.server_count = worlds[i].servers + 1;
        struct world world = worlds[i];
        for (int table = 0; table < world.tables; table++) {
            struct outcome outcome = world_compare(&world, &seed);
            erred += outcome.erred;
            told += outcome.told;
        }
        world_judge(&world, erred, told);
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
        cmocka_unit_test(verdict_test),    cmocka_unit_test(pair_alone_test),
        cmocka_unit_test(many_pairs_test), cmocka_unit_test(rows_test),
        cmocka_unit_test(gap_test),        cmocka_unit_test(simulation_test),
        cmocka_unit_test(letters_test),    cmocka_unit_test(letters_meaning_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
