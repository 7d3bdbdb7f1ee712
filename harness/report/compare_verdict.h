/* compare_verdict.h - what comes of comparing two runs, in one sentence.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COMPARE_VERDICT_H
#define ABACUS_COMPARE_VERDICT_H

#include "analyse/run_pair.h"

/* One line, owned by the caller. `surroundings_differ`: more than the servers does. */
char *verdict_sentence(const struct run_pair *pair, bool surroundings_differ);

#endif
