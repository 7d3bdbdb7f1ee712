/* ranking.c - the first article's table: servers ranked by requests per second, and
 * beside them what ab hides; then the table that ranks them all, by CPU per request.
 * SPDX-License-Identifier: MIT */
#include "report/ranking.h"

#include "render/figure.h"
#include "render/grid.h"
#include "report/marks.h"
#include "report/names.h"
#include "report/trials.h"
#include "report/verdicts.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char TIMES[] = "Served within (ms)";
static const char RATE[] = "Requests per second";
static const char CPU[] = "CPU µs/request";
static const char BUSY[] = "Busy (%)";
static const char RATIO[] = "Times the first";

/* A single trial has no spread. */
static struct figure spread(const struct cell *cell, struct interval interval,
                            struct figure (*one)(double))
{
    const struct interval none = {NAN, NAN, NAN};
    return figure_range(cell->rounds > 1 ? interval : none, one);
}

/* All loads together have no trials of their own to lead to. */
static void add_server(struct grid *grid, const struct cell *cell,
                       const struct load *load)
{
    grid_add(grid, "%s%s", name_label(cell->server->name).text, marks_of(cell));
    if (load)
        grid_link(grid, trials_link(cell->server, load));
}

/* ---- by requests per second ---- */

static void add_absent(struct grid *grid, const struct cell *cell)
{
    const char *what = cell->invalid > 0 ? "FAILED" : "DISTURBED";
    if (cell->server->missing)
        grid_add_rest(grid, "LEFT OUT: %s", cell->reason);
    else if (cell->failed == 0)
        grid_add_rest(grid, "NOT MEASURED: the run ended before its turn");
    else if (cell->failed == 1)
        grid_add_rest(grid, "%s: %s", what, cell->reason);
    else
        grid_add_rest(grid, "%s in each of %zu rounds; the last: %s", what, cell->failed,
                      cell->reason);
}

/* In place of ms per request, which is the requests per second again; and so would this be for
 * the articles' 13 bytes. */
static bool shows_bytes(const struct table *table)
{
    return strcmp(table->load->path, "/") != 0;
}

static void add_figures(struct grid *grid, const struct cell *cell, const char *letters,
                        bool bytes)
{
    const int shown[] = {50, 75, 90};
    const double other = bytes ? cell->megabytes_per_second : cell->time_per_request_ms;

    grid_add(grid, "%s", figure_count(cell->requests_per_second.mid).text);
    grid_add(grid, "%s", spread(cell, cell->requests_per_second, figure_count).text);
    grid_add(grid, "%s", cell->rounds > 1 ? letters : "");
    grid_add(grid, "%s", figure_short(other).text);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        grid_add(grid, "%s", figure_short(cell->percentile_ms[shown[i]]).text);
    grid_add(grid, "%s%s", figure_short(cell->percentile_ms[100]).text,
             marks_of_longest(cell));
    grid_add(grid, "%s", figure_short(cell->cpu_us_per_request.mid).text);
    grid_add(grid, "%s", figure_percent(cell->server_busy).text);
    grid_add(grid, "%s", figure_percent(cell->client_busy).text);
    grid_add(grid, "%s", bound_name(cell->bound));
}

static void write_by_rate(struct page *page, const struct table *table)
{
    static const struct column rates[] = {
        {.group = "ms per", .head = "request", .align = ALIGN_RIGHT},
        {.head = "MB/s", .align = ALIGN_RIGHT},
    };
    const bool bytes = shows_bytes(table);
    const struct column columns[] = {
        {.head = "Server"},
        {.group = RATE, .head = "median", .align = ALIGN_RIGHT},
        {.group = RATE, .head = "low–high", .align = ALIGN_RIGHT},
        {.group = RATE, .head = "tie"},
        rates[bytes],
        {.group = TIMES, .head = "50%", .align = ALIGN_RIGHT},
        {.group = TIMES, .head = "75%", .align = ALIGN_RIGHT},
        {.group = TIMES, .head = "90%", .align = ALIGN_RIGHT},
        {.group = TIMES, .head = "100%", .align = ALIGN_RIGHT},
        {.group = "CPU µs per", .head = "request", .align = ALIGN_RIGHT},
        {.group = BUSY, .head = "server", .align = ALIGN_RIGHT},
        {.group = BUSY, .head = table->load->tool, .align = ALIGN_RIGHT},
        {.head = "Bound"},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct cell *cell = &table->cells[i];
        add_server(&grid, cell, table->load);
        if (cell_absence(cell))
            add_absent(&grid, cell);
        else
            add_figures(&grid, cell, table->comparisons[QUANTITY_RATE].letters[i], bytes);
    }
    grid_write(&grid, page);
    grid_free(&grid);
}

