/* ranking.c - the first article's table: servers ranked by requests per second, and beside
 * them what ab hides.
 * SPDX-License-Identifier: MIT */
#include "report/ranking.h"

#include "base/alloc.h"
#include "report/figure.h"
#include "report/grid.h"
#include "report/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char TIMES[] = "Served within (ms)";
static const char RATE[] = "Requests per second";
static const char CPU[] = "CPU µs/request";
static const char BUSY[] = "Busy (%)";

static bool has_mark(const struct cell *cell)
{
    return cell->rounds > 0 && (cell->failed > 0 || cell->retried > 0);
}

static void add_absent(struct grid *grid, const struct cell *cell)
{
    if (cell->server->missing)
        grid_add_rest(grid, "LEFT OUT: %s", cell->reason);
    else if (cell->failed == 0)
        grid_add_rest(grid, "NOT MEASURED: the run ended before its turn");
    else if (cell->failed == 1)
        grid_add_rest(grid, "FAILED: %s", cell->reason);
    else
        grid_add_rest(grid, "FAILED in each of %zu rounds; the last: %s", cell->failed,
                      cell->reason);
}

/* A single trial has no spread. */
static struct figure spread(const struct cell *cell, struct interval interval,
                            struct figure (*one)(double))
{
    const struct interval none = {NAN, NAN, NAN};
    return figure_range(cell->rounds > 1 ? interval : none, one);
}

static void add_figures(struct grid *grid, const struct cell *cell)
{
    const int shown[] = {50, 75, 90, 100};

    grid_add(grid, "%s", figure_count(cell->requests_per_second.mid).text);
    grid_add(grid, "%s", spread(cell, cell->requests_per_second, figure_count).text);
    grid_add(grid, "%s", figure_short(cell->time_per_request_ms).text);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        grid_add(grid, "%s", figure_short(cell->percentile_ms[shown[i]]).text);
    grid_add(grid, "%s", figure_short(cell->cpu_us_per_request.mid).text);
    grid_add(grid, "%s", spread(cell, cell->cpu_us_per_request, figure_short).text);
    grid_add(grid, "%s", figure_percent(cell->server_busy).text);
    grid_add(grid, "%s", figure_percent(cell->client_busy).text);
    grid_add(grid, "%s", bound_name(cell->bound));
}

static void write_grid(struct page *page, const struct table *table)
{
    const struct column columns[] = {
        {.head = "Server"},
        {.group = RATE, .head = "mean", .align = ALIGN_RIGHT},
        {.group = RATE, .head = "low–high", .align = ALIGN_RIGHT},
        {.group = "ms per", .head = "request", .align = ALIGN_RIGHT},
        {.group = TIMES, .head = "50%", .align = ALIGN_RIGHT},
        {.group = TIMES, .head = "75%", .align = ALIGN_RIGHT},
        {.group = TIMES, .head = "90%", .align = ALIGN_RIGHT},
        {.group = TIMES, .head = "100%", .align = ALIGN_RIGHT},
        {.group = CPU, .head = "mean", .align = ALIGN_RIGHT},
        {.group = CPU, .head = "low–high", .align = ALIGN_RIGHT},
        {.group = BUSY, .head = "server", .align = ALIGN_RIGHT},
        {.group = BUSY, .head = table->load->tool, .align = ALIGN_RIGHT},
        {.head = "Bound"},
    };
    struct grid grid;
    grid_init(&grid, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct cell *cell = &table->cells[i];
        grid_add(&grid, "%s%s", name_label(cell->server->name).text,
                 has_mark(cell) ? " *" : "");
        if (cell_absence(cell))
            add_absent(&grid, cell);
        else
            add_figures(&grid, cell);
    }
    grid_write(&grid, page);
    grid_free(&grid);
}

static void note_failures(struct page *page, const struct table *table)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct cell *cell = &table->cells[i];
        struct label name = name_label(cell->server->name);
        if (!has_mark(cell))
            continue;
        if (cell->failed > 0)
            page_item(
                page,
                "* %s: %zu of %zu rounds failed and are not in its figures; the last "
                "failure: %s",
                name.text, cell->failed, cell->failed + cell->rounds, cell->reason);
        else
            page_item(page, "* %s: %zu of %zu rounds had to be run again; the last: %s",
                      name.text, cell->retried, cell->rounds, cell->reason);
    }
}

