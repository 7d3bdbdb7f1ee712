/* usage.h - the CPU time that a server has used, all its processes together.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_USAGE_H
#define ABACUS_USAGE_H

#include <stddef.h>
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

/* As it was seen last: one that ends takes its turns along. */
struct thread {
    pid_t id;
    struct turns turns;
};

/* The threads that a process has been seen to have. Zeroed at first. */
struct threads {
    struct thread *list; /* owned */
    size_t count;
};

/* Looks at all threads that live. To be called often, and once more when the process has ended. */
void usage_threads_read(struct threads *threads, pid_t pid);

/* How long all of them together were ready to run, but not running, s; NAN: not known. What the
 * last to have ended waited since it was seen is not in it. */
double usage_threads_delay_s(const struct threads *threads);

/* How long all of them together ran, s; of one that has ended, as it was seen last. */
double usage_threads_ran_s(const struct threads *threads);

void usage_threads_free(struct threads *threads);

/* CPU time of this process alone, s. */
double usage_self_s(void);

#endif
