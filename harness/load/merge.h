/* merge.h - what several load tools measured side by side, as if it had been one.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_MERGE_H
#define ABACUS_MERGE_H

#include "model/run.h"

#include <stddef.h>

/* Rates and counts are summed; the duration is the longest; the percentiles are those of all
 * requests together (a mixture: each tool's distribution, weighted with its requests, is linear
 * between its percentiles); means and deviations are pooled; and so is what follows from the rates
 * with `concurrency` in all. The median connection times of all together cannot be known: NAN. With
 * one result it is that one. `count` is at least 1. */
void tool_results_merge(struct tool_result *merged, const struct tool_result *each,
                        size_t count, int concurrency);

#endif
