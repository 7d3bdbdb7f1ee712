/* clock.h - the monotonic clock.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CLOCK_H
#define ABACUS_CLOCK_H

/* Seconds on the monotonic clock. */
double clock_now(void);

/* Milliseconds from now until `deadline` (of clock_now), for poll: rounded up, at least 0. */
int clock_left_ms(double deadline);

#endif
