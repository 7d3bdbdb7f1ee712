/* plot_data.h - the columns that the gnuplot scripts in plots/ read: what all of them are
 * made of, and what writes each picture's.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PLOT_DATA_H
#define ABACUS_PLOT_DATA_H

#include "report/plots.h"

/* Each writes one field and the tab before it. */
void plot_text(FILE *out, const char *text);
void plot_number(FILE *out, double value); /* "nan" where there is none */

/* A server's name as a picture shows it, with the reason if it has no figures. */
void plot_server(FILE *out, const struct cell *cell);

/* "c50: ab -c 50 -n 100000". */
void plot_load(FILE *out, const struct load *load);

/* Parts a block from the next: gnuplot finds it by its number, from 0. */
void plot_end_block(FILE *out);

/* The server that is the `server`-th of the first table, in another one: it keeps its colour
 * and its place from picture to picture. */
const struct cell *plot_cell(const struct summary *summary, size_t load, size_t server);
size_t plot_server_count(const struct summary *summary);

void bars_write_rates(FILE *out, const struct report *report);
void bars_write_cpu(FILE *out, const struct report *report);

void ratios_write(FILE *out, const struct report *report);
bool ratios_apply(const struct report *report);

void times_write_percentiles(FILE *out, const struct report *report);
void times_write_sorted(FILE *out, const struct report *report);
bool times_apply(const struct report *report);

void concurrency_write(FILE *out, const struct report *report);
bool concurrency_applies(const struct report *report);

void accepts_write(FILE *out, const struct report *report);
bool accepts_apply(const struct report *report);

#endif
