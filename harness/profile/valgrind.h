/* valgrind.h - what valgrind's tools wrote of a server, added and subtracted like a number:
 * callgrind of the cost of each function, with whose code it is, and DHAT of what was allocated.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_VALGRIND_H
#define ABACUS_VALGRIND_H

#include "base/err.h"
#include "profile/tally.h"

/* ---- callgrind ---- */

/* A row of the tally is a function, the functions that it calls not included. */
enum {
    COST_FUNCTION,
    COST_FILE,   /* its source, as the compiler was told; "???" without debug symbols */
    COST_OBJECT, /* the executable or library that it is in; "" if unknown */
};
enum {
    COST_INSTRUCTIONS,
    COST_CALLS,        /* of this function by others */
    COST_SYSTEM_CALLS, /* made by itself; 0 where callgrind was not asked */
};

/* Adds what a file says (callgrind's profile format, version 1, of any number of parts) to
 * `costs`. -1: it is no such file, or is cut off; costs is then not to be used. */
int callgrind_read(struct tally *costs, const char *path, struct err *err);

/* To which part of a server a function belongs. */
enum group {
    GROUP_SERVER, /* its own file; of a program that is not ours: all of the executable */
    GROUP_READER, /* core's request reader */
    GROUP_RESPONSES, /* core's responses, and the rest of core */
    GROUP_LIBRARY,   /* an event library, and any other but libc */
    GROUP_LIBC,
    GROUP_LINKER, /* the dynamic linker */
    GROUP_OTHER,  /* nobody knows whose */
    GROUPS,
};

/* By the executable or library that a function is in, and by its source file. */
enum group group_of(const char *object, const char *file);

/* "event library": as tables and the record have it. */
extern const char *const group_names[GROUPS];

/* The group of that name; GROUP_OTHER if there is none. */
enum group group_find(const char *name);

/* ---- DHAT ---- */

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
