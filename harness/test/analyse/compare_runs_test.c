/* compare_runs_test.c - two runs compared: the verdicts, the words, and, by simulation, how
 * often they err.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "random.h"
#include "sample.h"

#include "report/compare_page.h"
#include "report/compare_verdict.h"

#include <math.h>

enum { SERVERS = 6, MAX_LOADS = 3, MAX_ROUNDS = 11, CASE_ROUNDS = 8 };

/* ---- verdicts on one figure ---- */

/* Of server 0; two others stand still, or move as a whole by `shared`. */
struct verdict_case {
    const char *what;
    size_t rounds[2];
    double ratio, noise, shared;
    double threshold, noise_floor;
    bool untrustworthy, limited, alone;
    enum outcome outcome;
};

static const struct verdict_case verdicts[] = {
    {.what = "worse",
     .rounds = {6, 6},
     .ratio = 1.2,
     .noise = 0.02,
     .shared = 1,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .outcome = OUTCOME_WORSE},
    {.what = "better",
     .rounds = {6, 8},
     .ratio = 0.8,
     .noise = 0.02,
     .shared = 1,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .outcome = OUTCOME_BETTER},
    {.what = "the same",
     .rounds = {6, 6},
     .ratio = 1.01,
     .noise = 0.01,
     .shared = 1,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .outcome = OUTCOME_SAME},
    {.what = "the same, but no trust",
     .rounds = {6, 6},
     .ratio = 1.01,
     .noise = 0.01,
     .shared = 1,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .untrustworthy = true,
     .outcome = OUTCOME_WIDE},
    {.what = "more, by less than the threshold",
     .rounds = {6, 6},
     .ratio = 1.2,
     .noise = 0.02,
     .shared = 1,
     .threshold = 0.21,
     .noise_floor = 0.02,
     .outcome = OUTCOME_WIDE},
    {.what = "more, by less than the noise floor",
     .rounds = {6, 6},
     .ratio = 1.2,
     .noise = 0.02,
     .shared = 1,
     .threshold = 0.05,
     .noise_floor = 0.25,
     .outcome = OUTCOME_WIDE},
    {.what = "wide",
     .rounds = {6, 6},
     .ratio = 1.02,
     .noise = 0.2,
     .shared = 1,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .outcome = OUTCOME_WIDE},
    {.what = "all of them, and so the machine or not",
     .rounds = {6, 6},
     .ratio = 1.2,
     .noise = 0.02,
     .shared = 1.2,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .outcome = OUTCOME_ONE_WAY},
    {.what = "hidden by a faster machine",
     .rounds = {6, 6},
     .ratio = 1,
     .noise = 0.01,
     .shared = 0.8,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .outcome = OUTCOME_ONE_WAY},
    {.what = "more than all of them",
     .rounds = {6, 6},
     .ratio = 1.4,
     .noise = 0.02,
     .shared = 1.1,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .outcome = OUTCOME_WORSE},
    {.what = "alone",
     .rounds = {6, 6},
     .ratio = 1.2,
     .noise = 0.02,
     .shared = 1.2,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .alone = true,
     .outcome = OUTCOME_WORSE},
    {.what = "limited",
     .rounds = {6, 6},
     .ratio = 2,
     .noise = 0.02,
     .shared = 1,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .limited = true,
     .outcome = OUTCOME_LIMITED},
    {.what = "three rounds",
     .rounds = {3, 3},
     .ratio = 2,
     .noise = 0.001,
     .shared = 1,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .outcome = OUTCOME_FEW},
    {.what = "one round against many",
     .rounds = {1, 8},
     .ratio = 1,
     .noise = 0.001,
     .shared = 1,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .outcome = OUTCOME_FEW},
    {.what = "none",
     .rounds = {6, 0},
     .ratio = 1,
     .noise = 0.001,
     .shared = 1,
     .threshold = 0.05,
     .noise_floor = 0.02,
     .outcome = OUTCOME_FEW},
};

/* Noise that is none of chance: values spread over the rounds, in another order for each
 * server. */
