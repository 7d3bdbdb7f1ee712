/* tables.h - the articles' tables, as text and as Markdown: values in, text out.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TABLES_H
#define ABACUS_TABLES_H

#include "analyse/summary.h"
#include "render/page.h"

#include <stdio.h>

/* Everything there is to read, in this order: what was run, the tables, what they mean. */
void tables_write(FILE *out, enum format format, const struct run *run,
                  const struct summary *summary);

#endif
