/* server.h - what a server's own file gives to main(): its description and its loop.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_SERVER_H
#define CORE_SERVER_H

#include "listen.h"

struct server {
    const char *about;   /* its I/O model, one line; -i prints it */
    const char *library; /* its name; NULL if it needs only the kernel */
    const char *(*version)(
        void);     /* of the library, asked at run time; NULL without one */
    bool blocking; /* accept() is to wait for a client */
    /* Serves clients for ever. An error that keeps it from starting is fail(). */
    void (*serve)(const struct listener *listener);
};

/* Each program has one, at the end of the server's file. */
extern const struct server server;

#endif
