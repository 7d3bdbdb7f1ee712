/* html_table.c - a grid as an HTML table, in a box of its own that scrolls where it is too wide.
 * SPDX-License-Identifier: MIT */
#include "render/html_table.h"

#include "render/escape.h"

static const struct grid_cell *cell_at(const struct grid *grid, size_t row, size_t column)
{
    return &grid->cells[row * grid->column_count + column];
}

static size_t count_rows(const struct grid *grid)
{
    return grid->cell_count / grid->column_count;
}

/* A row and those after it that leave their heading to it. */
static size_t count_together(const struct grid *grid, size_t row)
{
    size_t count = 1;
    while (row + count < count_rows(grid) && !cell_at(grid, row + count, 0)->text[0])
        count++;
    return count;
}

static bool is_sortable(const struct grid *grid)
{
    for (size_t row = 0; row < count_rows(grid); row++)
        if (count_together(grid, row) > 1)
            return false;
    return grid_has_heads(grid) && count_rows(grid) > 1;
}

/* ---- the head ---- */

static void write_group(const struct grid *grid, size_t first, struct page *page)
{
    size_t size = grid_group_size(grid, first);
    const char *group = grid->columns[first].group;
    if (!group) {
        fputs("<td></td>", page->out);
        return;
    }
    fprintf(page->out, "<th scope=\"%s\" colspan=\"%zu\">", size > 1 ? "colgroup" : "col",
            size);
    page_words(page, group);
    fputs("</th>", page->out);
}

static void write_head(const struct column *column, struct page *page)
{
    fprintf(page->out, "<th scope=\"col\"%s%s>",
            column->align == ALIGN_RIGHT ? " class=\"n\"" : "",
            column->more ? " data-more" : "");
    page_words(page, column->head);
    fputs("</th>", page->out);
}

static void write_heads(const struct grid *grid, struct page *page)
{
    fputs("<thead>\n", page->out);
    if (grid_has_groups(grid)) {
        fputs("<tr>", page->out);
        for (size_t c = 0; c < grid->column_count; c += grid_group_size(grid, c))
            write_group(grid, c, page);
        fputs("</tr>\n", page->out);
    }
    fputs("<tr>", page->out);
    for (size_t c = 0; c < grid->column_count; c++)
        write_head(&grid->columns[c], page);
    fputs("</tr>\n</thead>\n", page->out);
}

/* ---- the rows ---- */

static void write_address(FILE *out, const char *link)
{
    if (link[0] == '#')
        escape_text(out, link);
    else
        escape_path(out, link);
}

static void write_content(const struct grid_cell *cell, struct page *page)
{
    if (cell->link) {
        fputs("<a href=\"", page->out);
        write_address(page->out, cell->link);
        fputs("\">", page->out);
    }
    page_words(page, cell->text);
    if (cell->link)
        fputs("</a>", page->out);
}

static void write_row_head(const struct grid *grid, size_t row, struct page *page)
{
    size_t together = count_together(grid, row);
    fputs("<th scope=\"row\"", page->out);
    if (together > 1)
        fprintf(page->out, " rowspan=\"%zu\"", together);
    fputc('>', page->out);
    write_content(cell_at(grid, row, 0), page);
    fputs("</th>", page->out);
}

/* The columns that a cell reaches over, its own included. */
static size_t count_columns(const struct grid *grid, size_t row, size_t column)
{
    size_t count = 1;
    while (column + count < grid->column_count &&
           !cell_at(grid, row, column + count)->text)
        count++;
    return count;
}

static void write_cell(const struct grid *grid, size_t row, size_t column,
                       struct page *page)
{
    size_t columns = count_columns(grid, row, column);
    if (columns > 1)
        fprintf(page->out, "<td colspan=\"%zu\">", columns);
    else if (grid->columns[column].align == ALIGN_RIGHT)
        fputs("<td class=\"n\">", page->out);
    else
        fputs("<td>", page->out);
    write_content(cell_at(grid, row, column), page);
    fputs("</td>", page->out);
}

static void write_row(const struct grid *grid, size_t row, struct page *page)
{
    fputs("<tr>", page->out);
    if (row == 0 || cell_at(grid, row, 0)->text[0])
        write_row_head(grid, row, page);
    for (size_t c = 1; c < grid->column_count; c += count_columns(grid, row, c))
        write_cell(grid, row, c, page);
    fputs("</tr>\n", page->out);
}

static void write_rows(const struct grid *grid, struct page *page)
{
    fputs("<tbody>\n", page->out);
    for (size_t row = 0; row < count_rows(grid); row++)
        write_row(grid, row, page);
    fputs("</tbody>\n", page->out);
}

/* A caption that only repeats the heading is there for who does not see the heading. */
static void write_caption(const struct grid *grid, struct page *page)
{
    fprintf(page->out, "<caption id=\"table-%u\"%s>", page->tables,
            grid->caption ? "" : " class=\"unseen\"");
    page_words(page, grid->caption ? grid->caption : page->heading);
    fputs("</caption>\n", page->out);
}

static const char *table_class(const struct grid *grid)
{
    if (is_sortable(grid))
        return " class=\"sortable\"";
    return grid_has_heads(grid) ? "" : " class=\"facts\"";
}

/* What scrolls must be in reach of the keyboard, and have a name. */
void table_write(const struct grid *grid, struct page *page)
{
    page->tables++;
    fprintf(page->out,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
            "aria-labelledby=\"table-%u\">\n<table%s>\n",
            page->tables, table_class(grid));
    write_caption(grid, page);
    if (grid_has_heads(grid))
        write_heads(grid, page);
    write_rows(grid, page);
    fputs("</table>\n</div>\n", page->out);
}
