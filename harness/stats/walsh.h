/* walsh.h - the means of all pairs of a sample, in their order, without making them all.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_WALSH_H
#define ABACUS_WALSH_H

#include <stddef.h>

/* How many there are: of n values, each paired with itself, too. */
size_t walsh_count(size_t n);

/* The (k+1)-th smallest of the means of all pairs of `sorted`, n ascending finite values; k is
 * less than walsh_count(n). It takes time in proportion to n. */
double walsh_select(const double *sorted, size_t n, size_t k);

#endif
