/* slots.h - the trials of one server under one load, one per round.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SLOTS_H
#define ABACUS_SLOTS_H

#include "record/run.h"

/* A round's slot holds its valid trial or, where every attempt failed, the last of them.
 */
struct slots {
    const struct trial *
        *trials; /* borrowed from the run, in the order of the rounds' ends */
    size_t count;
    size_t valid;       /* slots that hold a valid trial */
    size_t retried;     /* of those, slots in which an attempt failed first */
    const char *reason; /* the last failed attempt's; borrowed; NULL if none failed */
};

/* Finds them in a run; the caller frees them. */
void slots_collect(struct slots *slots, const struct run *run, const char *server,
                   const char *load);
void slots_free(struct slots *slots);

/* The valid trial of a round, or NULL. */
const struct trial *slots_valid_trial(const struct slots *slots, int round);

/* Copies one figure of every valid trial, the double at `offset` in struct trial, to
 * `values` (room for slots->count), leaving out those that the load tool did not give.
 * Returns how many there are. */
size_t slots_sample(const struct slots *slots, size_t offset, double *values);

#endif
