/* saturate.h - how many load tools side by side a load takes.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SATURATE_H
#define ABACUS_SATURATE_H

#include "measure/entrant.h"
#include "model/run.h"

/* Sets `clients` of each load whose suite leaves it open, and the cores that they have: as many load
 * tools as it takes until every server is the limit, or until each core but the server's has one.
 * Each server is tried for a moment; one that cannot be is left out here, and shows its reason
 * later. 0: the user wants to stop; else 1. */
int saturate_find(struct run *run, const struct conditions *conditions);

#endif
