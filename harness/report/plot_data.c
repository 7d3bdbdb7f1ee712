/* plot_data.c - what the columns of all pictures are made of.
 * SPDX-License-Identifier: MIT */
#include "report/plot_data.h"

#include "base/alloc.h"
#include "render/names.h"

char *plot_load_text(const void *row)
{
    const struct plot_row *of = row;
    return alloc_format("%s: %s", of->load->name, of->load->title);
}

char *plot_server_text(const void *row)
{
    const struct plot_row *of = row;
    const struct label name = name_label(of->cell->server->name);
    const char *absence = cell_absence(of->cell);
    return absence ? alloc_format("%s (%s)", name.text, absence) : alloc_copy(name.text);
}

char *plot_bound_text(const void *row)
{
    const struct plot_row *of = row;
    return alloc_copy(cell_absence(of->cell) ? "none" : bound_name(of->cell->bound));
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
