/* block.h - some consecutive rounds of a long run, as a run of their own: what somebody
 * would have had who had measured only then.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_BLOCK_H
#define ABACUS_BLOCK_H

#include "model/run.h"

/* `rounds` rounds of `run` from round `first` on, which become the block's rounds from 1
 * on. In it no server is limited by its client: tables leave comparisons out where two
 * servers are, and a calibration wants to know how they would have come out. All but the
 * array of trials is borrowed from the run. */
void block_make(struct run *block, const struct run *run, int first, int rounds);
void block_free(struct run *block);

#endif
