/* contrast.h - one figure of one server in two runs, A and B: the ratio B / A, and what may
 * be said of it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CONTRAST_H
#define ABACUS_CONTRAST_H

#include "analyse/compare.h"
#include "stats/stats.h"

#include <stdbool.h>
#include <stddef.h>

/* Within a run, servers are compared by rounds (analyse/compare.h). The rounds of two runs
 * have nothing in common, so here the two samples are independent: Hodges & Lehmann's shift
 * of the logarithms, with the exact rank-sum interval and p (stats/rank_sum.h).
 *
 * Their rounds are alike only as long as nothing but the server differs between the runs.
 * That is seldom so: a machine drifts more from one day to the next than within a run, and
 * then every server is as much off, with intervals that exclude 1. So from three servers on
 * each is looked at twice: as it stands, and beside the others, each figure being divided
 * by how far the other servers' were from their middle in the same round. What all servers
 * share is taken out by that, whether it is the machine's or a change to all of them, and
 * no figure can tell which of the two it was. A verdict therefore must hold both ways:
 *
 * - worse or better: the 95 % interval lies wholly on one side of 1, p < 0.05 after Holm's
 *   correction over all comparisons of the report, and the estimate is farther from 1 than
 *   the threshold and than the noise floor of either run (analyse/summary.h);
 * - the same: the whole interval lies within the threshold, and both runs are trustworthy.
 *   This needs no correction, as it takes all comparisons for the runs to be the same.
 *
 * Anything else is open. What is tested both ways, and must be found in both, is corrected
 * for in each by itself. harness/test/analyse/compare_runs_test.c simulates how often all of this
 * errs, and what it finds. */

/* The logarithms of one figure of one run. */
struct levels {
    size_t servers, rounds;
    double *logs; /* [server * rounds + round], from 0; NAN: none */
};

enum outcome {
    OUTCOME_WORSE,
    OUTCOME_BETTER,
    OUTCOME_SAME,
    OUTCOME_WIDE,    /* open: the interval is too wide */
    OUTCOME_ONE_WAY, /* open: significant as it stands or beside the others, not both */
    OUTCOME_FEW, /* open: so few rounds cannot tell anything apart; or none in a run */
    OUTCOME_LIMITED, /* not judged: the figure is not the server's own */
};

struct rank_test {
    size_t rounds[2]; /* of A and B that have the figure */
    struct interval ratio;
    double least_p; /* below this the p of so many rounds cannot come */
    double p;       /* exact; after contrasts_correct with Holm */
};

struct contrast {
    struct rank_test as_is;
    struct rank_test
        beside; /* the others; without rounds where there are too few of them */
    bool limited;
    enum outcome outcome;
};

/* What an estimate must exceed, and an interval lie within; shares of 1. */
struct contrast_criteria {
    double threshold;
    double noise_floor; /* the larger one of the runs' */
    bool trustworthy;   /* both runs' noise floors are */
};

/* So many servers are needed to see what they share. */
enum { SERVERS_TO_SHARE = 3 };

/* Whether its rounds are enough for a 95 % interval, and so for any verdict. */
bool rank_test_covers(const struct rank_test *test);

/* Tests each server: row s of both samples is the same one. Fills contrasts[a->servers];
 * judges nothing. */
void contrasts_test(struct contrast *contrasts, const struct levels *a,
                    const struct levels *b);

/* What all servers share: the median of their ratios. NAN with too few of them. */
double contrasts_shared(const struct contrast *contrasts, size_t count);

/* Corrects the p of all contrasts that are not limited and that could be significant at all.
 * Returns how many they are. */
size_t contrasts_correct(struct contrast **contrasts, size_t count);

/* Judges one, corrected for `made` comparisons. `less_is_better`: of CPU time, not of
 * rates. */
void contrast_judge(struct contrast *contrast, const struct contrast_criteria *criteria,
                    bool less_is_better, size_t made);

/* The rounds that it takes in each run for `made` comparisons to tell anything apart. */
size_t contrast_rounds_needed(size_t made);

#endif
