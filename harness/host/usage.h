/* usage.h - the CPU time that a server has used, all its processes together.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_USAGE_H
#define ABACUS_USAGE_H

#include <sys/types.h>

/* CPU time, s, user and system, children included whether reaped or not, of the process group
 * `leader`: from its cgroup (1 µs), or, where `cgroup` is NULL, summed over /proc/PID/stat,
 * which counts in clock ticks (10 ms). NAN if neither can be read. */
double usage_server_s(pid_t leader, const char *cgroup);

/* How long a process was ready to run, but had no CPU, s; /proc/PID/schedstat. A zombie's can
 * still be read. NAN if it cannot. */
double usage_delay_s(pid_t pid);

/* CPU time of this process alone, s. */
double usage_self_s(void);

#endif
