/* csv.h - cells.csv: every figure of the tables, for other programs.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CSV_H
#define ABACUS_CSV_H

#include "analyse/summary.h"

#include <stdio.h>

/* One row per table and server, ranked as in the tables (RFC 4180, but LF). A figure that
 * there is not is empty. `tie` has the letters of the comparison by CPU per request,
 * which ranks all servers: two that share one are not told apart. */
void csv_write(FILE *out, const struct summary *summary);

#endif
