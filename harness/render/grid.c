/* grid.c - a table of strings, laid out as aligned text, as Markdown or as HTML.
 * SPDX-License-Identifier: MIT */
#include "render/grid.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "render/html_table.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Words are wrapped to no less than this, even where they begin far to the right. */
enum { WORDS_WIDTH = 30 };

void grid_init(struct grid *grid, const struct column *columns, size_t column_count)
{
    *grid = (struct grid){.described = columns, .described_count = column_count};
    grid->columns = alloc_zeroed(2 * column_count, sizeof *grid->columns);
    for (size_t i = 0; i < column_count; i++) {
        struct column shown = columns[i];
        if (shown.kind != COLUMN_TEXT)
            shown.align = ALIGN_RIGHT;
        grid->columns[grid->column_count++] = shown;
        if (shown.kind != COLUMN_INTERVAL)
            continue;
        shown.head = "low–high";
        grid->columns[grid->column_count++] = shown;
    }
}

void grid_free(struct grid *grid)
{
    for (size_t i = 0; i < grid->cell_count; i++) {
        free(grid->cells[i].text);
        free(grid->cells[i].link);
    }
    free(grid->cells);
    free(grid->columns);
    free(grid->caption);
    *grid = (struct grid){0};
}

static void add_cell(struct grid *grid, char *text)
{
    grid->cells = alloc_resize(grid->cells, grid->cell_count + 1, sizeof *grid->cells);
    grid->cells[grid->cell_count++] = (struct grid_cell){.text = text};
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

static void remember(struct grid *grid, const struct column *column,
                     struct interval value, const char *mark, int kind)
{
    struct grid_cell *last = &grid->cells[grid->cell_count - 1];
    if (column->show != figure_short && column->show != figure_time)
        return;
    last->kind = kind;
    last->value = value;
    last->mark = mark;
}

static void add_figure(struct grid *grid, const struct column *column,
                       struct interval value, const char *mark)
{
    grid_add(grid, "%s%s", column->show(value.mid).text, mark);
    remember(grid, column, value, mark, GRID_FIGURE);
}

void grid_add_value(struct grid *grid, const struct column *column, const void *row)
{
    if (column->label || column->kind == COLUMN_TEXT) {
        char *text = column->label ? column->label(row) : column_text(column, row);
        grid_add(grid, "%s", text);
        free(text);
    } else if (column->kind == COLUMN_INTERVAL) {
        struct interval interval = column_interval(column, row);
        add_figure(grid, column, interval, "");
        grid_add(grid, "%s", figure_range(interval, column->show).text);
        remember(grid, column, interval, "", GRID_RANGE);
    } else {
        struct interval number = {NAN, column_number(column, row), NAN};
        add_figure(grid, column, number, column->mark ? column->mark(row) : "");
    }
    if (column->link)
        grid_link(grid, column->link(row));
}

void grid_add_row(struct grid *grid, const void *row)
{
    for (size_t i = 0; i < grid->described_count; i++)
        grid_add_value(grid, &grid->described[i], row);
}

void grid_caption(struct grid *grid, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    free(grid->caption);
    grid->caption = alloc_vformat(format, args);
    va_end(args);
}

void grid_link(struct grid *grid, char *link)
{
    struct grid_cell *last = &grid->cells[grid->cell_count - 1];
    free(last->link);
    last->link = link;
}

bool grid_has_heads(const struct grid *grid)
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
    return !last_column && cell + 1 < grid->cell_count && !grid->cells[cell + 1].text;
}

/* Blanks before a column: columns of one group stand closer together. */
static size_t gap_before(const struct grid *grid, size_t column)
{
    if (column == 0)
        return 0;
    return same_group(grid, column - 1, column) ? 1 : 2;
}

size_t grid_group_size(const struct grid *grid, size_t first)
{
    size_t size = 1;
    while (same_group(grid, first, first + size))
        size++;
    return size;
}

