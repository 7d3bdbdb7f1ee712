/* plot_times.c - the columns of how long requests took: the percentiles that ab prints, and
 * all of them, from the shortest request to the longest.
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

static void write_point(FILE *out, const struct summary *summary, size_t load,
                        size_t server, int percent)
{
    const struct cell *cell = plot_cell(summary, load, server);
    double ms = cell->percentile_ms[percent];
    fprintf(out, "%zu\t%zu", load + 1, server + 1);
    plot_load(out, summary->tables[load].load);
    plot_server(out, cell);
    fprintf(out, "\t%d", percent);
    plot_number(out, ms);
    plot_number(out, retried(cell) ? ladder_rung(ms) : NAN);
    fputc('\n', out);
}

/* One line of the picture. What the tool does not give (wrk knows fewer percentiles than ab)
 * is left out, so that the line has no gap; the last row is always there, to name the
 * server. */
static void write_line(FILE *out, const struct summary *summary, size_t load,
                       size_t server, const int *percents, size_t count)
{
    const struct cell *cell = plot_cell(summary, load, server);
    for (size_t i = 0; i < count; i++)
        if (isfinite(cell->percentile_ms[percents[i]]) || i + 1 == count)
            write_point(out, summary, load, server, percents[i]);
    plot_end_block(out);
}

static void write_lines(FILE *out, const struct summary *summary, const int *percents,
                        size_t count)
{
    fputs("# load\tserver\tload name\tserver name\tpercent\tms\trung\n", out);
    for (size_t l = 0; l < summary->table_count; l++)
        for (size_t s = 0; s < plot_server_count(summary); s++)
            write_line(out, summary, l, s, percents, count);
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
