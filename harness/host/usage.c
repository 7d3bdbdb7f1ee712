/* usage.c - the CPU time that a server has used, all its processes together.
 * SPDX-License-Identifier: MIT */
#include "host/usage.h"

#include "base/alloc.h"
#include "host/cgroup.h"
#include "host/family.h"

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

double usage_server_s(pid_t server, const char *cgroup)
{
    return cgroup ? cgroup_cpu_s(cgroup) : family_cpu_s(server);
}

static struct turns turns_read(const char *path)
{
    unsigned long long ran;
    unsigned long long delayed;
    struct turns turns = {NAN, NAN};
    FILE *file = fopen(path, "re");
    if (!file)
        return turns;
    if (fscanf(file, "%llu %llu", &ran, &delayed) == 2)
        turns = (struct turns){(double)ran / 1e9, (double)delayed / 1e9};
    fclose(file);
    return turns;
}

struct turns usage_turns(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
    return turns_read(path);
}

static void thread_see(struct threads *threads, pid_t id, struct turns turns)
{
    size_t i = 0;
    while (i < threads->count && threads->list[i].id != id)
        i++;
    if (i == threads->count)
        threads->list =
            alloc_resize(threads->list, ++threads->count, sizeof *threads->list);
    threads->list[i] = (struct thread){id, turns};
}

void usage_threads_read(struct threads *threads, pid_t pid)
{
    char path[300];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *directory = opendir(path);
    const struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        pid_t id = (pid_t)strtol(entry->d_name, NULL, 10);
        snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", (int)pid,
                 entry->d_name);
        struct turns turns = turns_read(path);
        if (id > 0 && !isnan(turns.delay_s))
            thread_see(threads, id, turns);
    }
    if (directory)
        closedir(directory);
}

double usage_threads_ran_s(const struct threads *threads)
{
    double sum = 0;
    for (size_t i = 0; i < threads->count; i++)
        sum += threads->list[i].turns.ran_s;
    return sum;
}

double usage_threads_delay_s(const struct threads *threads)
{
    double sum = threads->count > 0 ? 0 : NAN;
    for (size_t i = 0; i < threads->count; i++)
        sum += threads->list[i].turns.delay_s;
    return sum;
}

void usage_threads_free(struct threads *threads)
{
    free(threads->list);
    *threads = (struct threads){0};
}

double usage_self_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}
