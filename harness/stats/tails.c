/* tails.c - the ends of a discrete distribution, which exact tests are read off.
 * SPDX-License-Identifier: MIT */
#include "stats/tails.h"

double tail_below(const double *probability, size_t s)
{
    double tail = 0;
    for (size_t i = 0; i <= s; i++)
        tail += probability[i];
    return tail;
}

double tail_above(const double *probability, size_t s, size_t total)
{
    double tail = 0;
    for (size_t i = total + 1; i-- > s;)
        tail += probability[i];
    return tail;
}

long tail_rank(const double *probability, size_t total)
{
    long rank = -1;
    double tail = 0;
    for (size_t s = 0; s <= total; s++) {
        tail += probability[s];
        if (tail > TAIL)
            break;
        rank = (long)s;
    }
    return rank;
}
