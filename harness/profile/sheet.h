/* sheet.h - from a profile to the files that people read.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PROFILE_SHEET_H
#define ABACUS_PROFILE_SHEET_H

#include "base/err.h"
#include "profile/profile.h"

/* Writes profile.txt, profile.md, a profile-PART.csv for each part and the pictures, with the
 * gnuplot scripts of the folder `scripts`, into `directory`. 0, or -1 with the first reason;
 * what can be written is written. */
int sheet_render(const struct profile *profile, const char *directory,
                 const char *scripts, struct err *err);

#endif
