/* descriptors.h - the files that this process and its children have open: the first three, and
 * how many there may be.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_DESCRIPTORS_H
#define ABACUS_DESCRIPTORS_H

#include "base/err.h"

#include <stddef.h>

/* Opens /dev/null as 0, 1 and 2 where these are closed: the next file would get such a number,
 * and what is said on standard error would be written into it. */
int descriptors_fill(struct err *err);

/* Raises the limit, where it is lower, so that server and load tool, which inherit it, can
 * have so many connections each. -1: not permitted, and what would do it. */
int descriptors_raise(size_t connections, struct err *err);

#endif
