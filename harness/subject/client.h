/* client.h - one client of the server that is being checked, in steps. Each step has a deadline,
 * and returns 0, or -1 with what is wrong.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CLIENT_H
#define ABACUS_CLIENT_H

#include "subject/finding.h"
#include "subject/http.h"
#include "subject/subject.h"

/* Connects; `window` as of http_open. The caller closes it, also after -1. */
int client_open(struct http_conn *conn, const struct subject *subject, int window,
                struct finding *finding);

int client_send(struct http_conn *conn, const char *text, struct finding *finding);

/* Takes one reply of status 200 with a body of that size. */
int client_receive(struct http_conn *conn, size_t body_size, struct finding *finding);

/* The server must close, without another byte and without a reset. */
int client_receive_end(struct http_conn *conn, struct finding *finding);

#endif
