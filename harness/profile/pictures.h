/* pictures.h - the pictures of a profile: drawn, and shown in a page.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PROFILE_PICTURES_H
#define ABACUS_PROFILE_PICTURES_H

#include "base/err.h"
#include "profile/profile.h"
#include "render/page.h"

/* Draws what a part has to show into DIRECTORY/plots, with the gnuplot scripts of the folder
 * `scripts`. 0, or -1 with the first reason; what can be drawn is drawn. */
int pictures_draw(const struct profile *profile, const struct part *part,
                  const char *directory, const char *scripts, struct err *err);

/* Shows them in an HTML page, those of each server folded. */
void pictures_show(struct page *page, const struct profile *profile,
                   const struct part *part, const char *directory);

#endif
