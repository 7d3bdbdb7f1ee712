/* explain.h - where one row of the tables comes from.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_EXPLAIN_H
#define ABACUS_EXPLAIN_H

#include "analyse/summary.h"
#include "base/err.h"

#include <stdio.h>

/* Of the run in `directory`: writes how the row of a server in the table of a load came about: its
 * trials with their verdicts, commands and raw files, its figures before rounding, its comparisons
 * with the others, round by round. 0; or -1 if there is no such table or server, with those that
 * there are, and nothing written. */
int explain_write(FILE *out, const char *directory, const struct run *run,
                  const struct summary *summary, const char *table, const char *server,
                  struct err *err);

#endif
