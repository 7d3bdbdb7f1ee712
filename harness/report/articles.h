/* articles.h - the articles' own tables: what each system did then, and what it does today.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_ARTICLES_H
#define ABACUS_ARTICLES_H

#include "analyse/summary.h"
#include "render/page.h"

#include <stdbool.h>

/* Whether the run is of the suite that has the articles' systems. */
bool articles_apply(const struct run *run);

/* A table for each of the articles', with its rows, in its order: requests per second and the
 * longest request of then and of now, the ratio to the fastest row of its time, and today's
 * CPU time per request. A row that has no figures says why. */
void articles_write(struct page *page, const struct run *run,
                    const struct summary *summary);

#endif
