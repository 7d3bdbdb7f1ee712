/* setting.h - what was run: the machine, the servers, the loads, the rounds.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SETTING_H
#define ABACUS_SETTING_H

#include "analyse/summary.h"
#include "render/page.h"

/* The title, when it ran, and what a reader must know first. */
void setting_introduce(struct page *page, const struct run *run,
                       const struct summary *summary);

/* The loads, the machine and the servers, each under a heading of that level. */
void setting_write(struct page *page, const struct run *run, int level);

#endif
