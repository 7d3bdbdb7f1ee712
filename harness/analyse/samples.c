/* samples.c - the slices of a run by load, server, round and block.
 * SPDX-License-Identifier: MIT */
#include "analyse/samples.h"

#include "analyse/knee.h"
#include "base/alloc.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>

/* Of the blocks of a round, at either end: a slice that something disturbed is not to matter. */
static const double TRIM = 0.2;

const char *quantity_name(enum quantity quantity)
{
    return quantity == QUANTITY_RATE ? "requests per second" : "CPU per request";
}

static void find_size(struct samples *samples, const struct run *run)
{
    samples->loads = run->suite.load_count;
    samples->servers = run->server_count;
    for (size_t i = 0; i < run->slice_count; i++) {
        const struct slice *slice = &run->slices[i];
        if ((size_t)slice->round > samples->rounds)
            samples->rounds = (size_t)slice->round;
        if ((size_t)slice->block > samples->blocks)
            samples->blocks = (size_t)slice->block;
    }
}

static double *row_at(const struct samples *samples, enum quantity quantity, size_t load,
                      size_t server, size_t round)
{
    size_t place = (load * samples->servers + server) * samples->rounds + round;
    return &samples->logs[quantity][place * samples->blocks];
}

static struct standing *standing_at(const struct samples *samples, size_t load,
                                    size_t server)
{
    return &samples->standings[load * samples->servers + server];
}

static double positive_log(double figure)
{
    return figure > 0 && isfinite(figure) ? log(figure) : NAN;
}

/* What the load tool can do on another host, and the network between, is not known so finely: there it
 * is whatever the server is not. */
static bool is_limited(const struct run *run, const struct slice *slice)
{
    if (run->client_count > 0)
        return slice->server_cpu_s < SERVER_BOUND * slice->seconds;
    int cores = load_client_cores(&run->suite.loads[slice->load]);
    return slice->client_cpu_s >= CLIENT_BOUND * cores * slice->wall_s ||
           (slice->client_cpu_s > slice->server_cpu_s &&
            slice->client_cpu_s + slice->server_cpu_s >= SERVER_BOUND * slice->wall_s &&
            slice->client_cpu_s + slice->server_cpu_s <= slice->wall_s);
}

static void add_slice(const struct samples *samples, const struct run *run,
                      const struct slice *slice)
{
    struct standing *standing = standing_at(samples, slice->load, slice->server);
    size_t round = (size_t)slice->round - 1, block = (size_t)slice->block - 1;
    double rate = slice->complete / slice->seconds;
    bool wrong = slice->reason != NULL;
    standing->slices++;
    standing->wrong += wrong;
    standing->failed = standing->failed || slice->last;
    standing->unable = standing->unable || slice->unable;
    standing->limited += !wrong && is_limited(run, slice);
    if (wrong) {
        standing->reason = slice->reason;
        standing->round = slice->round;
        standing->block = slice->block;
        return;
    }
    if (run->suite.loads[slice->load].slo > 0)
        return;
    row_at(samples, QUANTITY_RATE, slice->load, slice->server, round)[block] =
        positive_log(rate);
    row_at(samples, QUANTITY_CPU, slice->load, slice->server, round)[block] =
        positive_log(slice_cpu_us(run, slice));
}

/* Where the rate is to be found, all blocks of a round make one figure. */
static void add_knees(const struct samples *samples, const struct run *run, size_t load,
                      size_t server)
{
    for (size_t round = 0; samples->blocks > 0 && round < samples->rounds; round++)
        row_at(samples, QUANTITY_RATE, load, server, round)[0] =
            positive_log(knee_of_round(run, load, server, (int)round + 1));
}

/* What is left of a server that failed is no figure. */
void samples_fail(struct samples *samples, size_t load, size_t server)
{
    size_t cells = samples->rounds * samples->blocks;
    standing_at(samples, load, server)->failed = true;
    for (size_t q = 0; q < QUANTITIES; q++)
        for (size_t i = 0; i < cells; i++)
            row_at(samples, (enum quantity)q, load, server, 0)[i] = NAN;
}