static void case_sample(const struct verdict_case *this, size_t side, double *logs)
{
    size_t rounds = this->rounds[side];
    for (size_t s = 0; s < 3; s++)
        for (size_t r = 0; r < rounds; r++) {
            double move = s == 0 ? this->ratio : this->shared;
            double spread = (double)((s * 3 + r * 5 + side) % 7) / 6 - 0.5;
            logs[s * rounds + r] = this->noise * spread + (side ? log(move) : 0);
        }
}

static void verdict_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        const struct verdict_case *this = &verdicts[i];
        struct levels levels[2];
        double logs[2][3 * CASE_ROUNDS];
        for (size_t side = 0; side < 2; side++) {
            case_sample(this, side, logs[side]);
            levels[side] = (struct levels){.servers = this->alone ? 1 : 3,
                                           .rounds = this->rounds[side],
                                           .logs = logs[side]};
        }
        struct contrast contrasts[3], *one = contrasts;
        contrasts_test(contrasts, &levels[0], &levels[1]);
        contrasts[0].limited = this->limited;
        size_t made = contrasts_correct(&one, 1);
        struct contrast_criteria criteria = {this->threshold, this->noise_floor,
                                             !this->untrustworthy};
        contrast_judge(one, &criteria, true, made);
        if (one->outcome != this->outcome)
            fail_msg("%s: outcome %d, ratio %g (%g to %g), p %g; beside %g (%g to %g)",
                     this->what, one->outcome, one->as_is.ratio.mid, one->as_is.ratio.low,
                     one->as_is.ratio.high, one->as_is.p, one->beside.ratio.mid,
                     one->beside.ratio.low, one->beside.ratio.high);
    }
}

/* Of rates, less is worse. */
static void direction_test(void **state)
{
    (void)state;
    double a[] = {1, 1.01, 1.02, 1.03, 1.04, 1.05},
           b[] = {2, 2.01, 2.02, 2.03, 2.04, 2.05};
    const struct levels levels[] = {{1, 6, a}, {1, 6, b}};
    const struct contrast_criteria criteria = {0.05, 0.05, true};
    struct contrast contrast;
    contrasts_test(&contrast, &levels[0], &levels[1]);
    contrast_judge(&contrast, &criteria, true, 1);
    assert_int_equal(contrast.outcome, OUTCOME_WORSE);
    contrast_judge(&contrast, &criteria, false, 1);
    assert_int_equal(contrast.outcome, OUTCOME_BETTER);
}

/* More comparisons take more rounds: with 6 and 6, p is 2/924 at least. */
static void rounds_test(void **state)
{
    (void)state;
    assert_int_equal(contrast_rounds_needed(1), 4);
    assert_int_equal(contrast_rounds_needed(23), 6);
    assert_int_equal(contrast_rounds_needed(24), 7);
}

/* A server that has no figures in one run says nothing of what the others share. */
static void gap_test(void **state)
{
    (void)state;
    double a[4 * 6], b[4 * 6];
    for (size_t i = 0; i < 4 * 6; i++) {
        a[i] = i / 6 == 3 ? NAN : 0.001 * (double)(i % 5);
        b[i] = 0.2 + 0.001 * (double)(i % 4) + (i / 6 == 3 ? 9 : 0);
    }
    const struct levels levels[] = {{4, 6, a}, {4, 6, b}};
    struct contrast contrasts[4];
    contrasts_test(contrasts, &levels[0], &levels[1]);
    assert_true(fabs(contrasts[0].beside.ratio.mid - 1) < 0.01);
    assert_int_equal(contrasts[3].beside.rounds[0], 0);
    assert_true(fabs(contrasts_shared(contrasts, 4) - exp(0.2)) < 0.01);
    assert_true(isnan(contrasts_shared(contrasts, 2)));
}

/* ---- by simulation ---- */

struct world {
    const char *what;
    size_t rounds, loads;
    double sd;          /* of the logarithm of one round */
    double drift;       /* sd of what all servers share in a round */
    double shared;      /* what all share between the runs, as a share */
    double wander;      /* sd of what is shared, from one pair of runs to the next */
    double extra;       /* so much more does server 1 cost in B, as a share */
    double disturbed;   /* so often a round is up to 0.3 (log) above itself */
    double threshold;   /* the noise floor is 1 % */
    double false_most;  /* the share of pairs in which an unchanged server is worse */
    double worse_least; /* the share in which server 1 is found */
    double same_least;  /* the share that are called the same */
};

