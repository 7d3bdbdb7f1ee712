/* agreement.h - do the load tools agree? Where two of them measured the same, side by side.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_AGREEMENT_H
#define ABACUS_AGREEMENT_H

#include "analyse/summary.h"
#include "render/page.h"

/* Whether two tools asked for the same page with as many connections, both kept or both
 * closed. */
bool agreement_applies(const struct summary *summary);

/* To be written under a heading of level 2. */
void agreement_write(struct page *page, const struct summary *summary);

#endif
