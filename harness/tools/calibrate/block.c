/* block.c - some consecutive rounds of a long run, as a run of their own.
 * SPDX-License-Identifier: MIT */
#include "tools/calibrate/block.h"

#include "base/alloc.h"

#include <stdlib.h>

void block_make(struct run *block, const struct run *run, int first, int rounds)
{
    *block = *run;
    block->rounds = rounds;
    block->trials = alloc_zeroed(run->trial_count, sizeof *block->trials);
    block->trial_count = 0;
    for (size_t i = 0; i < run->trial_count; i++) {
        struct trial trial = run->trials[i];
        if (trial.round < first || trial.round >= first + rounds)
            continue;
        trial.round -= first - 1;
        if (trial.bound == BOUND_CLIENT)
            trial.bound = BOUND_WAITING;
        block->trials[block->trial_count++] = trial;
    }
}

void block_free(struct run *block)
{
    free(block->trials);
    *block = (struct run){0};
}
