/* slices.c - a round under one load: all servers up side by side, the load tool in short turns.
 * SPDX-License-Identifier: MIT */
#include "measure/slices.h"

#include "base/alloc.h"
#include "base/interrupt.h"
#include "measure/lane.h"
#include "measure/plan.h"

#include <stdlib.h>

/* One after the other, in an order of its own. */
static int block_run(const struct pass *pass, int block, struct err *err)
{
    int going = 1;
    size_t *order = alloc_zeroed(pass->lane_count, sizeof *order);
    for (size_t i = 0; i < pass->lane_count; i++)
        order[i] = i;
    plan_shuffle(order, pass->lane_count, pass->run->seed, pass->round, (int)pass->load,
                 block);
    for (size_t i = 0; going > 0 && i < pass->lane_count; i++) {
        struct slice slice;
        struct lane *lane = &pass->lanes[order[i]];
        /* The round counts, too: no block of a round is always without it. */
        if (!lane->up || (pass->round + block) % lane->share.every != 0)
            continue;
        going = lane_slice(pass, lane, &slice, block, lane->share.requests, err);
        if (going > 0)
            going = lane_record(pass, lane, &slice, err);
        else
            free(slice.reason);
        progress_tick(pass->conditions->progress);
    }
    free(order);
    return going;
}

int slices_blocks_done(const struct run *run, int round, size_t load)
{
    int done = 0;
    for (size_t i = 0; i < run->slice_count; i++)
        if (run->slices[i].round == round && run->slices[i].load == load &&
            run->slices[i].block > done)
            done = run->slices[i].block;
    return done;
}

static int run_blocks(const struct pass *pass, int first, int blocks, struct err *err)
{
    int going = 1;
    for (int block = first; going > 0 && block <= blocks; block++) {
        progress_block(pass->conditions->progress, block, blocks);
        going = block_run(pass, block, err);
        if (interrupt_requested())
            return 0;
    }
    return going;
}

int slices_run(struct run *run, FILE *record, const struct conditions *conditions,
               int round, size_t load, struct err *err)
{
    struct pass pass = {.run = run,
                        .record = record,
                        .conditions = conditions,
                        .round = round,
                        .load = load};
    int first = slices_blocks_done(run, round, load) + 1;
    int blocks = run->slicings[load].blocks;
    int going = pass_open(&pass, first, err);
    if (going > 0)
        going = run_blocks(&pass, first, blocks, err);
    return pass_close(&pass, blocks, going, err);
}
