/* echo.h - the dynamic page: a request's header fields, spat back in an HTML table. It is made
 * piece by piece, since escaped it can be many times as long as the request was.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_ECHO_H
#define CORE_ECHO_H

#include "slice.h"

enum echo_part { ECHO_DONE, ECHO_START, ECHO_ROW, ECHO_NAME, ECHO_BLANK, ECHO_VALUE };

struct echo {
    enum echo_part part; /* what comes next */
    struct slice fields; /* what is not yet spat back */
};

enum { ECHO_ROOM = 128 }; /* bytes that are enough to get on */

/* Begins a page. `fields` are lines that the request reader has found good; their bytes must
 * stay where they are until the page is done. */
void echo_open(struct echo *echo, struct slice fields);

/* The length of what is left of the page. */
size_t echo_length(const struct echo *echo);

/* Writes as much of the page as surely fits, and returns its length; 0: the page is done.
 * `room` must be ECHO_ROOM at least. */
size_t echo_fill(struct echo *echo, char *to, size_t room);

#endif
