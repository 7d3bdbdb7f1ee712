/* ranking.h - the first article's table: servers ranked by requests per second, and
 * beside them what ab hides.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RANKING_H
#define ABACUS_RANKING_H

#include "analyse/summary.h"
#include "render/page.h"

/* A heading and two tables for each load, and what they tell apart. */
void ranking_write(struct page *page, const struct summary *summary);

#endif
