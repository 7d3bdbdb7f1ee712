/* screen.c - a run on one screen: a table for each load, and what came out in a few sentences.
 * SPDX-License-Identifier: MIT */
#include "report/screen.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "report/figures.h"

#include <stdlib.h>
#include <string.h>

enum { SCREEN_WIDE = 100 };

/* In the form of the articles' tables; on a narrower screen without what can be done without. */
static const char *const widths[][11] = {
    {"~requests_per_second", "time_per_request_ms", "p50_ms", "p75_ms", "p90_ms",
     "max_ms", "~cpu_us_per_request", "cpu_ratio", "tie", "bound", NULL},
    {"=~requests_per_second", "time_per_request_ms", "p50_ms", "p75_ms", "p90_ms",
     "max_ms", "=~cpu_us_per_request", "cpu_ratio", "tie", "bound", NULL},
    {"=~requests_per_second", "p50_ms", "p75_ms", "p90_ms", "max_ms",
     "=~cpu_us_per_request", "cpu_ratio", "tie", "bound", NULL},
    {"=~requests_per_second", "=p50_ms", "=max_ms", "=~cpu_us_per_request", "cpu_ratio",
     "tie", "bound", NULL},
    {"=~requests_per_second", "=p50_ms", "=max_ms", "=~cpu_us_per_request", "~cpu_ratio",
     "tie", "bound", NULL},
};

enum { WIDTHS = sizeof widths / sizeof *widths };

/* The cells in the order of their CPU time, those without behind. */
static void write_table(struct page *page, const struct table *table,
                        const char *const *names)
{
    const struct cell **cells = alloc_zeroed(table->cell_count, sizeof *cells);
    for (size_t i = 0; i < table->cell_count; i++)
        cells[i] = &table->cells[table->comparisons[QUANTITY_CPU].order[i]];
    figures_write(page, names, table->load->title, cells, table->cell_count);
    free(cells);
}

/* The tables with these columns; owned by the caller. */
static char *tables_text(const struct report *report, const char *const *names)
{
    char *text = NULL;
    size_t size;
    const struct summary *summary = report->summary;
    struct page page = {.out = open_memstream(&text, &size), .format = FORMAT_TEXT};
    for (size_t i = 0; i < summary->table_count; i++)
        write_table(&page, &summary->tables[i], names);
    fclose(page.out);
    return text;
}

static size_t widest_line(const char *text)
{
    size_t widest = 0;
    for (size_t length; *text; text += length + (text[length] == '\n')) {
        length = strcspn(text, "\n");
        char *line = alloc_format("%.*s", (int)length, text);
        widest = utf8_width(line) > widest ? utf8_width(line) : widest;
        free(line);
    }
    return widest;
}

/* As many columns as fit, the same in all tables. */
static void write_tables(FILE *out, const struct report *report, size_t width)
{
    size_t most = width < SCREEN_WIDE ? width : SCREEN_WIDE;
    for (size_t i = 0; i < WIDTHS; i++) {
        char *text = tables_text(report, widths[i]);
        bool fits = widest_line(text) <= most || i + 1 == WIDTHS;
        if (fits)
            fprintf(out, "%s\n", text); /* the answer begins a block of its own */
        free(text);
        if (fits)
            return;
    }
}

static void write_screen(FILE *out, const struct report *report, size_t width)
{
    struct page page = {.out = out, .format = FORMAT_TEXT};
    if (ladders_apply(report))
        ladders_show(&page, report);
    else if (knees_apply(report))
        knees_show(&page, report);
    else
        write_tables(out, report, width);
    answer_write(&page, report);
}

/* Bold: what stands above a table, and its first row, which is the best. */
static bool is_bold(const char *line, const char *before, const char *two_before)
{
    bool heading = line[0] && line[0] != ' ' && line[0] != '-' &&
                   (!before || !before[0]) && strncmp(line, "- ", 2) != 0;
    return heading || (before && strncmp(before, "---", 3) == 0 && two_before);
}

/* Dim: how far the answer can be trusted, which is no part of it; and the rules below heads. */
static bool is_dim(const char *line, bool dim_before)
{
    static const char *const notes[] = {"- Noise floor", "- The load tool was", "---"};
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        if (strncmp(line, notes[i], strlen(notes[i])) == 0)
            return true;
    return dim_before && strncmp(line, "  ", 2) == 0;
}

static void print_styled(FILE *out, char *text)
{
    char *before = NULL, *two_before = NULL;
    bool dim = false;
    for (char *line; (line = strsep(&text, "\n"));) {
        bool bold = is_bold(line, before, two_before);
        dim = !bold && is_dim(line, dim);
        const char *style = bold ? "\033[1m" : dim ? "\033[2m" : "";
        fprintf(out, "%s%s%s%s", style, line, *style ? "\033[0m" : "", text ? "\n" : "");
        two_before = before;
        before = line;
    }
}

void screen_write(FILE *out, const struct report *report, size_t width, bool colour)
{
    char *text = NULL;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    write_screen(memory, report, width);
    fclose(memory);
    if (colour)
        print_styled(out, text);
    else
        fputs(text, out);
    free(text);
}
