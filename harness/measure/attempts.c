/* attempts.c - what has become of a plan: which trials are done, and which are tried again.
 * SPDX-License-Identifier: MIT */
#include "measure/attempts.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

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
