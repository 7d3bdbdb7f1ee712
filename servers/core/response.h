/* response.h - what a server answers: the pages, and the replies that carry them.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_RESPONSE_H
#define CORE_RESPONSE_H

#include "echo.h"
#include "request.h"

enum {
    RESPONSE_BIG = 50 * 1024, /* bytes of the page /50k */
    RESPONSE_WINDOW = 4096,   /* bytes of the dynamic page that are made at a time */
};

/* One reply on its way out. */
struct response {
    struct slice ready; /* owed now; empty once the whole reply is sent */
    bool last;          /* the connection ends after this reply */
    struct echo echo;   /* what of the dynamic page is not made yet */
};

/* Makes the replies that are always the same. Once, before any other call; ends the program
 * if there is no memory for them. */
void response_setup(void);

/* Begins the reply to what request_read has returned. `window` is RESPONSE_WINDOW bytes; it
 * and the request's head must stay as they are until the reply is sent. */
void response_open(struct response *response, enum status status,
                   const struct request *request, char *window);

/* `n` of the ready bytes have been sent. */
void response_sent(struct response *response, size_t n, char *window);

#endif
