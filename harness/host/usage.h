/* usage.h - the CPU time that a server has used, all its processes together.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_USAGE_H
#define ABACUS_USAGE_H

#include <sys/types.h>

/* CPU time, s, user and system, of a server and all that it has started, waited for or not:
 * from its cgroup (1 µs; NAN if it cannot be read), or, where `cgroup` is NULL, summed over
 * /proc/PID/stat, which counts in clock ticks (10 ms). */
double usage_server_s(pid_t server, const char *cgroup);

/* What one process alone, without its children and further threads, has had of its CPU. A
 * zombie's can still be read. NAN where it cannot. */
struct turns {
    double ran_s;
    double delay_s; /* ready to run, but not running */
};

/* From /proc/PID/schedstat. */
struct turns usage_turns(pid_t pid);

/* CPU time of this process alone, s. */
double usage_self_s(void);

#endif
