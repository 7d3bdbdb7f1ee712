/* reserve.h - memory for libraries that end the program when they cannot have any.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_RESERVE_H
#define CORE_RESERVE_H

#include <stddef.h>

/* realloc() for the tables of an event loop, which only grow; and free(), with a size of 0. Once
 * there is no memory, a table moves into the reserve. NULL: that is used up, too. */
void *reserve_realloc(void *old, size_t size);

#endif
