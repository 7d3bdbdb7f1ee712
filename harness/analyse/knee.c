/* knee.c - the highest rate at which a server still answers in time.
 * SPDX-License-Identifier: MIT */
#include "analyse/knee.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

static bool is_in_time(const struct slice *slice, const struct load *of)
{
    return slice->time_ms[TIME_P99] <= of->slo;
}

static bool pace_was_late(const struct slice *slice, const struct load *of)
{
    return !(slice->lateness_ms <= KNEE_LATENESS * of->slo);
}

struct knee knee_none(void)
{
    return (struct knee){.rate = {NAN, NAN, NAN}, .too_high = NAN};
}

/* fmax and fmin leave out a NAN. */
static void slice_tell(struct tried *tried, const struct slice *slice, bool in_time,
                       bool by_pace)
{
    bool confirmed = !in_time && slice->rate == tried->doubted;
    if (in_time)
        tried->in_time = fmax(tried->in_time, slice->rate);
    if (confirmed && !(slice->rate >= tried->late)) {
        tried->late = slice->rate;
        tried->limited = by_pace && tried->doubted_by_pace;
    }
    tried->doubted = in_time || confirmed ? NAN : slice->rate;
    tried->doubted_by_pace = by_pace;
}

struct tried knee_tried(const struct run *run, size_t load, size_t server, int round)
{
    const struct load *of = &run->suite.loads[load];
    struct tried tried = {.in_time = NAN, .late = NAN, .doubted = NAN, .limited = true};
    for (size_t i = 0; i < run->slice_count; i++) {
        const struct slice *slice = &run->slices[i];
        if (slice->load != load || slice->server != server || slice->round != round)
            continue;
        tried.whole = tried.whole || slice->block == run->slicings[load].blocks;
        if (!slice->reason && slice->rate > 0)
            slice_tell(&tried, slice, is_in_time(slice, of), pace_was_late(slice, of));
    }
    return tried;
}

/* What was late once at the end would mostly be so again. */
static double tried_knee(const struct tried *tried)
{
    if (!tried->whole)
        return NAN;
    return isnan(tried->late) ? tried->in_time
                              : sqrt(tried->in_time * fmin(tried->late, tried->doubted));
}

double knee_of_round(const struct run *run, size_t load, size_t server, int round)
{
    struct tried tried = knee_tried(run, load, server, round);
    return tried_knee(&tried);
}

/* Those of the rounds that have one. Returns how many. */
static size_t knee_logs(const struct tried *tried, size_t rounds, bool limited,
                        double *logs)
{
    size_t count = 0;
    for (size_t i = 0; i < rounds; i++) {
        double knee = tried_knee(&tried[i]);
        if (isfinite(knee))
            logs[count++] = log(limited ? tried[i].in_time : knee);
    }
    return count;
}

static struct knee knee_find(const struct tried *tried, size_t rounds, double *logs)
{
    struct knee knee = knee_none();
    size_t limited = 0;
    for (size_t i = 0; i < rounds; i++) {
        limited += tried[i].limited && isfinite(tried_knee(&tried[i]));
        if (!tried[i].limited)
            knee.too_high = fmin(knee.too_high, tried[i].late);
    }
    size_t count = knee_logs(tried, rounds, false, logs);
    knee.limited = 2 * limited > count;
    knee_logs(tried, rounds, knee.limited, logs);
    knee.rate = interval_exp(stats_hodges_lehmann(logs, count));
    if (count > 0)
        knee.too_high = NAN;
    if (count < 2)
        knee.rate.low = knee.rate.high = NAN;
    return knee;
}

struct knee knee_make(const struct run *run, size_t load, size_t server, size_t rounds)
{
    if (run->suite.loads[load].slo <= 0)
        return knee_none();
    struct tried *tried = alloc_zeroed(rounds, sizeof *tried);
    double *logs = alloc_zeroed(rounds, sizeof *logs);
    for (size_t i = 0; i < rounds; i++)
        tried[i] = knee_tried(run, load, server, (int)i + 1);
    struct knee knee = knee_find(tried, rounds, logs);
    free(logs);
    free(tried);
    return knee;
}