static bool client_bound(const struct cell *cell)
{
    return cell->rounds > 0 && cell->bound == BOUND_CLIENT;
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
            "%s, not the server, was the limit for %s: there requests per second do "
            "not rank servers, CPU per request does.",
            table->load->tool, joined);
    free(joined);
    names_free(&names);
}

/* Without a spread nothing can be told apart. */
static bool told_apart(const struct cell *a, struct interval figure_a,
                       const struct cell *b, struct interval figure_b)
{
    bool overlap = figure_a.low <= figure_b.high && figure_b.low <= figure_a.high;
    return a->rounds > 1 && b->rounds > 1 && !overlap;
}

static bool rate_told_apart(const struct cell *a, const struct cell *b)
{
    return told_apart(a, a->requests_per_second, b, b->requests_per_second);
}

static size_t cells_with_figures(const struct table *table)
{
    size_t count = 0;
    while (count < table->cell_count && !cell_absence(&table->cells[count]))
        count++;
    return count;
}

/* How many cells from `first` on are not told apart, each from the next; at least 1. */
static size_t run_length(const struct table *table, size_t first)
{
    size_t length = 1, count = cells_with_figures(table);
    while (first + length < count && !rate_told_apart(&table->cells[first + length - 1],
                                                      &table->cells[first + length]))
        length++;
    return length;
}

static char *cell_names(const struct cell *cells, size_t count)
{
    struct names names = {0};
    for (size_t i = 0; i < count; i++)
        names_add(&names, cells[i].server->name);
    char *joined = names_join(&names);
    names_free(&names);
    return joined;
}

/* The runs of neighbours that are not told apart: "a, b and c; d and e"; "" if all are. */
static char *chance_neighbours(const struct table *table)
{
    char *runs = alloc_copy("");
    for (size_t first = 0, length; first < cells_with_figures(table); first += length) {
        length = run_length(table, first);
        if (length == 1)
            continue;
        char *names = cell_names(&table->cells[first], length);
        char *longer = alloc_format("%s%s%s", runs, runs[0] ? "; " : "", names);
        free(names);
        free(runs);
        runs = longer;
    }
    return runs;
}

static void note_neighbours(struct page *page, const struct table *table)
{
    char *runs = chance_neighbours(table);
    if (runs[0])
        page_item(page,
                  "Not told apart by requests per second, so that their order may be "
                  "chance: %s.",
                  runs);
    free(runs);
}

static int compare_cpu(const void *left, const void *right)
{
    double a = (*(const struct cell *const *)left)->cpu_us_per_request.mid;
    double b = (*(const struct cell *const *)right)->cpu_us_per_request.mid;
    return (a > b) - (a < b);
}

/* "epoll 28.1 < libev 29.0 ≈ libuv 29.1" */
static char *cpu_order(const struct cell *const *cells, size_t count)
{
    char *order = alloc_copy("");
    for (size_t i = 0; i < count; i++) {
        const struct interval cpu = cells[i]->cpu_us_per_request;
        const char *sign = "";
        if (i > 0)
            sign =
                told_apart(cells[i - 1], cells[i - 1]->cpu_us_per_request, cells[i], cpu)
                    ? " < "
                    : " ≈ ";
        char *longer = alloc_format("%s%s%s %s", order, sign,
                                    name_label(cells[i]->server->name).text,
                                    figure_short(cpu.mid).text);
        free(order);
        order = longer;
    }
    return order;
}

static void note_cpu_order(struct page *page, const struct table *table)
{
    size_t count = cells_with_figures(table);
    const struct cell **cells = alloc_zeroed(count, sizeof(struct cell *));
    for (size_t i = 0; i < count; i++)
        cells[i] = &table->cells[i];
    qsort(cells, count, sizeof *cells, compare_cpu);
    char *order = cpu_order(cells, count);
    if (count > 1)
        page_item(page, "By CPU per request, in µs: %s%s.", order,
                  strstr(order, "≈") ? " (≈: not told apart)" : "");
    free(order);
    free(cells);
}

void ranking_write(struct page *page, const struct summary *summary)
{
    page_heading(page, 2, "Ranked from most requests per second to least");
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct table *table = &summary->tables[i];
        page_heading(page, 3, "%s: %s", table->load->name, table->load->title);
        write_grid(page, table);
        note_failures(page, table);
        note_client_bound(page, table);
        note_neighbours(page, table);
        note_cpu_order(page, table);
    }
}
