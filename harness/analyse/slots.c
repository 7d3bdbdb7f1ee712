/* slots.c - the trials of one server under one load, one per round.
 * SPDX-License-Identifier: MIT */
#include "analyse/slots.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool trial_valid(const struct trial *trial)
{
    return trial->verdict == VERDICT_VALID;
}

static const struct trial **slot_of(const struct slots *slots, int round)
{
    for (size_t i = 0; i < slots->count; i++)
        if (slots->trials[i]->round == round)
            return &slots->trials[i];
    return NULL;
}

static void slots_add(struct slots *slots, const struct trial *trial)
{
    const struct trial **slot = slot_of(slots, trial->round);
    slots->invalid += trial->verdict == VERDICT_INVALID;
    slots->disturbed += trial->verdict == VERDICT_DISTURBED;
    if (!trial_valid(trial))
        slots->reason = trial->reason ? trial->reason : "its reason was not recorded";
    if (!slot) {
        slots->trials[slots->count++] = trial;
        slots->valid += trial_valid(trial);
    } else if (!trial_valid(*slot)) {
        *slot = trial;
        slots->valid += trial_valid(trial);
        slots->retried += trial_valid(trial);
    }
}

void slots_collect(struct slots *slots, const struct run *run, const char *server,
                   const char *load)
{
    *slots = (struct slots){
        .trials = alloc_zeroed(run->trial_count, sizeof *slots->trials),
    };
    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial *trial = &run->trials[i];
        if (strcmp(trial->server, server) == 0 && strcmp(trial->load, load) == 0)
            slots_add(slots, trial);
    }
}

void slots_free(struct slots *slots)
{
    free(slots->trials);
    *slots = (struct slots){0};
}

const struct trial *slots_valid_trial(const struct slots *slots, int round)
{
    const struct trial **slot = slot_of(slots, round);
    return slot && trial_valid(*slot) ? *slot : NULL;
}

double slots_figure(const struct trial *trial, size_t offset)
{
    double figure;
    memcpy(&figure, (const char *)trial + offset, sizeof figure);
    return figure;
}

size_t slots_sample(const struct slots *slots, size_t offset, double *values)
{
    size_t count = 0;
    for (size_t i = 0; i < slots->count; i++) {
        if (!trial_valid(slots->trials[i]))
            continue;
        values[count] = slots_figure(slots->trials[i], offset);
        count += isfinite(values[count]) != 0;
    }
    return count;
}

size_t slots_log_ratios(const struct slots *a, const struct slots *b, size_t offset,
                        double *logs)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++) {
        const struct trial *of_a = slots_valid_trial(a, a->trials[i]->round);
        const struct trial *of_b = slots_valid_trial(b, a->trials[i]->round);
        if (!of_a || !of_b)
            continue;
        logs[count] = log(slots_figure(of_a, offset) / slots_figure(of_b, offset));
        count += isfinite(logs[count]) != 0;
    }
    return count;
}
