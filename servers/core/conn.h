/* conn.h - one client's connection: bytes in, bytes out. The protocol does no I/O here, so a
 * server may read and write in its own way, blocking, when ready, or on completion; for a
 * plain socket, conn_step does both.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_CONN_H
#define CORE_CONN_H

#include "request.h"
#include "response.h"

#include <sys/types.h>

enum want {
    WANT_READ,     /* input: read into conn_space, then conn_input */
    WANT_WRITE,    /* to get rid of conn_output; then conn_sent */
    WANT_SHUTDOWN, /* the last reply is sent: shutdown(SHUT_WR); then conn_shut */
    WANT_CLOSE,    /* nothing more: conn_close, and close the socket */
};

/* Where input can be put. */
struct space {
    char *bytes;
    size_t length;
};

/* A connection wants one thing at a time: while a reply is on its way, nothing is read, so a
 * client that does not take its replies cannot make a server hold more than one buffer. And
 * it has a buffer only while it holds something, so a thousand idle clients cost little. */
struct conn {
    enum want want;
    bool refused;     /* its last request was not read to its end */
    bool more_waits;  /* there may be input that nobody has read yet */
    bool lingering;   /* input is thrown away until the client has closed its side, too */
    size_t discarded; /* bytes thrown away so far */
    size_t begin;     /* the input not yet used up is in[begin] to in[end - 1] */
    size_t end;
    struct buffer *buffer; /* NULL: it holds nothing */
    struct request request;
    struct response response;
};

/* A new connection; it wants to read. conn_close gives back what it holds. */
void conn_open(struct conn *conn);
void conn_close(struct conn *conn);

static inline enum want conn_want(const struct conn *conn)
{
    return conn->want;
}

/* WANT_READ: where to read to; its length is 0 only if there is no memory. Then tell what came
 * of it: `n` bytes; 0: the client will send no more; -1: nothing this time. Whatever the
 * bytes are, this cannot fail: garbage is owed a 400. */
struct space conn_space(struct conn *conn);
void conn_input(struct conn *conn, ssize_t n);

/* After conn_input: more is known to wait, or may, where a server reads less at a time than there
 * is room for. Input that fills conn_space is seen to by itself. */
static inline void conn_more_waits(struct conn *conn)
{
    conn->more_waits = true;
}

/* WANT_READ: how long conn_space is going to be, for a server that does not want to have it
 * before there is input. */
static inline size_t conn_room(const struct conn *conn)
{
    return REQUEST_MAX - (conn->end - conn->begin);
}

/* WANT_WRITE: what is owed, and that its first `n` bytes are sent. The bytes stay where they
 * are until then. */
struct slice conn_output(const struct conn *conn);
void conn_sent(struct conn *conn, size_t n);

/* WANT_WRITE: what follows once all of conn_output is sent, for a server that asks the kernel
 * for both at once. WANT_WRITE: that will be seen then, there may be more to send. */
enum want conn_next(const struct conn *conn);

/* WANT_WRITE: the flags for send(), so that the last of a reply that is followed by the end of
 * the stream leaves together with it; and for a library that takes no flags, the same done to
 * the socket. Only where all of conn_output is given to the kernel at once: what is held back
 * is sent by the shutdown, or 200 ms later. */
int conn_send_flags(const struct conn *conn);
void conn_cork(const struct conn *conn, int fd);

/* WANT_SHUTDOWN: it is done. If the connection lingers, that is all for now, else the close
 * follows; known beforehand, as conn_next. */
void conn_shut(struct conn *conn);
bool conn_lingers(const struct conn *conn);

/* Reads and writes a socket, blocking or not: one read at most, so that no client can keep
 * the others waiting, then all the output that it takes. Returns what to wait for before the
 * next step: WANT_READ, WANT_WRITE, or WANT_CLOSE (also when the client is gone). */
enum want conn_step(struct conn *conn, int fd);

#endif
