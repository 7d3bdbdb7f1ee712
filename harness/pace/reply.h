/* reply.h - a reply as it comes in: how far it is, and whether it is whole.
 * SPDX-License-Identifier: MIT */
#ifndef PACE_REPLY_H
#define PACE_REPLY_H

#include <stdbool.h>
#include <stddef.h>

enum reply_state {
    REPLY_HEAD,        /* its head has not come yet, or not all of it */
    REPLY_BODY,        /* so many bytes are missing */
    REPLY_UNTIL_CLOSE, /* the end of the connection ends it */
    REPLY_WHOLE,
    REPLY_WRONG, /* no HTTP/1 reply, or more than was announced */
};

enum { REPLY_HEAD_MAX = 4096 };

struct reply {
    enum reply_state state;
    int status;
    bool keeps; /* the server will keep the connection (RFC 9112, 9.3) */
    long body;  /* bytes of it that came */
    long left;  /* bytes of it that are missing */
    size_t head_size;
    char head[REPLY_HEAD_MAX + 1];
};

void reply_begin(struct reply *reply);

/* Takes the next bytes. */
void reply_input(struct reply *reply, const char *bytes, size_t size);

/* The server has closed the connection: a reply that lasts until then is whole. */
void reply_end(struct reply *reply);

#endif
