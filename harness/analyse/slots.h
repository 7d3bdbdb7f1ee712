/* slots.h - the trials of a run by server and load, one per round, and their figures.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SLOTS_H
#define ABACUS_SLOTS_H

#include "model/run.h"
#include "stats/noise.h"

/* The figures by which servers are compared. */
enum quantity { QUANTITY_RATE, QUANTITY_CPU, QUANTITIES };

/* Where in struct trial it stands, as offsetof. */
size_t quantity_offset(enum quantity quantity);

const char *quantity_name(enum quantity quantity); /* "requests per second" */

/* Those of one server under one load. A round's slot holds its valid trial or, where there is
 * none, its last attempt. */
struct slots {
    const struct trial *
        *trials; /* borrowed from the run, in the order of the rounds' ends */
    size_t count;
    int last_round;
    size_t valid;   /* slots that hold a valid trial */
    size_t retried; /* of those, slots in which an attempt was thrown out first */
    size_t invalid, disturbed; /* attempts thrown out, by verdict */
    const char *reason; /* of the last attempt thrown out; borrowed; NULL if none was */
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

/* The valid trial of a round, or NULL. */
const struct trial *slots_valid_trial(const struct slots *slots, int round);

/* The double at `offset` in a trial. */
double slots_figure(const struct trial *trial, size_t offset);

/* Copies one such figure of every valid trial to `values` (room for slots->count),
 * leaving out those that the load tool did not give. Returns how many there are. */
size_t slots_sample(const struct slots *slots, size_t offset, double *values);

/* ln(a/b) of such a figure in every round in which both have it. Returns how many there
 * are; `logs` has room for a->count. */
size_t slots_log_ratios(const struct slots *a, const struct slots *b, size_t offset,
                        double *logs);

/* Samples: the logarithms of one figure under one load, or several; a row for each server, a
 * column for each round. */

/* Starts with no row, and room for `servers`; to be freed. */
void samples_init(struct samples *samples, const struct run *run, size_t servers);
void samples_free(struct samples *samples);

/* Adds the row of a server: under several loads the mean of the logarithms, in the rounds
 * that have all of them. */
void samples_add(struct samples *samples, const struct slot_table *slots,
                 const struct load *loads, size_t load_count,
                 const struct run_server *server, enum quantity quantity);

/* Copies what a row has, without its gaps, to `logs` (room for all rounds), and returns how
 * many that are. */
size_t samples_row(const struct samples *samples, size_t server, double *logs);

#endif
