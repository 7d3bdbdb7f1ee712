/* client.h - the requests themselves: sent when they are due, their times taken.
 * SPDX-License-Identifier: MIT */
#ifndef PACE_CLIENT_H
#define PACE_CLIENT_H

#include "base/err.h"
#include "pace/plan.h"
#include "pace/times.h"

/* Why a request failed. */
enum failure {
    FAILURE_CONNECT, /* no connection */
    FAILURE_RESET,   /* the connection was reset, or closed, within the reply */
    FAILURE_WRONG,   /* no HTTP/1 reply, or one longer than its Content-Length says */
    FAILURE_STATUS,  /* not 2xx */
    FAILURE_TIMEOUT,
    FAILURES
};

/* As print.c calls them. */
extern const char *const failure_names[FAILURES];

struct outcome {
    long due;      /* requests */
    long complete; /* whole replies of status 2xx */
    long
        failed[FAILURES]; /* the rest of those that were due, unless it was interrupted */
    long kept;            /* complete ones after which the connection stayed open */
    long bytes, body;     /* received; of bodies */
    long document;  /* bytes of the first complete reply's body; -1: there is none */
    double seconds; /* from the start to the last reply */
    double lasted;  /* from the start until no request was due any more */
    /* Of each complete request: open loop, from the moment when it was due to the last byte; closed
     * loop, from the start of its connection, or its sending on a kept one. */
    struct times times;
    /* Open loop: how late each was sent after it could have been, being due and a connection being
     * free. That is pace's own fault, not the server's. */
    struct times lateness;
};

/* Sends all the requests of the plan and awaits their replies; less if the user interrupts it. 0;
 * -1 if it cannot work at all, with the reason. */
int client_run(struct outcome *outcome, const struct plan *plan, struct err *err);

long outcome_failed(const struct outcome *outcome);

void outcome_free(struct outcome *outcome);

#endif
