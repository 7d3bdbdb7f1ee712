/* nearest.h - which of several names someone may have meant.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_NEAREST_H
#define ABACUS_NEAREST_H

/* The one of two names, each of which may be NULL, that is nearer to `given`: by how many letters
 * must be added, removed or replaced (Levenshtein 1966). NULL where that takes more than two. The
 * first of two that are equally near. */
const char *nearest_of(const char *given, const char *a, const char *b);

#endif
