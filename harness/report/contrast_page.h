/* contrast_page.h - one load of two runs by one quantity: its table, and why it cannot say more.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CONTRAST_PAGE_H
#define ABACUS_CONTRAST_PAGE_H

#include "analyse/run_pair.h"
#include "render/page.h"

/* Writes nothing for a table without matches. */
void contrast_page_write(struct page *page, const struct run_pair *pair,
                         const struct contrast_table *table);

#endif
