/* plots.h - the columns that the gnuplot scripts in plots/ read, and running gnuplot.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PLOTS_H
#define ABACUS_PLOTS_H

#include "base/err.h"
#include "summary/summary.h"

#include <stdio.h>

/* A picture: its name, what it shows (its alternative text, too), and what writes its data: columns parted by tabs, named in the first
 * line, servers in the order of the first table. */
struct plot {
    const char *name;
    const char *caption;
    void (*write)(FILE *out, const struct summary *summary);
};

enum { PLOT_COUNT = 3 };
extern const struct plot plots[PLOT_COUNT];

/* Writes DIRECTORY/plots/NAME.dat, then runs SCRIPTS/NAME.gp on each: one SVG and one PNG.
 * 0, or -1 with the reason (gnuplot missing: its package); the .dat files are then there all
 * the same, and no picture of another record is. */
int plots_render(const char *directory, const char *scripts,
                 const struct summary *summary, struct err *err);

#endif
