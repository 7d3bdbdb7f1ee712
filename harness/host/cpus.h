/* cpus.h - which CPU the server has, and which the load tool.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CPUS_H
#define ABACUS_CPUS_H

#include <sched.h>
#include <stdbool.h>

struct cpus {
    int server;
    int client;
    cpu_set_t
        all; /* for a server that has a loop on each: one of each core but the client's */
    bool
        shared; /* they are the same, or threads of one core: figures are weaker for it */
};

/* Picks two of the CPUs that this process may use, on different cores where there are
 * two; the highest-numbered, since CPU 0 tends to serve the machine's interrupts. */
struct cpus cpus_choose(void);

/* The same where cores[cpu] is the core of each CPU, or -1 if it may not be used. */
struct cpus cpus_split(const int *cores, int count);

#endif
