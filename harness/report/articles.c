/* articles.c - the articles' own tables: what each system did then, and what it does today.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "base/alloc.h"
#include "render/figure.h"
#include "render/glossary.h"
#include "render/grid.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* articles.tsv, which is in the executable. */
extern const char articles_start[] __asm__("_binary_harness_report_articles_tsv_start");
extern const char articles_end[] __asm__("_binary_harness_report_articles_tsv_end");

static const char SUITE[] = "systems"; /* and what begins with it */

enum { ROWS_MAX = 16, FIELDS = 5 };

/* A row of an article's table; its texts are borrowed from the lines that were read. */
struct article_row {
    const char *system; /* what the article calls it */
    const char *server; /* what stands for it today */
    bool about;         /* the article rounds its figure */
    double rate;        /* requests per second then; NAN: the article has none */
    double longest_ms;
};

/* One table, of which a row is added with each line. */
struct article_table {
    const char *year;
    const char *article, *machine; /* NULL once the article has its heading */
    const char *load, *title;
    struct article_row rows[ROWS_MAX];
    size_t row_count;
};

/* ---- reading ---- */

/* "-" is no figure; "~" stands before one that is rounded. */
static double read_figure(const char *text, bool *about)
{
    *about = *text == '~';
    return strcmp(text, "-") == 0 ? NAN : strtod(text + *about, NULL);
}

static void read_row(struct article_table *table, char *const *fields)
{
    bool ignored;
    if (table->row_count == ROWS_MAX)
        return;
    struct article_row *row = &table->rows[table->row_count++];
    *row = (struct article_row){.system = fields[1], .server = fields[2]};
    row->rate = read_figure(fields[3], &row->about);
    row->longest_ms = read_figure(fields[4], &ignored);
}

/* Cuts a line at its tabs; a missing field is "". */
static void split(char *line, char **fields)
{
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = line;
        line += strcspn(line, "\t");
        if (*line)
            *line++ = '\0';
    }
}

/* ---- writing ---- */

/* A server under a load, for one row: NULL where it is not in the run. */
static const struct cell *row_cell(const struct article_row *row, const struct run *run,
                                   const struct table *today)
{
    const struct run_server *server = run_server(run, row->server);
    return server && today ? table_cell(today, server) : NULL;
}

/* The most requests per second of any row: then, or today. */
static double fastest(const struct article_table *table, const struct run *run,
                      const struct table *today)
{
    double most = NAN;
    for (size_t i = 0; i < table->row_count; i++) {
        const struct cell *cell = row_cell(&table->rows[i], run, today);
        double rate = !today ? table->rows[i].rate
                      : cell ? cell->requests_per_second.mid
                             : NAN;
        most = fmax(most, rate);
    }
    return most;
}

static void add_then(struct grid *grid, const struct article_row *row, double most)
{
    const char *about = row->about ? "~" : "";
    grid_add(grid, "%s%s", about, figure_count(row->rate).text);
    grid_add(grid, "%s", figure_short(row->rate / most).text);
    grid_add(grid, "%s", figure_count(row->longest_ms).text);
}

static void add_today(struct grid *grid, const struct cell *cell, double most)
{
    if (!cell) {
        grid_add_rest(grid, "not in this run");
    } else if (cell_absence(cell)) {
        grid_add_rest(grid, "%s%s%s", cell_absence(cell), cell->reason ? ": " : "",
                      cell->reason ? cell->reason : "");
    } else {
        double rate = cell->requests_per_second.mid;
        grid_add(grid, "%s", figure_count(rate).text);
        grid_add(grid, "%s", figure_short(rate / most).text);
        grid_add(grid, "%s", figure_count(cell->percentile_ms[PERCENTILES - 1]).text);
        grid_add(grid, "%s", figure_short(cell->cpu_us_per_request.mid).text);
        grid_add(grid, "%s", bound_name(cell->bound));
    }
}

/* An article of which the run has no table gets none. */
static void write_heading(struct page *page, struct article_table *table)
{
    if (!table->article)
        return;
    page_heading(page, 3, "%s: %s", table->year, table->article);
    page_text(page, "Then on %s.", table->machine);
    table->article = NULL;
}

