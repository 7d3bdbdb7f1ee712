/* plan.h - what pace is asked to do.
 * SPDX-License-Identifier: MIT */
#ifndef PACE_PLAN_H
#define PACE_PLAN_H

#include "base/err.h"

#include <netinet/in.h>
#include <stdbool.h>

struct plan {
    struct sockaddr_in server;
    char *request;      /* the bytes of one; owned */
    char *idle_request; /* of one whose connection is then held; owned */
    const char *url;
    int connections; /* at a time */
    double seconds;  /* for which requests are due; 0: as long as `requests` take */
    int requests;    /* 0: as many as fall into `seconds` */
    double rate;     /* requests/s that are due, open loop; 0: closed loop */
    bool constant; /* they are due at equal distances; else they are a Poisson process */
    bool closes;   /* a connection for each request; else connections are kept */
    bool hold;     /* no requests: only hold the idle connections until told to end */
    bool spectrum; /* print the whole distribution */
    bool json;
    int idle;                /* connections to hold beside the requests */
    double timeout;          /* s, of a request */
    unsigned long long seed; /* of the Poisson process */
};

/* Takes http://HOST[:PORT][/PATH] for the server and the request. 0, or -1 with the reason. */
int plan_target(struct plan *plan, const char *url, struct err *err);

/* How many requests are due in all; 0: no number is asked for (a closed loop for some time). */
long plan_requests(const struct plan *plan);

void plan_free(struct plan *plan);

#endif
