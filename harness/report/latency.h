/* latency.h - the second article's tables: connection times and all nine percentiles.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_LATENCY_H
#define ABACUS_LATENCY_H

#include "analyse/summary.h"
#include "render/page.h"

void latency_write(struct page *page, const struct summary *summary);

#endif