static const struct world worlds[] = {
    {.what = "the same",
     .rounds = 6,
     .loads = 3,
     .sd = 0.03,
     .threshold = 0.01,
     .false_most = 0.05},
    {.what = "the same, and disturbed",
     .rounds = 6,
     .loads = 3,
     .sd = 0.03,
     .drift = 0.05,
     .disturbed = 0.05,
     .threshold = 0.01,
     .false_most = 0.05},
    {.what = "the same, but a slower machine",
     .rounds = 6,
     .loads = 3,
     .sd = 0.03,
     .shared = 0.10,
     .threshold = 0.01,
     .false_most = 0.05},
    {.what = "the same, on a machine that wanders",
     .rounds = 11,
     .loads = 3,
     .sd = 0.03,
     .drift = 0.03,
     .wander = 0.08,
     .threshold = 0.01,
     .false_most = 0.05},
    {.what = "the same, quiet",
     .rounds = 6,
     .loads = 3,
     .sd = 0.01,
     .threshold = 0.05,
     .false_most = 0.05,
     .same_least = 0.90},
    {.what = "10 %",
     .rounds = 6,
     .loads = 3,
     .sd = 0.03,
     .extra = 0.10,
     .threshold = 0.05,
     .false_most = 0.05,
     .worse_least = 0.90},
    {.what = "10 %, eleven rounds, noisier",
     .rounds = 11,
     .loads = 3,
     .sd = 0.05,
     .extra = 0.10,
     .threshold = 0.05,
     .false_most = 0.05,
     .worse_least = 0.90},
    {.what = "15 %, one load, a slower machine",
     .rounds = 6,
     .loads = 1,
     .sd = 0.03,
     .shared = 0.05,
     .extra = 0.15,
     .threshold = 0.05,
     .false_most = 0.05,
     .worse_least = 0.90},
};

enum { PAIRS = 200 };

static void world_sample(const struct world *world, bool is_b, double shared,
                         uint64_t *seed, double *logs)
{
    for (size_t r = 0; r < world->rounds; r++) {
        double common = world->drift * random_normal(seed) + (is_b ? shared : 0);
        for (size_t s = 0; s < SERVERS; s++) {
            double log_figure = common + world->sd * random_normal(seed);
            if (is_b && s == 1)
                log_figure += log1p(world->extra);
            if (random_unit(seed) < world->disturbed)
                log_figure += 0.3 * random_unit(seed);
            logs[s * world->rounds + r] = log_figure;
        }
    }
}

static void world_contrasts(const struct world *world, double shared, uint64_t *seed,
                            struct contrast *contrasts)
{
    double a[SERVERS * MAX_ROUNDS], b[SERVERS * MAX_ROUNDS];
    world_sample(world, false, shared, seed, a);
    world_sample(world, true, shared, seed, b);
    contrasts_test(contrasts, &(struct levels){SERVERS, world->rounds, a},
                   &(struct levels){SERVERS, world->rounds, b});
}

struct tally {
    size_t erred, found, same;
};

static void world_compare(const struct world *world, uint64_t *seed, struct tally *tally)
{
    struct contrast contrasts[MAX_LOADS * SERVERS], *all[MAX_LOADS * SERVERS];
    double shared = log1p(world->shared) + world->wander * random_normal(seed);
    size_t count = world->loads * SERVERS, same = 0;
    const struct contrast_criteria criteria = {world->threshold, DIFFERENCE_OF_INTEREST,
                                               true};
    bool erred = false, found = false;
    for (size_t l = 0; l < world->loads; l++)
        world_contrasts(world, shared, seed, &contrasts[l * SERVERS]);
    for (size_t i = 0; i < count; i++)
        all[i] = &contrasts[i];
    size_t made = contrasts_correct(all, count);
    for (size_t i = 0; i < count; i++) {
        bool changed = world->extra > 0 && i % SERVERS == 1;
        contrast_judge(&contrasts[i], &criteria, true, made);
        erred |= contrasts[i].outcome == OUTCOME_WORSE && !changed;
        found |= contrasts[i].outcome == OUTCOME_WORSE && changed;
        same += contrasts[i].outcome == OUTCOME_SAME;
    }
    tally->erred += erred;
    tally->found += found;
    tally->same += same == count;
}

