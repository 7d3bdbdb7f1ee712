/* sections.h - report.html: all of a run on one page, as a list of sections.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SECTIONS_H
#define ABACUS_SECTIONS_H

#include "report/plots.h"
#include "report/report.h"

#include <stdio.h>

/* What the page is about. */
struct report {
    const struct plot_source *source;
    const struct report_costs *costs; /* of the same servers; NULL: not known */
    const char *directory;            /* the run's folder, with raw/ and plots/ */
    const char *plots_problem; /* what kept a plot from being drawn; NULL: nothing did */
};

void sections_write(FILE *out, const struct report *report);

#endif
