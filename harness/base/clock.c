/* clock.c - the monotonic clock.
 * SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <limits.h>
#include <math.h>
#include <time.h>

double clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int clock_left_ms(double deadline)
{
    double left = ceil((deadline - clock_now()) * 1000);
    if (left < 0)
        return 0;
    return left > INT_MAX ? INT_MAX : (int)left;
}
