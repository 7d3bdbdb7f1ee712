/* plots.h - the columns that the gnuplot scripts in plots/ read, and running gnuplot.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PLOTS_H
#define ABACUS_PLOTS_H

#include "err.h"
#include "summary.h"

/* Writes DIRECTORY/plots/NAME.dat, then runs every script of SCRIPTS/NAME.gp on it: one SVG
 * and one PNG each. 0, or -1 with the reason (gnuplot missing: its package); the .dat files
 * are then there all the same. */
int plots_render(const char *directory, const char *scripts, const struct run *run,
                 const struct summary *summary, struct err *err);

#endif
