/* client.c - one client of the server that is being checked, in steps.
 * SPDX-License-Identifier: MIT */
#include "subject/client.h"

#include "base/clock.h"
#include "subject/exchange.h"

#include <stdio.h>
#include <string.h>

static double reply_deadline(void)
{
    return clock_now() + REPLY_TIMEOUT_MS / 1000.0;
}

int client_open(struct http_conn *conn, const struct subject *subject, int window,
                struct finding *finding)
{
    struct err err;
    if (http_open(conn, subject->running.host, subject->running.port, window,
                  reply_deadline(), &err) == 0)
        return 0;
    return finding_says(finding, "a connection", "%s", err.text);
}

int client_send(struct http_conn *conn, const char *text, struct finding *finding)
{
    struct err err;
    if (http_send(conn, text, strlen(text), reply_deadline(), &err) == 0)
        return 0;
    return finding_says(finding, "the request taken", "%s", err.text);
}

/* Takes one reply of status 200 with a body of that size. */
int client_receive(struct http_conn *conn, size_t body_size, struct finding *finding)
{
    struct http_reply reply;
    struct err err;
    char expected[64];
    snprintf(expected, sizeof expected, "a reply of status 200 with %zu bytes of body",
             body_size);
    if (http_receive(conn, &reply, false, reply_deadline(), &err) < 0)
        return finding_says(finding, expected, "%s", err.text);
    int failed = reply.status == 200 && reply.body_size == body_size
                     ? 0
                     : finding_shows(finding, expected, "", reply.bytes, reply.size);
    http_reply_free(&reply);
    return failed;
}

int client_receive_end(struct http_conn *conn, struct finding *finding)
{
    struct err err;
    if (http_receive_end(conn, reply_deadline(), &err) == 0)
        return 0;
    return finding_says(finding, "the connection closed by the server, in good order",
                        "%s", err.text);
}
