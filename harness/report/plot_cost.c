/* plot_cost.c - the columns of the first picture, a dot for each server: what a request costs it, in
 * all, or the highest rate at which it is still in time.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "render/figure.h"
#include "report/plot_data.h"

#include <math.h>
#include <stdlib.h>

struct dot {
    struct plot_row row;
    struct interval figure;
    const char *label; /* of the figure, with its letters: "17.9 µs  ab" */
};

static const struct column columns[] = {
    {.name = "row", .kind = COLUMN_COUNT, .offset = offsetof(struct dot, row.at)},
    {.name = "server_name", .text = plot_server_text},
    {.name = "low", .kind = COLUMN_NUMBER, .offset = offsetof(struct dot, figure.low)},
    {.name = "figure", .kind = COLUMN_NUMBER, .offset = offsetof(struct dot, figure.mid)},
    {.name = "high", .kind = COLUMN_NUMBER, .offset = offsetof(struct dot, figure.high)},
    {.name = "label", .offset = offsetof(struct dot, label)},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static char *label_text(const struct cell *cell, enum quantity quantity)
{
    if (quantity == QUANTITY_CPU)
        return isfinite(cell->cpu_us_per_request.mid)
                   ? alloc_format("%s µs  %s",
                                  figure_short(cell->cpu_us_per_request.mid).text,
                                  cell->letters[quantity])
                   : alloc_copy("–");
    return isfinite(cell->knee.rate.mid)
               ? alloc_format("%s%s  %s", cell->knee.limited ? "≥ " : "",
                              figure_count(cell->knee.rate.mid).text,
                              cell->letters[quantity])
               : alloc_copy("–");
}

/* A dot for each server of a table, from the best on; returns the place of the last. */
static size_t write_table(FILE *out, const struct table *table, enum quantity quantity,
                          size_t at)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct cell *cell = &table->cells[table->comparisons[quantity].order[i]];
        char *label = label_text(cell, quantity);
        at++;
        const struct dot dot = {
            .row = {.at = at, .group = 1, .load = table->load, .cell = cell},
            .figure =
                quantity == QUANTITY_CPU ? cell->cpu_us_per_request : cell->knee.rate,
            .label = label};
        columns_write_row(out, DIALECT_GNUPLOT, columns, COLUMNS, &dot);
        free(label);
    }
    return at;
}

void cost_write(FILE *out, const struct report *report)
{
    const struct summary *summary = report->summary;
    const struct table *table =
        summary->overall.cell_count > 0 ? &summary->overall : &summary->tables[0];
    columns_write_names(out, DIALECT_GNUPLOT, columns, COLUMNS);
    write_table(out, table, QUANTITY_CPU, 0);
}

void knee_write(FILE *out, const struct report *report)
{
    size_t at = 0;
    columns_write_names(out, DIALECT_GNUPLOT, columns, COLUMNS);
    for (size_t i = 0; i < report->summary->table_count; i++)
        if (report->summary->tables[i].load->slo > 0)
            at = write_table(out, &report->summary->tables[i], QUANTITY_RATE, at);
}
