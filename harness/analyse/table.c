/* table.c - the cells of one load, ranked and compared.
 * SPDX-License-Identifier: MIT */
#include "analyse/table.h"

#include "analyse/cell.h"
#include "analyse/samples.h"
#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the cells ---- */

/* Most requests per second first; then those that failed, those never met, those left
 * out; among equals the order in which they were asked for, which is their order in
 * memory. */
static int compare_cells(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;
    double rate_a = a->requests_per_second.mid, rate_b = b->requests_per_second.mid;

    if (a->rounds && b->rounds && rate_a != rate_b)
        return rate_a > rate_b ? -1 : 1;
    if (!a->rounds != !b->rounds)
        return a->rounds ? -1 : 1;
    if (!a->server->missing != !b->server->missing)
        return b->server->missing ? -1 : 1;
    if (!a->failed != !b->failed)
        return a->failed ? -1 : 1;
    return (a->server > b->server) - (a->server < b->server);
}

static void make_cells(struct table *table, const struct slot_table *slots)
{
    const struct run *run = slots->run;
    table->cells = alloc_zeroed(run->server_count, sizeof *table->cells);
    for (size_t i = 0; i < run->server_count; i++)
        if (!run->servers[i].control_of)
            cell_make(&table->cells[table->cell_count++], &run->servers[i], table->load,
                      slots_of(slots, &run->servers[i], table->load));
    qsort(table->cells, table->cell_count, sizeof *table->cells, compare_cells);
}

/* ---- the samples of a comparison: a row for each cell, then one for each control
 * ---- */

struct loads {
    const struct load *loads;
    size_t count;
};

static void make_samples(struct samples *samples, const struct table *table,
                         const struct slot_table *slots, const struct loads *loads,
                         enum quantity quantity)
{
    const struct run *run = slots->run;
    samples_init(samples, run, run->server_count);
    for (size_t c = 0; c < table->cell_count; c++)
        samples_add(samples, slots, loads->loads, loads->count, table->cells[c].server,
                    quantity);
    for (size_t i = 0; i < run->server_count; i++)
        if (run->servers[i].control_of)
            samples_add(samples, slots, loads->loads, loads->count, &run->servers[i],
                        quantity);
}

/* ---- the comparisons ---- */

/* The least CPU first; those without figures stay where they are, behind. */
static int compare_by_cpu(const void *left, const void *right)
{
    const struct cell *a = *(const struct cell *const *)left;
    const struct cell *b = *(const struct cell *const *)right;
    double cpu_a = a->cpu_us_per_request.mid, cpu_b = b->cpu_us_per_request.mid;
    if (isfinite(cpu_a) && isfinite(cpu_b) && cpu_a != cpu_b)
        return cpu_a < cpu_b ? -1 : 1;
    if (isfinite(cpu_a) != isfinite(cpu_b))
        return isfinite(cpu_a) ? -1 : 1;
    return (a > b) - (a < b);
}

/* The cells' places from the best on, owned by the caller. */
static size_t *make_order(const struct table *table, enum quantity quantity)
{
    size_t *order = alloc_zeroed(table->cell_count, sizeof *order);
    const struct cell **cells = alloc_zeroed(table->cell_count, sizeof(struct cell *));
    for (size_t i = 0; i < table->cell_count; i++)
        cells[i] = &table->cells[i];
    if (quantity == QUANTITY_CPU)
        qsort(cells, table->cell_count, sizeof *cells, compare_by_cpu);
    for (size_t i = 0; i < table->cell_count; i++)
        order[i] = (size_t)(cells[i] - table->cells);
    free(cells);
    return order;
}

/* The requests per second of a server that its client could not load are the client's. */
static bool *make_limited(const struct table *table, enum quantity quantity)
{
    bool *limited = alloc_zeroed(table->cell_count, sizeof *limited);
    for (size_t i = 0; i < table->cell_count; i++)
        limited[i] = quantity == QUANTITY_RATE && table->cells[i].bound == BOUND_CLIENT;
    return limited;
}

static void compare(struct table *table, const struct samples *samples,
                    enum quantity quantity, const struct noise_floor *noise_floor)
{
    size_t *order = make_order(table, quantity);
    bool *limited = make_limited(table, quantity);
    comparison_make(&table->comparisons[quantity],
                    &(struct contest){
                        .samples = samples,
                        .servers = table->cell_count,
                        .order = order,
                        .limited = limited,
                        .delta = noise_floor->delta,
                        .untrustworthy = !noise_floor->trustworthy,
                    });
    free(limited);
    free(order);
    for (size_t i = 0; i < table->cell_count; i++)
        table->cells[i].letters[quantity] =
            table->cells[i].rounds > 1 ? table->comparisons[quantity].letters[i] : "";
}

/* Each cost beside that of the first in the order, which has the least. */
static void make_ratios(struct table *table)
{
    const struct comparison *comparison = &table->comparisons[QUANTITY_CPU];
    for (size_t i = 0; i < table->cell_count; i++) {
        struct pair pair = comparison_pair(comparison, i, comparison->order[0]);
        struct interval *ratio = &table->cells[i].cpu_ratio;
        *ratio = pair.ratio;
        if (i == comparison->order[0])
            *ratio = (struct interval){.low = NAN, .mid = 1, .high = NAN};
        else if (pair.rounds < 2)
            ratio->low = ratio->high = NAN;
    }
}

void table_make(struct table *table, const struct slot_table *slots,
                const struct load *load, const struct noise_floor *floors)
{
    const struct loads loads = {load, 1};
    *table = (struct table){.load = load};
    make_cells(table, slots);
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++) {
        struct samples samples;
        make_samples(&samples, table, slots, &loads, quantity);
        compare(table, &samples, quantity, &floors[quantity]);
        samples_free(&samples);
    }
    make_ratios(table);
}

/* ---- all loads together ---- */

/* The cell's figure, from its row: the median over the rounds, as everywhere. */
static void fill_overall_cell(struct cell *cell, const double *row, size_t rounds)
{
    double *values = alloc_zeroed(rounds, sizeof *values);
    for (size_t r = 0; r < rounds; r++)
        if (isfinite(row[r]))
            values[cell->rounds++] = exp(row[r]);
    cell->cpu_us_per_request = cell_interval(values, cell->rounds);
    free(values);
}

void table_make_overall(struct table *table, const struct slot_table *slots,
                        const struct noise_floor *floors)
{
    const struct run *run = slots->run;
    const struct loads loads = {run->suite.loads, run->suite.load_count};
    const struct slots none = {0};
    struct samples samples;
    *table = (struct table){0};
    if (loads.count < 2)
        return;
    table->cells = alloc_zeroed(run->server_count, sizeof *table->cells);
    for (size_t i = 0; i < run->server_count; i++)
        if (!run->servers[i].control_of)
            cell_make(&table->cells[table->cell_count++], &run->servers[i], NULL, &none);
    make_samples(&samples, table, slots, &loads, QUANTITY_CPU);
    for (size_t c = 0; c < table->cell_count; c++)
        fill_overall_cell(&table->cells[c], &samples.logs[c * samples.rounds],
                          samples.rounds);
    compare(table, &samples, QUANTITY_CPU, &floors[QUANTITY_CPU]);
    make_ratios(table);
    samples_free(&samples);
}

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        flags_free(&table->cells[i].flags);
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        comparison_free(&table->comparisons[quantity]);
    free(table->cells);
    *table = (struct table){0};
}
