/* grid_html.c - a grid as an HTML table.
 * SPDX-License-Identifier: MIT */
#include "report/grid_html.h"

#include <stdio.h>

static const char *class_of(const struct column *column)
{
    return column->align == ALIGN_RIGHT ? " class=\"number\"" : "";
}

static bool has_groups(const struct grid *grid)
{
    for (size_t c = 0; c < grid->column_count; c++)
        if (grid->columns[c].group)
            return true;
    return false;
}

static void write_head(const struct column *column, const char *rows, struct page *page)
{
    fprintf(page->out, "<th scope=\"col\"%s%s>", rows, class_of(column));
    page_words(page, column->head ? column->head : "");
    fputs("</th>", page->out);
}

/* A heading that neighbours share reaches over them; a column with none above it takes both
 * lines. */
static void write_groups(const struct grid *grid, struct page *page)
{
    fputs("<tr>", page->out);
    for (size_t c = 0, next; c < grid->column_count; c = next) {
        const struct column *column = &grid->columns[c];
        for (next = c + 1; grid_same_group(grid, c, next);)
            next++;
        if (!column->group) {
            write_head(column, " rowspan=\"2\"", page);
            continue;
        }
        fprintf(page->out, "<th scope=\"colgroup\" colspan=\"%zu\">", next - c);
        page_words(page, column->group);
        fputs("</th>", page->out);
    }
    fputs("</tr>\n", page->out);
}

static void write_heads(const struct grid *grid, struct page *page)
{
    bool grouped = has_groups(grid);
    fputs("<thead>\n", page->out);
    if (grouped)
        write_groups(grid, page);
    fputs("<tr>", page->out);
    for (size_t c = 0; c < grid->column_count; c++)
        if (!grouped || grid->columns[c].group)
            write_head(&grid->columns[c], "", page);
    fputs("</tr>\n</thead>\n", page->out);
}

static void write_cell(const struct grid *grid, size_t cell, struct page *page)
{
    size_t column = cell % grid->column_count, over = 1;
    while (grid_reaches_over(grid, cell + over - 1))
        over++;
    const char *tag = column == 0 ? "th" : "td";
    fprintf(page->out, "<%s%s%s", tag, column == 0 ? " scope=\"row\"" : "",
            class_of(&grid->columns[column]));
    if (over > 1)
        fprintf(page->out, " colspan=\"%zu\"", over);
    fputc('>', page->out);
    page_words(page, grid->cells[cell]);
    fprintf(page->out, "</%s>", tag);
}

void grid_write_html(const struct grid *grid, struct page *page)
{
    fputs("<div class=\"table\">\n<table>\n", page->out);
    if (grid_has_heads(grid))
        write_heads(grid, page);
    fputs("<tbody>\n", page->out);
    for (size_t i = 0; i < grid->cell_count; i++) {
        if (i % grid->column_count == 0)
            fputs("<tr>", page->out);
        if (grid->cells[i])
            write_cell(grid, i, page);
        if ((i + 1) % grid->column_count == 0)
            fputs("</tr>\n", page->out);
    }
    fputs("</tbody>\n</table>\n</div>\n", page->out);
}
