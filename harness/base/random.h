/* random.h - random numbers of a seed: the same everywhere.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RANDOM_H
#define ABACUS_RANDOM_H

#include <stdint.h>

/* splitmix64 (Steele, Lea & Flood 2014): the next 64 bits. *state is the seed at first. */
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

#endif
