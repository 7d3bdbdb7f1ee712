/* cgroup.c - a cgroup (v2) for each server.
 * SPDX-License-Identifier: MIT */
#include "host/cgroup.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char prefix[] = "abacus-";
static char *run_group; /* this run's cgroup, or NULL */

/* The first mount of type cgroup2 in /proc/self/mountinfo (proc(5)): pure v2 or hybrid.
 */
static bool find_mount(char *mount, size_t size)
{
    FILE *file = fopen("/proc/self/mountinfo", "re");
    char line[PATH_MAX + 512];
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file)) {
        char point[PATH_MAX];
        const char *type = strstr(line, " - ");
        found = type && strncmp(type, " - cgroup2 ", 11) == 0 &&
                sscanf(line, "%*s %*s %*s %*s %4095s", point) == 1;
        if (found)
            snprintf(mount, size, "%s", point);
    }
    if (file)
        fclose(file);
    return found;
}

/* Our own place in the hierarchy: the line "0::/path" of /proc/self/cgroup. */
static void find_own(char *own, size_t size)
{
    FILE *file = fopen("/proc/self/cgroup", "re");
    char line[PATH_MAX];
    own[0] = '\0';
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "0::", 3) == 0) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(own, size, "%s", strcmp(line + 3, "/") == 0 ? "" : line + 3);
        }
    if (file)
        fclose(file);
}

static bool is_empty(const char *cgroup)
{
    char *path = alloc_format("%s/cgroup.procs", cgroup);
    FILE *file = fopen(path, "re");
    bool empty = !file || fgetc(file) == EOF;
    if (file)
        fclose(file);
    free(path);
    return empty;
}

/* One after the other: what they start meanwhile is met by the next try. */
static void kill_each(const char *cgroup)
{
    char *path = alloc_format("%s/cgroup.procs", cgroup);
    FILE *file = fopen(path, "re");
    int pid;
    while (file && fscanf(file, "%d", &pid) == 1)
        kill(pid, SIGKILL);
    if (file)
        fclose(file);
    free(path);
}

static void kill_all(const char *cgroup)
{
    char *path = alloc_format("%s/cgroup.kill", cgroup); /* since Linux 5.14 */
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    free(path);
    if (fd < 0) {
        kill_each(cgroup);
        return;
    }
    /* A failure shows in that the group does not become empty. */
    ssize_t written = write(fd, "1", 1);
    (void)written;
    close(fd);
}

void cgroup_remove(const char *cgroup)
{
    double deadline = clock_now() + 2;
    /* The kernel tells nobody when a killed process has left its cgroup, but through
     * cgroup.events, which would need inotify: a short poll is simpler. */
    while (rmdir(cgroup) < 0 && errno == EBUSY && clock_now() < deadline) {
        if (!is_empty(cgroup))
            kill_all(cgroup);
        poll(NULL, 0, 2);
    }
}

/* abacus-PID and what is in it, of a process that is no more. */
static void sweep_one(const char *parent, const char *name)
{
    char *end;
    long pid = strtol(name + strlen(prefix), &end, 10);
    if (pid <= 0 || *end || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
        return;
    char *group = alloc_format("%s/%s", parent, name);
    DIR *directory = opendir(group);
    struct dirent *entry;
    while (directory && (entry = readdir(directory)))
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
            char *child = alloc_format("%s/%s", group, entry->d_name);
            cgroup_remove(child);
            free(child);
        }
    if (directory)
        closedir(directory);
    cgroup_remove(group);
    free(group);
}

static void sweep(const char *parent)
{
    DIR *directory = opendir(parent);
    struct dirent *entry;
    while (directory && (entry = readdir(directory)))
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
            sweep_one(parent, entry->d_name);
    if (directory)
        closedir(directory);
}

int cgroup_init(struct err *err)
{
    char mount[PATH_MAX];
    char own[PATH_MAX];
    if (!find_mount(mount, sizeof mount))
        return err_set(err, "no cgroup v2 is mounted");
    find_own(own, sizeof own);
    char *parent = alloc_format("%s%s", mount, own);
    sweep(parent);
    char *group = alloc_format("%s/%s%d", parent, prefix, (int)getpid());
    free(parent);
    int failed = mkdir(group, 0755) < 0 && errno != EEXIST;
    if (failed)
        err_set(err, "%s: %s", group, strerror(errno));
    else if (isnan(cgroup_cpu_s(group)))
        failed = err_set(err, "%s: no cpu.stat with usage_usec", group);
    if (failed) {
        rmdir(group);
        free(group);
        return -1;
    }
    run_group = group;
    return 0;
}

void cgroup_end(void)
{
    if (run_group)
        cgroup_remove(run_group);
    free(run_group);
    run_group = NULL;
}

char *cgroup_create(struct err *err)
{
    static unsigned serial; /* one that could not be removed is in nobody's way */
    char *cgroup = alloc_format("%s/server-%u", run_group, ++serial);
    if (mkdir(cgroup, 0755) == 0)
        return cgroup;
    err_set(err, "%s: %s", cgroup, strerror(errno));
    free(cgroup);
    return NULL;
}

double cgroup_cpu_s(const char *cgroup)
{
    char *path = alloc_format("%s/cpu.stat", cgroup);
    FILE *file = fopen(path, "re");
    free(path);
    unsigned long long usec;
    double seconds = NAN;
    if (file && fscanf(file, "usage_usec %llu", &usec) == 1)
        seconds = (double)usec / 1e6;
    if (file)
        fclose(file);
    return seconds;
}
