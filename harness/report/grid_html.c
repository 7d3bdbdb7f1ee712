/* grid_html.c - a grid as an HTML table.
 * SPDX-License-Identifier: MIT */
#include "report/grid_html.h"

#include <stdio.h>

static const char *class_of(const struct column *column)
{
    return column->align == ALIGN_RIGHT ? " class=\"number\"" : "";
}

/* A heading that its neighbours share reaches over them; one with nothing above it takes both
 * lines. */
static void write_groups(const struct grid *grid, struct page *page)
{
    fputs("<tr>", page->out);
    for (size_t c = 0, next; c < grid->column_count; c = next) {
        const struct column *column = &grid->columns[c];
        next = c + 1;
        while (grid_same_group(grid, c, next))
            next++;
        if (column->group)
            fprintf(page->out, "<th scope=\"colgroup\" colspan=\"%zu\">", next - c);
        else
            fprintf(page->out, "<th scope=\"col\" rowspan=\"2\"%s>", class_of(column));
        page_words(page, column->group ? column->group : column->head);
        fputs("</th>", page->out);
    }
    fputs("</tr>\n<tr>", page->out);
    for (size_t c = 0; c < grid->column_count; c++)
        if (grid->columns[c].group) {
            fprintf(page->out, "<th scope=\"col\"%s>", class_of(&grid->columns[c]));
            page_words(page, grid->columns[c].head);
            fputs("</th>", page->out);
        }
    fputs("</tr>\n", page->out);
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
    if (grid_has_heads(grid)) {
        fputs("<thead>\n", page->out);
        write_groups(grid, page);
        fputs("</thead>\n", page->out);
    }
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
