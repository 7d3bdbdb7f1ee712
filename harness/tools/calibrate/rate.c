/* rate.c - how often something happened, and what that says about how often it does.
 * SPDX-License-Identifier: MIT */
#include "tools/calibrate/rate.h"

#include <math.h>

/* Halvings of [0, 1] until a double has no more digits. */
enum { HALVINGS = 60 };

void rate_add(struct rate *rate, bool hit)
{
    rate->tries++;
    rate->hits += hit;
}

/* The probability of at least `hits` hits in `tries`, each with the probability p,
 * 0 < p < 1. */
static double upper_tail(size_t hits, size_t tries, double p)
{
    double n = (double)tries, sum = 0;
    for (size_t i = hits; i <= tries; i++) {
        double k = (double)i;
        double ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
        sum += exp(ways + k * log(p) + (n - k) * log1p(-p));
    }
    return sum;
}

/* The p for which at least `hits` hits have the probability `wanted`: it grows with p. */
static double solve(size_t hits, size_t tries, double wanted)
{
    double low = 0, high = 1;
    for (int i = 0; i < HALVINGS; i++) {
        double p = (low + high) / 2;
        if (upper_tail(hits, tries, p) < wanted)
            low = p;
        else
            high = p;
    }
    return low;
}

struct interval rate_interval(const struct rate *rate)
{
    size_t hits = rate->hits, tries = rate->tries;
    if (tries == 0)
        return (struct interval){NAN, NAN, NAN};
    return (struct interval){
        .low = hits == 0 ? 0 : solve(hits, tries, TAIL),
        .mid = (double)hits / (double)tries,
        .high = hits == tries ? 1 : solve(hits + 1, tries, 1 - TAIL),
    };
}
