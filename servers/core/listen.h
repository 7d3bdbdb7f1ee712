/* listen.h - the listening socket, and the clients that come through it.
 * SPDX-License-Identifier: MIT */
#ifndef CORE_LISTEN_H
#define CORE_LISTEN_H

#include <stdbool.h>

struct listener {
    int fd;
    int backlog; /* clients that may wait to be accepted */
};

/* Opens the listening socket on a numeric address, IPv4 or IPv6, and a numeric port ("0": any
 * that is free). accept() is to wait for a client if `blocking`, else to fail with EAGAIN.
 * 0, or -1 and errno (EINVAL: not an address). `listener->backlog` is the caller's. */
int listen_open(struct listener *listener, const char *address, const char *port,
                bool blocking);

/* Prints "listening on ADDRESS:PORT" on standard output, an IPv6 address in brackets; if that
 * cannot be, it is fail(). It says that the server is ready, so all sockets, threads and
 * processes are made before: what is lacking then is an error of the start. */
void listen_announce(const struct listener *listener);

/* Where select() waits, whose bitmaps end at FD_SETSIZE: accept() then fails before it can return a
 * descriptor that does not fit, so clients beyond that wait in the backlog. It is fail() if none
 * is left for a client. */
void listen_fit_select(const struct listener *listener);

/* Opens a further socket of the same kind at the address of one that listens: the kernel spreads
 * the clients over both (SO_REUSEPORT). The first was bound for itself alone, so that a port in
 * use is still an error, and is shared only now. 0, or -1 and errno. */
int listen_again(struct listener *again, const struct listener *first);

enum {
    LISTEN_NONE = -1, /* nobody is waiting, or has already gone again */
    LISTEN_FULL = -2, /* no descriptor is left (or no memory) */
    LISTEN_RETRY_MS = 100,
};

/* Accepts a client from a non-blocking listening socket and returns its descriptor, which is
 * non-blocking, too. After LISTEN_FULL the socket is still ready: whoever goes on watching it
 * spins. So stop until a client has left; the others wait in the backlog, unharmed. And try
 * again after LISTEN_RETRY_MS, since it may be others who leave, or there was no client. */
int listen_accept(int listen_fd);

/* The same, but reading from this client and writing to it waits. Where accepting is to wait,
 * too, after LISTEN_FULL it is the next call that may have to be put off. */
int listen_accept_blocking(int listen_fd);

#endif