static size_t group_width(const struct grid *grid, const size_t *widths, size_t first)
{
    size_t width = widths[first];
    for (size_t c = first + 1; c < first + grid_group_size(grid, first); c++)
        width += gap_before(grid, c) + widths[c];
    return width;
}

static size_t column_width(const struct grid *grid, size_t column)
{
    const char *head = grid->columns[column].head;
    size_t widest = head ? utf8_width(head) : 0;
    for (size_t i = column; i < grid->cell_count; i += grid->column_count) {
        const char *text = grid->cells[i].text;
        size_t width = text ? utf8_width(text) : 0;
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
    for (size_t c = 0; c < grid->column_count; c += grid_group_size(grid, c)) {
        const char *group = grid->columns[c].group;
        size_t have = group_width(grid, widths, c);
        if (group && utf8_width(group) > have)
            widths[c] += utf8_width(group) - have;
    }
    return widths;
}

/* One line as it is written: blanks are owed until something follows, so that no line ends in
 * them. */
struct line {
    FILE *out;
    size_t owed;
};

static void line_text(struct line *line, const char *text)
{
    if (!text[0])
        return;
    fprintf(line->out, "%*s%s", (int)line->owed, "", text);
    line->owed = 0;
}

static void line_cell(struct line *line, const char *text, size_t width, enum align align)
{
    size_t have = utf8_width(text);
    size_t blanks = width > have ? width - have : 0;
    if (align == ALIGN_RIGHT)
        line->owed += blanks;
    line_text(line, text);
    if (align == ALIGN_LEFT)
        line->owed += blanks;
}

static void line_end(struct line *line)
{
    fputc('\n', line->out);
    line->owed = 0;
}

bool grid_has_groups(const struct grid *grid)
{
    for (size_t c = 0; c < grid->column_count; c++)
        if (grid->columns[c].group)
            return true;
    return false;
}

static void write_text_groups(const struct grid *grid, const size_t *widths, FILE *out)
{
    struct line line = {.out = out};
    for (size_t c = 0; c < grid->column_count; c += grid_group_size(grid, c)) {
        const char *group = grid->columns[c].group;
        line.owed += gap_before(grid, c);
        line_cell(&line, group ? group : "", group_width(grid, widths, c), ALIGN_LEFT);
    }
    line_end(&line);
}

static void write_text_heads(const struct grid *grid, const size_t *widths, FILE *out)
{
    struct line line = {.out = out};
    for (size_t c = 0; c < grid->column_count; c++) {
        line.owed += gap_before(grid, c);
        line_cell(&line, grid->columns[c].head, widths[c], grid->columns[c].align);
    }
    line_end(&line);
}

static void write_text_rule(const struct grid *grid, const size_t *widths, FILE *out)
{
    struct line line = {.out = out};
    for (size_t c = 0; c < grid->column_count; c += grid_group_size(grid, c)) {
        line.owed += gap_before(grid, c);
        for (size_t width = group_width(grid, widths, c); width > 0; width--)
            line_text(&line, "-");
    }
    line_end(&line);
}

/* Words start in what is the last column of their row, and are wrapped. */
static bool is_words(const struct grid *grid, size_t cell)
{
    size_t column = cell % grid->column_count;
    bool last = column + 1 == grid->column_count;
    return reaches_over(grid, cell) ||
           (last && grid->columns[column].align == ALIGN_LEFT);
}

static void line_words(struct line *line, const char *text, size_t at)
{
    size_t width = at + WORDS_WIDTH > PAGE_WIDTH ? at + WORDS_WIDTH : PAGE_WIDTH;
    if (!text[0])
        return;
    fprintf(line->out, "%*s", (int)line->owed, "");
    line->owed = 0;
    page_wrap(line->out, text, at, width);
}

static void write_text_row(const struct grid *grid, const size_t *widths, size_t first,
                           FILE *out)
{
    struct line line = {.out = out};
    size_t at = 0;
    for (size_t c = 0; c < grid->column_count && grid->cells[first + c].text; c++) {
        const char *text = grid->cells[first + c].text;
        at += gap_before(grid, c);
        line.owed += gap_before(grid, c);
        if (is_words(grid, first + c))
            line_words(&line, text, at);
        else
            line_cell(&line, text, widths[c], grid->columns[c].align);
        at += widths[c];
    }
    line_end(&line);
}

static void write_text(const struct grid *grid, struct page *page)
{
    size_t *widths = column_widths(grid);
    if (grid_has_heads(grid)) {
        if (grid_has_groups(grid))
            write_text_groups(grid, widths, page->out);
        write_text_heads(grid, widths, page->out);
        write_text_rule(grid, widths, page->out);
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
        fputc(' ', page->out);
    }
    page_words(page, column->head ? column->head : "");
    fputc(' ', page->out);
}

static void write_markdown_row(const struct grid_cell *cells, size_t count,
                               struct page *page)
{
    for (size_t c = 0; c < count; c++) {
        fputs("| ", page->out);
        page_words(page, cells[c].text ? cells[c].text : "");
        fputc(' ', page->out);
    }
    fputs("|\n", page->out);
}

static void write_markdown(const struct grid *grid, struct page *page)
{
    for (size_t c = 0; c < grid->column_count; c++)
        write_markdown_head(&grid->columns[c], page);
    fputs("|\n", page->out);
    for (size_t c = 0; c < grid->column_count; c++)
        fputs(grid->columns[c].align == ALIGN_RIGHT ? "| ---: " : "| --- ", page->out);
    fputs("|\n", page->out);
    for (size_t i = 0; i < grid->cell_count; i += grid->column_count)
        write_markdown_row(&grid->cells[i], grid->column_count, page);
}

static void set_decimals(struct grid_cell *cell, int decimals)
{
    struct interval value = cell->value;
    bool range = cell->kind == GRID_RANGE;
    if (range ? !isfinite(value.low) || !isfinite(value.high) : !isnormal(value.mid))
        return;
    free(cell->text);
    cell->text = range ? alloc_format("%s–%s", figure_decimals(value.low, decimals).text,
                                      figure_decimals(value.high, decimals).text)
                       : alloc_format("%s%s", figure_decimals(value.mid, decimals).text,
                                      cell->mark);
}

static int column_decimals(const struct grid *grid, size_t column)
{
    double least = INFINITY, most = 0;
    for (size_t i = column; i < grid->cell_count; i += grid->column_count) {
        const struct grid_cell *cell = &grid->cells[i];
        if (cell->kind == GRID_WORDS || !isnormal(cell->value.mid))
            continue;
        least = fmin(least, fabs(cell->value.mid));
        most = fmax(most, fabs(cell->value.mid));
    }
    if (grid->columns[column].show != figure_time)
        return figure_digits(least);
    int of_most = figure_digits(most), two_of_least = figure_digits(10 * least);
    return of_most > two_of_least ? of_most : two_of_least;
}

static void align_decimals(struct grid *grid)
{
    for (size_t c = 0; c < grid->column_count; c++) {
        int decimals = column_decimals(grid, c);
        for (size_t i = c; i < grid->cell_count; i += grid->column_count)
            if (grid->cells[i].kind != GRID_WORDS)
                set_decimals(&grid->cells[i], decimals);
    }
}

void grid_write(struct grid *grid, struct page *page)
{
    align_decimals(grid);
    if (grid->caption && page->format != FORMAT_HTML)
        page_text(page, "%s", grid->caption);
    page_block(page, BLOCK_OTHER);
    if (page->format == FORMAT_MARKDOWN)
        write_markdown(grid, page);
    else if (page->format == FORMAT_HTML)
        table_write(grid, page);
    else
        write_text(grid, page);
}
