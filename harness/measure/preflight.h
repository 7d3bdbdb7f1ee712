/* preflight.h - before anything is measured: is this machine fit for it?
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PREFLIGHT_H
#define ABACUS_PREFLIGHT_H

#include "base/err.h"
#include "model/run.h"

#include <stdio.h>

/* -1 if the servers were built for debugging: their figures mean nothing. */
int preflight_build(struct err *err);

/* Looks at what could spoil a run, and prints one block: what is fine in a word, what is not with
 * what to do about it. That also becomes a note of the run. */
void preflight_run(struct run *run, FILE *out);

#endif