static bool client_bound(const struct cell *cell)
{
    return cell->rounds > 0 && cell->bound == BOUND_CLIENT;
}

/* A single server needs no ranking. */
static bool ranked_by_cpu(const struct table *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->cell_count; i++)
        count += isfinite(table->cells[i].cpu_us_per_request.mid) != 0;
    return count > 1;
}

static void note_client_bound(struct page *page, const struct table *table)
{
    struct names names = {0};
    for (size_t i = 0; i < table->cell_count; i++)
        if (client_bound(&table->cells[i]))
            names_add(&names, table->cells[i].server->name);
    char *joined = names_join(&names);
    if (names.count > 0)
        page_item(
            page,
            "%s, not the server, was the limit for %s: such requests per second say "
            "how fast %s is.%s%s",
            table->load->tool, joined, table->load->tool,
            names.count > 1 ? " They are not compared, so they share a letter, "
                              "and their order here means nothing."
                            : "",
            ranked_by_cpu(table) ? " The CPU per request, below, ranks all servers."
                                 : "");
    free(joined);
    names_free(&names);
}

/* ---- by CPU per request ---- */

/* The first in the order that has figures is the one that the others are held against. */
static void add_cost(struct grid *grid, const struct table *table, size_t place)
{
    const struct comparison *comparison = &table->comparisons[QUANTITY_CPU];
    const struct cell *cell = &table->cells[place];
    size_t least = comparison->order[0];
    struct pair pair = comparison_pair(comparison, place, least);
    const struct interval same = {.low = NAN, .mid = 1, .high = NAN};
    struct interval ratio = place == least ? same : pair.ratio;

    add_server(grid, cell, table->load);
    grid_add(grid, "%s", figure_short(cell->cpu_us_per_request.mid).text);
    grid_add(grid, "%s", spread(cell, cell->cpu_us_per_request, figure_short).text);
    grid_add(grid, "%s", figure_short(ratio.mid).text);
    grid_add(grid, "%s", pair.rounds > 1 ? figure_range(ratio, figure_short).text : "–");
    grid_add(grid, "%s", cell->rounds > 1 ? comparison->letters[place] : "");
    grid_add(grid, "%zu", cell->rounds);
}

static void write_by_cpu(struct page *page, const struct table *table)
{
    const struct column columns[] = {
        {.head = "Server"},
        {.group = CPU, .head = "median", .align = ALIGN_RIGHT},
        {.group = CPU, .head = "low–high", .align = ALIGN_RIGHT},
        {.group = RATIO, .head = "ratio", .align = ALIGN_RIGHT},
        {.group = RATIO, .head = "low–high", .align = ALIGN_RIGHT},
        {.group = RATIO, .head = "tie"},
        {.head = "Rounds", .align = ALIGN_RIGHT},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    grid_caption(&grid, "By CPU per request, the least first:");
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t place = table->comparisons[QUANTITY_CPU].order[i];
        if (isfinite(table->cells[place].cpu_us_per_request.mid))
            add_cost(&grid, table, place);
    }
    grid_write(&grid, page);
    grid_free(&grid);
}

/* The one table that answers for all loads. */
static void write_overall(struct page *page, const struct table *overall)
{
    if (!ranked_by_cpu(overall))
        return;
    page_heading(page, 3, "All loads together");
    write_by_cpu(page, overall);
    page_item(page,
              "The geometric mean over the loads, round by round: its noise is less "
              "than any single load's, so it tells apart what theirs do not.");
    verdicts_write(page, overall, QUANTITY_CPU);
}

void ranking_write(struct page *page, const struct summary *summary)
{
    write_overall(page, &summary->overall);
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct table *table = &summary->tables[i];
        page_heading(page, 3, "%s: %s", table->load->name, table->load->title);
        write_by_rate(page, table);
        note_client_bound(page, table);
        verdicts_write(page, table, QUANTITY_RATE);
        marks_explain(page, table);
        if (ranked_by_cpu(table))
            write_by_cpu(page, table);
        verdicts_write(page, table, QUANTITY_CPU);
    }
}
