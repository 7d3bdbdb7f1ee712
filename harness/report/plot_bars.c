/* plot_bars.c - the columns of the bars: a heading for each load, and under it a row for each
 * server, the best first.
 * SPDX-License-Identifier: MIT */
#include "render/figure.h"
#include "report/plot_data.h"

#include <math.h>

/* What the bars stand for. */
struct measure {
    enum quantity quantity;
    struct interval (*length)(const struct cell *cell);
    struct figure (*label)(double value);
};

static struct interval rate_length(const struct cell *cell)
{
    return cell->requests_per_second;
}

static struct interval cpu_length(const struct cell *cell)
{
    return cell->cpu_us_per_request;
}

/* The bar's noise floor reaches from one share below to one share above, as ratios do. */
static void write_floor(FILE *out, const struct noise_floor *noise_floor, double mid)
{
    double share = noise_floor->control ? 1 + noise_floor->delta : NAN;
    plot_number(out, mid / share);
    plot_number(out, mid * share);
}

static void write_bar(FILE *out, const struct cell *cell, const struct measure *measure,
                      const struct noise_floor *noise_floor)
{
    const char *absence = cell_absence(cell);
    struct interval length = measure->length(cell);
    plot_server(out, cell);
    plot_number(out, length.low);
    plot_number(out, length.mid);
    plot_number(out, length.high);
    plot_text(out, absence ? "–" : measure->label(length.mid).text);
    fprintf(out, "\t%s", absence ? "none" : bound_name(cell->bound));
    write_floor(out, noise_floor, length.mid);
    fputc('\n', out);
}

static void write_bars(FILE *out, const struct summary *summary,
                       const struct measure *measure)
{
    size_t row = 0;
    fputs("# row\tload\tload name\tserver name\tlow\tmid\thigh\tlabel\tbound\tfloor "
          "low\tfloor high\n",
          out);
    for (size_t l = 0; l < summary->table_count; l++) {
        const struct table *table = &summary->tables[l];
        const struct comparison *comparison = &table->comparisons[measure->quantity];
        for (size_t i = 0; i < table->cell_count; i++) {
            fprintf(out, "%zu\t%zu", ++row, l + 1);
            plot_load(out, table->load);
            write_bar(out, &table->cells[comparison->order[i]], measure,
                      &summary->floors[measure->quantity]);
        }
    }
}

void bars_write_rates(FILE *out, const struct report *report)
{
    const struct measure measure = {QUANTITY_RATE, rate_length, figure_count};
    write_bars(out, report->summary, &measure);
}

void bars_write_cpu(FILE *out, const struct report *report)
{
    const struct measure measure = {QUANTITY_CPU, cpu_length, figure_short};
    write_bars(out, report->summary, &measure);
}
