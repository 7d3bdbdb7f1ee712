/* sandbox.h - a server alone: started in a network and a cgroup of its own where the machine
 * allows it, and all of it gone when it is stopped.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SANDBOX_H
#define ABACUS_SANDBOX_H

#include "host/footprint.h"
#include "subject/server.h"

struct sandbox_options {
    bool own_network;
    bool own_cgroup;
    const char *address; /* to listen on; NULL: one of loopback */
    int cpu;             /* as in proc_options, as are the next three */
    const cpu_set_t
        *cpus; /* for a server that has a loop on each; NULL: it has one CPU */
    unsigned env_pad;
    const char *error_path; /* takes its standard error; removed if that stays empty */
    char *const *wrapper;   /* as in server_options */
    int patience;
};

struct sandbox {
    struct server server;
    bool running;
    char *cgroup; /* its folder; NULL: it has none */
    int network;  /* its network namespace, held open; -1: it has none of its own */
    int error;    /* the server's standard error */
    char *error_path;
};

/* Starts the server. Without a network of its own, and an address, it gets a loopback address of
 * its own, so that it meets no connection of an earlier one. To be closed, also after -1. */
int sandbox_open(struct sandbox *sandbox, const struct run_server *server,
                 const struct sandbox_options *options, struct err *err);

/* Moves this process, and what it starts from now on, into the server's network. 0, or -1. */
int sandbox_enter(const struct sandbox *sandbox, struct err *err);

/* CPU time of all its processes so far, s; NAN if it cannot be read. */
double sandbox_cpu_s(const struct sandbox *sandbox);

/* Waits until the server has used no CPU for `quiet_ms`: what it still owes to the requests before,
 * a child's end say, is charged to them. One that never rests is not waited for longer than
 * `timeout_ms`. Returns its CPU time by then, as sandbox_cpu_s. */
double sandbox_settle(const struct sandbox *sandbox, int quiet_ms, int timeout_ms);

/* The memory that it takes now. */
struct footprint sandbox_footprint(const struct sandbox *sandbox);

/* How many processes it has now: itself, its descendants, and orphans. */
size_t sandbox_processes(const struct sandbox *sandbox);

/* Stops the server, if it runs. -1: it did not end with status 0. */
int sandbox_close(struct sandbox *sandbox, struct err *err);

#endif
