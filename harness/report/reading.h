/* reading.h - how to read the tables: what the figures mean and what they do not, in sentences
 * that stand only where they apply.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_READING_H
#define ABACUS_READING_H

#include "analyse/summary.h"
#include "render/page.h"

void reading_write(struct page *page, const struct run *run,
                   const struct summary *summary);

#endif
