/* usage.c - the CPU time that a server has used, all its processes together.
 * SPDX-License-Identifier: MIT */
#include "host/usage.h"

#include "host/cgroup.h"
#include "host/family.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>

double usage_server_s(pid_t server, const char *cgroup)
{
    return cgroup ? cgroup_cpu_s(cgroup) : family_cpu_s(server);
}

struct turns usage_turns(pid_t pid)
{
    char path[64];
    unsigned long long ran;
    unsigned long long delayed;
    struct turns turns = {NAN, NAN};
    snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return turns;
    if (fscanf(file, "%llu %llu", &ran, &delayed) == 2)
        turns = (struct turns){(double)ran / 1e9, (double)delayed / 1e9};
    fclose(file);
    return turns;
}

double usage_self_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}
