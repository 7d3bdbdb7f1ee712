/* cpus.h - which CPU the server has, and which the load tool.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_CPUS_H
#define ABACUS_CPUS_H

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>

/* Where the kernel describes each CPU. */
extern const char cpus_folder[];

struct cpus {
    int server;
    int client;
    cpu_set_t
        all; /* for a server that has a loop on each: one of each core but the client's */
    bool
        shared; /* they are the same, or threads of one core: figures are weaker for it */
};

/* Picks two of the CPUs that this process may use, on different cores where there are two:
 * the fastest that are equally fast (cpu_capacity, else cpuinfo_max_freq), and of these the
 * highest-numbered, since CPU 0 tends to serve the machine's interrupts. */
struct cpus cpus_choose(void);

/* The same of the CPUs allowed, as `folder` describes them. */
struct cpus cpus_choose_of(const cpu_set_t *allowed, const char *folder);

/* How many load tools can have a core each, and the CPU of the i-th (from 0); where there are more
 * of them, the CPUs come again. */
int cpus_client_count(const struct cpus *cpus);
int cpus_client(const struct cpus *cpus, int i);

/* The CPUs for a server with a loop on each, beside so many load tools: its own is always left. */
cpu_set_t cpus_for_server(const struct cpus *cpus, int clients);

/* The governors of all CPUs that are used, each once, separated by ", "; "" if they have
 * none. */
void cpus_governors(char *text, size_t size, const struct cpus *cpus, const char *folder);

#endif
