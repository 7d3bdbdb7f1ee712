/* busiest.c - which programs use the CPUs just now.
 * SPDX-License-Identifier: MIT */
#include "host/busiest.h"

#include "base/alloc.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Less of a core than this is nobody's business. */
static const double SHARE_LEAST = 0.01;

/* "PID (NAME) STATE …", where NAME may hold anything: fields 14 and 15 are user and system
 * time, counted from the last bracket (proc_pid_stat(5)). */
static bool usage_parse(struct usage *usage, const char *line)
{
    unsigned long user, system;
    const char *open = strchr(line, '('), *close = strrchr(line, ')');
    if (!open || !close || close < open ||
        sscanf(close + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
               &system) != 2)
        return false;
    snprintf(usage->name, sizeof usage->name, "%.*s", (int)(close - open - 1), open + 1);
    usage->cpu_s = (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
    return true;
}

static bool usage_read(struct usage *usage, const char *pid)
{
    char line[512];
    char *path = alloc_format("/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    free(path);
    bool read = file && fgets(line, sizeof line, file) && usage_parse(usage, line);
    usage->pid = (pid_t)strtol(pid, NULL, 10);
    if (file)
        fclose(file);
    return read && usage->pid != getpid();
}

struct usages usages_read(void)
{
    struct usages usages = {0};
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; processes && (entry = readdir(processes));) {
        struct usage usage;
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
            !usage_read(&usage, entry->d_name))
            continue;
        usages.list = alloc_resize(usages.list, usages.count + 1, sizeof *usages.list);
        usages.list[usages.count++] = usage;
    }
    if (processes)
        closedir(processes);
    return usages;
}

void usages_free(struct usages *usages)
{
    free(usages->list);
    *usages = (struct usages){0};
}

static double cpu_before(const struct usages *before, const struct usage *usage)
{
    for (size_t i = 0; i < before->count; i++)
        if (before->list[i].pid == usage->pid)
            return before->list[i].cpu_s;
    return 0;
}

/* Adds what a process used to its program's. */
static void program_add(struct usages *programs, const char *name, double cpu_s)
{
    size_t i = 0;
    while (i < programs->count && strcmp(programs->list[i].name, name) != 0)
        i++;
    if (i == programs->count) {
        programs->list =
            alloc_resize(programs->list, ++programs->count, sizeof *programs->list);
        programs->list[i] = (struct usage){0};
        snprintf(programs->list[i].name, sizeof programs->list[i].name, "%s", name);
    }
    programs->list[i].cpu_s += cpu_s;
}

static int by_cpu(const void *a, const void *b)
{
    double difference =
        ((const struct usage *)b)->cpu_s - ((const struct usage *)a)->cpu_s;
    return (difference > 0) - (difference < 0);
}

char *usages_busiest(const struct usages *before, const struct usages *after,
                     double seconds, size_t most)
{
    struct usages programs = {0};
    char *text = alloc_copy("");
    for (size_t i = 0; i < after->count; i++) {
        const struct usage *usage = &after->list[i];
        program_add(&programs, usage->name, usage->cpu_s - cpu_before(before, usage));
    }
    if (programs.count > 0)
        qsort(programs.list, programs.count, sizeof *programs.list, by_cpu);
    for (size_t i = 0; i < programs.count && i < most; i++) {
        double share = programs.list[i].cpu_s / seconds;
        if (share < SHARE_LEAST)
            break;
        char *longer = alloc_format("%s%s%s %.0f %%", text, *text ? ", " : "",
                                    programs.list[i].name, 100 * share);
        free(text);
        text = longer;
    }
    usages_free(&programs);
    return text;
}
