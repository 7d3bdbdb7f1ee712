/* random.h - numbers by chance for the tests' simulations, the same on every machine.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TEST_RANDOM_H
#define ABACUS_TEST_RANDOM_H

#include <math.h>
#include <stdint.h>

/* SplitMix64 (Steele, Lea & Flood 2014); `state` starts as any seed. */
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Evenly from 0 to 1. */
static inline double random_unit(uint64_t *state)
{
    return (double)(random_next(state) >> 11) / 9007199254740992.0;
}

/* Normal, with mean 0 and standard deviation 1 (Box & Muller 1958). */
static inline double random_normal(uint64_t *state)
{
    double radius = sqrt(-2 * log(1 - random_unit(state)));
    return radius * cos(4 * acos(0) * random_unit(state));
}

#endif
