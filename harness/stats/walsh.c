/* walsh.c - the means of all pairs of a sample, in their order, without making them all.
 * SPDX-License-Identifier: MIT */
#include "stats/walsh.h"

#include <stdint.h>
#include <string.h>

/* The place of a double among all of them, as a whole number: its bits, which count up from 0,
 * and for the negative ones down. */
static int64_t place_of(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static double value_at(int64_t place)
{
    double value;
    int64_t bits = place < 0 ? INT64_MIN - place : place;
    memcpy(&value, &bits, sizeof value);
    return value;
}

size_t walsh_count(size_t n)
{
    return n * (n + 1) / 2;
}

/* How many means are no larger than `limit`. The larger one value of a pair, the fewer others
 * go with it. */
static size_t count_up_to(const double *sorted, size_t n, double limit)
{
    size_t count = 0;
    size_t end = n;
    for (size_t i = 0; i < end; i++) {
        while (end > i && (sorted[i] + sorted[end - 1]) / 2 > limit)
            end--;
        count += end - i;
    }
    return count;
}

/* Halves the range between the smallest and the largest, of which each double is a candidate,
 * until one is left: 64 times at most. */
double walsh_select(const double *sorted, size_t n, size_t k)
{
    int64_t low = place_of(sorted[0]);
    int64_t high = place_of(sorted[n - 1]);
    while (low < high) {
        int64_t middle = low + (int64_t)(((uint64_t)high - (uint64_t)low) / 2);
        if (count_up_to(sorted, n, value_at(middle)) > k)
            high = middle;
        else
            low = middle + 1;
    }
    return value_at(low);
}
