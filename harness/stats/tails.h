/* tails.h - the ends of a discrete distribution, which exact tests are read off.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TAILS_H
#define ABACUS_TAILS_H

#include <stddef.h>

/* An interval may miss the true value in 2.5 % of cases on each side. */
#define TAIL 0.025

/* Of a statistic from 0 to `total`, of which element s is the probability of s. */

/* P(statistic <= s) and P(statistic >= s), each summed from its own end, so that a small
 * one keeps its digits. */
double tail_below(const double *probability, size_t s);
double tail_above(const double *probability, size_t s, size_t total);

/* The largest s with P(statistic <= s) <= TAIL; -1 where not even 0 is that rare. */
long tail_rank(const double *probability, size_t total);

#endif
