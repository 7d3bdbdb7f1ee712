/* knee.c - the highest rate at which a server still answers in time.
 * SPDX-License-Identifier: MIT */
#include "analyse/knee.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

bool knee_in_time(const struct run *run, const struct slice *slice)
{
    return !slice->reason &&
           slice->time_ms[TIME_P99] <= run->suite.loads[slice->load].slo;
}

static bool pace_was_late(const struct slice *slice, const struct load *of)
{
    return !(slice->lateness_ms <= KNEE_LATENESS * of->slo);
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
        if (slice->load == load && slice->server == server && slice->round == round &&
            !slice->reason && slice->rate > 0)
            slice_tell(&tried, slice, knee_in_time(run, slice), pace_was_late(slice, of));
    }
    return tried;
}

struct knee knee_none(void)
{
    return (struct knee){.rate = {NAN, NAN, NAN}, .too_high = NAN};
}

/* In the middle of the two, by their logarithms, where both are known: either alone is off by half
 * of a step. */
static double tried_knee(const struct tried *tried)
{
    return isnan(tried->late) || tried->limited ? tried->in_time
                                                : sqrt(tried->in_time * tried->late);
}

struct knee knee_make(const struct run *run, size_t load, size_t server, int rounds)
{
    struct knee knee = knee_none();
    double *logs = alloc_zeroed((size_t)rounds, sizeof *logs);
    size_t count = 0, limited = 0;
    for (int round = 1; run->suite.loads[load].slo > 0 && round <= rounds; round++) {
        struct tried tried = knee_tried(run, load, server, round);
        logs[count] = log(tried_knee(&tried));
        if (isfinite(logs[count])) {
            count++;
            limited += tried.limited;
        }
        knee.too_high = fmin(knee.too_high, tried.late);
    }
    knee.rate = interval_exp(stats_hodges_lehmann(logs, count));
    knee.limited = 2 * limited > count;
    if (count > 0)
        knee.too_high = NAN;
    if (count < 2)
        knee.rate.low = knee.rate.high = NAN;
    free(logs);
    return knee;
}
