/* status.h - where a run is, as one line of text: values in, text out.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_STATUS_H
#define ABACUS_STATUS_H

#include "model/run.h"

#include <stddef.h>

/* Texts are borrowed. */
struct status {
    int round, rounds;
    size_t trial, trials; /* from 1; in all */
    const char *load, *server;
    const char *last_load, *last_server; /* of the trial that ended last */
    const struct trial *last;            /* that trial; NULL: none yet */
    double share;                        /* done, of 1 */
    double left_s;
};

/* For a line that is written over: never wider than `width` columns, of which it gives up first
 * the last figures, then the bar, then letters of the server's name. Owned by the caller. */
char *status_line(const struct status *status, size_t width);

/* For a log: the last trial, whole. Owned by the caller. */
char *status_entry(const struct status *status);

/* "40 s", "12 min"; owned by the caller. */
char *status_duration(double seconds);

#endif
