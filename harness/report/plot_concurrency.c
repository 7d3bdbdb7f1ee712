/* plot_concurrency.c - the columns of what concurrency does: requests per second and the 99th
 * percentile of servers under loads that differ in nothing else.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "report/plot_data.h"

#include <stdlib.h>
#include <string.h>

/* From fewer points a line says no more than the tables do. */
enum { CONCURRENCIES_NEEDED = 3 };

/* Loads that differ in concurrency only, by their places in the suite: a ladder. */
struct rungs {
    size_t *places;
    size_t count;
};

static bool has_figures(const struct table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].rounds > 0)
            return true;
    return false;
}

static bool same_but_concurrency(const struct load *a, const struct load *b)
{
    return strcmp(a->tool, b->tool) == 0 && strcmp(a->path, b->path) == 0 &&
           a->keepalive == b->keepalive;
}

/* Puts a load where it belongs by its concurrency; of two with the same the first stays. */
static void rungs_insert(struct rungs *rungs, const struct load *loads, size_t place)
{
    size_t at = 0;
    while (at < rungs->count &&
           loads[rungs->places[at]].concurrency < loads[place].concurrency)
        at++;
    if (at < rungs->count &&
        loads[rungs->places[at]].concurrency == loads[place].concurrency)
        return;
    memmove(&rungs->places[at + 1], &rungs->places[at],
            (rungs->count - at) * sizeof *rungs->places);
    rungs->places[at] = place;
    rungs->count++;
}

/* The ladder that begins with this load in the suite's order; without any rung if the load
 * belongs to one before, or if there are too few. The caller frees the places. */
static struct rungs rungs_collect(const struct report *report, size_t first)
{
    const struct suite *suite = &report->run->suite;
    struct rungs rungs = {.places = alloc_zeroed(suite->load_count, sizeof(size_t))};
    for (size_t l = 0; l < suite->load_count; l++) {
        if (!same_but_concurrency(&suite->loads[l], &suite->loads[first]))
            continue;
        if (l < first)
            break;
        if (has_figures(&report->summary->tables[l]))
            rungs_insert(&rungs, suite->loads, l);
    }
    if (rungs.count < CONCURRENCIES_NEEDED)
        rungs.count = 0;
    return rungs;
}

static struct interval p99_interval(const struct slots *slots)
{
    double *values = alloc_zeroed(slots->count, sizeof *values);
    size_t n =
        slots_sample(slots, offsetof(struct trial, result.percentile_ms[99]), values);
    struct interval interval = stats_median_interval(values, n);
    free(values);
    return interval;
}

struct rung {
    struct plot_row row;
    const char *panel;
    struct interval cpu, p99;
};

static char *panel_text(const void *row)
{
    return alloc_copy(((const struct rung *)row)->panel);
}

static double concurrency(const void *row)
{
    return ((const struct rung *)row)->row.load->concurrency;
}

static const struct column columns[] = {
    {.name = "ladder", .kind = COLUMN_COUNT, .offset = offsetof(struct rung, row.group)},
    {.name = "server", .kind = COLUMN_COUNT, .offset = offsetof(struct rung, row.at)},
    {.name = "ladder_name", .text = panel_text},
    {.name = "server_name", .text = plot_server_text},
    {.name = "concurrency", .kind = COLUMN_COUNT, .number = concurrency},
    {.name = "cpu", .kind = COLUMN_INTERVAL, .offset = offsetof(struct rung, cpu)},
    {.name = "p99", .kind = COLUMN_INTERVAL, .offset = offsetof(struct rung, p99)},
    {.name = "bound", .text = plot_bound_text},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void write_ladder(FILE *out, const struct report *report, size_t number,
                         const struct rungs *rungs)
{
    const struct summary *summary = report->summary;
    const struct load *first = summary->tables[rungs->places[0]].load;
    char *panel = alloc_format("%s, path %s%s", first->tool, first->path,
                               first->keepalive ? ", keep-alive" : "");
    for (size_t s = 0; s < plot_server_count(summary); s++) {
        for (size_t i = 0; i < rungs->count; i++) {
            const struct load *load = summary->tables[rungs->places[i]].load;
            const struct cell *cell = plot_cell(summary, rungs->places[i], s);
            const struct rung rung = {
                .row = {.at = s + 1, .group = number, .load = load, .cell = cell},
                .panel = panel,
                .cpu = cell->cpu_us_per_request,
                .p99 = p99_interval(slots_of(&summary->facts.trials, cell->server, load)),
            };
            columns_write_row(out, DIALECT_GNUPLOT, columns, COLUMNS, &rung);
        }
        plot_end_block(out);
    }
    free(panel);
}

void concurrency_write(FILE *out, const struct report *report)
{
    size_t number = 0;
    columns_write_names(out, DIALECT_GNUPLOT, columns, COLUMNS);
    for (size_t l = 0; l < report->summary->table_count; l++) {
        struct rungs rungs = rungs_collect(report, l);
        if (rungs.count > 0)
            write_ladder(out, report, ++number, &rungs);
        free(rungs.places);
    }
}

bool concurrency_applies(const struct report *report)
{
    bool found = false;
    for (size_t l = 0; l < report->summary->table_count && !found; l++) {
        struct rungs rungs = rungs_collect(report, l);
        found = rungs.count > 0;
        free(rungs.places);
    }
    return found;
}
