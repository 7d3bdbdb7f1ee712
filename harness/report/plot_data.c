/* plot_data.c - what the columns of all pictures are made of.
 * SPDX-License-Identifier: MIT */
#include "report/plot_data.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "render/names.h"

#include <math.h>
#include <stdlib.h>

void plot_text(FILE *out, const char *text)
{
    fputc('\t', out);
    quote_gnuplot(out, text);
}

void plot_number(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, "\t%.3f", value);
    else
        fputs("\tnan", out);
}

void plot_server(FILE *out, const struct cell *cell)
{
    const struct label name = name_label(cell->server->name);
    const char *absence = cell_absence(cell);
    char *text =
        absence ? alloc_format("%s (%s)", name.text, absence) : alloc_copy(name.text);
    plot_text(out, text);
    free(text);
}

void plot_load(FILE *out, const struct load *load)
{
    char *text = alloc_format("%s: %s", load->name, load->title);
    plot_text(out, text);
    free(text);
}

void plot_end_block(FILE *out)
{
    fputs("\n\n", out);
}

const struct cell *plot_cell(const struct summary *summary, size_t load, size_t server)
{
    return table_cell(&summary->tables[load], summary->tables[0].cells[server].server);
}

size_t plot_server_count(const struct summary *summary)
{
    return summary->table_count > 0 ? summary->tables[0].cell_count : 0;
}
