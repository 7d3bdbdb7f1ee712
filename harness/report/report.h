/* report.h - from a run to the files that people read: tables, CSV, plots, page.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_REPORT_H
#define ABACUS_REPORT_H

#include "base/err.h"
#include "model/run.h"

struct page;

/* What one request costs, of the same servers, as the page has it: from a part of the program
 * that the report knows nothing of. */
struct report_costs {
    /* Writes it below a heading, with the pictures of `directory`, which are drawn already. */
    void (*write)(struct page *page, const void *subject, const char *directory);
    const void *subject;
};

/* Writes tables.txt, tables.md, cells.csv, plots/ and report.html into `directory`, the plots
 * with the gnuplot scripts of the folder `scripts`. A file that is there already is replaced
 * only once the new one is whole. `costs` may be NULL. `reference` is the server of the run that the paired ratios
 * are held against; NULL: in each table the one with the least CPU time per request. 0, or -1
 * with the first reason; what can be written is written. */
int report_write(const struct run *run, const struct report_costs *costs,
                 const char *directory, const char *scripts,
                 const struct run_server *reference, struct err *err);

#endif
