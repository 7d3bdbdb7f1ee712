/* bisect.h - at which rate a slice is asked for, where the highest that a server can do is to be
 * found: by bisection within each round.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_BISECT_H
#define ABACUS_BISECT_H

#include "model/run.h"

/* Slices of a server in each round. What is tried spans a factor of 16, and a rate that was not in
 * time is tried twice: five to nine halvings tell the rate to 9 % or better, and all rounds finer. */
enum { BISECT_SLICES = 9 };

/* The next rate, requests/s: that of the last slice if that was late for the first time there, else
 * in the middle, by its logarithm, of what was in time and what was not in this round. Its share of
 * the load (run.slicings) has what the server did without a pause. */
int bisect_rate(const struct run *run, size_t load, size_t server, int round);

/* Requests in a slice at such a rate. */
long bisect_requests(const struct load *load, double rate);

#endif
