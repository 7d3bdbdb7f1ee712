/* gap.h - why one server needs more CPU time for a request than another.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_GAP_H
#define ABACUS_GAP_H

#include "profile/profile.h"
#include "render/page.h"

/* Explains the difference between two servers, the first and the second of a profile of two;
 * nothing is written of any other. */
void gap_write(struct page *page, const struct profile *profile);

#endif
