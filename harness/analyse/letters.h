/* letters.h - which servers are not told apart, as letters: the compact letter display.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_LETTERS_H
#define ABACUS_LETTERS_H

#include <stdbool.h>
#include <stddef.h>

/* Two servers share a letter if, and only if, they are not told apart (Piepho 2004, "An
 * algorithm for a letter-based representation of all-pairwise comparisons": insert and
 * absorb). `apart` is a symmetric matrix, [a * count + b]; `order` names the servers from
 * the best on, so that the letters begin with "a" there. Returns `count` texts ("a",
 * "bc"); the caller frees each and the array. */
char **letters_make(const bool *apart, const size_t *order, size_t count);

#endif
