/* plan.c - the order of a run's trials: fixed beforehand, shuffled by a seed.
 * SPDX-License-Identifier: MIT */
#include "measure/plan.h"

#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>

/* splitmix64 (Steele, Lea & Flood 2014): small, and the same everywhere. */
static uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* Fisher & Yates. The modulo's bias, under 2^-50 here, is of no account. */
static void shuffle(size_t *items, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = random_next(state) % i;
        size_t item = items[i - 1];
        items[i - 1] = items[j];
        items[j] = item;
    }
}

struct slot *plan_make(const struct run *run, size_t *count)
{
    size_t *servers = alloc_zeroed(run->server_count, sizeof *servers);
    size_t *loads = alloc_zeroed(run->suite.load_count, sizeof *loads);
    size_t server_count = 0;
    for (size_t i = 0; i < run->server_count; i++)
        if (!run->servers[i].missing)
            servers[server_count++] = i;
    for (size_t i = 0; i < run->suite.load_count; i++)
        loads[i] = i;

    size_t total = (size_t)run->rounds * run->suite.load_count * server_count;
    struct slot *slots = alloc_zeroed(total, sizeof *slots);
    uint64_t state = run->seed;
    *count = 0;
    for (int round = 1; round <= run->rounds; round++) {
        shuffle(loads, run->suite.load_count, &state);
        for (size_t l = 0; l < run->suite.load_count; l++) {
            shuffle(servers, server_count, &state);
            for (size_t s = 0; s < server_count; s++)
                slots[(*count)++] =
                    (struct slot){.round = round, .load = loads[l], .server = servers[s]};
        }
    }
    free(servers);
    free(loads);
    return slots;
}
