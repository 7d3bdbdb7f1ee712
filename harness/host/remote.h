/* remote.h - other hosts that commands are started on, over OpenSSH: one connection to each, which
 * all commands share, from remotes_open to remotes_close. Without any, what is here happens at home.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_REMOTE_H
#define ABACUS_REMOTE_H

#include "host/proc.h"

#include <stddef.h>

/* A connection on which nothing comes through is given up after at most so long, s; and one is
 * waited for so long. */
enum { REMOTE_LOST_S = 8, REMOTE_OPEN_S = 20 };

/* Whether a name can be passed to ssh: not one that it would take for an option. */
bool remote_name_good(const char *name);

/* Connects to each ("USER@HOST", or any name that ssh knows), without asking anybody anything. -1
 * with ssh's reason, and no connection is left. */
int remotes_open(char *const *names, size_t count, struct err *err);

/* Ends all, and with them what runs there. */
void remotes_close(void);

/* How many there are; 0: commands run at home. */
size_t remotes_count(void);

/* Of the i-th: its name; this host's address as it is seen from there, and the system there ("Linux
 * 6.1.0 x86_64"). */
const char *remote_name(size_t i);
const char *remote_home(size_t i);
const char *remote_system(size_t i);

/* As proc_start, on the i-th. What it prints ends in the CPU time that it used (remote_cpu_s). It ends
 * there when `proc` is stopped here, this program ends or the connection does; one that was lost
 * is made again first. */
int remote_start(size_t i, struct proc *proc, const struct proc_options *options,
                 struct err *err);

/* As proc_capture, on the i-th. -1 also if there is no such program. */
int remote_capture(size_t i, char *const *argv, char *output, size_t size, int timeout_ms,
                   struct err *err);

/* How long it takes, at best, from the start of a command to the news of its end, beside what the
 * command itself takes, s: as remote_capture has found; 0: at home. */
double remote_start_s(void);

/* The CPU time of a command that has printed into the file at `path`, and of its children, s, in
 * steps of a clock tick of that host; NAN: the connection was lost before its end. */
double remote_cpu_s(const char *path);

/* Sets the reason: that the connection was lost, and what ssh said. Returns -1. */
int remote_lost(size_t i, struct err *err);

/* A command line as it can be repeated here: "ssh USER@HOST 'LINE'"; owned by the caller. */
char *remote_line(size_t i, const char *line);

#endif
