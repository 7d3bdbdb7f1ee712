/* compare.h - which servers of a table can be told apart by one figure, and which cannot.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COMPARE_H
#define ABACUS_COMPARE_H

#include "stats/noise.h"
#include "stats/stats.h"

#include <stdbool.h>
#include <stddef.h>

/* Two servers are told apart by a figure if all of this holds:
 *
 * 1. The exact 95 % signed-rank interval of their ratio, which asks for nothing but that
 *    the noise is symmetric, lies wholly above 1 or wholly below.
 * 2. p < 0.05 after Holm's correction over all comparisons of the table, so that a table
 *    of equal servers names a difference in no more than one table of twenty (a run has
 *    several).
 * 3. The estimate is farther from 1 than the noise floor of the run (summary.h).
 *
 * The p of 2 is not the signed-rank test's: from six rounds that is never below 2/64,
 * which times the 15 comparisons of six servers is 0.47, so that nothing could ever be
 * told apart. It is Student's, of the estimate over its standard error, with the noise of
 * each server as noise.h estimates it from the whole table. Logarithms of times and rates
 * are near enough to normal for it, and 1 stands where they are not. Nor need the whole
 * interval lie beyond the noise floor, only the estimate: the interval has the noise of
 * the pair in it already, and to count it twice finds 10 % of difference in 38 runs of
 * 100 (six rounds, a standard deviation of 3 % a trial), where this rule finds it in 90.
 *
 * A tie: the interval, from at least six rounds, lies within the noise floor of a run
 * that is trustworthy. Whatever is neither is open. harness/test/analyse/compare_test.c simulates
 * how often all this errs. */
#define SIGNIFICANCE 0.05

/* No difference below this share is of interest, whatever the run can resolve. */
#define DIFFERENCE_OF_INTEREST 0.01

enum relation {
    RELATION_LESS, /* told apart: the first server's figure is the smaller one */
    RELATION_MORE,
    RELATION_TIE,
    RELATION_OPEN,
    RELATION_NONE, /* not compared: no round has both, or both were limited from outside */
};

/* Beyond this many rounds no estimate of them is made. */
enum { ROUNDS_FORESEEN = 100 };

struct pair {
    size_t rounds;         /* in which both have a valid trial */
    struct interval ratio; /* first / second: Hodges & Lehmann on the logarithms */
    double signed_rank_p;  /* exact, of this pair alone */
    double p;              /* Student's, after Holm */
    enum relation relation;
    /* If open: with so many rounds in all a difference as large as the estimate would be
     * told apart in four runs of five. ROUNDS_FORESEEN + 1: more than ROUNDS_FORESEEN; 0:
     * not known. */
    int rounds_needed;
};

/* What to compare. All pointers are borrowed. */
struct comparison_input {
    const struct samples
        *samples; /* its first `servers` rows are compared; any other helps
                                      to estimate the noise */
    size_t servers;
    const size_t *order; /* the servers from the best on: where the letters begin */
    const bool
        *limited;       /* whether a server's figure is not its own, but its client's: two
                            of these are not compared; NULL: no server's */
    double delta;       /* of summary.h */
    bool untrustworthy; /* likewise: such a run shows no tie */
};

struct comparison {
    size_t servers;
    struct pair *pairs;     /* [a * servers + b], a before b */
    size_t made;            /* comparisons that Holm's correction is over */
    size_t *order;          /* as in the input */
    char **letters;         /* of each server; "" for one without any figure */
    struct samples samples; /* as in the input, for who wants to follow */
};

/* The comparison owns what it holds. */
void comparison_make(struct comparison *comparison, const struct comparison_input *input);
void comparison_free(struct comparison *comparison);

/* The pair of two servers in either direction: ratio and relation are a's to b's. */
struct pair comparison_pair(const struct comparison *comparison, size_t a, size_t b);

/* ln(a/b) of each round that has both; returns how many. `rounds` (from 1) may be NULL;
 * both have room for all rounds. */
size_t comparison_logs(const struct comparison *comparison, size_t a, size_t b,
                       double *logs, int *rounds);

/* Two servers share a letter if, and only if, they are not told apart (Piepho 2004, "An
 * algorithm for a letter-based representation of all-pairwise comparisons": insert and
 * absorb). `apart` is a symmetric matrix, [a * count + b]; `order` names the servers from
 * the best on, so that the letters begin with "a" there. Returns `count` texts ("a",
 * "bc"); the caller frees each and the array. */
char **letters_make(const bool *apart, const size_t *order, size_t count);

#endif
