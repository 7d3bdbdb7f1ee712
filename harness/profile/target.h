/* target.h - a server that is profiled: started as in a trial, but under or beside a tool
 * that watches it, and driven with an exact number of requests.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TARGET_H
#define ABACUS_TARGET_H

#include "base/err.h"
#include "host/cpus.h"
#include "model/run.h"
#include "subject/sandbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What all starts of one profile have in common. */
struct setup {
    const char *folder; /* the profile's; raw/ in it takes what the tools print */
    struct cpus cpus;
    bool own_network; /* each start gets a network namespace */
    bool own_cgroup;  /* and the server a cgroup */
};

struct target_options {
    const struct setup *setup;
    const struct run_server *server;
    const char *label;    /* of the raw files: raw/SERVER-LABEL.stderr, ... */
    char *const *wrapper; /* a command that runs the server ("valgrind", ...), up to a
                             NULL; or NULL: none. It must leave the server's output alone */
};

/* A running server. */
struct target {
    const struct setup *setup; /* borrowed */
    struct sandbox box;        /* its standard error is RAW.stderr */
    char *raw;  /* FOLDER/raw/SERVER-LABEL: what the names of raw files begin with */
    int drives; /* how often it has been driven */
};

/* A load: that many requests, by ab, of GET / at that concurrency. */
struct drive {
    long requests;
    int concurrency;
    bool keepalive;
};

/* The start of raw files' names, FOLDER/raw/SERVER-LABEL, for what a wrapper is to write:
 * owned by the caller. */
char *target_raw(const struct setup *setup, const struct run_server *server,
                 const char *label);

/* Sends exactly drive->requests requests and waits until the server has gone quiet. ab opens up
 * to concurrency - 1 connections more and closes them unused, in every drive alike: so the
 * difference of two drives is that of their requests. -1: not every request was answered. */
int target_drive(struct target *target, const struct drive *drive, struct err *err);

/* CPU time of all its processes so far, s; NAN if it cannot be read. */
double target_cpu_s(const struct target *target);

/* Its processes now, the one that was started first. Returns how many there are; the first
 * `size` of them are in `pids`. */
size_t target_pids(const struct target *target, pid_t *pids, size_t size);

/* Starts a server, waits until it listens, lets `use` look at it, and stops it: what a wrapper
 * wrote is whole only afterwards. -1: it did not start, `use` failed, or it did not end with
 * status 0; the first of these is the reason. */
int target_use(const struct target_options *options,
               int (*use)(void *subject, struct target *target, struct err *err),
               void *subject, struct err *err);

/* A number of /proc/PID/status, as "VmPTE"; 0 if there is none, or no such process. */
double target_status(pid_t pid, const char *field);

/* A command for the wrapper of a tool that is needed. Is there such a program in PATH? -1: no,
 * and Debian's package is named. */
int target_tool(const char *program, const char *package, struct err *err);

#endif
