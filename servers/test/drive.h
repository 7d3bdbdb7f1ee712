/* drive.h - plays a client against one connection, without a socket: for tests and the fuzzer.
 * SPDX-License-Identifier: MIT */
#ifndef TEST_DRIVE_H
#define TEST_DRIVE_H

#include "../core/conn.h"

#include <stdlib.h>
#include <string.h>

/* What the client sends and how: in pieces of these sizes, over and over; its replies are taken
 * in pieces of `take` bytes. */
struct drive {
    const char *input;
    size_t length;
    size_t first; /* bytes of the first piece */
    size_t piece; /* bytes of every further piece */
    size_t take;
};

/* What it got, and how the connection ended. */
struct driven {
    char *output; /* the caller frees it */
    size_t length;
    bool lingered; /* after its end the server waited for the client's */
    size_t unread; /* bytes of input that it never took */
};

static inline size_t at_most(size_t n, size_t limit)
{
    return n < limit ? n : limit;
}

/* Takes a piece of what is owed. */
static inline void drive_take(struct driven *driven, struct conn *conn, size_t take)
{
    struct slice owed = conn_output(conn);
    size_t n = at_most(owed.length, take);
    char *output = realloc(driven->output, driven->length + n + 1);
    if (!output || n == 0)
        abort();
    memcpy(output + driven->length, owed.bytes, n);
    driven->output = output;
    driven->length += n;
    enum want next = n == owed.length ? conn_next(conn) : WANT_WRITE;
    conn_sent(conn, n);
    if (next != WANT_WRITE && next != conn_want(conn))
        abort();
}

/* Gives the next piece of the input; after the last one, the end. */
static inline void drive_give(const struct drive *drive, struct conn *conn, size_t *given)
{
    size_t room = conn_room(conn);
    struct space space = conn_space(conn);
    size_t n = *given == 0 ? drive->first : drive->piece;
    n = at_most(at_most(n, space.length), drive->length - *given);
    if (space.length == 0 || space.length != room)
        abort();
    memcpy(space.bytes, drive->input + *given, n);
    *given += n;
    conn_input(conn, (ssize_t)n);
}

static inline struct driven drive_run(const struct drive *drive)
{
    struct driven driven = {0};
    struct conn conn;
    size_t given = 0;
    conn_open(&conn);
    while (conn_want(&conn) != WANT_CLOSE) {
        if (conn_want(&conn) == WANT_READ) {
            drive_give(drive, &conn, &given);
        } else if (conn_want(&conn) == WANT_WRITE) {
            drive_take(&driven, &conn, drive->take);
        } else {
            driven.lingered = conn_lingers(&conn);
            conn_shut(&conn);
            if (conn_want(&conn) != (driven.lingered ? WANT_READ : WANT_CLOSE))
                abort();
        }
    }
    conn_close(&conn);
    driven.unread = drive->length - given;
    return driven;
}

#endif
