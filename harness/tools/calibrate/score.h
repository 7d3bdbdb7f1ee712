/* score.h - how often abacus tells servers apart that are one, and that are not.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SCORE_H
#define ABACUS_SCORE_H

#include "analyse/slots.h"
#include "model/run.h"
#include "tools/calibrate/rate.h"

/* The extra costs, as a share of a request's CPU time: the server "plus-5" has 5 % more
 * than the run's first server. */
enum { EXTRAS = 4 };
extern const int extra_percent[EXTRAS];

/* Of a long run, cut into blocks of so many rounds, each judged on its own. */
struct score {
    struct rate same;   /* comparisons between entries of the first server, in any table:
                           told apart */
    struct rate tables; /* blocks in which at least one of these was */
    struct rate extra[EXTRAS]; /* blocks in which it was told apart from the first server,
                                  as the more expensive one; no tries where the run has
                                  no such server */
};

/* Rounds that do not fill a block are left out. */
void score_make(struct score *score, const struct run *run, int rounds,
                enum quantity quantity);

/* The extra cost's server divided by the first one, in CPU per request, over all rounds
 * and loads:
 * what the extra cost really came to. All NAN if the run has no such server. */
struct interval score_extra_ratio(const struct run *run, int percent);

#endif
