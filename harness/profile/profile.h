/* profile.h - what one request costs and where its time goes, for several servers: a value
 * that measuring fills, profile.jsonl keeps, and every table and plot is made of.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PROFILE_H
#define ABACUS_PROFILE_H

#include "base/err.h"
#include "profile/part.h"
#include "record/run.h"

#include <jansson.h>
#include <stddef.h>

/* Every part there is, in the order of the page. */
extern const struct part part_instructions;
extern const struct part part_syscalls;
extern const struct part part_phases;
extern const struct part part_allocation;
extern const struct part part_memory;
extern const struct part part_stacks;
enum { PARTS = 6 };
extern const struct part *const parts[PARTS];

/* What one server showed. */
struct portrait {
    struct run_server server;
    json_t *data[PARTS];  /* in the order of `parts`; NULL: not had */
    char *missing[PARTS]; /* why; NULL: it was had, or nobody asked */
};

struct profile {
    char *started; /* UTC, ISO 8601 */
    struct fact *machine;
    size_t machine_count;
    struct portrait *portraits; /* in the order asked for */
    size_t portrait_count;
};

/* What a server showed of a part, borrowed; NULL: it was not had. */
const json_t *profile_part(const struct portrait *portrait, const struct part *part);

void profile_free(struct profile *profile);

#endif
