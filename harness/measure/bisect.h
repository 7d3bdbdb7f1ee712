/* bisect.h - at which rate a slice is asked for, where the highest that a server can do is to be
 * found: by bisection within each round.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_BISECT_H
#define ABACUS_BISECT_H

#include "model/run.h"

/* Slices of a server in each round. What is tried spans a factor of 16, so after so many steps the
 * rate is known to 2 %. */
enum { BISECT_STEPS = 7 };

/* The next rate, requests/s: in the middle, by its logarithm, of what was in time and what was not
 * in this round. Its share of the load (run.slicings) has what the server did without a pause. */
int bisect_rate(const struct run *run, size_t load, size_t server, int round);

/* Requests in a slice at such a rate. */
long bisect_requests(const struct load *load, double rate);

#endif
