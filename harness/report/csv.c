/* csv.c - cells.csv: every figure of the tables, for other programs.
 * SPDX-License-Identifier: MIT */
#include "report/csv.h"

#include "base/quote.h"

#include <math.h>
#include <string.h>

static const char HEADER[] =
    "table,server,rounds,requests_per_second,requests_per_second_low,"
    "requests_per_second_high,time_per_request_ms,p50_ms,p66_ms,p75_ms,p80_ms,p90_ms,"
    "p95_ms,p98_ms,p99_ms,max_ms,cpu_us_per_request,cpu_us_per_request_low,"
    "cpu_us_per_request_high,server_busy,client_busy,bound,failed,tie,megabytes_per_"
    "second\n";

static void write_figure(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, ",%.3f", value);
    else
        fputc(',', out);
}

static void write_interval(FILE *out, struct interval interval)
{
    write_figure(out, interval.mid);
    write_figure(out, interval.low);
    write_figure(out, interval.high);
}

/* Of all loads together there is one figure only. No load can have this name: it has a blank. */
static void write_cell_overall(FILE *out, const struct cell *cell, const char *tie)
{
    fputs("all loads,", out);
    quote_csv(out, cell->server->name);
    fprintf(out, ",%zu,,,,,,,,,,,,,", cell->rounds);
    write_interval(out, cell->cpu_us_per_request);
    fprintf(out, ",,,,,%s,\n", tie);
}

static void write_cell(FILE *out, const struct load *load, const struct cell *cell,
                       const char *tie)
{
    quote_csv(out, load->name);
    fputc(',', out);
    quote_csv(out, cell->server->name);
    fprintf(out, ",%zu", cell->rounds);
    write_interval(out, cell->requests_per_second);
    write_figure(out, cell->time_per_request_ms);
    for (size_t i = 0; i < PERCENTILES_SHOWN; i++)
        write_figure(out, cell->percentile_ms[percentiles_shown[i]]);
    write_interval(out, cell->cpu_us_per_request);
    write_figure(out, cell->server_busy);
    write_figure(out, cell->client_busy);
    fprintf(out, ",%s,%zu,%s", cell->rounds ? bound_name(cell->bound) : "", cell->failed,
            tie);
    write_figure(out, cell->megabytes_per_second);
    fputc('\n', out);
}

void csv_write(FILE *out, const struct summary *summary)
{
    fputs(HEADER, out);
    for (size_t t = 0; t < summary->table_count; t++) {
        const struct table *table = &summary->tables[t];
        for (size_t c = 0; c < table->cell_count; c++)
            write_cell(out, table->load, &table->cells[c],
                       table->comparisons[QUANTITY_CPU].letters[c]);
    }
    for (size_t c = 0; c < summary->overall.cell_count; c++)
        write_cell_overall(out, &summary->overall.cells[c],
                           summary->overall.comparisons[QUANTITY_CPU].letters[c]);
}
