/* estimate.h - how long the trials of a run will take, from those that it has made.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_ESTIMATE_H
#define ABACUS_ESTIMATE_H

#include "measure/plan.h"
#include "model/run.h"

/* How long each slot will take, s: as long as the same server and load took before, all attempts
 * together; else as long as the load took with other servers; else a guess from its nominal
 * amount, in the proportion in which the guesses were wrong so far. Owned by the caller. */
double *estimate_slots(const struct run *run, const struct slot *slots, size_t count);

/* The sum of these from slot `from` on. */
double estimate_left(const struct run *run, const struct slot *slots, size_t count,
                     size_t from);

#endif
