/* paced.c - what came of a load with a rate: how much of it was achieved, and how long the requests
 * took from the moment when they were due.
 * SPDX-License-Identifier: MIT */
#include "analyse/summary.h"
#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

static bool is_of(const struct slice *slice, size_t load, size_t server)
{
    return slice->load == load && slice->server == server && !slice->reason;
}

/* The requests come from one client at the load's rate, so the time that they should have taken
 * is known. */
static double achieved(const struct run *run, const struct slice *slice)
{
    return slice->complete / slice->seconds / run->suite.loads[slice->load].rate;
}

static double median_of_round(const struct facts *facts, size_t load, size_t server,
                              int round, enum slice_time time)
{
    const struct run *run = facts->run;
    double *times = alloc_zeroed(facts->slices.blocks, sizeof *times);
    size_t count = 0;
    for (size_t i = 0; i < run->slice_count; i++) {
        const struct slice *slice = &run->slices[i];
        if (is_of(slice, load, server) && slice->round == round &&
            slice->lateness_ms <= LATENESS_MS && count < facts->slices.blocks)
            times[count++] = slice->time_ms[time];
    }
    double median = stats_median(times, count);
    free(times);
    return median;
}

static struct interval over_rounds(const struct facts *facts, size_t load, size_t server,
                                   enum slice_time time)
{
    size_t rounds = facts->slices.rounds, count = 0;
    double *logs = alloc_zeroed(rounds, sizeof *logs);
    for (size_t round = 1; round <= rounds; round++) {
        logs[count] = log(median_of_round(facts, load, server, (int)round, time));
        count += isfinite(logs[count]) != 0;
    }
    struct interval interval = interval_exp(stats_hodges_lehmann(logs, count));
    if (count < 2)
        interval.low = interval.high = NAN;
    free(logs);
    return interval;
}

struct paced paced_none(void)
{
    struct paced paced = {.achieved = NAN};
    for (size_t time = 0; time < TIMES_KEPT; time++)
        paced.time_ms[time] = (struct interval){NAN, NAN, NAN};
    return paced;
}

struct paced paced_make(const struct facts *facts, size_t load, size_t server)
{
    const struct run *run = facts->run;
    struct paced paced = paced_none();
    if (run->suite.loads[load].rate <= 0)
        return paced;
    double *shares = alloc_zeroed(run->slice_count, sizeof *shares);
    for (size_t i = 0; i < run->slice_count; i++) {
        const struct slice *slice = &run->slices[i];
        if (!is_of(slice, load, server))
            continue;
        shares[paced.slices++] = achieved(run, slice);
        paced.late += slice->lateness_ms > LATENESS_MS;
    }
    paced.achieved = stats_median(shares, paced.slices);
    free(shares);
    for (enum slice_time time = 0; time < TIMES_KEPT; time++)
        paced.time_ms[time] = over_rounds(facts, load, server, time);
    return paced;
}
