/* compare.h - which servers of a table differ significantly in one figure, and which do not.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COMPARE_H
#define ABACUS_COMPARE_H

#include "analyse/samples.h"
#include "stats/stats.h"

#include <stdbool.h>
#include <stddef.h>

/* A figure of two servers differs significantly if both of this holds:
 *
 * 1. p < 0.05, the exact signed-rank test's over the rounds, after Holm's correction over all
 *    comparisons of the table: so a table of equal servers has a false difference in no more
 *    than one of twenty. The test asks for nothing but that the noise is symmetric.
 * 2. The exact 95 % signed-rank interval of their ratio lies beyond the margin, above or below: how
 *    far the same server came out from itself, at least DIFFERENCE_OF_INTEREST.
 *
 * A tie: the interval, from at least six rounds, lies within the noise floor of the table
 * (summary.h). Whatever is neither is open. test/analyse/compare_test.c simulates how often all
 * this errs, and tools/calibrate.c counts it in real runs.
 *
 * The margin is not the noise floor itself, half the width of the control's interval: that width is
 * the chance which the test and the pair's own interval allow for already, and with it in the
 * margin, too, 3 of 800 real tables of equal servers had a false difference, where 40 may have
 * one; without it 13 had. */
#define SIGNIFICANCE 0.05

/* No difference below this share is of interest, whatever the run can resolve. */
#define DIFFERENCE_OF_INTEREST 0.005

enum relation {
    RELATION_LESS, /* significantly different: the first server's figure is the smaller one */
    RELATION_MORE,
    RELATION_TIE,
    RELATION_OPEN,
    RELATION_NONE, /* not compared: no round has both, or both were limited from outside */
};

/* Beyond this many rounds no estimate of them is made. */
enum { ROUNDS_FORESEEN = 100 };

struct pair {
    size_t rounds;         /* in which both have the figure */
    struct interval ratio; /* first / second: Hodges & Lehmann on the logarithms */
    double signed_rank_p;  /* exact, of this pair alone */
    double p;              /* the same after Holm's correction */
    enum relation relation;
    /* If open: with so many rounds in all a difference as large as the estimate would be
     * significant in four runs of five. ROUNDS_FORESEEN + 1: more than ROUNDS_FORESEEN; 0:
     * not known. */
    int rounds_needed;
};

/* What to compare. All pointers are borrowed. */
struct comparison_input {
    const struct samples *samples;
    enum quantity quantity;
    struct loads loads; /* all of them together */
    const size_t *rows; /* the servers, as places in the samples */
    size_t servers;
    const size_t *order; /* the servers from the best on: where the letters begin */
    const bool
        *limited;  /* whether a server's figure is not its own, but its client's: two
                            of these are not compared; NULL: no server's */
    double beyond; /* the margin, a share */
    double within; /* the noise floor; 0: the run is untrustworthy, and shows no tie */
};

struct comparison {
    struct comparison_input
        input; /* with rows and order of its own; samples is borrowed */
    size_t servers;
    struct pair *pairs; /* [a * servers + b], a before b */
    size_t made;        /* comparisons that Holm's correction is over */
    size_t *order;      /* as in the input */
    size_t *rows;       /* likewise */
    char **letters;     /* of each server; "" for one without any figure */
};

/* The samples must outlive the comparison. */
void comparison_make(struct comparison *comparison, const struct comparison_input *input);
void comparison_free(struct comparison *comparison);

/* The pair of two servers in either direction: ratio and relation are a's to b's. */
struct pair comparison_pair(const struct comparison *comparison, size_t a, size_t b);

/* ln(a/b) of each round that has both; returns how many. `rounds` (from 1) may be NULL;
 * both have room for all rounds. */
size_t comparison_logs(const struct comparison *comparison, size_t a, size_t b,
                       double *logs, int *rounds);

/* Two servers share a letter if, and only if, they do not differ significantly (Piepho 2004, "An
 * algorithm for a letter-based representation of all-pairwise comparisons": insert and
 * absorb). `apart` is a symmetric matrix, [a * count + b]; `order` names the servers from
 * the best on, so that the letters begin with "a" there. Returns `count` texts ("a",
 * "bc"); the caller frees each and the array. */
char **letters_make(const bool *apart, const size_t *order, size_t count);

#endif
