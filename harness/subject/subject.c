/* subject.c - the server that is tried, its clients and its processes.
 * SPDX-License-Identifier: MIT */
#include "subject/subject.h"

#include "base/clock.h"
#include "host/family.h"
#include "subject/exchange.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int subject_start(struct subject *subject, const char *host, struct finding *finding)
{
    struct err err;
    struct server_options options = {.host = host, .cpu = -1, .error = subject->error};
    if (subject->up)
        return 0;
    if (server_start(&subject->running, subject->server->path, &options, &err) < 0) {
        subject->unstartable = true;
        return finding_says(finding, "the line \"listening on ADDR:PORT\"", "%s",
                            err.text);
    }
    subject->up = true;
    return 0;
}

int subject_stop(struct subject *subject, struct finding *finding)
{
    struct err err;
    if (!subject->up)
        return 0;
    subject->up = false;
    if (server_stop(&subject->running, &err) == 0)
        return 0;
    return finding_says(finding, "exit status 0", "%s", err.text);
}

/* ---- its clients, in steps ---- */

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

/* ---- its processes ---- */

/* No event tells of the end of another process's child, so it is looked for this often. */
enum { POLL_MS = 10 };

/* Zombies that we wait for ourselves, since their parent has ended, are no fault. */
static struct group group_count(pid_t server)
{
    struct group group = {0};
    struct relative *family;
    size_t count = family_find(server, &family);
    for (size_t i = 0; i < count; i++)
        if (family[i].pid != server && !family[i].zombie)
            group.living++;
        else if (family[i].pid != server && family[i].parent != getpid())
            group.zombies++;
    free(family);
    return group;
}

static struct group group_await(pid_t server, int timeout_ms, bool zombies)
{
    double deadline = clock_now() + timeout_ms / 1000.0;
    struct group group = group_count(server);
    while ((zombies ? group.zombies : group.living) > 0 && clock_now() < deadline) {
        poll(NULL, 0, POLL_MS);
        group = group_count(server);
    }
    return group;
}

struct group group_await_no_zombie(pid_t server, int timeout_ms)
{
    return group_await(server, timeout_ms, true);
}

struct group group_await_no_living(pid_t server, int timeout_ms)
{
    return group_await(server, timeout_ms, false);
}
