/* attempts_test.c - which trials are tried again, and that a run which was stopped anywhere goes
 * on as if it had not been.
 * SPDX-License-Identifier: MIT */
#include "measure/plan.h"

#include "base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SERVERS = 3, LOADS = 2, ROUNDS = 4 };

static struct run_server servers[SERVERS] = {
    {.name = "good"}, {.name = "broken"}, {.name = "disturbed"}};
static struct load loads[LOADS] = {{.name = "c1"}, {.name = "c2"}};

static struct run new_run(int rounds)
{
    return (struct run){.seed = 7,
                        .rounds = rounds,
                        .servers = servers,
                        .server_count = SERVERS,
                        .suite = {.loads = loads, .load_count = LOADS}};
}

/* Ends the trials only: the rest of a run is static here. */
static void end_run(struct run *run)
{
    struct run trials = {.trials = run->trials, .trial_count = run->trial_count};
    run_free(&trials);
}

static struct trial make_trial(const struct slot *slot, enum verdict verdict, int attempt)
{
    return (struct trial){.server = slot->server,
                          .load = slot->load,
                          .round = slot->round,
                          .attempt = attempt,
                          .verdict = verdict};
}

/* What becomes of each server's trials; "disturbed" is well on its second attempt. */
static enum verdict verdict_of(const struct slot *slot, int attempt)
{
    static const enum verdict first[] = {VERDICT_VALID, VERDICT_INVALID,
                                         VERDICT_DISTURBED};
    bool well = slot->server == 2 && attempt == 2;
    return well ? VERDICT_VALID : first[slot->server];
}

/* Makes trials until there are `limit` in all. True: every slot is done. */
static bool go_on(struct run *run, size_t limit)
{
    struct attempts attempts;
    attempts_begin(&attempts, run);
    size_t i = attempts.done_before;
    while (i < attempts.count && run->trial_count < limit) {
        struct slot *slot = &attempts.slots[i];
        int attempt = slot->attempts + 1;
        struct trial trial = make_trial(slot, verdict_of(slot, attempt), attempt);
        run_add_trial(run, &trial);
        attempts_count(&attempts, slot, &trial);
        i += slot->done;
    }
    bool done = i == attempts.count;
    attempts_end(&attempts);
    return done;
}

static void check_same_trials(const struct run *run, const struct run *other)
{
    assert_int_equal(run->trial_count, other->trial_count);
    for (size_t i = 0; i < run->trial_count && i < other->trial_count; i++) {
        const struct trial *a = &run->trials[i], *b = &other->trials[i];
        assert_int_equal(a->server, b->server);
        assert_int_equal(a->load, b->load);
        assert_int_equal(a->round, b->round);
        assert_int_equal(a->attempt, b->attempt);
    }
}

static void a_run_stopped_anywhere_goes_on_as_it_would_have(void **state)
{
    (void)state;
    struct run whole = new_run(ROUNDS);
    assert_true(go_on(&whole, SIZE_MAX));
    for (size_t stop = 0; stop <= whole.trial_count; stop++) {
        struct run run = new_run(ROUNDS);
        assert_int_equal(go_on(&run, stop), stop == whole.trial_count);
        assert_true(go_on(&run, SIZE_MAX));
        check_same_trials(&run, &whole);
        end_run(&run);
    }
    end_run(&whole);
}

static void more_rounds_follow_in_the_order_of_the_seed(void **state)
{
    (void)state;
    struct run at_once = new_run(ROUNDS + 2);
    struct run run = new_run(ROUNDS);
    assert_true(go_on(&at_once, SIZE_MAX));
    assert_true(go_on(&run, SIZE_MAX));
    run.rounds = ROUNDS + 2;
    assert_true(go_on(&run, SIZE_MAX));
    check_same_trials(&run, &at_once);
    end_run(&run);
    end_run(&at_once);
}

/* ---- one slot ---- */

static const struct {
    const char *verdicts; /* of its trials: v, d or i */
    bool done;
} histories[] = {
    {"", false},  {"v", true},   {"d", false},  {"i", false},  {"dd", false},
    {"dv", true}, {"ii", false}, {"ddd", true}, {"iii", true}, {"idi", true},
};

static enum verdict verdict_named(char letter)
{
    return letter == 'v'   ? VERDICT_VALID
           : letter == 'd' ? VERDICT_DISTURBED
                           : VERDICT_INVALID;
}

static void a_slot_is_done_when_valid_or_tried_three_times(void **state)
{
    (void)state;
    const struct slot slot = {.round = 1};
    for (size_t i = 0; i < sizeof histories / sizeof *histories; i++) {
        struct attempts attempts;
        struct run run = new_run(1);
        const char *verdicts = histories[i].verdicts;
        for (int a = 0; verdicts[a]; a++) {
            struct trial trial = make_trial(&slot, verdict_named(verdicts[a]), a + 1);
            run_add_trial(&run, &trial);
        }
        attempts_begin(&attempts, &run);
        assert_int_equal(attempts.count, SERVERS * LOADS);
        assert_int_equal(attempts.done_before, histories[i].done);
        attempts_end(&attempts);
        end_run(&run);
    }
}

/* The retries of disturbed trials are bounded over the whole run, not by session. */
static void retries_are_not_had_twice(void **state)
{
    (void)state;
    struct attempts attempts;
    struct run run = new_run(ROUNDS);
    attempts_begin(&attempts, &run);
    size_t retries = attempts.retries;
    attempts_end(&attempts);
    for (int round = 1; round <= 2; round++) {
        struct trial trial =
            make_trial(&(struct slot){.round = round}, VERDICT_DISTURBED, 1);
        run_add_trial(&run, &trial);
    }
    attempts_begin(&attempts, &run);
    assert_int_equal(attempts.retries, retries - 2);
    /* The run went on after the first of them, so that is not taken up again. */
    assert_int_equal(attempts.done_before, 1);
    assert_int_equal(attempts.slots[0].round, 1);
    attempts_end(&attempts);
    end_run(&run);
}

static void trials_out_of_the_plan_do_no_harm(void **state)
{
    (void)state;
    static const struct {
        size_t server, load;
        int round;
    } strays[] = {
        {0, 0, 0}, {0, 0, -1}, {0, 0, ROUNDS + 1}, {0, LOADS, 1}, {SERVERS, 0, 1}};
    struct attempts attempts;
    struct run run = new_run(ROUNDS);
    for (size_t i = 0; i < sizeof strays / sizeof *strays; i++) {
        struct trial trial = {.server = strays[i].server,
                              .load = strays[i].load,
                              .round = strays[i].round,
                              .attempt = 1};
        run_add_trial(&run, &trial);
    }
    attempts_begin(&attempts, &run);
    assert_int_equal(attempts.done_before, 0);
    attempts_end(&attempts);
    end_run(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_stopped_anywhere_goes_on_as_it_would_have),
        cmocka_unit_test(more_rounds_follow_in_the_order_of_the_seed),
        cmocka_unit_test(a_slot_is_done_when_valid_or_tried_three_times),
        cmocka_unit_test(retries_are_not_had_twice),
        cmocka_unit_test(trials_out_of_the_plan_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
