/* grid.h - a table of strings, laid out as aligned text, as Markdown or as HTML.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_GRID_H
#define ABACUS_GRID_H

#include "render/column.h"
#include "render/page.h"

#include <stdbool.h>
#include <stddef.h>

struct grid_cell {
    char *text; /* owned; NULL where the cell before it reaches over this one */
    char *link; /* owned; where it leads in HTML: "#ID", or the path of a file; or NULL */
    /* What a text shows that figure_short or figure_time made, and what stands behind it; it may
     * get other decimals as the table is written. */
    enum { GRID_WORDS, GRID_FIGURE, GRID_RANGE } kind;
    struct interval value;
    const char *mark; /* borrowed */
};

/* Cells are added one after the other, row by row. */
struct grid {
    const struct column *described; /* borrowed: as they were given */
    size_t described_count;
    struct column *columns; /* owned: as they are shown, an interval as two of them */
    size_t column_count;
    struct grid_cell *cells; /* owned */
    size_t cell_count;
    char *caption; /* owned; NULL: the heading above it will do */
};

/* Starts an empty grid; free it with grid_free. The columns must stay where they are. */
void grid_init(struct grid *grid, const struct column *columns, size_t column_count);
void grid_free(struct grid *grid);

/* Adds the next cell; or one that takes the rest of its row, for what is said in words. */
void grid_add(struct grid *grid, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void grid_add_rest(struct grid *grid, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds what the columns, which are then all typed, make of a row. */
void grid_add_row(struct grid *grid, const void *row);

/* The same of one of them, in its turn: others may be added by hand. */
void grid_add_value(struct grid *grid, const struct column *column, const void *row);

/* What stands above the table, as a paragraph or as its caption. */
void grid_caption(struct grid *grid, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Where the cell added last leads, in HTML. Takes ownership of the link. */
void grid_link(struct grid *grid, char *link);

/* Columns headed alike stand together under the one heading: those from `first` on. */
size_t grid_group_size(const struct grid *grid, size_t first);

/* Whether any column has a heading, or a heading above it. */
bool grid_has_heads(const struct grid *grid);
bool grid_has_groups(const struct grid *grid);

/* Writes it as a block of the page. Figures of three digits get the decimals that the smallest of
 * their column needs, so that points stand below each other; times get those of the largest, but two
 * digits of the smallest. Columns are as wide as they need; words that reach over several are wrapped
 * into what is left of the page. */
void grid_write(struct grid *grid, struct page *page);

#endif
