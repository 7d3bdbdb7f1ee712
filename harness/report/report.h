/* report.h - from a run to the files that people read: tables, CSV, plots, page.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_REPORT_H
#define ABACUS_REPORT_H

#include "base/err.h"
#include "report/view.h"

/* Writes tables.txt, tables.md and cells.csv into report->directory. A file that is there
 * already is replaced only once the new one is whole. 0, or -1 with the first reason; what can
 * be written is written. */
int report_tables(const struct report *report, struct err *err);

/* The same, then plots/ with the gnuplot scripts of the folder `scripts`, and report.html. */
int report_write(const struct report *report, const char *scripts, struct err *err);

#endif
