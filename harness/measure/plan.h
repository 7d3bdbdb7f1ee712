/* plan.h - the trials of a run: their order, what has become of them, and how long they take.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PLAN_H
#define ABACUS_PLAN_H

#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

/* One trial to be made: indexes into run->servers and run->suite.loads. The rest is cleared by
 * the plan, and kept by attempts_count. */
struct slot {
    int round; /* from 1 */
    size_t load;
    size_t server;
    int attempts; /* made so far */
    int failures; /* of those, the ones without figures */
    bool done;
};

/* Every round has every load once, in shuffled order, and in each load every server that is
 * there once, in shuffled order: so that whatever changes slowly on the machine meets all
 * servers alike (randomised multiple interleaved trials, Abedi & Brecht 2017). The same
 * seed gives the same order. Returns *count slots, owned by the caller. */
struct slot *plan_make(const struct run *run, size_t *count);

struct attempts {
    struct slot *slots; /* those that were done from the start come first */
    size_t count;
    size_t done_before; /* how many those are */
    bool *hopeless;     /* by server and load: all attempts of one slot failed */
    size_t load_count;
    size_t retries; /* of disturbed trials, that are left: a busy machine ends, too */
};

/* Plans the run, and counts what it has been through already: the trials that are in it. To be
 * ended by attempts_end. */
void attempts_begin(struct attempts *attempts, const struct run *run);

/* Counts a trial of the slot, and says whether that is done. A disturbed one is so by others,
 * who may be gone, so it is tried again while there are retries. A server that failed in all
 * attempts of a round is likely to fail again: from then on it gets one in each. */
void attempts_count(struct attempts *attempts, struct slot *slot,
                    const struct trial *trial);

void attempts_end(struct attempts *attempts);

/* How long each slot will take, s: as long as the same server and load took before, all attempts
 * together; else as long as the load took with other servers; else a guess from its nominal
 * amount, in the proportion in which the guesses were wrong so far. Owned by the caller. */
double *estimate_slots(const struct run *run, const struct slot *slots, size_t count);

/* The sum of these from slot `from` on. */
double estimate_left(const struct run *run, const struct slot *slots, size_t count,
                     size_t from);

#endif
