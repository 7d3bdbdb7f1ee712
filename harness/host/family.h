/* family.h - the processes that a server has made, wherever they have gone: its descendants,
 * and those whose parent has ended.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_FAMILY_H
#define ABACUS_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct relative {
    pid_t pid;
    pid_t parent;
    bool zombie;  /* ended, and not waited for */
    double cpu_s; /* its own and of the children that it has waited for */
};

/* From now on whatever loses its parent among our descendants becomes our child (prctl(2),
 * PR_SET_CHILD_SUBREAPER), so that nothing gets away by leaving its group or its session.
 * Children that we have already, by exec in a shell with jobs, are left alone. */
void family_begin(void);

/* A child that somebody here waits for; and no longer. */
void family_expect(pid_t pid);
void family_forget(pid_t pid);

/* The server, its descendants, and all orphans with theirs; *list is the caller's. */
size_t family_find(pid_t server, struct relative **list);

/* CPU time of all these, s, counted in clock ticks, and of the orphans waited for so far. */
double family_cpu_s(pid_t server);

/* Waits for the orphans that have ended: cheap, and to be done now and then, since a server
 * that forks twice for each client would use up all process ids. */
void family_reap(void);

/* Waits until all orphans have ended by themselves, at most `timeout_ms`. */
void family_await(int timeout_ms);

/* Kills all orphans and waits for them, at most `timeout_ms`. How many are left. */
size_t family_end(int timeout_ms);

#endif
