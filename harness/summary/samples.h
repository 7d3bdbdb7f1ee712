/* samples.h - the logarithms of one figure under one load: a row for each server, a column
 * for each round.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SAMPLES_H
#define ABACUS_SAMPLES_H

#include "record/run.h"
#include "summary/noise.h"
#include "summary/quantity.h"

/* Starts with no row, and room for `servers`; to be freed. */
void samples_init(struct samples *samples, const struct run *run, size_t servers);
void samples_free(struct samples *samples);

/* Adds the row of a server. */
void samples_add(struct samples *samples, const struct run *run, const struct load *load,
                 const char *server, enum quantity quantity);

/* Copies what a row has, without its gaps, to `logs` (room for all rounds), and returns how
 * many that are. */
size_t samples_row(const struct samples *samples, size_t server, double *logs);

#endif
