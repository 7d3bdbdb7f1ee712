/* history.h - runs in the order of their time: what a request cost each server beside the same one,
 * and what profiles counted.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_HISTORY_H
#define ABACUS_HISTORY_H

#include "render/page.h"
#include "report/past.h"

#include <stdio.h>

/* A table for each series of sorted runs, those of one machine and one suite, with its steps:
 * ratios whose intervals before and after do not overlap, and counts that differ. `reference` is
 * the server that others are held against; NULL: epoll, or the first of the series. */
void history_write(struct page *page, const struct pasts *pasts, const char *reference);

/* The same ratios as CSV, and as the columns of plots/history.gp. */
void history_write_files(FILE *csv, FILE *plot, const struct pasts *pasts,
                         const char *reference);

#endif
