/* estimate.c - how long the trials of a run will take, from those that it has made.
 * SPDX-License-Identifier: MIT */
#include "measure/estimate.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
