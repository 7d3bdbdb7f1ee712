/* cgroup.h - a cgroup (v2) for each server: it counts the CPU time of all its processes,
 * reaped or not, and ends them all at once.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CGROUP_H
#define ABACUS_CGROUP_H

#include "base/err.h"

/* Makes this run's cgroup, abacus-PID-…, under the caller's own, tries one within it, and
 * removes those that runs which were killed have left. -1: this machine has no cgroup v2
 * that we may make, join and read, and why. */
int cgroup_init(struct err *err);

/* Removes this run's cgroup. Nothing happens without cgroup_init. */
void cgroup_end(void);

/* The cgroups of servers made from now on have memory.stat, where the group that we are in gives the
 * controller to those below it; that it does not is no failure. To count costs each server some
 * time, so it is for runs that ask for memory. */
void cgroup_count_memory(void);

/* Makes a new cgroup in the run's; its folder, owned by the caller, or NULL with the
 * reason. */
char *cgroup_create(struct err *err);

/* CPU time of all that has run in it, s; NAN if it cannot be read. */
double cgroup_cpu_s(const char *cgroup);

/* Kills what is left in it, waits until it is empty (at most 2 s), removes it. */
void cgroup_remove(const char *cgroup);

/* How many CPUs' time the caller's cgroup may have, by its cpu.max and those above it;
 * INFINITY: as many as there are. And the same for the cgroup `own` ("/a/b", or "") of the
 * hierarchy mounted at `mount`. */
double cgroup_quota(void);
double cgroup_quota_at(const char *mount, const char *own);

/* How long, s, the kernel has stopped the processes of these cgroups for their quotas; that is neither
 * steal nor waiting for a CPU. 0 where there are none. */
double cgroup_throttled_s(void);
double cgroup_throttled_at(const char *mount, const char *own);

#endif
