/* arrivals.h - when each request of an open loop is due.
 * SPDX-License-Identifier: MIT */
#ifndef PACE_ARRIVALS_H
#define PACE_ARRIVALS_H

#include "pace/plan.h"

/* `count` times in seconds from the start, the earliest first; owned by the caller. Constant: at
 * equal distances. Else a Poisson process of which it is known how many arrivals there are: they
 * are independent and uniform over count / rate seconds (Ross, Stochastic Processes, theorem
 * 2.3.1), so the mean rate is exact. The same seed gives the same times. */
double *arrivals_make(const struct plan *plan, long count);

#endif
