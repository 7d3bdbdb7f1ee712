/* overview.h - all parts of a profile in one table, with the article's figures beside ours.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_OVERVIEW_H
#define ABACUS_OVERVIEW_H

#include "profile/profile.h"
#include "render/page.h"

/* A row for each figure of each part, a column for each server, and the article's last. */
void overview_write(struct page *page, const struct profile *profile);

#endif
