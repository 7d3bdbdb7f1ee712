/* plots.h - the pictures of a run: the list of them, and drawing them with gnuplot.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PLOTS_H
#define ABACUS_PLOTS_H

#include "base/err.h"
#include "report/view.h"

#include <stdbool.h>
#include <stdio.h>

/* A picture: DIRECTORY/plots/NAME.svg, drawn by the script NAME.gp from NAME.dat. */
struct plot {
    const char *name;
    const char *title;   /* a heading */
    const char *caption; /* what it shows and how to read it; its alternative text, too */
    /* What a run must have for it, "at least …"; NULL: nothing. */
    const char *needs;
    bool (*applies)(const struct report *report); /* NULL: to every run */
    /* Columns parted by tabs, named in the first line. */
    void (*write)(FILE *out, const struct report *report);
};

enum { PLOT_COUNT = 10 };
extern const struct plot plots[PLOT_COUNT];

/* Writes DIRECTORY/plots/NAME.dat of each plot that applies, and draws it with
 * SCRIPTS/NAME.gp. The SVG begins with <svg and can stand in an HTML page
 * as it is, beside the others: it has its caption as its label, and ids of its own. What was
 * there before and cannot be drawn now is removed, so that no picture contradicts the tables.
 * 0, or -1 with the first reason (gnuplot missing: its package) and how many more there are;
 * what can be drawn is drawn, and the .dat files are there all the same. */
int plots_render(const struct report *report, const char *scripts, struct err *err);

#endif
