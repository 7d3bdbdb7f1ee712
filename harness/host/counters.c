/* counters.c - what the kernel has counted up to one moment.
 * SPDX-License-Identifier: MIT */
#include "host/counters.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = 8192 };

const struct counter_member counter_members[COUNTERS] = {
    {"monotonic_s", offsetof(struct counters, monotonic_s)},
    {"realtime_s", offsetof(struct counters, realtime_s)},
    {"boottime_s", offsetof(struct counters, boottime_s)},
    {"busy_s", offsetof(struct counters, busy_s)},
    {"steal_s", offsetof(struct counters, steal_s)},
    {"pressure_s", offsetof(struct counters, pressure_s)},
    {"swapped", offsetof(struct counters, swapped)},
    {"passive_opens", offsetof(struct counters, passive_opens)},
    {"segments", offsetof(struct counters, segments)},
    {"resets_sent", offsetof(struct counters, resets_sent)},
    {"resets_received", offsetof(struct counters, resets_received)},
    {"listen_overflows", offsetof(struct counters, listen_overflows)},
    {"listen_drops", offsetof(struct counters, listen_drops)},
    {"syn_retransmits", offsetof(struct counters, syn_retransmits)},
    {"timeouts", offsetof(struct counters, timeouts)},
    {"cookies_sent", offsetof(struct counters, cookies_sent)},
    {"time_wait_overflows", offsetof(struct counters, time_wait_overflows)},
};

/* /proc/net/snmp and netstat have pairs of lines: "Tcp: NAME NAME…", then "Tcp: VALUE…". */
struct named {
    const char *file;
    const char *group; /* the lines' first word */
    const char *name;
    size_t offset; /* in struct counters */
};

static const struct named network[] = {
    {"/proc/net/snmp", "Tcp:", "PassiveOpens", offsetof(struct counters, passive_opens)},
    {"/proc/net/snmp", "Tcp:", "InSegs", offsetof(struct counters, segments)},
    {"/proc/net/snmp", "Tcp:", "OutRsts", offsetof(struct counters, resets_sent)},
    {"/proc/net/snmp", "Tcp:", "EstabResets", offsetof(struct counters, resets_received)},
    {"/proc/net/netstat", "TcpExt:", "ListenOverflows",
     offsetof(struct counters, listen_overflows)},
    {"/proc/net/netstat", "TcpExt:", "ListenDrops",
     offsetof(struct counters, listen_drops)},
    {"/proc/net/netstat", "TcpExt:", "TCPSynRetrans",
     offsetof(struct counters, syn_retransmits)},
    {"/proc/net/netstat", "TcpExt:", "TCPTimeouts", offsetof(struct counters, timeouts)},
    {"/proc/net/netstat", "TcpExt:", "SyncookiesSent",
     offsetof(struct counters, cookies_sent)},
    {"/proc/net/netstat", "TcpExt:", "TCPTimeWaitOverflow",
     offsetof(struct counters, time_wait_overflows)},
};

enum { NETWORK = sizeof network / sizeof *network };

/* The values of all names of this group that are wanted from this file. */
static void take_pair(struct counters *counters, const char *file, char *names,
                      char *values)
{
    char *name_rest;
    char *value_rest;
    const char *group = strtok_r(names, " \n", &name_rest);
    const char *value = strtok_r(values, " \n", &value_rest);
    const char *name;
    while (group && value && (name = strtok_r(NULL, " \n", &name_rest)) &&
           (value = strtok_r(NULL, " \n", &value_rest)))
        for (int i = 0; i < NETWORK; i++)
            if (strcmp(network[i].file, file) == 0 &&
                strcmp(network[i].group, group) == 0 &&
                strcmp(network[i].name, name) == 0)
                *(double *)((char *)counters + network[i].offset) = strtod(value, NULL);
}

static void read_pairs(struct counters *counters, const char *path)
{
    char names[LINE_SIZE];
    char values[LINE_SIZE];
    FILE *file = fopen(path, "re");
    while (file && fgets(names, sizeof names, file) && fgets(values, sizeof values, file))
        take_pair(counters, path, names, values);
    if (file)
        fclose(file);
}

/* The first line of /proc/stat: user nice system idle iowait irq softirq steal …, in ticks;
 * proc(5). */
static void read_stat(struct counters *counters)
{
    double user, nice_, system_, idle, iowait, irq, softirq, steal;
    FILE *file = fopen("/proc/stat", "re");
    if (!file)
        return;
    if (fscanf(file, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice_, &system_,
               &idle, &iowait, &irq, &softirq, &steal) == 8) {
        double tick = (double)sysconf(_SC_CLK_TCK);
        counters->busy_s = (user + nice_ + system_ + irq + softirq) / tick;
        counters->steal_s = steal / tick;
    }
    fclose(file);
}

/* "some avg10=… avg60=… avg300=… total=MICROSECONDS" */
static void read_pressure(struct counters *counters)
{
    double total;
    FILE *file = fopen("/proc/pressure/cpu", "re");
    if (!file)
        return;
    if (fscanf(file, "some avg10=%*f avg60=%*f avg300=%*f total=%lf", &total) == 1)
        counters->pressure_s = total / 1e6;
    fclose(file);
}

static void read_swap(struct counters *counters)
{
    char name[64];
    double value;
    double pages = 0;
    int found = 0;
    FILE *file = fopen("/proc/vmstat", "re");
    while (file && fscanf(file, "%63s %lf", name, &value) == 2)
        if (strcmp(name, "pswpin") == 0 || strcmp(name, "pswpout") == 0) {
            pages += value;
            found++;
        }
    if (file)
        fclose(file);
    counters->swapped = found == 2 ? pages : NAN;
}

static double clock_read(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double *member(struct counters *counters, size_t i)
{
    return (double *)((char *)counters + counter_members[i].offset);
}

void counters_clear(struct counters *counters)
{
    for (size_t i = 0; i < COUNTERS; i++)
        *member(counters, i) = NAN;
}

/* Who loses the CPU between two clocks reads them milliseconds apart, which looks as if one of them
 * had been set: so they are read again until they are read at once. */
static void read_clocks(struct counters *counters)
{
    enum { TRIES = 20 };
    const double at_once_s = 50e-6;
    for (int i = 0; i < TRIES; i++) {
        counters->monotonic_s = clock_read(CLOCK_MONOTONIC);
        counters->realtime_s = clock_read(CLOCK_REALTIME);
        counters->boottime_s = clock_read(CLOCK_BOOTTIME);
        if (clock_read(CLOCK_MONOTONIC) - counters->monotonic_s < at_once_s)
            return;
    }
}

void counters_read(struct counters *counters)
{
    counters_clear(counters);
    read_pairs(counters, "/proc/net/snmp");
    read_pairs(counters, "/proc/net/netstat");
    read_stat(counters);
    read_pressure(counters);
    read_swap(counters);
    read_clocks(counters);
}

void counters_read_brief(struct counters *counters)
{
    counters_clear(counters);
    read_pairs(counters, "/proc/net/snmp");
    read_stat(counters);
    read_clocks(counters);
}

struct counters counters_difference(const struct counters *after,
                                    const struct counters *before)
{
    struct counters difference = *after, less = *before;
    for (size_t i = 0; i < COUNTERS; i++)
        *member(&difference, i) -= *member(&less, i);
    return difference;
}

void counters_read_traffic(struct counters *counters)
{
    counters_clear(counters);
    read_pairs(counters, "/proc/net/snmp");
}
