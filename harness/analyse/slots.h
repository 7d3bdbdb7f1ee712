/* slots.h - the whole trials of a run by server and load, and their figures.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SLOTS_H
#define ABACUS_SLOTS_H

#include "model/run.h"

/* The whole trials of one server under one load. */
struct slots {
    const struct trial **trials; /* borrowed from the run, in the order of their ends */
    size_t count;
    size_t valid;       /* those that count */
    const char *reason; /* of the last that does not; borrowed; NULL: all do */
};

/* All of a run, sorted in one pass over its trials. */
struct slot_table {
    const struct run *run; /* borrowed */
    struct slots *slots;   /* [load * run->server_count + server] */
};

/* Made of a run, which must outlive it and have no trial added; to be freed. */
void slot_table_make(struct slot_table *table, const struct run *run);
void slot_table_free(struct slot_table *table);

/* Both are of the table's run. */
const struct slots *slots_of(const struct slot_table *table,
                             const struct run_server *server, const struct load *load);

/* The double at `offset` in a trial. */
double slots_figure(const struct trial *trial, size_t offset);

/* Copies one such figure of every valid trial to `values` (room for slots->count),
 * leaving out those that the load tool did not give. Returns how many there are. */
size_t slots_sample(const struct slots *slots, size_t offset, double *values);

#endif
