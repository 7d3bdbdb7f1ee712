/* plot_ladders.c - the columns of what more of something does: CPU time and the 99th percentile
 * under loads that differ in nothing else.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "report/ladder.h"
#include "report/plot_data.h"

#include <stdlib.h>

static struct interval trials_p99(const struct slots *slots)
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
    enum axis axis;
    const char *panel;
    struct interval cpu, p99;
};

static char *panel_text(const void *row)
{
    return alloc_copy(((const struct rung *)row)->panel);
}

static char *axis_text(const void *row)
{
    return alloc_copy(axis_words(((const struct rung *)row)->axis));
}

static double value(const void *row)
{
    const struct rung *rung = row;
    return axis_value(rung->axis, rung->row.load);
}

static const struct column columns[] = {
    {.name = "ladder", .kind = COLUMN_COUNT, .offset = offsetof(struct rung, row.group)},
    {.name = "server", .kind = COLUMN_COUNT, .offset = offsetof(struct rung, row.at)},
    {.name = "ladder_name", .text = panel_text},
    {.name = "server_name", .text = plot_server_text},
    {.name = "value", .kind = COLUMN_COUNT, .number = value},
    {.name = "cpu", .kind = COLUMN_INTERVAL, .offset = offsetof(struct rung, cpu)},
    {.name = "p99", .kind = COLUMN_INTERVAL, .offset = offsetof(struct rung, p99)},
    {.name = "bound", .text = plot_bound_text},
    {.name = "axis", .text = axis_text},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void write_ladder(FILE *out, const struct report *report, size_t number,
                         const struct ladder *ladder)
{
    const struct summary *summary = report->summary;
    char *panel = ladder_words(ladder, report);
    for (size_t s = 0; s < plot_server_count(summary); s++) {
        for (size_t i = 0; i < ladder->count; i++) {
            const struct load *load = summary->tables[ladder->rungs[i]].load;
            const struct cell *cell = plot_cell(summary, ladder->rungs[i], s);
            const struct slots *trials =
                slots_of(&summary->facts.trials, cell->server, load);
            const struct rung rung = {
                .row = {.at = s + 1, .group = number, .load = load, .cell = cell},
                .axis = ladder->axis,
                .panel = panel,
                .cpu = cell->cpu_us_per_request,
                .p99 =
                    load->rate > 0 ? cell->paced.time_ms[TIME_P99] : trials_p99(trials),
            };
            columns_write_row(out, DIALECT_GNUPLOT, columns, COLUMNS, &rung);
        }
        plot_end_block(out);
    }
    free(panel);
}

void ladders_plot(FILE *out, const struct report *report)
{
    struct ladders ladders;
    ladders_find(&ladders, report);
    columns_write_names(out, DIALECT_GNUPLOT, columns, COLUMNS);
    for (size_t i = 0; i < ladders.count; i++)
        write_ladder(out, report, i + 1, &ladders.list[i]);
    ladders_free(&ladders);
}

bool ladders_plotted(const struct report *report)
{
    struct ladders ladders;
    ladders_find(&ladders, report);
    bool found = ladders.count > 0;
    ladders_free(&ladders);
    return found;
}
