/* rate.h - how often something happened, and what that says about how often it does.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RATE_H
#define ABACUS_RATE_H

#include "stats/stats.h"

#include <stdbool.h>
#include <stddef.h>

struct rate {
    size_t hits, tries;
};

void rate_add(struct rate *rate, bool hit);

/* The share of hits, and the exact 95 % interval of their probability (Clopper & Pearson
 * 1934), for which the tries must be independent. All NAN if nothing was tried. */
struct interval rate_interval(const struct rate *rate);

#endif
