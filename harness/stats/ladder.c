/* ladder.c - the kernel's retry times.
 * SPDX-License-Identifier: MIT */
#include "stats/ladder.h"

#include <math.h>
#include <stddef.h>

static const double rungs_ms[] = {
    /* a lost final ACK of the handshake: the server sends its SYN-ACK again */
    200,
    400,
    800,
    1700,
    3300,
    6600,
    13300,
    /* a lost SYN, all kernels' times together */
    1000,
    2000,
    3000,
    4000,
    5000,
    7000,
    9000,
    11000,
    15000,
    19000,
    21000,
    31000,
    35000,
    45000,
    63000,
    67000,
    93000,
};

/* No timer fires early, so it is the last that can have fired. */
double ladder_rung(double time_ms)
{
    double rung = NAN;
    for (size_t i = 0; i < sizeof rungs_ms / sizeof *rungs_ms; i++)
        if (time_ms >= 0.99 * rungs_ms[i] && time_ms <= 1.15 * rungs_ms[i])
            rung = fmax(rung, rungs_ms[i]);
    return rung;
}
