/* slice.h - a run of bytes that somebody else owns.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_SLICE_H
#define CORE_SLICE_H

#include <stddef.h>

struct slice {
    const char *bytes; /* not terminated */
    size_t length;
};

#endif
