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

/* Lowest, median, highest; of one alone no range. */
static struct interval median_range(const struct slots *slots, size_t offset)
{
    double *values = alloc_zeroed(slots->count, sizeof *values);
    size_t n = slots_sample(slots, offset, values);
    struct interval range = {
        .low = n > 1 ? smallest(values, n) : NAN,
        .mid = stats_median(values, n),
        .high = n > 1 ? largest(values, n) : NAN,
    };
    free(values);
    return range;
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

/* What the checks saw in the trials that count. */
static void flag_trials(struct cell *cell, const struct slots *slots)
{
    for (size_t i = 0; i < slots->count; i++) {
        const struct trial *trial = slots->trials[i];
        for (size_t r = 0; trial->verdict == VERDICT_VALID && r < trial->remark_count;
             r++)
            flags_add(&cell->flags, trial->remarks[r].rule, trial->remarks[r].value,
                      trial->remarks[r].limit);
    }
}

/* Of the whole trials. */
static void measure_trials(struct cell *cell, const struct slots *slots)
{
    const size_t rate = offsetof(struct trial, result.requests_per_second);
    const size_t time = offsetof(struct trial, result.time_per_request_ms);
    const size_t received = offsetof(struct trial, result.kilobytes_per_second);
    const size_t server_busy = offsetof(struct trial, server_busy);
    const size_t client_busy = offsetof(struct trial, client_busy);

    cell->trials = slots->valid;
    cell->requests_per_second = median_range(slots, rate);
    cell->time_per_request_ms = over_rounds(slots, time, stats_median);
    cell->megabytes_per_second = over_rounds(slots, received, stats_median) * 1024 / 1e6;
    cell->server_busy = over_rounds(slots, server_busy, stats_median);
    cell->client_busy = over_rounds(slots, client_busy, stats_median);
    cell->bound = most_frequent_bound(slots);
    cell->example = nearest_trial(slots, cell->requests_per_second.mid);
    cell_percentiles(cell, slots);
    cell_connections(cell, slots);
    flag_trials(cell, slots);
}

/* Sums over all slices that count: the machine's time is in ticks, too coarse for one. */
static double machine_us(const struct run *run, size_t load, size_t server)
{
    double machine_s = 0, requests = 0;
    for (size_t i = 0; i < run->slice_count; i++) {
        const struct slice *slice = &run->slices[i];
        if (slice->load != load || slice->server != server || slice->reason)
            continue;
        machine_s += slice->machine_cpu_s;
        requests += slice->complete;
    }
    return requests > 0 ? machine_s / requests * 1e6 : NAN;
}

/* Of the rounds of slices. */
static void measure_slices(struct cell *cell, const struct facts *facts,
                           struct loads loads)
{
    const struct samples *slices = &facts->slices;
    size_t server = (size_t)(cell->server - facts->run->servers);
    double *logs = alloc_zeroed(slices->rounds, sizeof *logs);
    cell->rounds = samples_levels(slices, QUANTITY_CPU, loads, server, logs);
    struct interval cpu = interval_exp(stats_hodges_lehmann(logs, cell->rounds));
    if (cell->rounds < 2)
        cpu.low = cpu.high = NAN;
    for (size_t i = 0; i < cell->rounds; i++)
        logs[i] = exp(logs[i]);
    spread_flag(&cell->flags, logs, cell->rounds, QUANTITY_CPU);
    free(logs);
    cell->cpu_us_per_request = cpu;
    cell->capacity = (struct interval){
        .low = 1e6 / cpu.high, .mid = 1e6 / cpu.mid, .high = 1e6 / cpu.low};
    bool whole = loads.count == 1 && facts->run->client_count == 0;
    cell->machine_us_per_request =
        whole ? machine_us(facts->run, loads.first, server) : NAN;
}

/* Of the slices at a rate to be found: each is at another, so what a request costs is not asked. */
static void measure_knee(struct cell *cell, const struct facts *facts, size_t load,
                         size_t server)
{
    const struct samples *slices = &facts->slices;
    double *logs = alloc_zeroed(slices->rounds, sizeof *logs);
    cell->rounds =
        samples_levels(slices, QUANTITY_RATE, (struct loads){load, 1}, server, logs);
    free(logs);
    cell->knee = knee_make(facts->run, load, server, slices->rounds);
}

static void clear_figures(struct cell *cell)
{
    const struct interval none = {NAN, NAN, NAN};
    const struct slots no_trials = {0};
    cell->rounds = 0;
    measure_trials(cell, &no_trials);
    cell->cpu_us_per_request = cell->cpu_ratio = cell->capacity = none;
    cell->machine_us_per_request = NAN;
    cell->paced = paced_none();
    cell->knee = knee_none();
    cell->memory = idle_memory_none();
}

static void cell_make(struct cell *cell, const struct facts *facts, size_t server,
                      size_t load)
{
    const struct run *run = facts->run;
    const struct slots *slots =
        slots_of(&facts->trials, &run->servers[server], &run->suite.loads[load]);
    const struct standing *standing = samples_standing(&facts->slices, load, server);
    *cell = (struct cell){
        .server = &run->servers[server],
        .load = &run->suite.loads[load],
        .trials_invalid = slots->count - slots->valid,
        .slices = *standing,
        .reason = standing->reason ? standing->reason : slots->reason,
        .failed = standing->failed && !standing->unable,
        .unable = standing->unable,
    };
    if (run->servers[server].missing)
        cell->reason = run->servers[server].missing;
    clear_figures(cell);
    if (cell->failed || cell->unable || run->servers[server].missing)
        return;
    measure_trials(cell, slots);
    if (cell->load->slo > 0)
        measure_knee(cell, facts, load, server);
    else
        measure_slices(cell, facts, (struct loads){load, 1});
    cell->paced = paced_make(facts, load, server);
    cell->memory = idle_memory_make(facts, load, server);
}

const char *cell_absence(const struct cell *cell)
{
    if (cell->server->missing)
        return "left out";
    if (cell->failed)
        return "failed";
    if (cell->unable)
        return "cannot hold them";
    if (isfinite(cell->knee.too_high))
        return "never in time";
    return cell->trials + cell->rounds > 0 ? NULL : "not measured";
}

/* ---- the cells ---- */

/* Those with figures, those that failed, those never met, those left out. */
static int standing_of(const struct cell *cell)
{
    if (cell->server->missing)
        return 3;
    if (cell->failed || cell->unable)
        return 1;
    return cell->trials + cell->rounds > 0 ? 0 : 2;
}

static double rate_of(const struct cell *cell)
{
    return cell->load && cell->load->slo > 0 ? cell->knee.rate.mid
                                             : cell->requests_per_second.mid;
}

/* Most requests per second first; among equals the order in which they were asked for, which is
 * their order in memory. */
static int compare_cells(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;
    double rate_a = rate_of(a), rate_b = rate_of(b);

    if (standing_of(a) != standing_of(b))
        return standing_of(a) < standing_of(b) ? -1 : 1;
    if (rate_a != rate_b && !isnan(rate_a) && !isnan(rate_b))
        return rate_a > rate_b ? -1 : 1;
    return (a->server > b->server) - (a->server < b->server);
}

static void make_cells(struct table *table, const struct facts *facts, size_t load)
{
    const struct run *run = facts->run;
    table->cells = alloc_zeroed(run->server_count, sizeof *table->cells);
    for (size_t i = 0; i < run->server_count; i++)
        if (!run->servers[i].control_of)
            cell_make(&table->cells[table->cell_count++], facts, i, load);
    qsort(table->cells, table->cell_count, sizeof *table->cells, compare_cells);
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

static bool client_was_limit(const struct cell *cell)
{
    if (cell->load->slo > 0)
        return cell->knee.limited;
    return cell->bound == BOUND_CLIENT || 2 * cell->slices.limited > cell->slices.slices;
}

/* The requests per second of a server that its client could not load are the client's: where it
 * was so in most of the slices. */
static bool *make_limited(const struct table *table, enum quantity quantity)
{
    bool *limited = alloc_zeroed(table->cell_count, sizeof *limited);
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct cell *cell = &table->cells[i];
        limited[i] = quantity == QUANTITY_RATE && client_was_limit(cell);
    }
    return limited;
}

static size_t *make_rows(const struct table *table, const struct run *run)
{
    size_t *rows = alloc_zeroed(table->cell_count, sizeof *rows);
    for (size_t i = 0; i < table->cell_count; i++)
        rows[i] = (size_t)(table->cells[i].server - run->servers);
    return rows;
}

static void compare(struct table *table, const struct facts *facts,
                    enum quantity quantity, struct loads loads)
{
    const struct noise_floor *noise_floor = &table->floors[quantity];
    size_t *order = make_order(table, quantity);
    size_t *rows = make_rows(table, facts->run);
    bool *limited = make_limited(table, quantity);
    floor_make(&table->floors[quantity], facts, quantity, loads);
    comparison_make(&table->comparisons[quantity],
                    &(struct comparison_input){
                        .samples = &facts->slices,
                        .quantity = quantity,
                        .loads = loads,
                        .rows = rows,
                        .servers = table->cell_count,
                        .order = order,
                        .limited = limited,
                        .beyond = noise_floor->margin,
                        .within = noise_floor->trustworthy ? noise_floor->delta : 0,
                    });
    free(limited);
    free(rows);
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

void table_make(struct table *table, const struct facts *facts, size_t load)
{
    *table = (struct table){.load = &facts->run->suite.loads[load]};
    make_cells(table, facts, load);
    for (enum quantity quantity = 0; quantity < QUANTITIES; quantity++)
        compare(table, facts, quantity, (struct loads){load, 1});
    make_ratios(table);
}

/* ---- all loads together ---- */

/* A server that failed under one load has no figure here. */
static void make_overall_cell(struct cell *cell, const struct facts *facts, size_t server)
{
    const struct run *run = facts->run;
    *cell = (struct cell){.server = &run->servers[server],
                          .reason = run->servers[server].missing};
    clear_figures(cell);
    for (size_t load = 0; load < run->suite.load_count; load++) {
        struct cell of_load;
        cell_make(&of_load, facts, server, load);
        cell->failed = cell->failed || of_load.failed;
        cell->unable = cell->unable || of_load.unable;
        cell->reason = of_load.failed || of_load.unable ? of_load.reason : cell->reason;
        flags_free(&of_load.flags);
    }
    if (!cell->failed && !cell->unable && !cell->server->missing)
        measure_slices(cell, facts, (struct loads){0, run->suite.load_count});
}

void table_make_overall(struct table *table, const struct facts *facts)
{
    const struct run *run = facts->run;
    *table = (struct table){0};
    if (run->suite.load_count < 2)
        return;
    table->cells = alloc_zeroed(run->server_count, sizeof *table->cells);
    for (size_t i = 0; i < run->server_count; i++)
        if (!run->servers[i].control_of)
            make_overall_cell(&table->cells[table->cell_count++], facts, i);
    compare(table, facts, QUANTITY_CPU, (struct loads){0, run->suite.load_count});
    make_ratios(table);
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
