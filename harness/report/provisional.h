/* provisional.h - the ranking after the first round, for who watches a run.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PROVISIONAL_H
#define ABACUS_PROVISIONAL_H

#include "analyse/summary.h"

#include <stdio.h>

/* A line for each load: the servers by CPU per request, which a client that is the limit spoils
 * least. */
void provisional_write(FILE *out, const struct run *run, const struct summary *summary,
                       int round);

#endif
