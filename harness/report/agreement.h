/* agreement.h - do the load tools agree? Where two of them measured the same, side by side.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_AGREEMENT_H
#define ABACUS_AGREEMENT_H

#include "report/page.h"
#include "summary/summary.h"

/* Nothing, unless two tools asked for the same page with as many connections, both kept or both
 * closed. */
void agreement_write(struct page *page, const struct summary *summary);

#endif
