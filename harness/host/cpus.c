/* cpus.c - which CPU the server has, and which the load tool.
 * SPDX-License-Identifier: MIT */
#include "host/cpus.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

const char cpus_folder[] = "/sys/devices/system/cpu";

/* One boosts higher than another of its kind by a few percent; efficiency cores differ by
 * more. */
static const double EQUAL = 0.9;

struct cpu {
    int core; /* two threads of one have the same: its first; -1: not to be used */
    int speed;
};

/* The number with which a file of a CPU begins. */
static int read_number(const char *folder, int cpu, const char *name, int otherwise)
{
    char path[4096];
    int number;
    snprintf(path, sizeof path, "%s/cpu%d/%s", folder, cpu, name);
    FILE *file = fopen(path, "re");
    if (!file)
        return otherwise;
    if (fscanf(file, "%d", &number) != 1)
        number = otherwise;
    fclose(file);
    return number;
}

static struct cpu cpu_read(const char *folder, int cpu)
{
    int frequency = read_number(folder, cpu, "cpufreq/cpuinfo_max_freq", 0);
    return (struct cpu){
        .core = read_number(folder, cpu, "topology/thread_siblings_list", cpu),
        .speed = read_number(folder, cpu, "cpu_capacity", frequency),
    };
}

static bool is_equal(const struct cpu *cpu, int fastest)
{
    return cpu->core >= 0 && cpu->speed <= fastest && cpu->speed >= EQUAL * fastest;
}

/* Whether two cores are as fast as this one, and none of them is faster. */
static bool has_equal(const struct cpu *cpus, int count, const struct cpu *one)
{
    for (int cpu = 0; cpu < count; cpu++)
        if (cpus[cpu].core != one->core && is_equal(&cpus[cpu], one->speed))
            return true;
    return false;
}

/* Leaves the fastest that are equal, if these are two cores or more. */
static void keep_equal(struct cpu *cpus, int count)
{
    int fastest = -1;
    for (int cpu = 0; cpu < count; cpu++)
        if (cpus[cpu].core >= 0 && cpus[cpu].speed > fastest &&
            has_equal(cpus, count, &cpus[cpu]))
            fastest = cpus[cpu].speed;
    for (int cpu = 0; cpu < count && fastest >= 0; cpu++)
        if (!is_equal(&cpus[cpu], fastest))
            cpus[cpu].core = -1;
}

/* One CPU of each core but the client's; of the server's core, the server's. */
static void all_choose(struct cpus *chosen, const struct cpu *cpus, int count)
{
    CPU_ZERO(&chosen->all);
    CPU_SET(chosen->server, &chosen->all);
    for (int cpu = 0; cpu < count; cpu++) {
        int core = cpus[cpu].core;
        bool taken = core < 0 || core == cpus[chosen->client].core ||
                     core == cpus[chosen->server].core;
        for (int other = 0; other < cpu; other++)
            taken = taken || cpus[other].core == core;
        if (!taken)
            CPU_SET(cpu, &chosen->all);
    }
}

/* The last that is fast; -1: there is none. */
static int last_fast(const struct cpu *cpus, int count)
{
    int fastest = 0;
    for (int cpu = 0; cpu < count; cpu++)
        if (cpus[cpu].core >= 0 && cpus[cpu].speed > fastest)
            fastest = cpus[cpu].speed;
    int last = count - 1;
    while (last >= 0 && !is_equal(&cpus[last], fastest))
        last--;
    return last;
}

static struct cpus split(const struct cpu *cpus, int count)
{
    int server = last_fast(cpus, count);
    struct cpus chosen = {.server = server, .client = server, .shared = true};
    for (int cpu = count - 1; cpu >= 0 && chosen.shared; cpu--)
        if (cpus[cpu].core >= 0 && cpus[cpu].core != cpus[server].core) {
            chosen.client = cpu;
            chosen.shared = false;
        }
    if (server >= 0)
        all_choose(&chosen, cpus, count);
    return chosen;
}

struct cpus cpus_choose_of(const cpu_set_t *allowed, const char *folder)
{
    struct cpu cpus[CPU_SETSIZE];
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        cpus[cpu] =
            CPU_ISSET(cpu, allowed) ? cpu_read(folder, cpu) : (struct cpu){.core = -1};
    keep_equal(cpus, CPU_SETSIZE);
    return split(cpus, CPU_SETSIZE);
}

struct cpus cpus_choose(void)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) < 0)
        CPU_ZERO(&allowed);
    return cpus_choose_of(&allowed, cpus_folder);
}

int cpus_client_count(const struct cpus *cpus)
{
    return cpus->shared ? 1 : CPU_COUNT(&cpus->all);
}

int cpus_client(const struct cpus *cpus, int i)
{
    int left = i % cpus_client_count(cpus);
    if (left == 0)
        return cpus->client;
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
        if (CPU_ISSET(cpu, &cpus->all) && cpu != cpus->server && --left == 0)
            return cpu;
    return cpus->client;
}

cpu_set_t cpus_for_server(const struct cpus *cpus, int clients)
{
    cpu_set_t set = cpus->all;
    for (int i = 1; i < clients && i < cpus_client_count(cpus); i++)
        CPU_CLR(cpus_client(cpus, i), &set);
    return set;
}

void cpus_governors(char *text, size_t size, const struct cpus *cpus, const char *folder)
{
    text[0] = '\0';
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        char path[4096];
        char governor[32] = "";
        if (cpu != cpus->client && (cpus->server < 0 || !CPU_ISSET(cpu, &cpus->all)))
            continue;
        snprintf(path, sizeof path, "%s/cpu%d/cpufreq/scaling_governor", folder, cpu);
        FILE *file = fopen(path, "re");
        bool found = file && fscanf(file, "%31s", governor) == 1;
        if (file)
            fclose(file);
        size_t used = strlen(text);
        if (found && !strstr(text, governor))
            snprintf(text + used, size - used, "%s%s", used ? ", " : "", governor);
    }
}
