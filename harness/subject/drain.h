/* drain.h - reads what a server says on its standard output once it is ready, so that one with
 * an access log there never waits for a reader.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_DRAIN_H
#define ABACUS_DRAIN_H

#include "base/err.h"

#include <stddef.h>
#include <sys/types.h>

struct drain;

/* Reads from `fd`, a pipe that it owns from now on, in a thread of its own. NULL: it cannot, and
 * why; the pipe is then closed. */
struct drain *drain_start(int fd, struct err *err);

/* Copies the first bytes of all that has been said so far, cut to `size`, and returns how many
 * these are; -1: none, and the server has closed its standard output. */
ssize_t drain_said(struct drain *drain, char *bytes, size_t size);

void drain_stop(struct drain *drain);

#endif
