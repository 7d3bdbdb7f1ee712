/* sheet.h - the calibration's result: each figure beside its goal.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SHEET_H
#define ABACUS_SHEET_H

#include "model/run.h"
#include "render/page.h"

#include <stdbool.h>

/* Three runs. */
struct calibration {
    struct run
        quiet; /* one server several times, and with extra costs; nothing else runs */
    struct run loaded; /* one server several times; another program runs at times */
    struct run six; /* the servers and loads as users measure them; nothing else runs */
};

/* Writes the result. False: a goal was missed. */
bool sheet_write(struct page *page, const struct calibration *calibration);

#endif
