/* figures.h - every figure of a server under a load, described once: the tables show some of
 * them, cells.csv has them all.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FIGURES_H
#define ABACUS_FIGURES_H

#include "analyse/summary.h"
#include "render/grid.h"

/* Writes a table of cells: the first column is the server's name, the others are the figures
 * of these names, NULL at their end; of "~NAME" the estimate alone, without its interval; "=NAME" or
 * "=~NAME" has a shorter heading above it.
 * A cell without figures has its reason in their place.
 * "client_busy" is headed with the load tool's name. */
void figures_write(struct page *page, const char *const *names, const char *caption,
                   const struct cell *const *cells, size_t count);

/* The same of all cells of a table, in its order. */
void figures_write_table(struct page *page, const char *const *names, const char *caption,
                         const struct table *table);

/* cells.csv: a row for each load and server, then those of all loads together. */
void figures_write_csv(FILE *out, const struct summary *summary);

/* All figures of a cell as a JSON object, owned by the caller: as in cells.csv. */
json_t *figures_to_json(const struct cell *cell);

#endif