static void clear_failed(struct samples *samples, size_t load, size_t server)
{
    const struct standing *standing = standing_at(samples, load, server);
    if (standing->failed ||
        (double)standing->wrong > WRONG_ALLOWED * (double)standing->slices)
        samples_fail(samples, load, server);
}

void samples_make(struct samples *samples, const struct run *run)
{
    *samples = (struct samples){0};
    find_size(samples, run);
    size_t cells = samples->loads * samples->servers;
    size_t size = cells * samples->rounds * samples->blocks;
    samples->standings = alloc_zeroed(cells, sizeof *samples->standings);
    for (size_t q = 0; q < QUANTITIES; q++) {
        samples->logs[q] = alloc_zeroed(size, sizeof(double));
        for (size_t i = 0; i < size; i++)
            samples->logs[q][i] = NAN;
    }
    for (size_t i = 0; i < run->slice_count; i++)
        add_slice(samples, run, &run->slices[i]);
    for (size_t load = 0; load < samples->loads; load++)
        for (size_t server = 0; server < samples->servers; server++) {
            if (run->suite.loads[load].slo > 0)
                add_knees(samples, run, load, server);
            clear_failed(samples, load, server);
        }
}

void samples_free(struct samples *samples)
{
    for (size_t q = 0; q < QUANTITIES; q++)
        free(samples->logs[q]);
    free(samples->standings);
    *samples = (struct samples){0};
}

const struct standing *samples_standing(const struct samples *samples, size_t load,
                                        size_t server)
{
    return standing_at(samples, load, server);
}

/* ---- rounds ---- */

/* The trimmed mean over the blocks of a - b, or of a alone if b is NULL. */
static double block_mean(const double *a, const double *b, size_t blocks)
{
    double *logs = alloc_zeroed(blocks, sizeof *logs);
    size_t count = 0;
    for (size_t i = 0; i < blocks; i++) {
        logs[count] = b ? a[i] - b[i] : a[i];
        count += isfinite(logs[count]) != 0;
    }
    double mean = stats_trimmed_mean(logs, count, TRIM);
    free(logs);
    return mean;
}

double samples_contrast(const struct samples *samples, enum quantity quantity,
                        struct loads loads, size_t a, size_t b, size_t round)
{
    double sum = 0;
    for (size_t load = loads.first; load < loads.first + loads.count; load++)
        sum += block_mean(row_at(samples, quantity, load, a, round),
                          row_at(samples, quantity, load, b, round), samples->blocks);
    return sum / (double)loads.count;
}

double samples_level(const struct samples *samples, enum quantity quantity,
                     struct loads loads, size_t server, size_t round)
{
    double sum = 0;
    for (size_t load = loads.first; load < loads.first + loads.count; load++)
        sum += block_mean(row_at(samples, quantity, load, server, round), NULL,
                          samples->blocks);
    return sum / (double)loads.count;
}

size_t samples_contrasts(const struct samples *samples, enum quantity quantity,
                         struct loads loads, size_t a, size_t b, double *logs,
                         int *rounds)
{
    size_t count = 0;
    for (size_t round = 0; round < samples->rounds; round++) {
        logs[count] = samples_contrast(samples, quantity, loads, a, b, round);
        if (!isfinite(logs[count]))
            continue;
        if (rounds)
            rounds[count] = (int)round + 1;
        count++;
    }
    return count;
}

size_t samples_levels(const struct samples *samples, enum quantity quantity,
                      struct loads loads, size_t server, double *logs)
{
    size_t count = 0;
    for (size_t round = 0; round < samples->rounds; round++) {
        logs[count] = samples_level(samples, quantity, loads, server, round);
        count += isfinite(logs[count]) != 0;
    }
    return count;
}
