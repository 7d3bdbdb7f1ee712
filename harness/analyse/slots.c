/* slots.c - the whole trials of a run by server and load, and their figures.
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

static void slots_add(struct slots *slots, const struct trial *trial)
{
    slots->trials[slots->count++] = trial;
    slots->valid += trial_valid(trial);
    if (!trial_valid(trial))
        slots->reason = trial->reason ? trial->reason : "its reason was not recorded";
}

static struct slots *slots_at(const struct slot_table *table, size_t server, size_t load)
{
    return &table->slots[load * table->run->server_count + server];
}

static size_t table_size(const struct run *run)
{
    return run->server_count * run->suite.load_count;
}

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
