/* cell.c - the figures of one server under one load, from its trials.
 * SPDX-License-Identifier: MIT */
#include "analyse/cell.h"

#include "analyse/spread.h"
#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

struct interval cell_interval(const double *values, size_t n)
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

void cell_make(struct cell *cell, const struct run_server *server,
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
        .failed = slots->count - slots->valid,
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
    if (cell->failed == 0)
        return "not measured";
    return cell->invalid > 0 ? "failed" : "disturbed";
}
