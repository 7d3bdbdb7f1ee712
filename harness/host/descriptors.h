/* descriptors.h - how many files this process and its children may have open.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_DESCRIPTORS_H
#define ABACUS_DESCRIPTORS_H

#include "base/err.h"

#include <stddef.h>

/* Raises the limit, where it is lower, so that server and load tool, which inherit it, can
 * have so many connections each. -1: not permitted, and what would do it. */
int descriptors_raise(size_t connections, struct err *err);

#endif
