/* plot_bars.c - the columns of the bars: a heading for each load, and under it a row for each
 * server, the best first.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "render/figure.h"
#include "report/plot_data.h"

#include <math.h>

struct bar {
    struct plot_row row;
    struct interval length;
    struct figure (*show)(double value);
    /* The noise floor reaches from one share below to one share above, as ratios do. */
    double floor_low, floor_high;
};

/* Where the load tool was the limit, what it measured says nothing of the server. */
static bool is_computed(const struct bar *bar)
{
    return bar->show == figure_count && bar->row.cell->bound == BOUND_CLIENT;
}

static char *label_text(const void *row)
{
    const struct bar *bar = row;
    const struct cell *cell = bar->row.cell;
    if (cell_absence(cell))
        return alloc_copy("–");
    struct figure length = bar->show(bar->length.mid);
    if (!is_computed(bar))
        return alloc_copy(length.text);
    return alloc_format("%s computed, %s measured", length.text,
                        figure_count(cell->requests_per_second.mid).text);
}

static const struct column columns[] = {
    {.name = "row", .kind = COLUMN_COUNT, .offset = offsetof(struct bar, row.at)},
    {.name = "load", .kind = COLUMN_COUNT, .offset = offsetof(struct bar, row.group)},
    {.name = "load_name", .text = plot_load_text},
    {.name = "server_name", .text = plot_server_text},
    {.name = "length", .kind = COLUMN_INTERVAL, .offset = offsetof(struct bar, length)},
    {.name = "label", .text = label_text},
    {.name = "bound", .text = plot_bound_text},
    {.name = "floor_low",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct bar, floor_low)},
    {.name = "floor_high",
     .kind = COLUMN_NUMBER,
     .offset = offsetof(struct bar, floor_high)},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void write_bars(FILE *out, const struct summary *summary, enum quantity quantity)
{
    const struct noise_floor *noise_floor = &summary->floors[quantity];
    double share = noise_floor->control ? 1 + noise_floor->delta : NAN;
    size_t at = 0;
    columns_write_names(out, DIALECT_GNUPLOT, columns, COLUMNS);
    for (size_t l = 0; l < summary->table_count; l++)
        for (size_t i = 0; i < summary->tables[l].cell_count; i++) {
            if (summary->tables[l].load->slo > 0)
                break;
            at++;
            const struct table *table = &summary->tables[l];
            const struct cell *cell =
                &table->cells[table->comparisons[quantity].order[i]];
            bool rate = quantity == QUANTITY_RATE;
            struct bar bar = {
                .row = {.at = at, .group = l + 1, .load = table->load, .cell = cell},
                .length = rate ? cell->requests_per_second : cell->cpu_us_per_request,
                .show = rate ? figure_count : figure_short,
            };
            if (is_computed(&bar))
                bar.length = cell->capacity;
            bar.floor_low = bar.length.mid / share;
            bar.floor_high = bar.length.mid * share;
            columns_write_row(out, DIALECT_GNUPLOT, columns, COLUMNS, &bar);
        }
}

void bars_write_rates(FILE *out, const struct report *report)
{
    write_bars(out, report->summary, QUANTITY_RATE);
}

void bars_write_cpu(FILE *out, const struct report *report)
{
    write_bars(out, report->summary, QUANTITY_CPU);
}
