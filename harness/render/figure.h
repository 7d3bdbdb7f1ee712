/* figure.h - one number as the tables print it: its digits, its separators, or "–" where
 * there is none.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FIGURE_H
#define ABACUS_FIGURE_H

#include "stats/stats.h"

/* By value, so that `figure_count(x).text` can be printed where it is made. */
struct figure {
    char text[64];
};

struct figure figure_count(double value); /* whole: "6,220" */
struct figure figure_short(
    double value); /* three digits, at most three decimals: "2.13"; no digits of a 0 */
struct figure figure_time(double value); /* the same; in a table it gets fewer decimals */
int figure_digits(double value);         /* how many decimals figure_short gives it */
struct figure figure_decimals(double value, int count);
struct figure figure_tenths(double value);  /* "1.7", and "9" for a whole number */
struct figure figure_percent(double share); /* a share of 1, in whole per cent: "43" */
struct figure figure_change(double ratio);  /* a ratio as a change in per cent: "+16.7" */
struct figure figure_duration(double seconds); /* "42 s", "12 min 3 s", "1 h 4 min" */

/* "low–high", each as `one` prints it. */
struct figure figure_range(struct interval interval, struct figure (*one)(double));

#endif
