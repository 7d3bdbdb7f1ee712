/* setting.h - what was run: the machine, the servers, the loads, the rounds.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SETTING_H
#define ABACUS_SETTING_H

#include "report/page.h"
#include "summary/summary.h"

void setting_write(struct page *page, const struct run *run,
                   const struct summary *summary);

#endif
