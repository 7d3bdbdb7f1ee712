/* whatif.h - what a request would gain if a part of it took less: Amdahl's law, as the second
 * article argues with it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_WHATIF_H
#define ABACUS_WHATIF_H

#include "profile/profile.h"
#include "render/page.h"

/* How many times as many requests a core would serve if `share` of a request, 0 to 1, took
 * 1/`faster` of its time (Amdahl 1967). */
double whatif_gain(double share, double faster);

/* For each server: its phases and its groups of functions, half and a fifth of each. */
void whatif_write(struct page *page, const struct profile *profile);

#endif
