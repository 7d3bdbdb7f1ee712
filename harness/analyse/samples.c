/* samples.c - the logarithms of one figure under one load: a row for each server, a column
 * for each round.
 * SPDX-License-Identifier: MIT */
#include "analyse/samples.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

static size_t round_count(const struct run *run)
{
    int last = 0;
    for (size_t i = 0; i < run->trial_count; i++)
        if (run->trials[i].round > last)
            last = run->trials[i].round;
    return (size_t)last;
}

void samples_init(struct samples *samples, const struct run *run, size_t servers)
{
    *samples = (struct samples){.rounds = round_count(run)};
    samples->logs = alloc_zeroed(servers * samples->rounds, sizeof *samples->logs);
}

void samples_free(struct samples *samples)
{
    free(samples->logs);
    *samples = (struct samples){0};
}

/* Adds the logarithms of one load's figures to a row. */
static void add_load(double *row, size_t rounds, const struct slots *slots,
                     enum quantity quantity)
{
    for (size_t r = 0; r < rounds; r++) {
        const struct trial *trial = slots_valid_trial(slots, (int)r + 1);
        double figure = trial ? slots_figure(trial, quantity_offset(quantity)) : NAN;
        row[r] += figure > 0 && isfinite(figure) ? log(figure) : NAN;
    }
}

void samples_add(struct samples *samples, const struct slot_table *slots,
                 const struct load *loads, size_t load_count,
                 const struct run_server *server, enum quantity quantity)
{
    double *row = &samples->logs[samples->servers++ * samples->rounds];
    for (size_t l = 0; l < load_count; l++)
        add_load(row, samples->rounds, slots_of(slots, server, &loads[l]), quantity);
    for (size_t r = 0; r < samples->rounds; r++)
        row[r] /= (double)load_count;
}

size_t samples_row(const struct samples *samples, size_t server, double *logs)
{
    size_t count = 0;
    for (size_t r = 0; r < samples->rounds; r++) {
        logs[count] = samples->logs[server * samples->rounds + r];
        count += isfinite(logs[count]) != 0;
    }
    return count;
}
