/* cell.h - the figures of one server under one load, from its trials.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CELL_H
#define ABACUS_CELL_H

#include "analyse/slots.h"
#include "analyse/summary.h"

/* Fills a cell from the slots of its server; every figure NAN if none is valid. Its flags
 * are to be freed. */
void cell_make(struct cell *cell, const struct run_server *server,
               const struct slots *slots);

#endif