static void write_table(struct page *page, struct article_table *table,
                        const struct run *run, const struct summary *summary)
{
    const struct table *today = summary_table(summary, table->load);
    const struct column columns[] = {
        {.head = "System"},
        {.group = table->year, .head = "req/s", .align = ALIGN_RIGHT},
        {.group = table->year, .head = "ratio", .align = ALIGN_RIGHT},
        {.group = table->year, .head = "longest", .align = ALIGN_RIGHT},
        {.head = "Today's"},
        {.group = "Today", .head = "req/s", .align = ALIGN_RIGHT},
        {.group = "Today", .head = "ratio", .align = ALIGN_RIGHT},
        {.group = "Today", .head = "longest", .align = ALIGN_RIGHT},
        {.group = "Today", .head = "CPU µs", .align = ALIGN_RIGHT},
        {.group = "Today", .head = "bound"},
    };
    struct grid grid;
    if (!today)
        return;
    write_heading(page, table);
    double most_then = fastest(table, run, NULL);
    double most_today = fastest(table, run, today);
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    grid_caption(&grid, "%s: %s; today %s:", table->year, table->title,
                 today->load->title);
    for (size_t i = 0; i < table->row_count; i++) {
        const struct article_row *row = &table->rows[i];
        grid_add(&grid, "%s", row->system);
        add_then(&grid, row, most_then);
        grid_add(&grid, "%s", row->server);
        add_today(&grid, row_cell(row, run, today), most_today);
    }
    grid_write(&grid, page);
    grid_free(&grid);
}

/* One line of articles.tsv: what it begins ends the table before it. */
static void take_line(struct page *page, struct article_table *table, char *const *fields,
                      const struct run *run, const struct summary *summary)
{
    if (strcmp(fields[0], "row") == 0) {
        read_row(table, fields);
        return;
    }
    if (table->row_count > 0)
        write_table(page, table, run, summary);
    table->row_count = 0;
    if (strcmp(fields[0], "article") == 0) {
        table->year = fields[1];
        table->article = fields[2];
        table->machine = fields[3];
    } else {
        table->load = fields[1];
        table->title = fields[2];
    }
}

static void write_tables(struct page *page, const struct run *run,
                         const struct summary *summary)
{
    struct article_table table = {.row_count = 0};
    size_t size = (uintptr_t)articles_end - (uintptr_t)articles_start;
    char *text = alloc_format("%.*s", (int)size, articles_start);
    char *fields[FIELDS];
    for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (*line == '#' || *line == '\0')
            continue;
        split(line, fields);
        take_line(page, &table, fields, run, summary);
    }
    write_table(page, &table, run, summary);
    free(text);
}

bool articles_apply(const struct report *report)
{
    return strncmp(report->run->suite.name, SUITE, strlen(SUITE)) == 0;
}

/* "280 megabytes per second" were of 2^20 bytes. */
static void write_page_notes(struct page *page, const struct run *run,
                             const struct summary *summary)
{
    const struct article_row guile = {.server = "guile"};
    const struct cell *cell = row_cell(&guile, run, summary_table(summary, "50k"));
    double rate = cell ? cell->requests_per_second.mid : NAN;
    page_item(page,
              "5,700 pages of 50 KB were, as the article says, 280 megabytes per second; "
              "today's Guile: %s.",
              figure_count(rate * 50 / 1024).text);
    glossary_item(page, "tekuti", NULL);
}

static void write_system_notes(struct page *page, const struct run *run)
{
    glossary_item(page, "socketserver", NULL);
    if (run_server(run, "libev"))
        glossary_item(page, "gone-systems", NULL);
}

void articles_write(struct page *page, const struct report *report)
{
    const struct run *run = report->run;
    const struct summary *summary = report->summary;
    glossary_text(page, "then-and-today", NULL);
    write_tables(page, run, summary);
    if (summary_table(summary, "50k"))
        write_page_notes(page, run, summary);
    else
        write_system_notes(page, run);
    glossary_item(page, "bound-today", summary->tables[0].load->tool, NULL);
}
