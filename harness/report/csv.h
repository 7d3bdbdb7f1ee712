/* csv.h - cells.csv: every figure of the tables, for other programs.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CSV_H
#define ABACUS_CSV_H

#include "summary/summary.h"

#include <stdio.h>

/* One row per table and server, ranked as in the tables (RFC 4180, but LF). A figure that
 * there is not is empty. */
void csv_write(FILE *out, const struct summary *summary);

#endif
