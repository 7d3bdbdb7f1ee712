/* group.h - the processes that a server has made.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_GROUP_H
#define ABACUS_GROUP_H

#include <sys/types.h>

/* How many there are beside it. */
struct group {
    int zombies; /* ended, and not waited for */
    int living;
};

/* Counts again and again until there is no zombie, or no living one, or the time is up; and
 * returns the last count. */
struct group group_await_no_zombie(pid_t server, int timeout_ms);
struct group group_await_no_living(pid_t server, int timeout_ms);

#endif
