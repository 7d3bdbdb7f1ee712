/* plan.h - the order of a run's trials: fixed beforehand, shuffled by a seed.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PLAN_H
#define ABACUS_PLAN_H

#include "model/run.h"

#include <stdbool.h>

/* One trial to be made: indexes into run->servers and run->suite.loads. The rest is cleared by
 * the plan, and kept by attempts.h. */
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

#endif
