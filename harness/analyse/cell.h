/* cell.h - the figures of one server under one load, from its trials.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CELL_H
#define ABACUS_CELL_H

#include "analyse/slots.h"
#include "analyse/summary.h"

/* Fills a cell from the slots of its server; every figure NAN if none is valid. Its flags
 * are to be freed. */
void cell_make(struct cell *cell, const struct run_server *server,
               const struct load *load, const struct slots *slots);

/* The median of a figure over the rounds, with its 95 % interval: one round has none. */
struct interval cell_interval(const double *values, size_t n);

#endif
