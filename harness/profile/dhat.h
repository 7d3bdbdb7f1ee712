/* dhat.h - what a program has allocated, by the place in its code: read from what
 * valgrind's DHAT writes, and added and subtracted like a number.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_DHAT_H
#define ABACUS_DHAT_H

#include "base/err.h"
#include "profile/tally.h"

/* A row of the tally is a place that allocates: all calls of malloc and its kin that came the
 * same way. */
enum {
    SITE_FUNCTION, /* that called the allocator, "room_make (epoll.c:78)" */
    SITE_CALLERS,  /* of it, the nearest first, "client_accept < serve < main" */
};
enum { SITE_BLOCKS, SITE_BYTES };

/* Reads a file of DHAT's (--dhat-out-file), version 2, as `valgrind --tool=dhat` of 3.15 and
 * later writes it. 0; or -1 with the reason, and nothing to free. */
int heap_read(struct tally *heap, const char *path, struct err *err);

/* heap += what `child` has more than `parent`, site by site: a forked process begins with its
 * parent's counts, which are not its own. */
void heap_add_excess(struct tally *heap, const struct tally *child,
                     const struct tally *parent);

#endif
