/* owner.h - whose is a listening port?
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_OWNER_H
#define ABACUS_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

enum { OWNER_ANY_PORT = 0 };

enum owner {
    OWNER_SERVER,  /* a process of the server listens on it */
    OWNER_OTHER,   /* somebody listens on it, but no process of the server */
    OWNER_UNKNOWN, /* nobody does, or it cannot be seen who */
};

/* Who listens on this TCP port, or on any (OWNER_ANY_PORT), in our network namespace: the server or
 * one of its family? /proc/net/tcp names the socket, and /proc/PID/fd who holds it. */
enum owner owner_of_port(int port, pid_t server);

#endif
