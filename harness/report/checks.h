/* checks.h - what the checks saw in a run's trials, and which were thrown out for it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CHECKS_H
#define ABACUS_CHECKS_H

#include "model/run.h"
#include "render/page.h"

void checks_write(struct page *page, const struct run *run);

#endif
