/* plot_cost.c - the columns of the first picture: what a request costs each server, in all.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "render/figure.h"
#include "report/plot_data.h"

#include <math.h>

/* The estimate with the letters behind it: "17.9 µs  ab". */
static char *label_text(const void *row)
{
    const struct cell *cell = ((const struct plot_row *)row)->cell;
    if (!isfinite(cell->cpu_us_per_request.mid))
        return alloc_copy("–");
    return alloc_format("%s µs  %s", figure_short(cell->cpu_us_per_request.mid).text,
                        cell->letters[QUANTITY_CPU]);
}

static double low(const void *row)
{
    return ((const struct plot_row *)row)->cell->cpu_us_per_request.low;
}

static double mid(const void *row)
{
    return ((const struct plot_row *)row)->cell->cpu_us_per_request.mid;
}

static double high(const void *row)
{
    return ((const struct plot_row *)row)->cell->cpu_us_per_request.high;
}

static const struct column columns[] = {
    {.name = "row", .kind = COLUMN_COUNT, .offset = offsetof(struct plot_row, at)},
    {.name = "server_name", .text = plot_server_text},
    {.name = "low", .kind = COLUMN_NUMBER, .number = low},
    {.name = "cpu_us", .kind = COLUMN_NUMBER, .number = mid},
    {.name = "high", .kind = COLUMN_NUMBER, .number = high},
    {.name = "label", .text = label_text},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

void cost_write(FILE *out, const struct report *report)
{
    const struct summary *summary = report->summary;
    const struct table *table =
        summary->overall.cell_count > 0 ? &summary->overall : &summary->tables[0];
    columns_write_names(out, DIALECT_GNUPLOT, columns, COLUMNS);
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct plot_row row = {
            .at = i + 1,
            .group = 1,
            .load = table->load,
            .cell = &table->cells[table->comparisons[QUANTITY_CPU].order[i]]};
        columns_write_row(out, DIALECT_GNUPLOT, columns, COLUMNS, &row);
    }
}
