/* grid.h - a table of strings, laid out as aligned text, as Markdown or as HTML.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_GRID_H
#define ABACUS_GRID_H

#include "report/page.h"

#include <stdbool.h>
#include <stddef.h>

enum align { ALIGN_LEFT, ALIGN_RIGHT };

struct column {
    const char *group; /* a heading above neighbours that share it; NULL: none */
    const char *head;  /* NULL in every column: no heading at all */
    enum align align;
};

/* Cells are added one after the other, row by row. */
struct grid {
    const struct column *columns; /* borrowed */
    size_t column_count;
    char **cells; /* owned; NULL where the cell before it reaches over this one */
    size_t cell_count;
};

/* Starts an empty grid; free it with grid_free. */
void grid_init(struct grid *grid, const struct column *columns, size_t column_count);
void grid_free(struct grid *grid);

/* Adds the next cell; or one that takes the rest of its row, for what is said in words. */
void grid_add(struct grid *grid, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void grid_add_rest(struct grid *grid, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes it as a block of the page. Columns are as wide as they need; words that reach over
 * several are wrapped into what is left of the page. */
void grid_write(const struct grid *grid, struct page *page);

/* For those that lay it out: whether any column has a heading, whether two neighbours share
 * theirs, whether a cell reaches over the one after it. */
bool grid_has_heads(const struct grid *grid);
bool grid_same_group(const struct grid *grid, size_t a, size_t b);
bool grid_reaches_over(const struct grid *grid, size_t cell);

#endif
