/* bisect.c - at which rate a slice is asked for.
 * SPDX-License-Identifier: MIT */
#include "measure/bisect.h"

#include "analyse/knee.h"

#include <math.h>

/* Around what the server did without a pause, which is more than it does in time. */
static const double LOWEST = 1.0 / 8;
static const double HIGHEST = 2;

/* A queue that only grows passes the bound within the slice if the rate is too high by the bound's
 * share of the slice: that is what the rate found is too high by, 2 % at most. */
enum { SLICE_BOUNDS = 50, REQUESTS_LEAST = 100 };

/* The fewest halvings of a round, in which all rates but one are tried twice: a dither over the widest
 * step is even over the finer ones, too. */
enum { STEPS = (BISECT_SLICES + 1) / 2 };

/* The golden ratio's multiples fill the space between two steps evenly, whatever their number: the
 * mean over the rounds is then finer than one round's step. The same for all servers of a round. */
static double dither(int round)
{
    static const double GOLDEN = 0.6180339887;
    double step = log(HIGHEST / LOWEST) / (1 << STEPS);
    return exp(step * (fmod(round * GOLDEN, 1) - 0.5));
}

int bisect_rate(const struct run *run, size_t load, size_t server, int at)
{
    double fastest = slicing_share(&run->slicings[load], server).rate * dither(at);
    struct tried tried = knee_tried(run, load, server, at);
    if (isfinite(tried.doubted))
        return (int)tried.doubted;
    double low = isnan(tried.in_time) ? LOWEST * fastest : tried.in_time;
    double high = isnan(tried.late) ? HIGHEST * fastest : tried.late;
    return (int)fmax(1, round(sqrt(low * high)));
}

long bisect_requests(const struct load *load, double rate)
{
    double seconds = SLICE_BOUNDS * load->slo / 1000.0;
    return (long)fmax(REQUESTS_LEAST, ceil(rate * seconds));
}
