/* server.h - what a server's own file gives to main(): its description and its loop.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_SERVER_H
#define CORE_SERVER_H

#include "listen.h"

/* -i prints what the first fields say. */
struct server {
    const char *about;   /* its I/O model, one line */
    const char *library; /* its name; NULL if it needs only the kernel */
    /* Of the library, and on which of its backends it is, if it has a choice; asked at run time.
     * NULL without a library. */
    const char *(*version)(void);
    /* Which features of the kernel it has found, where it does without those that are missing;
     * asked after `setup`. NULL: it needs none. */
    const char *(*features)(void);
    /* Makes what not every machine allows, or is fail_unavailable(); before all else, and for
     * -i, too. NULL: any machine will do. */
    void (*setup)(void);
    bool all_cores; /* it has a loop on each core that it is given */
    /* While it lacks the rest of a client's "request", or a client does not take its "reply",
     * the others wait; "request, reply": both. NULL: it holds up nobody. */
    const char *blocks;
    bool blocking; /* accept() is to wait for a client */
    /* Makes all that it needs, or is fail(); then calls listen_announce(), and serves clients
     * for ever. */
    void (*serve)(const struct listener *listener);
};

/* Each program has one, at the end of the server's file. */
extern const struct server server;

#endif
