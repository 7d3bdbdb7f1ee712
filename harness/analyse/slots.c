/* slots.c - the trials of a run by server and load, one per round, and their figures.
 * SPDX-License-Identifier: MIT */
#include "analyse/slots.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} quantities[QUANTITIES] = {
    [QUANTITY_RATE] = {.name = "requests per second",
                       .offset = offsetof(struct trial, result.requests_per_second)},
    [QUANTITY_CPU] = {.name = "CPU per request",
                      .offset = offsetof(struct trial, cpu_us_per_request)},
};

size_t quantity_offset(enum quantity quantity)
{
    return quantities[quantity].offset;
}

const char *quantity_name(enum quantity quantity)
{
    return quantities[quantity].name;
}

/* ---- the trials ---- */

static bool trial_valid(const struct trial *trial)
{
    return trial->verdict == VERDICT_VALID;
}

/* Each round has its slot, and they mostly end in their order. */
static const struct trial **slot_of(const struct slots *slots, int round)
{
    size_t place = (size_t)round - 1;
    if (round > slots->last_round)
        return NULL;
    if (place < slots->count && slots->trials[place]->round == round)
        return &slots->trials[place];
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
        if (trial->round > slots->last_round)
            slots->last_round = trial->round;
        slots->valid += trial_valid(trial);
    } else if (!trial_valid(*slot)) {
        *slot = trial;
        slots->valid += trial_valid(trial);
        slots->retried += trial_valid(trial);
    }
}

static struct slots *slots_at(const struct slot_table *table, size_t server, size_t load)
{
    return &table->slots[load * table->run->server_count + server];
}

static size_t table_size(const struct run *run)
{
    return run->server_count * run->suite.load_count;
}

/* Room for every attempt, which are at least as many as slots. */
static void slots_make_room(const struct slot_table *table)
{
    for (size_t i = 0; i < table->run->trial_count; i++)
        slots_at(table, table->run->trials[i].server, table->run->trials[i].load)
            ->count++;
    for (size_t i = 0; i < table_size(table->run); i++) {
        struct slots *slots = &table->slots[i];
        slots->trials = alloc_zeroed(slots->count, sizeof *slots->trials);
        slots->count = 0;
    }
}

void slot_table_make(struct slot_table *table, const struct run *run)
{
    *table = (struct slot_table){
        .run = run,
        .slots = alloc_zeroed(table_size(run), sizeof *table->slots),
    };
    slots_make_room(table);
    for (size_t i = 0; i < run->trial_count; i++)
        slots_add(slots_at(table, run->trials[i].server, run->trials[i].load),
                  &run->trials[i]);
}

void slot_table_free(struct slot_table *table)
{
    for (size_t i = 0; table->slots && i < table_size(table->run); i++)
        free(table->slots[i].trials);
    free(table->slots);
    *table = (struct slot_table){0};
}

const struct slots *slots_of(const struct slot_table *table,
                             const struct run_server *server, const struct load *load)
{
    return slots_at(table, (size_t)(server - table->run->servers),
                    (size_t)(load - table->run->suite.loads));
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

/* ---- samples ---- */

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