static void simulation_test(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
        const struct world *world = &worlds[i];
        uint64_t seed = 5;
        struct tally tally = {0};
        for (int pair = 0; pair < PAIRS; pair++)
            world_compare(world, &seed, &tally);
        print_message("%-36s false %.1f %%, found %.1f %%, the same %.1f %%\n",
                      world->what, 100.0 * (double)tally.erred / PAIRS,
                      100.0 * (double)tally.found / PAIRS,
                      100.0 * (double)tally.same / PAIRS);
        assert_true((double)tally.erred <= world->false_most * PAIRS);
        assert_true((double)tally.found >= world->worse_least * PAIRS);
        assert_true((double)tally.same >= world->same_least * PAIRS);
    }
}

/* ---- the words ---- */

static void replace(char **text, const char *with)
{
    free(*text);
    *text = alloc_copy(with);
}

/* A server's CPU time and, where it is the limit, its rate, in all loads or in one. */
static void slow_down(struct run *run, const char *server, const char *load, double times)
{
    bool is_limit = false;
    for (size_t i = 0; i < run->trial_count; i++) {
        struct trial *trial = &run->trials[i];
        if (!sample_is_of(run, trial, server) ||
            (load && strcmp(trial_load(run, trial)->name, load) != 0))
            continue;
        is_limit = trial->bound == BOUND_SERVER;
        trial->cpu_us_per_request *= times;
        if (is_limit)
            trial->result.requests_per_second /= times;
    }
    for (size_t i = 0; i < run->slice_count; i++) {
        struct slice *slice = &run->slices[i];
        if (!sample_slice_is_of(run, slice, server) ||
            (load && strcmp(run->suite.loads[slice->load].name, load) != 0))
            continue;
        slice->server_cpu_s *= times;
        if (is_limit)
            slice->seconds *= times;
    }
}

/* Two runs of six servers, a day apart. */
static void make_same(struct run *a, struct run *b)
{
    struct run *runs[] = {a, b};
    for (size_t side = 0; side < 2; side++) {
        struct run *run = runs[side];
        sample_run(run, sample_six, 6, 6);
        sample_control(run, &sample_six[2]);
        for (size_t s = 0; s < run->server_count; s++)
            run->servers[s].sha256 = alloc_format("%064zx", s + 1);
    }
    replace(&b->started, "2024-03-10T23:13:14Z");
}

/* A server that became more expensive and one that became slower, on another machine; one
 * that works no more under one load, one that came anew, one that was left out, and a record that
 * was cut off. */
static void make_changed(struct run *a, struct run *b)
{
    make_same(a, b);
    replace(&b->machine[0].value, "Imaginary 9001 @ 3.00GHz, 2 cores (2 usable)");
    sample_fact(b, "kernel", "Linux 6.1.0 x86_64");
    sample_fact(a, "load average", "0.10 0.10 0.10 over 1, 5, 15 min");
    b->suite.loads[1].requests = 50000;
    replace(&b->suite.loads[2].name, "c200");
    replace(&b->servers[4].sha256, "feedfacefeedfacefeedface");
    slow_down(b, "libev", NULL, 1.2);
    slow_down(b, "fork", "c50", 1.18);
    slow_down(b, "libevent", NULL, 0.9);
    sample_fail_all(b, "libuv", "c50", "the server died: killed by signal 11");
    replace(&b->servers[1].name, "poll");
    b->servers[1].missing = alloc_copy("library libpoll is not installed");
    b->finished = false;
    run_add_note(b, "record.jsonl:120: left out: not JSON, cut off at the end");
}

/* Everything costs a tenth more. */
static void make_shared(struct run *a, struct run *b)
{
    make_same(a, b);
    for (size_t s = 0; s < b->server_count; s++)
        slow_down(b, b->servers[s].name, NULL, 1.1);
}

/* Two rounds each, of one server with a name that tries to break a page. */
static void make_few(struct run *a, struct run *b)
{
    static const struct sample_server weird = {
        "a|b<script>\n", "an about line", 12000, 78, 1.02, BOUND_SERVER};
    sample_run(a, &weird, 1, 2);
    sample_run(b, &weird, 1, 2);
    b->seed++;
}

