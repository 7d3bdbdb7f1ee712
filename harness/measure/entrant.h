/* entrant.h - a server that takes part under one load: started in isolation, probed for the bytes
 * that it owes, loaded, probed again, stopped.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_ENTRANT_H
#define ABACUS_ENTRANT_H

#include "analyse/judge.h"
#include "host/cpus.h"
#include "host/proc.h"
#include "load/tool.h"
#include "measure/progress.h"
#include "model/run.h"
#include "subject/http.h"
#include "subject/sandbox.h"

#include <stdbool.h>

/* What all of a run is measured under. */
struct conditions {
    const char *directory; /* the run's folder; raw/ in it takes what the tools print */
    struct cpus cpus;
    bool own_network;          /* each server gets a network namespace */
    const char *address;       /* that servers listen on; NULL: as sandbox.h has it */
    bool own_cgroup;           /* and a cgroup */
    struct limits limits;      /* that trials and slices are judged by */
    struct progress *progress; /* shows that it goes on */
};

struct entrant {
    const struct run_server *server; /* borrowed, as are the next three */
    const struct load *load;
    const struct tool *tool;
    const struct conditions *conditions;
    cpu_set_t cpus; /* that it has, if it has a loop on each */
    struct sandbox box;
    struct http_reply expected; /* what it answered before the load */
};

/* Starts the server, waits for its ready line, and asks it as the load tool will ask: the port
 * must be its own, and the reply right. `error_path` takes its standard error. To be closed, also
 * after -1. */
int entrant_open(struct entrant *entrant, const struct run_server *server,
                 const struct load *load, const struct conditions *conditions,
                 const char *error_path, struct err *err);

/* Sends requests before anything is measured. What is wrong with the replies shows later; -1 only
 * if the load tool cannot be started. */
int entrant_prime(const struct entrant *entrant, long requests, struct err *err);

/* Starts a load tool, the i-th (from 0): on its core and in the server's network, or, where there
 * are any, on the i-th of the other hosts (remote.h); `output` takes what
 * it prints, -1: nobody does. */
int entrant_start_tool(const struct entrant *entrant, struct proc *proc,
                       const struct tool_command *command, int i, int output,
                       struct err *err);

/* Asks again: the reply must be the same. -1 with the reason, which is the server's end if it has
 * ended. */
int entrant_probe(const struct entrant *entrant, struct err *err);

/* Whether the server has ended, or does within a moment; `when` completes the reason. */
bool entrant_ended(const struct entrant *entrant, const char *when, struct err *err);

/* Stops the server. -1: it did not end with status 0. */
int entrant_close(struct entrant *entrant, struct err *err);

#endif
