/* conn.c - one client's connection: which request is read, which reply is owed, when it ends.
 * SPDX-License-Identifier: MIT */
#include "conn.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How much is read only to be thrown away. A server that closes a socket with unread bytes in
 * it resets the connection, and the client may lose the reply that it was just sent (RFC
 * 9112, 9.6). So where more may come, it says that it is done, and reads on. */
enum { LINGER_MAX = 1024 * 1024 };

/* What a connection holds while a request is read or a reply sent. */
struct buffer {
    struct buffer *next; /* in the list of those that nobody holds */
    char in[REQUEST_MAX];
    char window[RESPONSE_WINDOW];
};

/* Buffers are kept for the next connection, which mostly finds the very one that is still in
 * the processor's cache. They are never cleared and never given back. Each thread has its own:
 * a connection stays with the thread that opened it. */
static _Thread_local struct buffer *spare_buffers;

static struct buffer *buffer_take(void)
{
    struct buffer *buffer = spare_buffers;
    if (!buffer)
        return malloc(sizeof *buffer);
    spare_buffers = buffer->next;
    return buffer;
}

static void conn_release(struct conn *conn)
{
    if (conn->buffer) {
        conn->buffer->next = spare_buffers;
        spare_buffers = conn->buffer;
    }
    conn->buffer = NULL;
    conn->begin = conn->end = 0;
}

void conn_open(struct conn *conn)
{
    conn->want = WANT_READ;
    conn->refused = conn->more_waits = conn->lingering = false;
    conn->discarded = conn->begin = conn->end = 0;
    conn->buffer = NULL;
    request_open(&conn->request);
}

void conn_close(struct conn *conn)
{
    conn_release(conn);
}

/* Waits for input, with a buffer only if there is the beginning of a request in it. */
static void conn_await(struct conn *conn)
{
    conn->want = WANT_READ;
    if (conn->begin == conn->end)
        conn_release(conn);
}

/* What follows from the input so far. */
static void conn_advance(struct conn *conn)
{
    const char *head = conn->buffer->in + conn->begin;
    enum status status = request_read(&conn->request, head, conn->end - conn->begin);
    if (status == STATUS_NONE) {
        conn_await(conn);
        return;
    }
    conn->refused = status != STATUS_OK;
    response_open(&conn->response, status, &conn->request, conn->buffer->window);
    conn->want = WANT_WRITE;
}

/* The reader takes a request from its first byte on, so that is moved to the front. With
 * one request at a time there is nothing to move. */
struct space conn_space(struct conn *conn)
{
    if (!conn->buffer && !(conn->buffer = buffer_take()))
        return (struct space){NULL, 0};
    size_t n = conn->end - conn->begin;
    if (conn->begin > 0)
        memmove(conn->buffer->in, conn->buffer->in + conn->begin, n);
    conn->begin = 0;
    conn->end = n;
    return (struct space){conn->buffer->in + n, sizeof conn->buffer->in - n};
}

void conn_input(struct conn *conn, ssize_t n)
{
    if (n == 0) {
        conn->want = WANT_CLOSE;
    } else if (n < 0) {
        conn_await(conn);
    } else if (conn->lingering) {
        conn->discarded += (size_t)n;
        conn_await(conn);
        if (conn->discarded > LINGER_MAX)
            conn->want = WANT_CLOSE;
    } else {
        conn->end += (size_t)n;
        conn->more_waits = conn->end == REQUEST_MAX;
        conn_advance(conn);
    }
}

struct slice conn_output(const struct conn *conn)
{
    return conn->response.ready;
}

/* Input behind the request that is answered. */
static bool has_more(const struct conn *conn)
{
    return conn->begin + conn->request.length < conn->end;
}

enum want conn_next(const struct conn *conn)
{
    if (conn->response.echo.part != ECHO_DONE)
        return WANT_WRITE;
    if (conn->response.last)
        return WANT_SHUTDOWN;
    return has_more(conn) ? WANT_WRITE : WANT_READ;
}

/* There may be input that nobody has read: a refused request's rest, a body, or what came after
 * the last request. */
bool conn_lingers(const struct conn *conn)
{
    return conn->refused || conn->request.body || conn->more_waits || has_more(conn);
}

/* The shutdown that follows sends the end of the stream (FIN). If the reply waits for it, both go
 * in one segment. To wait for the close would save that call, too, but the close throws away
 * what waits if there are unread bytes in the socket. */
int conn_send_flags(const struct conn *conn)
{
    return conn_next(conn) == WANT_SHUTDOWN ? MSG_MORE : 0;
}

void conn_cork(const struct conn *conn, int fd)
{
    const int on = 1;
    if (conn_send_flags(conn) == MSG_MORE)
        setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
}

void conn_sent(struct conn *conn, size_t n)
{
    response_sent(&conn->response, n, conn->buffer->window);
    if (conn->response.ready.length > 0)
        return;
    if (conn->response.last) {
        conn->want = conn_next(conn);
        return;
    }
    conn->begin += conn->request.length;
    request_open(&conn->request);
    conn_advance(conn);
}

void conn_shut(struct conn *conn)
{
    conn->lingering = conn_lingers(conn);
    conn->begin = conn->end = 0;
    conn->want = WANT_CLOSE;
    if (conn->lingering)
        conn_await(conn);
}

/* Does the one thing that is wanted. False: it would block, or failed, and errno says why. */
static bool conn_act(struct conn *conn, int fd)
{
    ssize_t n;
    /* recv and send, since the kernel does a little less for them than for read and write. */
    if (conn->want == WANT_READ) {
        struct space space = conn_space(conn);
        n = recv(fd, space.bytes, space.length, 0);
        conn_input(conn, n);
    } else if (conn->want == WANT_WRITE) {
        struct slice output = conn_output(conn);
        n = send(fd, output.bytes, output.length, conn_send_flags(conn));
        if (n >= 0)
            conn_sent(conn, (size_t)n);
    } else {
        n = shutdown(fd, SHUT_WR);
        conn_shut(conn);
    }
    return n >= 0;
}

enum want conn_step(struct conn *conn, int fd)
{
    do {
        if (!conn_act(conn, fd) && errno != EINTR)
            return errno == EAGAIN ? conn->want : WANT_CLOSE;
    } while (conn->want == WANT_WRITE || conn->want == WANT_SHUTDOWN);
    return conn->want;
}
