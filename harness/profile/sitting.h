/* sitting.h - makes a profile: every part of every server, and the record of it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SITTING_H
#define ABACUS_SITTING_H

#include "base/err.h"
#include "profile/profile.h"

/* Fills a profile whose servers are given (portraits, the rest zeroed), with the parts that
 * are wanted, and writes each, as it is had, into DIRECTORY/profile.jsonl. What a server did not show has its reason in
 * the profile. 0, also when the user stopped it; -1 if the record cannot be written. */
int sitting_hold(struct profile *profile, const bool wanted[PARTS], const char *directory,
                 struct err *err);

#endif
