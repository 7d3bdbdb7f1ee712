/* request.h - the request reader: bytes in, one request's head out (RFC 9112). It does no I/O
 * and allocates nothing.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_REQUEST_H
#define CORE_REQUEST_H

#include "slice.h"
#include "status.h"

#include <stdbool.h>

enum { REQUEST_MAX = 8192 }; /* bytes of a head, its empty last line included */

enum method {
    METHOD_OTHER, /* and what could not be read */
    METHOD_GET,
    METHOD_HEAD,
};

struct request {
    /* The result. The two slices point into the head, and are there only after STATUS_OK. */
    enum method method;
    int minor;       /* it is HTTP/1.0 or HTTP/1.1; 1 for a version that was not read */
    bool persistent; /* the client may send another request on this connection */
    bool body;       /* it announces a body, which nobody is going to read */
    size_t length; /* bytes of the whole lines that were read: at the end, of the head */
    struct slice path;   /* the target's path, without its query */
    struct slice fields; /* the header field lines, each with its line end */

    /* The reader's own. Offsets, since the head may move between two calls. */
    size_t scanned; /* bytes that are known to hold no further line end */
    size_t target_at, target_length;
    size_t fields_at;
    unsigned hosts, content_lengths; /* how many such fields there were */
    bool close, keep_alive;          /* what Connection lists */
};

/* Makes ready for a new request. */
void request_open(struct request *request);

/* Reads on. `head` holds the `n` bytes that have come so far, from the request's first on: the
 * same as in the last call, and more behind them. STATUS_NONE: there must come more.
 * STATUS_OK: the head is whole, and bytes from request->length on are not its own. Else what
 * to refuse the request with; the connection is then out of step and cannot be used on.
 * The answer depends on the bytes alone, not on the pieces that they came in. */
enum status request_read(struct request *request, const char *head, size_t n);

#endif
