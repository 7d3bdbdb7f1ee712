/* cpus.c - which CPU the server has, and which the load tool.
 * SPDX-License-Identifier: MIT */
#include "host/cpus.h"

#include <sched.h>
#include <stdio.h>

/* A number that two CPUs share if they are threads of one core: the core's first thread.
 */
static int core_of(int cpu)
{
    char path[96];
    int first = cpu;
    snprintf(path, sizeof path,
             "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
    FILE *file = fopen(path, "re");
    if (!file)
        return cpu;
    if (fscanf(file, "%d", &first) != 1)
        first = cpu;
    fclose(file);
    return first;
}

/* One CPU of each core but the client's; of the server's core, the server's. */
static void all_choose(struct cpus *cpus, const int *cores, int count)
{
    CPU_ZERO(&cpus->all);
    CPU_SET(cpus->server, &cpus->all);
    for (int cpu = 0; cpu < count; cpu++) {
        bool taken = cores[cpu] < 0 || cores[cpu] == cores[cpus->client] ||
                     cores[cpu] == cores[cpus->server];
        for (int other = 0; other < cpu; other++)
            taken = taken || cores[other] == cores[cpu];
        if (!taken)
            CPU_SET(cpu, &cpus->all);
    }
}

struct cpus cpus_split(const int *cores, int count)
{
    struct cpus cpus = {.server = -1, .client = -1, .shared = true};
    for (int cpu = count - 1; cpu >= 0; cpu--) {
        if (cores[cpu] < 0)
            continue;
        if (cpus.server < 0)
            cpus.server = cpus.client = cpu;
        else if (cpus.shared && cores[cpu] != cores[cpus.server]) {
            cpus.client = cpu;
            cpus.shared = false;
        }
    }
    if (cpus.server >= 0)
        all_choose(&cpus, cores, count);
    return cpus;
}

struct cpus cpus_choose(void)
{
    int cores[CPU_SETSIZE] = {0};
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) < 0)
        CPU_ZERO(&allowed);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        cores[cpu] = CPU_ISSET(cpu, &allowed) ? core_of(cpu) : -1;
    return cpus_split(cores, CPU_SETSIZE);
}
