/* floor.c - the noise floor: how far one server, entered twice, comes out from itself.
 * SPDX-License-Identifier: MIT */
#include "analyse/floor.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

static const struct run_server *find_control(const struct run *run)
{
    for (size_t i = 0; i < run->server_count; i++)
        if (run->servers[i].control_of)
            return &run->servers[i];
    return NULL;
}

/* Appends the pairs of one load to `logs`, and returns how many they are. */
static size_t load_pairs(const struct slot_table *slots, const struct run_server *control,
                         const struct load *load, size_t offset, double *logs)
{
    const struct run_server *original = run_server(slots->run, control->control_of);
    if (!original)
        return 0; /* a record may name any */
    return slots_log_ratios(slots_of(slots, control, load),
                            slots_of(slots, original, load), offset, logs);
}

/* fmax leaves the NAN of a ratio that there is not. */
static void judge(struct noise_floor *noise_floor)
{
    const struct interval *ratio = &noise_floor->ratio;
    double far_end = fmax(ratio->high, 1 / ratio->low) - 1;
    bool few = noise_floor->pairs > 0 && noise_floor->pairs < ROUNDS_FOR_INTERVAL;
    noise_floor->trustworthy = !noise_floor->control || few ||
                               (ratio->low <= 1 + DIFFERENCE_OF_INTEREST &&
                                1 / ratio->high <= 1 + DIFFERENCE_OF_INTEREST);
    noise_floor->delta =
        fmax(DIFFERENCE_OF_INTEREST,
             noise_floor->trustworthy ? (ratio->high - ratio->low) / 2 : far_end);
}

void floor_make(struct noise_floor *noise_floor, const struct slot_table *slots,
                enum quantity quantity)
{
    const struct run *run = slots->run;
    *noise_floor = (struct noise_floor){
        .control = find_control(run),
    };
    double *logs = alloc_zeroed(run->trial_count, sizeof *logs);
    for (size_t i = 0; noise_floor->control && i < run->suite.load_count; i++)
        noise_floor->pairs +=
            load_pairs(slots, noise_floor->control, &run->suite.loads[i],
                       quantity_offset(quantity), logs + noise_floor->pairs);
    struct interval log_ratio = stats_hodges_lehmann(logs, noise_floor->pairs);
    free(logs);
    noise_floor->ratio = interval_exp(log_ratio);
    judge(noise_floor);
}
