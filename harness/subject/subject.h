/* subject.h - the server that is tried: started when a check needs it, stopped when one has
 * used it up; its clients and its processes.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SUBJECT_H
#define ABACUS_SUBJECT_H

#include "subject/finding.h"
#include "subject/http.h"
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

/* ---- one of its clients ----
 * Each step has a deadline, and returns 0, or -1 with what is wrong. */

/* Connects; `window` as of http_open. The caller closes it, also after -1. */
int client_open(struct http_conn *conn, const struct subject *subject, int window,
                struct finding *finding);

int client_send(struct http_conn *conn, const char *text, struct finding *finding);

/* Takes one reply of status 200 with a body of that size. */
int client_receive(struct http_conn *conn, size_t body_size, struct finding *finding);

/* The server must close, without another byte and without a reset. */
int client_receive_end(struct http_conn *conn, struct finding *finding);

/* ---- its processes ---- */

/* How many there are beside it. */
struct group {
    int zombies; /* ended, and not waited for */
    int living;
};

/* Counts again and again until there is no zombie, or no living one, or the time is up; and
 * returns the last count. */
struct group group_await_no_zombie(pid_t server, int timeout_ms);
struct group group_await_no_living(pid_t server, int timeout_ms);

#endif
