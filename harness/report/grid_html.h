/* grid_html.h - a grid as an HTML table.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_GRID_HTML_H
#define ABACUS_GRID_HTML_H

#include "report/grid.h"

/* The table alone, in a <div class="table">, so that a wide one can scroll by itself. The
 * first cell of a row is its heading; cells that are aligned to the right are of the class
 * "number". */
void grid_write_html(const struct grid *grid, struct page *page);

#endif
