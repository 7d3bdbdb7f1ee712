/* plot_times.c - the columns of how long requests took: the percentiles that ab prints, all of
 * them, from the shortest request to the longest, and at equal rates those that pace gives.
 * SPDX-License-Identifier: MIT */
#include "report/plot_data.h"
#include "stats/ladder.h"

#include <math.h>
#include <string.h>

static bool retried(const struct cell *cell)
{
    for (size_t i = 0; i < cell->flags.count; i++)
        if (strcmp(cell->flags.items[i].rule, "ladder") == 0)
            return true;
    return false;
}

struct point {
    struct plot_row row;
    double percent, ms, rung;
};

static const struct column columns[] = {
    {.name = "load", .kind = COLUMN_COUNT, .offset = offsetof(struct point, row.group)},
    {.name = "server", .kind = COLUMN_COUNT, .offset = offsetof(struct point, row.at)},
    {.name = "load_name", .text = plot_load_text},
    {.name = "server_name", .text = plot_server_text},
    {.name = "percent", .kind = COLUMN_NUMBER, .offset = offsetof(struct point, percent)},
    {.name = "ms", .kind = COLUMN_NUMBER, .offset = offsetof(struct point, ms)},
    {.name = "rung", .kind = COLUMN_NUMBER, .offset = offsetof(struct point, rung)},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

/* One line of the picture. What the tool does not give (wrk knows fewer percentiles than ab)
 * is left out, so that the line has no gap; the last row is always there, to name the
 * server. */
static void write_line(FILE *out, const struct plot_row *row, const int *percents,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double ms = row->cell->percentile_ms[percents[i]];
        const struct point point = {
            .row = *row,
            .percent = percents[i],
            .ms = ms,
            .rung = retried(row->cell) ? ladder_rung(ms) : NAN,
        };
        if (isfinite(ms) || i + 1 == count)
            columns_write_row(out, DIALECT_GNUPLOT, columns, COLUMNS, &point);
    }
    plot_end_block(out);
}

static void write_lines(FILE *out, const struct summary *summary, const int *percents,
                        size_t count)
{
    columns_write_names(out, DIALECT_GNUPLOT, columns, COLUMNS);
    for (size_t l = 0; l < summary->table_count; l++)
        for (size_t s = 0; s < plot_server_count(summary); s++)
            write_line(out,
                       &(struct plot_row){.at = s + 1,
                                          .group = l + 1,
                                          .load = summary->tables[l].load,
                                          .cell = plot_cell(summary, l, s)},
                       percents, count);
}

void times_write_percentiles(FILE *out, const struct report *report)
{
    write_lines(out, report->summary, percentiles_shown, PERCENTILES_SHOWN);
}

void times_write_sorted(FILE *out, const struct report *report)
{
    int percents[PERCENTILES];
    for (int i = 0; i < PERCENTILES; i++)
        percents[i] = i;
    write_lines(out, report->summary, percents, PERCENTILES);
}

/* ---- at equal rates ---- */

static const double paced_percents[TIMES_KEPT] = {
    [TIME_P50] = 50, [TIME_P99] = 99, [TIME_P999] = 99.9, [TIME_MAX] = 100};

static void write_paced_line(FILE *out, const struct plot_row *row)
{
    for (size_t i = 0; i < TIMES_KEPT; i++) {
        const struct point point = {.row = *row,
                                    .percent = paced_percents[i],
                                    .ms = row->cell->paced.time_ms[i].mid,
                                    .rung = NAN};
        columns_write_row(out, DIALECT_GNUPLOT, columns, COLUMNS, &point);
    }
    plot_end_block(out);
}

void times_write_paced(FILE *out, const struct report *report)
{
    const struct summary *summary = report->summary;
    size_t group = 0;
    columns_write_names(out, DIALECT_GNUPLOT, columns, COLUMNS);
    for (size_t l = 0; l < summary->table_count; l++) {
        const struct load *load = summary->tables[l].load;
        if (load->rate <= 0)
            continue;
        group++;
        for (size_t s = 0; s < plot_server_count(summary); s++)
            write_paced_line(out, &(struct plot_row){.at = s + 1,
                                                     .group = group,
                                                     .load = load,
                                                     .cell = plot_cell(summary, l, s)});
    }
}

bool times_paced(const struct report *report)
{
    const struct summary *summary = report->summary;
    for (size_t l = 0; l < summary->table_count; l++)
        for (size_t s = 0; s < summary->tables[l].cell_count; s++)
            if (isfinite(summary->tables[l].cells[s].paced.time_ms[TIME_P50].mid))
                return true;
    return false;
}

bool times_apply(const struct report *report)
{
    const struct summary *summary = report->summary;
    for (size_t l = 0; l < summary->table_count; l++)
        for (size_t s = 0; s < summary->tables[l].cell_count; s++)
            for (size_t p = 0; p < PERCENTILES; p++)
                if (isfinite(summary->tables[l].cells[s].percentile_ms[p]))
                    return true;
    return false;
}
