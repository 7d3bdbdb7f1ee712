/* bare.h - what the servers without HTTP answer, and when they close.
 * SPDX-License-Identifier: MIT */
#ifndef TOOLS_BARE_H
#define TOOLS_BARE_H

#include <stdbool.h>

/* In HTTP/1.0 or HTTP/1.1. */
#define BARE_REPLY(minor)                                                                \
    "HTTP/1." minor " 200 OK\r\nContent-Length: 13\r\n"                                  \
    "Content-Type: text/plain;charset=utf-8\r\n\r\nHello, World!"

/* Whether the connection is kept: by the one byte in which the requests of ab, without -k, and
 * of wrk differ. `request` has that many bytes at least. */
static inline bool bare_keeps(const char *request)
{
    return request[sizeof "GET / HTTP/1." - 1] == '1';
}

#endif
