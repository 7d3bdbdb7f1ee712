/* plan.c - the trials of a run: their order, what has become of them, and how long they take.
 * SPDX-License-Identifier: MIT */
#include "measure/plan.h"

#include "base/alloc.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- the order ---- */

/* splitmix64 (Steele, Lea & Flood 2014): small, and the same everywhere. */
static uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* Fisher & Yates. The modulo's bias, under 2^-50 here, is of no account. */
static void shuffle(size_t *items, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = random_next(state) % i;
        size_t item = items[i - 1];
        items[i - 1] = items[j];
        items[j] = item;
    }
}

struct slot *plan_make(const struct run *run, size_t *count)
{
    size_t *servers = alloc_zeroed(run->server_count, sizeof *servers);
    size_t *loads = alloc_zeroed(run->suite.load_count, sizeof *loads);
    size_t server_count = 0;
    for (size_t i = 0; i < run->server_count; i++)
        if (!run->servers[i].missing)
            servers[server_count++] = i;
    for (size_t i = 0; i < run->suite.load_count; i++)
        loads[i] = i;

    size_t total = (size_t)run->rounds * run->suite.load_count * server_count;
    struct slot *slots = alloc_zeroed(total, sizeof *slots);
    uint64_t state = run->seed;
    *count = 0;
    for (int round = 1; round <= run->rounds; round++) {
        shuffle(loads, run->suite.load_count, &state);
        for (size_t l = 0; l < run->suite.load_count; l++) {
            shuffle(servers, server_count, &state);
            for (size_t s = 0; s < server_count; s++)
                slots[(*count)++] =
                    (struct slot){.round = round, .load = loads[l], .server = servers[s]};
        }
    }
    free(servers);
    free(loads);
    return slots;
}

/* ---- what has become of it ---- */

enum {
    ATTEMPTS = 3,      /* of one trial, where it fails */
    SPARE_RETRIES = 6, /* of disturbed trials, beside half as many as there are slots */
};

static bool try_again(struct attempts *attempts, struct slot *slot,
                      const struct trial *trial)
{
    bool *hopeless =
        &attempts->hopeless[slot->server * attempts->load_count + slot->load];
    if (trial->verdict == VERDICT_VALID)
        return false;
    if (trial->verdict == VERDICT_DISTURBED) {
        bool again = trial->attempt < ATTEMPTS && attempts->retries > 0;
        attempts->retries -= again;
        return again;
    }
    if (++slot->failures == ATTEMPTS)
        *hopeless = true;
    return !*hopeless && trial->attempt < ATTEMPTS;
}

void attempts_count(struct attempts *attempts, struct slot *slot,
                    const struct trial *trial)
{
    slot->attempts = trial->attempt;
    slot->done = !try_again(attempts, slot, trial);
}

/* Every round has as many slots as any other. NULL: the trial is not in the plan. */
static struct slot *slot_of(const struct attempts *attempts, const struct run *run,
                            const struct trial *trial)
{
    if (trial->round < 1 || trial->round > run->rounds)
        return NULL;
    size_t each = attempts->count / (size_t)run->rounds;
    struct slot *first = attempts->slots + (size_t)(trial->round - 1) * each;
    for (struct slot *slot = first; slot < first + each; slot++)
        if (slot->server == trial->server && slot->load == trial->load)
            return slot;
    return NULL;
}

/* A slot is done once the run has gone on to the next, also where it had no retries left. */
static void count_earlier(struct attempts *attempts, const struct run *run)
{
    struct slot *last = NULL;
    for (size_t i = 0; i < run->trial_count; i++) {
        struct slot *slot = slot_of(attempts, run, &run->trials[i]);
        if (!slot || slot->done)
            continue;
        if (last && last != slot)
            last->done = true;
        attempts_count(attempts, slot, &run->trials[i]);
        last = slot;
    }
}

static void move_done_forward(struct attempts *attempts)
{
    struct slot *sorted = alloc_zeroed(attempts->count, sizeof *sorted);
    size_t used = 0;
    for (size_t i = 0; i < attempts->count; i++)
        if (attempts->slots[i].done)
            sorted[used++] = attempts->slots[i];
    attempts->done_before = used;
    for (size_t i = 0; i < attempts->count; i++)
        if (!attempts->slots[i].done)
            sorted[used++] = attempts->slots[i];
    free(attempts->slots);
    attempts->slots = sorted;
}

