/* callgrind.h - what callgrind wrote: the cost of each function, summed over all parts and
 * processes, and whose code it is.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CALLGRIND_H
#define ABACUS_CALLGRIND_H

#include "base/err.h"

#include <stddef.h>

/* A function, the functions that it calls not included. */
struct cost {
    char *object; /* the executable or library that it is in; "" if unknown */
    char *file;   /* its source, as the compiler was told; "???" without debug symbols */
    char *function;
    double instructions;
    double calls;        /* of this function by others */
    double system_calls; /* made by itself; 0 where callgrind was not asked */
};

/* Starts zeroed; freed by costs_free. */
struct costs {
    struct cost *list;
    size_t count;
    void *index; /* of the list's functions, by name (search.h); made by callgrind_read */
};

/* Adds what a file says (callgrind's profile format, version 1, of any number of parts) to
 * `costs`. -1: it is no such file, or is cut off; costs is then not to be used. */
int callgrind_read(struct costs *costs, const char *path, struct err *err);

/* Subtracts one set of costs from another. */
void costs_subtract(struct costs *costs, const struct costs *from);

/* Each count divided by how many requests it is for. */
void costs_divide(struct costs *costs, double requests);

void costs_free(struct costs *costs);

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

#endif
