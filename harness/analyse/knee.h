/* knee.h - the highest rate at which a server still answers in time: 99 % of the requests within
 * the load's bound.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_KNEE_H
#define ABACUS_KNEE_H

#include "model/run.h"
#include "stats/stats.h"

#include <stdbool.h>

/* What the slices of one round tell, each at another rate. In time is a slice of which 99 % of the
 * requests took no longer than the load's bound. NAN: there is no such rate. */
struct tried {
    double in_time; /* the highest rate that was, requests/s */
    double late;    /* the lowest that was not, twice in a row */
    double doubted; /* that of the last slice, if it was the first there that was not */
    bool doubted_by_pace; /* in that slice pace did not keep up */
    bool whole;           /* all slices of the round are there */
    /* At the rate that was late pace did not keep up, both times, or no rate was: it can do more. */
    bool limited;
};

/* One stall of the machine makes a slice late at any rate, so a rate is late only if the slice after
 * that is late too. */
struct tried knee_tried(const struct run *run, size_t load, size_t server, int round);

/* The knee as that round has it, requests/s: the geometric mean of the highest rate in time and the
 * lowest that was too high, since either alone is off by half of a step; where nothing was too
 * high, the first. NAN: nothing was in time, or the round is not whole. */
double knee_of_round(const struct run *run, size_t load, size_t server, int round);

/* What comes of all rounds that are whole. */
struct knee {
    /* requests/s: Hodges-Lehmann on the logarithms of the rounds' knees, or of the highest rates in
     * time if it is `limited`; NAN: none */
    struct interval rate;
    double too_high; /* no rate was in time, not even this, the lowest; else NAN */
    bool limited;    /* in most rounds: at least so much. Such servers are not compared */
};

/* Of a load that has a bound; of any other, and of a cell without figures, all NAN. */
struct knee knee_make(const struct run *run, size_t load, size_t server, size_t rounds);
struct knee knee_none(void);

/* What is sent later than this share of the bound, at the 99th percentile, says more of pace than of
 * the server. */
#define KNEE_LATENESS 0.1

#endif