static const struct {
    const char *golden;
    void (*make)(struct run *a, struct run *b);
    enum format format;
    double threshold;
    enum conclusion conclusion;
} pages[] = {
    {"compare-same.txt", make_same, FORMAT_TEXT, 0.05, CONCLUSION_SAME},
    {"compare-changed.txt", make_changed, FORMAT_TEXT, NAN, CONCLUSION_WORSE},
    {"compare-changed.md", make_changed, FORMAT_MARKDOWN, NAN, CONCLUSION_WORSE},
    {"compare-changed.html", make_changed, FORMAT_HTML, NAN, CONCLUSION_WORSE},
    {"compare-shared.txt", make_shared, FORMAT_TEXT, 0.02, CONCLUSION_OPEN},
    {"compare-few.txt", make_few, FORMAT_TEXT, NAN, CONCLUSION_OPEN},
    {"compare-few.html", make_few, FORMAT_HTML, NAN, CONCLUSION_OPEN},
};

static void golden_test(void **state)
{
    (void)state;
    static const char *const names[] = {"results/<old>", "results/new"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct run a, b;
        struct run_pair pair;
        struct err err;
        char *text = NULL;
        size_t size = 0;
        pages[i].make(&a, &b);
        assert_int_equal(run_pair_make(&pair, &a, &b, pages[i].threshold, &err), 0);
        struct page page = {.out = open_memstream(&text, &size),
                            .format = pages[i].format};
        assert_non_null(page.out);
        compare_page_write(
            &page, &pair,
            &(struct compare_more){.names = names, .given = !isnan(pages[i].threshold)});
        assert_int_equal(fclose(page.out), 0);
        golden_check(pages[i].golden, text);
        assert_int_equal(pair.conclusion, pages[i].conclusion);
        free(text);
        run_pair_free(&pair);
        run_free(&a);
        run_free(&b);
    }
}

/* ---- nothing to compare ---- */

static void make_twice(struct run *a, struct run *b)
{
    make_same(a, b);
    replace(&b->started, a->started);
}

static void make_all_failed(struct run *a, struct run *b)
{
    make_same(a, b);
    for (size_t i = 0; i < b->slice_count; i++)
        b->slices[i].reason = alloc_copy("it failed");
}

static void make_empty(struct run *a, struct run *b)
{
    make_same(a, b);
    a->slice_count = 0;
}

static void make_other_loads(struct run *a, struct run *b)
{
    make_same(a, b);
    replace(&b->suite.name, "quick");
    for (size_t i = 0; i < b->suite.load_count; i++)
        replace(&b->suite.loads[i].name, i == 0 ? "q1" : "q2");
}

static void make_other_servers(struct run *a, struct run *b)
{
    make_same(a, b);
    for (size_t i = 0; i < b->server_count; i++) {
        char *name = alloc_format("server %zu", i);
        replace(&b->servers[i].name, name);
        free(name);
    }
}

static void refused_test(void **state)
{
    (void)state;
    static const struct {
        void (*make)(struct run *a, struct run *b);
        const char *words;
    } cases[] = {
        {make_twice, "both folders hold the same run, started 2024-03-09T23:13:14Z"},
        {make_all_failed, "no slice of run B counts, so there is nothing to compare"},
        {make_empty, "no slice of run A counts, so there is nothing to compare"},
        {make_other_loads,
         "the runs have no load in common: A is of suite 'articles', B of 'quick'"},
        {make_other_servers, "the runs have no server in common"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run a, b;
        struct run_pair pair;
        struct err err = {""};
        cases[i].make(&a, &b);
        assert_int_equal(run_pair_make(&pair, &a, &b, NAN, &err), -1);
        assert_string_equal(err.text, cases[i].words);
        run_free(&a);
        run_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict_test),    cmocka_unit_test(direction_test),
        cmocka_unit_test(rounds_test),     cmocka_unit_test(gap_test),
        cmocka_unit_test(simulation_test), cmocka_unit_test(golden_test),
        cmocka_unit_test(refused_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
