/* slices.h - a round under one load: all servers up side by side, and the load tool in short
 * turns against each of them, in random order, block after block.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SLICES_H
#define ABACUS_SLICES_H

#include "measure/entrant.h"
#include "model/run.h"

#include <stdio.h>

/* A core of a shared machine changes its speed by 10 to 30 % within seconds. A turn of a tenth of a
 * second meets every server within the same second, so that what is slow slows all alike, and
 * the ratio within a block is what is left (Duet: Bulej et al. 2020). */

/* Starts every server afresh, each with its own network and cgroup, primes them, and makes the
 * round's blocks, as run->slicings has them, from the first that the run does not have on. Every
 * slice goes into `run` and, as it ends, into
 * `record`; one that does not count has its printout in raw/. A server that is gone, or does not
 * answer any more, has a last slice with the reason, and no more under this load; the others go
 * on. 1: go on; 0: the user wants to stop; -1: the record cannot be written. */
int slices_run(struct run *run, FILE *record, const struct conditions *conditions,
               int round, size_t load, struct err *err);

/* The highest block that the run has of a round under a load; 0: none. */
int slices_blocks_done(const struct run *run, int round, size_t load);

#endif
