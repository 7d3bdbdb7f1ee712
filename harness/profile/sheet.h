/* sheet.h - from a profile to the files that people read.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PROFILE_SHEET_H
#define ABACUS_PROFILE_SHEET_H

#include "base/err.h"
#include "profile/profile.h"
#include "render/page.h"

/* Writes profile.txt, profile.md, a profile-PART.csv for each part and the pictures, with the
 * gnuplot scripts of the folder `scripts`, into `directory`. 0, or -1 with the first reason;
 * what can be written is written. */
int profile_sheet_render(const struct profile *profile, const char *directory,
                         const char *scripts, struct err *err);

/* Writes report.html of a profile without a run. Its pictures are in the folder by then. */
int profile_sheet_page(const struct profile *profile, const char *directory,
                       struct err *err);

/* Writes all of it into a page, below its heading: headings begin at level 2. In HTML with the
 * pictures of `directory`. */
void profile_sheet_write(struct page *page, const struct profile *profile,
                         const char *directory);

#endif
