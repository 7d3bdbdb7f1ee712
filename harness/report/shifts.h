/* shifts.h - the first article's closing comparison: what another concurrency did to each
 * server.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SHIFTS_H
#define ABACUS_SHIFTS_H

#include "analyse/summary.h"
#include "render/page.h"

/* Both write nothing if the suite does not compare two loads: what it did, in words; and the
 * table, with the rule that the words follow. */
void shifts_say(struct page *page, const struct run *run, const struct summary *summary);
void shifts_write(struct page *page, const struct run *run,
                  const struct summary *summary);

#endif