void attempts_begin(struct attempts *attempts, const struct run *run)
{
    *attempts = (struct attempts){.load_count = run->suite.load_count};
    attempts->slots = plan_make(run, &attempts->count);
    attempts->hopeless =
        alloc_zeroed(run->server_count * run->suite.load_count, sizeof(bool));
    attempts->retries = SPARE_RETRIES + attempts->count / 2;
    count_earlier(attempts, run);
    move_done_forward(attempts);
}

void attempts_end(struct attempts *attempts)
{
    free(attempts->slots);
    free(attempts->hopeless);
    *attempts = (struct attempts){0};
}

/* ---- how long it takes ---- */

/* For the first guess: what a load tool does per second on loopback, to within a factor of two,
 * and what a trial takes beside its requests, s. */
static const double guessed_rate = 16000;
static const double guessed_overhead_s = 0.3;

static double guess(const struct load *load)
{
    double requests = (double)load->requests + (double)load->priming;
    return load->seconds + requests / guessed_rate + guessed_overhead_s;
}

/* Time spent, and in how many slots. */
struct spent {
    double seconds;
    size_t slots;
};

static double spent_mean(const struct spent *spent)
{
    return spent->slots ? spent->seconds / (double)spent->slots : NAN;
}

/* What was spent on each load, and on each server under it. */
struct ledger {
    struct spent *loads;
    struct spent *cells; /* [server * load_count + load] */
    double seconds;      /* in all */
    double guessed;      /* the same, had the guesses been right */
};

static void ledger_add(struct ledger *ledger, const struct run *run,
                       const struct trial *trial)
{
    struct spent *both[] = {
        &ledger->loads[trial->load],
        &ledger->cells[trial->server * run->suite.load_count + trial->load]};
    double seconds = trial->ended_s - trial->started_s;
    bool first = trial->attempt == 1;
    for (size_t i = 0; i < 2; i++) {
        both[i]->seconds += seconds;
        both[i]->slots += first;
    }
    ledger->seconds += seconds;
    ledger->guessed += first ? guess(trial_load(run, trial)) : 0;
}

static void ledger_make(struct ledger *ledger, const struct run *run)
{
    size_t loads = run->suite.load_count;
    *ledger = (struct ledger){
        .loads = alloc_zeroed(loads, sizeof *ledger->loads),
        .cells = alloc_zeroed(loads * run->server_count, sizeof *ledger->cells),
    };
    for (size_t i = 0; i < run->trial_count; i++)
        ledger_add(ledger, run, &run->trials[i]);
}

static void ledger_free(struct ledger *ledger)
{
    free(ledger->loads);
    free(ledger->cells);
}

static double slot_estimate(const struct ledger *ledger, const struct run *run,
                            const struct slot *slot)
{
    size_t cell = slot->server * run->suite.load_count + slot->load;
    if (ledger->cells[cell].slots)
        return spent_mean(&ledger->cells[cell]);
    if (ledger->loads[slot->load].slots)
        return spent_mean(&ledger->loads[slot->load]);
    double wrong = ledger->guessed > 0 ? ledger->seconds / ledger->guessed : 1;
    return guess(&run->suite.loads[slot->load]) * wrong;
}

double *estimate_slots(const struct run *run, const struct slot *slots, size_t count)
{
    struct ledger ledger;
    double *each = alloc_zeroed(count, sizeof *each);
    ledger_make(&ledger, run);
    for (size_t i = 0; i < count; i++)
        each[i] = slot_estimate(&ledger, run, &slots[i]);
    ledger_free(&ledger);
    return each;
}

double estimate_left(const struct run *run, const struct slot *slots, size_t count,
                     size_t from)
{
    double *each = estimate_slots(run, slots, count);
    double sum = 0;
    for (size_t i = from; i < count; i++)
        sum += each[i];
    free(each);
    return sum;
}
