/* grid.c - a table of strings, laid out as aligned text or as Markdown.
 * SPDX-License-Identifier: MIT */
#include "grid.h"

#include "alloc.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void grid_init(struct grid *grid, const struct column *columns, size_t column_count)
{
    *grid = (struct grid){.columns = columns, .column_count = column_count};
}

void grid_free(struct grid *grid)
{
    for (size_t i = 0; i < grid->cell_count; i++)
        free(grid->cells[i]);
    free(grid->cells);
    *grid = (struct grid){0};
}

static void add_cell(struct grid *grid, char *text)
{
    grid->cells = alloc_resize(grid->cells, grid->cell_count + 1, sizeof *grid->cells);
    grid->cells[grid->cell_count++] = text;
}

static void add_clean(struct grid *grid, const char *format, va_list args)
{
    char *text = alloc_vformat(format, args);
    add_cell(grid, utf8_clean(text));
    free(text);
}

void grid_add(struct grid *grid, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_clean(grid, format, args);
    va_end(args);
}

void grid_add_rest(struct grid *grid, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_clean(grid, format, args);
    va_end(args);
    while (grid->cell_count % grid->column_count)
        add_cell(grid, NULL);
}

static bool has_heads(const struct grid *grid)
{
    for (size_t c = 0; c < grid->column_count; c++)
        if (grid->columns[c].head)
            return true;
    return false;
}

static bool same_group(const struct grid *grid, size_t a, size_t b)
{
    const char *group = grid->columns[a].group;
    return b < grid->column_count && group && grid->columns[b].group &&
           strcmp(group, grid->columns[b].group) == 0;
}

/* A cell that reaches over the next ones does not widen its column. */
static bool reaches_over(const struct grid *grid, size_t cell)
{
    bool last_column = (cell + 1) % grid->column_count == 0;
    return !last_column && cell + 1 < grid->cell_count && !grid->cells[cell + 1];
}

/* Blanks before a column: columns of one group stand closer together. */
static size_t gap_before(const struct grid *grid, size_t column)
{
    if (column == 0)
        return 0;
    return same_group(grid, column - 1, column) ? 1 : 2;
}

/* The columns of the group that begins with `first`, and how wide they are together. */
static size_t group_size(const struct grid *grid, size_t first)
{
    size_t size = 1;
    while (same_group(grid, first, first + size))
        size++;
    return size;
}

static size_t group_width(const struct grid *grid, const size_t *widths, size_t first)
{
    size_t width = widths[first];
    for (size_t c = first + 1; c < first + group_size(grid, first); c++)
        width += gap_before(grid, c) + widths[c];
    return width;
}

static size_t column_width(const struct grid *grid, size_t column)
{
    const char *head = grid->columns[column].head;
    size_t widest = head ? utf8_width(head) : 0;
    for (size_t i = column; i < grid->cell_count; i += grid->column_count) {
        size_t width = grid->cells[i] ? utf8_width(grid->cells[i]) : 0;
        if (!reaches_over(grid, i) && width > widest)
            widest = width;
    }
    return widest;
}

/* The width of each column, owned by the caller. A group's first column is widened where its
 * heading is wider than its columns. */
static size_t *column_widths(const struct grid *grid)
{
    size_t *widths = alloc_zeroed(grid->column_count, sizeof *widths);
    for (size_t c = 0; c < grid->column_count; c++)
        widths[c] = column_width(grid, c);
    for (size_t c = 0; c < grid->column_count; c += group_size(grid, c)) {
        const char *group = grid->columns[c].group;
        size_t have = group_width(grid, widths, c);
        if (group && utf8_width(group) > have)
            widths[c] += utf8_width(group) - have;
    }
    return widths;
}

static void write_blanks(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

static void write_padded(FILE *out, const char *text, size_t width, enum align align,
                         bool last)
{
    size_t have = utf8_width(text);
    size_t blanks = width > have ? width - have : 0;
    if (align == ALIGN_RIGHT)
        write_blanks(out, blanks);
    fputs(text, out);
    if (align == ALIGN_LEFT && !last)
        write_blanks(out, blanks);
}

static void write_text_groups(const struct grid *grid, const size_t *widths, FILE *out)
{
    size_t owed = 0;
    bool any = false;
    for (size_t c = 0; c < grid->column_count; c += group_size(grid, c)) {
        const char *group = grid->columns[c].group;
        owed += gap_before(grid, c);
        if (group) {
            write_blanks(out, owed);
            fputs(group, out);
            owed = 0;
            any = true;
        }
        owed += group_width(grid, widths, c) - (group ? utf8_width(group) : 0);
    }
    if (any)
        fputc('\n', out);
}

static void write_text_heads(const struct grid *grid, const size_t *widths, FILE *out)
{
    for (size_t c = 0; c < grid->column_count; c++) {
        write_blanks(out, gap_before(grid, c));
        write_padded(out, grid->columns[c].head, widths[c], grid->columns[c].align,
                     c + 1 == grid->column_count);
    }
    fputc('\n', out);
    for (size_t c = 0; c < grid->column_count; c += group_size(grid, c)) {
        write_blanks(out, gap_before(grid, c));
        for (size_t width = group_width(grid, widths, c); width > 0; width--)
            fputc('-', out);
    }
    fputc('\n', out);
}

static void write_text_row(const struct grid *grid, const size_t *widths, size_t first,
                           FILE *out)
{
    size_t at = 0;
    for (size_t c = 0; c < grid->column_count; c++) {
        const char *text = grid->cells[first + c];
        write_blanks(out, gap_before(grid, c));
        at += gap_before(grid, c);
        if (reaches_over(grid, first + c)) {
            page_wrap(out, text, at, PAGE_WIDTH);
            break;
        }
        write_padded(out, text, widths[c], grid->columns[c].align,
                     c + 1 == grid->column_count);
        at += widths[c];
    }
    fputc('\n', out);
}

static void write_text(const struct grid *grid, struct page *page)
{
    size_t *widths = column_widths(grid);
    if (has_heads(grid)) {
        write_text_groups(grid, widths, page->out);
        write_text_heads(grid, widths, page->out);
    }
    for (size_t i = 0; i < grid->cell_count; i += grid->column_count)
        write_text_row(grid, widths, i, page->out);
    free(widths);
}

static void write_markdown_head(const struct column *column, struct page *page)
{
    fputs("| ", page->out);
    if (column->group) {
        page_words(page, column->group);
        fputs(": ", page->out);
    }
    page_words(page, column->head ? column->head : "");
    fputc(' ', page->out);
}

static void write_markdown(const struct grid *grid, struct page *page)
{
    for (size_t c = 0; c < grid->column_count; c++)
        write_markdown_head(&grid->columns[c], page);
    fputs("|\n", page->out);
    for (size_t c = 0; c < grid->column_count; c++)
        fputs(grid->columns[c].align == ALIGN_RIGHT ? "| ---: " : "| --- ", page->out);
    fputs("|\n", page->out);
    for (size_t i = 0; i < grid->cell_count; i++) {
        fputs("| ", page->out);
        page_words(page, grid->cells[i] ? grid->cells[i] : "");
        fputs((i + 1) % grid->column_count ? " " : " |\n", page->out);
    }
}

void grid_write(const struct grid *grid, struct page *page)
{
    page_block(page, BLOCK_OTHER);
    if (page->format == FORMAT_MARKDOWN)
        write_markdown(grid, page);
    else
        write_text(grid, page);
}
