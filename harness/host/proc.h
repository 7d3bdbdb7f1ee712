/* proc.h - a child process: start it, wait for it with a deadline, end it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_PROC_H
#define ABACUS_PROC_H

#include "base/err.h"

#include <sched.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

struct proc {
    pid_t pid; /* 0: not running. It leads its own process group */
    int pidfd; /* readable once the process has ended */
};

struct proc_options {
    char *const *argv;     /* argv[0] is looked up in PATH */
    const char *directory; /* to start in; NULL: the caller's */
    int input;             /* descriptors of the child's 0, 1, 2; -1: /dev/null */
    int output;
    int error;
    int cpu;               /* the one CPU it may run on; -1: as the caller */
    const cpu_set_t *cpus; /* instead of that: those that it may run on; or NULL */
    const char *cgroup;    /* a cgroup's folder to start in; NULL: the caller's */
    const char *
        environment; /* "NAME=VALUE …", separated by blanks, beside the caller's; or NULL */
    unsigned env_pad; /* bytes added to the environment, so that the stack's start varies
                             from trial to trial (Mytkowicz et al. 2009) */
};

/* Starts a child in a process group of its own, so that Ctrl-C reaches only the caller; if
 * the caller dies, so does the child. Signals that the caller ignores or blocks, and its files
 * from descriptor 3 on, do not reach the child. 0, or -1: cannot start, and why (the name and
 * exec's error included). */
int proc_start(struct proc *proc, const struct proc_options *options, struct err *err);

enum proc_event {
    PROC_ENDED,       /* it has ended; it is still a zombie: proc_reap */
    PROC_TIMEOUT,     /* the deadline passed first */
    PROC_INTERRUPTED, /* the user wants to stop (interrupt.h) */
};

/* Waits until the process ends, at most `timeout_ms` (-1: no limit). */
enum proc_event proc_wait(const struct proc *proc, int timeout_ms);

/* Collects an ended process: its wait status, and, if `usage` is not NULL, what it used. -1:
 * something else has collected it, and both are lost. */
int proc_reap(struct proc *proc, struct rusage *usage);

/* SIGTERM to the process; after `grace_ms` SIGKILL to its whole group. Returns the wait
 * status; *killed says whether it took SIGKILL. */
int proc_stop(struct proc *proc, int grace_ms, bool *killed);

/* Runs a command to its end and keeps the first `size` - 1 bytes that it printed on standard
 * output and error. Returns the wait status, or -1 with the reason (not found, or still
 * running after timeout_ms). */
int proc_capture(char *const *argv, char *output, size_t size, int timeout_ms,
                 struct err *err);

/* The same with `environment` as in proc_options. */
int proc_capture_with(char *const *argv, const char *environment, char *output,
                      size_t size, int timeout_ms, struct err *err);

/* Reads a line that a process prints, with its newline, or its first `size` - 1 bytes. False, with what
 * there is, at the end of the output, at the deadline (of clock_now) or when the user wants to stop. */
bool proc_read_line(int fd, char *line, size_t size, double deadline);

/* "exit status 1", "killed by signal 11 (Segmentation fault)": into a static buffer. */
const char *proc_status_text(int wait_status);

#endif
