/* latency.c - the second article's tables: connection times and all nine percentiles.
 * SPDX-License-Identifier: MIT */
#include "report/view.h"

#include "render/figure.h"
#include "render/grid.h"
#include "render/names.h"
#include "report/figures.h"
#include "report/trials.h"

#include <math.h>
#include <stdbool.h>

static void add_server(struct grid *grid, const struct cell *cell,
                       const struct load *load)
{
    grid_add(grid, "%s", name_label(cell->server->name).text);
    grid_link(grid, trials_link(cell->server, load));
}

static void add_absent(struct grid *grid, const struct cell *cell)
{
    grid_add_rest(grid, "no figures: %s", cell_absence(cell));
}

static void add_time(struct grid *grid, const char *part,
                     const struct connection_time *time)
{
    grid_add(grid, "%s", part);
    grid_add(grid, "%s", figure_tenths(time->min).text);
    grid_add(grid, "%s", figure_tenths(time->mean).text);
    grid_add(grid, "%s", figure_tenths(time->sd).text);
    grid_add(grid, "%s", figure_tenths(time->median).text);
    grid_add(grid, "%s", figure_tenths(time->max).text);
}

/* The rows after the first leave the name to it. */
static void add_times(struct grid *grid, const struct cell *cell)
{
    add_time(grid, "Connect", &cell->connect);
    grid_add(grid, "%s", "");
    add_time(grid, "Processing", &cell->processing);
    grid_add(grid, "%s", "");
    add_time(grid, "Waiting", &cell->waiting);
    grid_add(grid, "%s", "");
    add_time(grid, "Total", &cell->total);
}

static void write_connection_times(struct page *page, const struct table *table)
{
    const struct column columns[] = {
        {.head = "Server"},
        {.head = "Part"},
        {.head = "min", .align = ALIGN_RIGHT},
        {.head = "mean", .align = ALIGN_RIGHT},
        {.head = "sd", .align = ALIGN_RIGHT},
        {.head = "median", .align = ALIGN_RIGHT},
        {.head = "max", .align = ALIGN_RIGHT},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    grid_caption(&grid, "Connection times (ms; whole ones, as %s measures them)",
                 table->load->tool);
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct cell *cell = &table->cells[i];
        add_server(&grid, cell, table->load);
        if (cell_absence(cell))
            add_absent(&grid, cell);
        else
            add_times(&grid, cell);
    }
    grid_write(&grid, page);
    grid_free(&grid);
}

static void write_percentiles(struct page *page, const struct table *table)
{
    static const char *const names[] = {"p50_ms", "p66_ms", "p75_ms", "p80_ms", "p90_ms",
                                        "p95_ms", "p98_ms", "p99_ms", "max_ms", NULL};
    figures_write_table(page, names,
                        "Percentage of the requests served within a certain time", table);
}

/* Which trial to look up to see such figures as the tool itself prints them. */
static void write_examples(struct page *page, const struct table *table)
{
    bool first = true;
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct trial *example = table->cells[i].example;
        if (!example || !example->raw)
            continue;
        if (first)
            page_text(page, "As %s printed it, in the trial nearest each server's mean:",
                      table->load->tool);
        page_item_file(page, name_label(table->cells[i].server->name).text, example->raw);
        first = false;
    }
}

/* wrk gives the total alone, and of it no more than the percentiles and the maximum below. */
static bool has_connection_times(const struct table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        if (isfinite(table->cells[i].processing.mean))
            return true;
    return false;
}

void latency_write(struct page *page, const struct report *report)
{
    const struct summary *summary = report->summary;
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct table *table = &summary->tables[i];
        page_heading(page, 3, "%s: %s", table->load->name, table->load->title);
        if (has_connection_times(table))
            write_connection_times(page, table);
        write_percentiles(page, table);
        write_examples(page, table);
    }
}

/* The times come from whole trials. */
bool latency_applies(const struct report *report)
{
    return report->run->trial_count > 0;
}
