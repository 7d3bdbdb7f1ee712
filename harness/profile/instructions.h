/* instructions.h - user-space instructions per request, as the record has them.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_INSTRUCTIONS_H
#define ABACUS_INSTRUCTIONS_H

#include "profile/group.h"
#include "stats/stats.h"

#include <jansson.h>
#include <stdio.h>

struct page;
struct profile;

/* The concurrencies at which they are counted: an event loop serves several at a turn. */
enum { COUNTED_LOADS = 2 };
extern const int counted_concurrency[COUNTED_LOADS];

/* One load of a server's part "instructions": what its groups and all of them together run
 * for a request. NAN where `data` is NULL or has no such load. */
struct instructions {
    double total;         /* the median of several runs */
    struct interval runs; /* the least and the most */
    double groups[GROUPS];
};

struct instructions instructions_at(const json_t *data, int concurrency);

void instructions_write(struct page *page, const struct profile *profile);
void instructions_write_csv(FILE *out, const struct profile *profile);
void instructions_write_groups(FILE *out, const struct profile *profile);

#endif
