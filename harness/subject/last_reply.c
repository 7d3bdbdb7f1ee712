/* last_reply.c - the last reply on a connection arrives whole, also where the client has sent
 * more than the server has read.
 * SPDX-License-Identifier: MIT
 *
 * A close with unread bytes in the socket resets the connection and throws away what was not
 * sent yet (RFC 9112, 9.6; RFC 2525, 2.17). */
#include "subject/conduct.h"

#include <stdio.h>
#include <string.h>

enum {
    HEAD_MAX = 8192,
    RACES = 300, /* to lose the reply takes bytes that come between two system calls */
    PIPELINED = 121,
    LAST = 100, /* the index of the request that asks to close */
    HELLO_SIZE = 13,
};

/* Writes a request of that many bytes that asks to close, and a NUL. Returns its end. */
static char *last_request_write(char *to, size_t size)
{
    static const char begin[] =
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Long: ";
    static const char end[] = "\r\n\r\n";
    int padding = (int)(size - strlen(begin) - strlen(end));
    snprintf(to, size + 1, "%s%0*d%s", begin, padding, 0, end);
    return to + size;
}

/* ---- a head that fills a buffer ---- */

static int full_head_client(struct http_conn *conn, const struct subject *subject,
                            size_t size, struct finding *finding)
{
    char request[HEAD_MAX + sizeof "\r\n"];
    stpcpy(last_request_write(request, size), "\r\n");
    if (client_open(conn, subject, 0, finding) < 0 ||
        client_send(conn, request, finding) < 0 ||
        client_receive(conn, HELLO_SIZE, finding) < 0)
        return -1;
    return client_receive_end(conn, finding);
}

int last_reply_to_full_head_try(struct subject *subject, struct finding *finding)
{
    static const size_t sizes[] = {1024, 2048, 3072, 4096, HEAD_MAX};
    int failed = 0;
    for (size_t i = 0; !failed && i < sizeof sizes / sizeof *sizes; i++) {
        struct http_conn conn;
        failed = full_head_client(&conn, subject, sizes[i], finding);
        http_close(&conn);
        if (failed)
            snprintf(finding->sent, sizeof finding->sent,
                     "GET / in a head of %zu bytes, and CR LF behind it", sizes[i]);
    }
    return failed;
}

/* ---- a segment that comes while the server answers ---- */

/* The server may have closed when the second segment comes, so its fate is the client's own
 * affair, and so is a reset behind the reply. */
static int segment_client(struct http_conn *conn, const struct subject *subject,
                          struct finding *finding)
{
    struct finding ignored;
    if (client_open(conn, subject, 0, finding) < 0 ||
        client_send(conn, "GET / HTTP/1.0\r\n\r\n", finding) < 0)
        return -1;
    client_send(conn, "\r\n", &ignored);
    return client_receive(conn, HELLO_SIZE, finding);
}

int last_reply_before_segment_try(struct subject *subject, struct finding *finding)
{
    int failed = 0;
    for (int i = 0; !failed && i < RACES; i++) {
        struct http_conn conn;
        failed = segment_client(&conn, subject, finding);
        http_close(&conn);
        if (failed)
            snprintf(finding->sent, sizeof finding->sent,
                     "GET /, then CR LF in a segment of its own, time %d of %d", i + 1,
                     RACES);
    }
    return failed;
}

/* ---- requests behind the last one ---- */

/* The request that asks to close ends where a buffer is likely to. */
static int pipeline_send(struct http_conn *conn, struct finding *finding)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    char pipeline[HEAD_MAX + (PIPELINED - LAST) * sizeof request];
    char *end = pipeline;
    for (int i = 0; i < PIPELINED; i++)
        if (i == LAST)
            end = last_request_write(end, (size_t)(pipeline + HEAD_MAX - end));
        else
            end = stpcpy(end, request);
    return client_send(conn, pipeline, finding);
}

static int pipeline_client(struct http_conn *conn, const struct subject *subject,
                           struct finding *finding)
{
    if (client_open(conn, subject, 0, finding) < 0 || pipeline_send(conn, finding) < 0)
        return -1;
    for (int i = 0; i <= LAST; i++)
        if (client_receive(conn, HELLO_SIZE, finding) < 0)
            return -1;
    return client_receive_end(conn, finding);
}

int last_reply_in_pipeline_try(struct subject *subject, struct finding *finding)
{
    struct http_conn conn;
    int failed = pipeline_client(&conn, subject, finding);
    http_close(&conn);
    if (failed)
        snprintf(finding->sent, sizeof finding->sent,
                 "%d pipelined GET /, number %d with Connection: close", PIPELINED,
                 LAST + 1);
    return failed;
}
