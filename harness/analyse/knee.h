/* knee.h - the highest rate at which a server still answers in time: 99 % of the requests within
 * the load's bound.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_KNEE_H
#define ABACUS_KNEE_H

#include "model/run.h"
#include "stats/stats.h"

#include <stdbool.h>

/* What the slices of one round tell, each at another rate. NAN: there is no such rate. */
struct tried {
    double in_time; /* the highest rate that was, requests/s */
    double late;    /* the lowest that was not, twice in a row */
    double doubted; /* that of the last slice, if it was the first there that was not */
    bool doubted_by_pace; /* in that slice pace did not keep up */
    /* At the rate that was late pace did not keep up, both times, or no rate was: it can do more. */
    bool limited;
};

/* Whether a slice was: it counts, and 99 % of its requests took no longer than the load's bound. */
bool knee_in_time(const struct run *run, const struct slice *slice);

/* One stall of the machine makes a slice late at any rate, so a rate is late only if the slice after
 * that is late too. */
struct tried knee_tried(const struct run *run, size_t load, size_t server, int round);

/* What comes of all rounds. */
struct knee {
    struct interval rate; /* requests/s: Hodges-Lehmann on the logarithms; NAN: none */
    double too_high;      /* no rate was in time, not even this, the lowest; else NAN */
    bool
        limited; /* in most rounds: at least so much. Servers for which that is so are not
                     compared */
};

/* Of a load that has a bound; of any other, and of a cell without figures, all NAN. */
struct knee knee_make(const struct run *run, size_t load, size_t server, int rounds);
struct knee knee_none(void);

/* What is sent later than this share of the bound, at the 99th percentile, says more of pace than of
 * the server. */
#define KNEE_LATENESS 0.1

#endif
