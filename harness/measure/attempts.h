/* attempts.h - what has become of a plan: which trials are done, and which are tried again.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_ATTEMPTS_H
#define ABACUS_ATTEMPTS_H

#include "measure/plan.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

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

#endif
