/* tally.h - which trials of a run do not count, and by what rule.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TALLY_H
#define ABACUS_TALLY_H

#include "model/run.h"
#include "tools/calibrate/rate.h"

/* Of all attempts, those that are disturbed or invalid. */
struct rate tally_thrown_out(const struct run *run);

/* "foreign-cpu 12, steal 1, no reply 1": each rule that threw a trial out, the most
 * frequent first, and, for a trial that no rule did, its reason. One trial may break
 * several. "" if there is none; owned by the caller. */
char *tally_rules(const struct run *run);

#endif
