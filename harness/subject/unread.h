/* unread.h - what the other end of a connection has not read yet: the one way to be sure that
 * a server has met a request in pieces.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_UNREAD_H
#define ABACUS_UNREAD_H

#include <stdbool.h>

/* Waits until the peer of `fd`, a process on this machine, has read all that was sent to it.
 * False if it does not within `timeout_ms`, or if the kernel cannot tell. */
bool unread_await_none(int fd, int timeout_ms);

#endif
