/* ladder.h - loads that differ in one thing only: what it does to the servers can be followed from
 * load to load.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_LADDER_H
#define ABACUS_LADDER_H

#include "report/view.h"

#include <stddef.h>

/* What they differ in. */
enum axis { AXIS_CONCURRENCY, AXIS_RATE, AXIS_IDLE, AXES };

/* The loads by their places in the suite, in the order of what they differ in: at least three, and
 * no two with the same. */
struct ladder {
    enum axis axis;
    size_t *rungs; /* owned */
    size_t count;
};

struct ladders {
    struct ladder *list;
    size_t count;
};

/* Those of a run whose loads have figures. To be freed. */
void ladders_find(struct ladders *ladders, const struct report *report);
void ladders_free(struct ladders *ladders);

/* Connections at a time, requests per second, or idle connections; and in words. */
double axis_value(enum axis axis, const struct load *load);
const char *axis_words(enum axis axis);

/* What its loads have in common: "ab, path /, keep-alive"; owned by the caller. */
char *ladder_words(const struct ladder *ladder, const struct report *report);

#endif
