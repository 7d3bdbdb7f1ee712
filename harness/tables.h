/* tables.h - the articles' tables as text, Markdown and CSV: values in, text out.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TABLES_H
#define ABACUS_TABLES_H

#include "summary.h"

#include <stdio.h>

enum format { FORMAT_TEXT, FORMAT_MARKDOWN };

/* Everything there is to read, in this order: what was run, the tables, what they mean. */
void tables_write(FILE *out, enum format format, const struct run *run,
                  const struct summary *summary);

/* cells.csv: one row per table and server (RFC 4180, LF). */
void tables_write_csv(FILE *out, const struct run *run, const struct summary *summary);

#endif
