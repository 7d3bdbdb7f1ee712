/* group.h - to which part of a server a function belongs.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_GROUP_H
#define ABACUS_GROUP_H

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
const char *group_name(enum group group);

/* The group of that name; GROUP_OTHER if there is none. */
enum group group_find(const char *name);

#endif
