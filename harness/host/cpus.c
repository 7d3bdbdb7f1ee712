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

struct cpus cpus_choose(void)
{
    cpu_set_t allowed;
    struct cpus cpus = {.server = -1, .client = -1, .shared = true};
    if (sched_getaffinity(0, sizeof allowed, &allowed) < 0)
        return cpus;
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--) {
        if (!CPU_ISSET(cpu, &allowed))
            continue;
        if (cpus.server < 0)
            cpus.server = cpus.client = cpu;
        else if (cpus.shared && core_of(cpu) != core_of(cpus.server)) {
            cpus.client = cpu;
            cpus.shared = false;
        }
    }
    return cpus;
}
