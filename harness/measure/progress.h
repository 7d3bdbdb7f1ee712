/* progress.h - what a run is doing, its last figure, and how long it will take.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PROGRESS_H
#define ABACUS_PROGRESS_H

#include "measure/plan.h"
#include "record/run.h"

/* Minutes and seconds for people: "about 12 minutes", "40 s"; a static buffer. */
const char *progress_duration(double seconds);

/* How long the slots from `from` on will take, s: each as long as the same server and load
 * took before, or the same load, or, before anything is measured, a guess. */
double progress_estimate(const struct run *run, const struct slot *slots, size_t count,
                         size_t from);

/* To standard error: one line that is written over where that is a terminal, a line for each
 * trial where it is not. */
void progress_begin_trial(const struct run *run, const struct slot *slots, size_t count,
                          size_t at);
void progress_end_trial(const struct run *run, const struct slot *slots, size_t count,
                        size_t at);

/* Clears the line. */
void progress_end(void);

#endif
