/* sections.h - report.html: all of a run on one page, as a list of sections.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SECTIONS_H
#define ABACUS_SECTIONS_H

#include "report/plots.h"

#include <stdio.h>

struct profile;

/* What the page is about. */
struct report {
    const struct plot_source *source;
    const struct profile *profile; /* of the same servers; NULL: there is none */
    const char *directory;         /* the run's folder, with raw/ and plots/ */
    const char *plots_problem; /* what kept a plot from being drawn; NULL: nothing did */
};

void sections_write(FILE *out, const struct report *report);

#endif
