/* http.h - the small HTTP client that tries a server out: bytes as given, replies as they
 * came, and a deadline on everything.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_HTTP_H
#define ABACUS_HTTP_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* One reply, taken apart (RFC 9112). */
struct http_reply {
    char *bytes; /* head and body as they came, and a NUL; owned: http_reply_free */
    size_t size;
    int status;
    size_t head_size; /* status line, fields, and the blank line */
    size_t body_size;
    bool closed; /* the server had closed the connection when this was returned */
};

/* One request, one reply: connects, sends, and reads until the whole reply is there and,
 * unless the reply keeps the connection, until the server closes it; so it must in any case
 * if `ends`: that was asked for. A HEAD request has a
 * reply without a body. Returns 0, the reply then owned by the caller; or -1 with the
 * reason and nothing to free: no connection, no HTTP, a body that is shorter or longer
 * than its Content-Length, a reset, the deadline, the user's interrupt. */
int http_exchange(struct http_reply *reply, const char *host, int port,
                  const char *request, size_t size, bool ends, int timeout_ms,
                  struct err *err);

void http_reply_free(struct http_reply *reply);

/* Copies the value of the first header field of that name, cut to `size`. False: none. */
bool http_field(const struct http_reply *reply, const char *name, char *value,
                size_t size);

/* The same in steps, for several requests on a connection. Deadlines are of clock_now().
 */
struct http_conn {
    int fd;
    char *bytes; /* received, not yet taken by a reply, and a NUL; NULL at first; owned */
    size_t size;
    bool closed; /* the server has closed: nothing more will come */
};

/* Connects to an IPv4 address. `window` limits the kernel's receive buffer, so that a
 * server meets a slow reader after few bytes; 0: as the system has it. */
int http_open(struct http_conn *conn, const char *host, int port, int window,
              double deadline, struct err *err);

int http_send(struct http_conn *conn, const char *bytes, size_t size, double deadline,
              struct err *err);

/* Takes the next whole reply; `bodyless` if it is owed to a HEAD. After -1 what came
 * stays in conn->bytes. */
int http_receive(struct http_conn *conn, struct http_reply *reply, bool bodyless,
                 double deadline, struct err *err);

/* 0 once the server has closed the connection without another byte. */
int http_receive_end(struct http_conn *conn, double deadline, struct err *err);

/* Closes what http_open opened, also when that failed. */
void http_close(struct http_conn *conn);

/* Waits until the peer, a process on this machine, has read all that was sent to it: the one way
 * to be sure that a server has met a request in pieces. False if it does not within
 * `timeout_ms`, or if the kernel cannot tell. */
bool http_await_read(const struct http_conn *conn, int timeout_ms);

#endif
