/* colour.h - whether what is printed for people has colours.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_COLOUR_H
#define ABACUS_COLOUR_H

#include <stdbool.h>

/* "always", "never", or "auto": on a terminal that can show them, unless NO_COLOR is set
 * (no-color.org). False: it is none of these. */
bool colour_choose(const char *when);

/* Whether text for this descriptor has colours. */
bool colour_wanted(int fd);

#endif
