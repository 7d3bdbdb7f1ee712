/* subject.h - the server that is tried: started when a check needs it, stopped when one has
 * used it up.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SUBJECT_H
#define ABACUS_SUBJECT_H

#include "subject/finding.h"
#include "subject/server.h"

#include <stdbool.h>

struct subject {
    const struct run_server *server; /* borrowed */
    struct server running;
    bool up;          /* `running` has been started and not been stopped */
    bool unstartable; /* it did not start, and is not to be tried again */
    int error; /* a file in memory with the standard error of everything that ran */
};

/* Starts it, listening at `host`, or leaves it as it is where it is up. 0, or -1 and the
 * finding says why not. */
int subject_start(struct subject *subject, const char *host, struct finding *finding);

/* Stops it where it is up. 0 if it then ended with status 0, or was not up; else -1. */
int subject_stop(struct subject *subject, struct finding *finding);

#endif
