/* answer.h - what came out, in a few sentences: who is told apart and by how much, where the
 * load tool was the limit, what another concurrency did.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_ANSWER_H
#define ABACUS_ANSWER_H

#include "analyse/summary.h"
#include "render/page.h"

void answer_write(struct page *page, const struct run *run,
                  const struct summary *summary);

#endif
