/* slicing.h - how the loads are sliced: found once in a run, before the first round.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SLICING_H
#define ABACUS_SLICING_H

#include "measure/entrant.h"
#include "model/run.h"

#include <stdio.h>

/* Has every server answer a first slice under every load, which is not recorded, and finds from
 * what they took how many requests a slice has, how often each server takes part, and how many
 * blocks a round has (run->slicings), so that a round of all loads takes run.round_s for each.
 * Returns as the functions of lane.h. */
int slicing_find(struct run *run, FILE *record, const struct conditions *conditions,
                 struct err *err);

#endif
