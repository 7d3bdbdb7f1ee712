/* html_table.h - a grid as an HTML table, in a box of its own that scrolls where it is too wide.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_HTML_TABLE_H
#define ABACUS_HTML_TABLE_H

#include "render/grid.h"

/* The first cell of a row is its heading; rows that leave it empty belong to the row before.
 * A table in which every row has one can be sorted by the script (report.js). */
void table_write(const struct grid *grid, struct page *page);

#endif
