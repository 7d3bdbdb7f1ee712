/* samples.h - the logarithms of one figure under one load, or several: a row for each server, a column
 * for each round.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SAMPLES_H
#define ABACUS_SAMPLES_H

#include "analyse/quantity.h"
#include "analyse/slots.h"
#include "stats/noise.h"

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
