/* plot_data.h - the columns that the gnuplot scripts in plots/ read: what all of them are
 * made of, and what writes each picture's.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PLOT_DATA_H
#define ABACUS_PLOT_DATA_H

#include "render/column.h"
#include "report/plots.h"

/* What a row of any picture begins with. */
struct plot_row {
    size_t at;    /* its number, or its server's, from 1 */
    size_t group; /* the load's, or the panel's */
    const struct load *load;
    const struct cell *cell;
};

/* Columns of such rows (render/column.h), each owned by the caller: "c50: ab -c 50 -n 100000"; a
 * server's name as a picture shows it, with the reason if it has no figures; "client", "none". */
char *plot_load_text(const void *row);
char *plot_server_text(const void *row);
char *plot_bound_text(const void *row);

/* Parts a block from the next: gnuplot finds it by its number, from 0. */
void plot_end_block(FILE *out);

/* The server that is the `server`-th of the first table, in another one: it keeps its colour
 * and its place from picture to picture. */
const struct cell *plot_cell(const struct summary *summary, size_t load, size_t server);
size_t plot_server_count(const struct summary *summary);

void cost_write(FILE *out, const struct report *report);
void knee_write(FILE *out, const struct report *report);

void bars_write_rates(FILE *out, const struct report *report);
void bars_write_cpu(FILE *out, const struct report *report);

void ratios_write(FILE *out, const struct report *report);
bool ratios_apply(const struct report *report);

void times_write_percentiles(FILE *out, const struct report *report);
void times_write_sorted(FILE *out, const struct report *report);
bool times_apply(const struct report *report);
void times_write_paced(FILE *out, const struct report *report);
bool times_paced(const struct report *report);

void ladders_plot(FILE *out, const struct report *report);
bool ladders_plotted(const struct report *report);

void accepts_write(FILE *out, const struct report *report);
bool accepts_apply(const struct report *report);

#endif
