/* screen.h - a run on one screen.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SCREEN_H
#define ABACUS_SCREEN_H

#include "report/view.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes a table for each load and the answer, at most 100 columns wide, or 80 where `width` is
 * less than that; with the best rows in bold if `colour` is set. */
void screen_write(FILE *out, const struct report *report, size_t width, bool colour);

#endif
