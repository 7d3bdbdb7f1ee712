/* server.h - a server under test, known only by its contract (servers/README.md): find it,
 * ask what it is, start it, stop it.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_SERVER_H
#define ABACUS_SERVER_H

#include "base/err.h"
#include "host/proc.h"
#include "model/run.h"
#include "subject/drain.h"

#include <stdbool.h>

/* A running server. */
struct server {
    struct proc proc;
    char host[64]; /* where it said that it listens */
    int port;
    struct drain *output; /* its standard output, behind the ready line */
    int error;            /* its standard error; -1: /dev/null */
    off_t error_start;    /* where in that its own begins, if it is a file */
    int stop_grace_ms;    /* how long it has from SIGTERM to its end */
    bool wrapped;         /* its command line begins with something else */
};

struct server_options {
    const char *host; /* -a */
    int cpu;          /* as in proc_options */
    const char *cgroup;
    const cpu_set_t *cpus;
    const char *environment;
    unsigned env_pad;
    int error; /* descriptor for its standard error; -1: /dev/null */
    char *const
        *wrapper; /* what its command line begins with ("valgrind", ...), up to a NULL;
                             or NULL: nothing */
    int patience; /* how many times as long it may take to start and to stop as a server
                     that runs by itself; 0 is 1 */
};

/* Finds the servers named: a name under DIRECTORY, or, with a '/', a path to an executable.
 * With no name, all of DIRECTORY, and those that could not be built (NAME.missing), sorted.
 * Fills *servers (owned by the caller) with their about lines. -1: an unknown name, with the
 * names that there are; a path that cannot be run. */
int server_find(struct run_server **servers, size_t *count, const char *directory,
                char *const *names, size_t name_count, struct err *err);

/* The same for a suite: a name is first one of its own servers, and without any name they are
 * what is found, if it has some. */
int server_find_for(const struct suite *suite, struct run_server **servers, size_t *count,
                    const char *directory, char *const *names, size_t name_count,
                    struct err *err);

/* Fills in what a server says about itself, the lines that -i prints: what it is, its library
 * and what it can do. False if one of them means nothing. */
bool server_describe(struct run_server *server, const char *text);

/* The SHA-256 of an executable, in hex, owned by the caller; "" if it cannot be had. */
char *server_sha256(const char *path);

/* Starts it on a free port, and waits for its line "listening on HOST:PORT". -1: it ended or
 * was silent for 10 s; the reason has the first line of what it said. */
int server_start(struct server *server, const char *path,
                 const struct server_options *options, struct err *err);

/* Stops it: SIGTERM, 2 s, SIGKILL, and SIGKILL to whatever it has left. 0 if it ended with status 0
 * by itself, else -1 and how it ended. */
int server_stop(struct server *server, struct err *err);

/* NULL while it runs; else how it ended, and the first line of its standard error if that is a
 * file (a static buffer). It must be stopped all the same. */
const char *server_died(const struct server *server);

#endif
