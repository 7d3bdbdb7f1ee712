/* dhat.h - what a program has allocated, by the place in its code: read from what
 * valgrind's DHAT writes, and added and subtracted like a number.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_DHAT_H
#define ABACUS_DHAT_H

#include "base/err.h"

#include <stddef.h>

/* One place that allocates: all calls of malloc and its kin that came the same way. */
struct heap_site {
    char *function; /* that called the allocator, "room_make (epoll.c:78)"; owned */
    char *callers;  /* of it, the nearest first, "client_accept < serve < main"; owned */
    double blocks;
    double bytes;
};

/* Starts zeroed, freed by heap_free. No two sites have the same function and callers. */
struct heap {
    struct heap_site *sites;
    size_t count;
};

/* Reads a file of DHAT's (--dhat-out-file), version 2, as `valgrind --tool=dhat` of 3.15 and
 * later writes it. 0; or -1 with the reason, and nothing to free. */
int heap_read(struct heap *heap, const char *path, struct err *err);
void heap_free(struct heap *heap);

/* heap += times * other, site by site. */
void heap_add(struct heap *heap, const struct heap *other, double times);

/* heap += what `child` has more than `parent`, site by site: a forked process begins with its
 * parent's counts, which are not its own. */
void heap_add_excess(struct heap *heap, const struct heap *child,
                     const struct heap *parent);

double heap_blocks(const struct heap *heap);
double heap_bytes(const struct heap *heap);

#endif
