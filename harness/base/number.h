/* number.h - a number out of text: the whole text, in range, or not at all.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_NUMBER_H
#define ABACUS_NUMBER_H

#include <stdbool.h>

/* Each reads all of `text` as a decimal number from `low` to `high`, without blanks around
 * it. False, and *value untouched, if it is anything else: empty, "12x", "nan", too large. */
bool number_long(long *value, const char *text, long low, long high);
bool number_double(double *value, const char *text, double low, double high);

/* A time in seconds: "10s", "500ms", "2m", "1h"; without a unit it is seconds. Above 0, at most `high`
 * seconds. */
bool number_time(double *seconds, const char *text, double high);

#endif
