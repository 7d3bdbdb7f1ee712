/* nearest.c - which of several names someone may have meant.
 * SPDX-License-Identifier: MIT */
#include "base/nearest.h"

#include <stddef.h>
#include <string.h>

enum { NEAR = 2, LONGEST = 32 };

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Row by row; more than LONGEST where `b`, a name of ours, is longer than that. */
static size_t distance(const char *a, const char *b)
{
    size_t row[LONGEST];
    size_t columns = strlen(b);
    if (columns >= LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= columns; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t above = row[j];
            row[j] =
                smallest(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[columns];
}

const char *nearest_of(const char *given, const char *a, const char *b)
{
    size_t from_a = a ? distance(given, a) : LONGEST;
    size_t from_b = b ? distance(given, b) : LONGEST;
    const char *nearer = from_b < from_a ? b : a;
    return (from_b < from_a ? from_b : from_a) <= NEAR ? nearer : NULL;
}
