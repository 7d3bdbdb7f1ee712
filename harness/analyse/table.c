/* table.c - the cells of one load, or of all, ranked and compared.
 * SPDX-License-Identifier: MIT */
#include "analyse/summary.h"
#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- one cell ---- */

static double smallest(const double *values, size_t n)
{
    return stats_quantile(values, n, 0);
}

static double largest(const double *values, size_t n)
{
    return stats_quantile(values, n, 1);
}

/* A statistic of the figure that lies at `offset` in struct trial. */
static double over_rounds(const struct slots *slots, size_t offset,
                          double (*statistic)(const double *, size_t))
{
    double *values = alloc_zeroed(slots->count, sizeof *values);
    double result = statistic(values, slots_sample(slots, offset, values));
    free(values);
    return result;
}

/* The median of a figure over the rounds, with its 95 % interval: one round has none. */
static struct interval cell_interval(const double *values, size_t n)
{
    struct interval interval = stats_median_interval(values, n);
    if (n < 2)
        interval.low = interval.high = NAN;
    return interval;
}

static struct interval median_interval(const struct slots *slots, size_t offset)
{
    double *values = alloc_zeroed(slots->count, sizeof *values);
    size_t n = slots_sample(slots, offset, values);
    struct interval interval = cell_interval(values, n);
    free(values);
    return interval;
}

/* `offset` is that of the struct connection_time in struct trial. */
static struct connection_time connection_time(const struct slots *slots, size_t offset)
{
    const size_t min = offset + offsetof(struct connection_time, min);
    const size_t mean = offset + offsetof(struct connection_time, mean);
    const size_t sd = offset + offsetof(struct connection_time, sd);
    const size_t median = offset + offsetof(struct connection_time, median);
    const size_t max = offset + offsetof(struct connection_time, max);

    return (struct connection_time){
        .min = over_rounds(slots, min, smallest),
        .mean = over_rounds(slots, mean, stats_median),
        .sd = over_rounds(slots, sd, stats_median),
        .median = over_rounds(slots, median, stats_median),
        .max = over_rounds(slots, max, largest),
    };
}

static void cell_percentiles(struct cell *cell, const struct slots *slots)
{
    const size_t first = offsetof(struct trial, result.percentile_ms);

    for (size_t p = 0; p < PERCENTILES; p++) {
        size_t offset = first + p * sizeof *cell->percentile_ms;
        double (*statistic)(const double *, size_t) = stats_median;
        if (p == 0)
            statistic = smallest;
        else if (p == PERCENTILES - 1)
            statistic = largest;
        cell->percentile_ms[p] = over_rounds(slots, offset, statistic);
    }
}

static void cell_connections(struct cell *cell, const struct slots *slots)
{
    cell->connect = connection_time(slots, offsetof(struct trial, result.connect));
    cell->processing = connection_time(slots, offsetof(struct trial, result.processing));
    cell->waiting = connection_time(slots, offsetof(struct trial, result.waiting));
    cell->total = connection_time(slots, offsetof(struct trial, result.total));
}

static size_t bound_count(const struct slots *slots, enum bound bound)
{
    size_t count = 0;
    for (size_t i = 0; i < slots->count; i++) {
        const struct trial *trial = slots->trials[i];
        count += trial->verdict == VERDICT_VALID && trial->bound == bound;
    }
    return count;
}

/* The client first: where it is as frequent, the warning matters more. */
static enum bound most_frequent_bound(const struct slots *slots)
{
    const enum bound bounds[] = {BOUND_CLIENT, BOUND_WAITING, BOUND_SERVER};
    enum bound most = bounds[0];
    for (size_t i = 1; i < sizeof bounds / sizeof *bounds; i++)
        if (bound_count(slots, bounds[i]) > bound_count(slots, most))
            most = bounds[i];
    return most;
}

static const struct trial *nearest_trial(const struct slots *slots, double rate)
{
    const struct trial *nearest = NULL;
    double distance = INFINITY;
    for (size_t i = 0; i < slots->count; i++) {
        const struct trial *trial = slots->trials[i];
        double away = fabs(trial->result.requests_per_second - rate);
        if (trial->verdict == VERDICT_VALID && away < distance) {
            nearest = trial;
            distance = away;
        }
    }
    return nearest;
}

/* What the checks saw in the trials that count, and what stands out between them. */
static void cell_flags(struct cell *cell, const struct slots *slots)
{
    for (size_t i = 0; i < slots->count; i++) {
        const struct trial *trial = slots->trials[i];
        for (size_t r = 0; trial->verdict == VERDICT_VALID && r < trial->remark_count;
             r++)
            flags_add(&cell->flags, trial->remarks[r].rule, trial->remarks[r].value,
                      trial->remarks[r].limit);
    }
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        spread_flag(&cell->flags, slots, quantity);
}

static void cell_make(struct cell *cell, const struct run_server *server,
                      const struct load *load, const struct slots *slots)
{
    const size_t rate = quantity_offset(QUANTITY_RATE);
    const size_t time = offsetof(struct trial, result.time_per_request_ms);
    const size_t received = offsetof(struct trial, result.kilobytes_per_second);
    const size_t cpu = quantity_offset(QUANTITY_CPU);
    const size_t server_busy = offsetof(struct trial, server_busy);
    const size_t client_busy = offsetof(struct trial, client_busy);

    *cell = (struct cell){
        .server = server,
        .load = load,
        .rounds = slots->valid,
        .uncounted = slots->count - slots->valid,
        .retried = slots->retried,
        .invalid = slots->invalid,
        .disturbed = slots->disturbed,
        .reason = server->missing ? server->missing : slots->reason,
        .requests_per_second = median_interval(slots, rate),
        .cpu_us_per_request = median_interval(slots, cpu),
        .time_per_request_ms = over_rounds(slots, time, stats_median),
        .megabytes_per_second = over_rounds(slots, received, stats_median) * 1024 / 1e6,
        .server_busy = over_rounds(slots, server_busy, stats_median),
        .client_busy = over_rounds(slots, client_busy, stats_median),
        .bound = most_frequent_bound(slots),
    };
    cell->example = nearest_trial(slots, cell->requests_per_second.mid);
    cell_percentiles(cell, slots);
    cell_connections(cell, slots);
    cell_flags(cell, slots);
}

const char *cell_absence(const struct cell *cell)
{
    if (cell->rounds > 0)
        return NULL;
    if (cell->server->missing)
        return "left out";
    if (cell->uncounted == 0)
        return "not measured";
    return cell->invalid > 0 ? "failed" : "disturbed";
}

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
    if (!a->uncounted != !b->uncounted)
        return a->uncounted ? -1 : 1;
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
                    &(struct comparison_input){
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
