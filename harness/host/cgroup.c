/* cgroup.c - a cgroup (v2) for each server.
 * SPDX-License-Identifier: MIT */
#include "host/cgroup.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "host/proc.h"

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
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char prefix[] = "abacus-";
static char *run_group; /* this run's cgroup, or NULL */
static int run_lock;    /* held on it */

enum { TRY_TIMEOUT_MS = 5000, SWEPT_MAX = 5 };

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
    int pid; /* 0: in a PID namespace that we do not see; to kill() that would be ourselves */
    while (file && fscanf(file, "%d", &pid) == 1)
        if (pid > 0)
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

/* ---- those that dead runs have left ---- */

/* A run holds its group's lock while it lives, which is seen from other PID namespaces, too,
 * and ends with it. The descriptor, or -1: there is no such group, or it is in use. */
static int group_lock(const char *group)
{
    int fd = open(group, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void sweep_one(const char *parent, const char *name)
{
    char *group = alloc_format("%s/%s", parent, name);
    int lock = group_lock(group);
    DIR *directory = lock < 0 ? NULL : opendir(group);
    struct dirent *entry;
    while (directory && (entry = readdir(directory)))
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
            char *child = alloc_format("%s/%s", group, entry->d_name);
            cgroup_remove(child);
            free(child);
        }
    if (directory)
        closedir(directory);
    if (lock >= 0) {
        cgroup_remove(group);
        close(lock);
    }
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

/* ---- this run's ---- */

/* The name is new even where another PID namespace has a process of our number. A sweep may
 * take the group for a dead run's until it is locked. */
static int run_group_make(const char *parent, struct err *err)
{
    for (int tries = 0; tries < SWEPT_MAX; tries++) {
        char *group = alloc_format("%s/%s%d-XXXXXX", parent, prefix, (int)getpid());
        if (!mkdtemp(group)) {
            err_set(err, "%s: %s", group, strerror(errno));
            free(group);
            return -1;
        }
        run_lock = group_lock(group);
        if (run_lock >= 0 && access(group, F_OK) == 0) {
            run_group = group;
            return 0;
        }
        rmdir(group);
        free(group);
    }
    return err_set(err, "%s: its groups cannot be locked", parent);
}

/* That a group can be made does not mean that it can be joined, or counts. */
static int run_group_try(struct err *err)
{
    struct proc proc;
    struct err why;
    bool killed;
    char *argv[] = {"/bin/sh", "-c", ":", NULL}; /* whatever PATH has */
    char *cgroup = cgroup_create(err);
    if (!cgroup)
        return -1;
    int failed = proc_start(&proc,
                            &(struct proc_options){.argv = argv,
                                                   .input = -1,
                                                   .output = -1,
                                                   .error = -1,
                                                   .cpu = -1,
                                                   .cgroup = cgroup},
                            &why);
    if (failed)
        err_set(err, "%s cannot be joined: %s", cgroup, why.text);
    else {
        proc_wait(&proc, TRY_TIMEOUT_MS);
        proc_stop(&proc, 0, &killed);
        if (!(cgroup_cpu_s(cgroup) > 0))
            failed = err_set(err, "%s: no cpu.stat that counts usage_usec", cgroup);
    }
    cgroup_remove(cgroup);
    free(cgroup);
    return failed;
}

void cgroup_count_memory(void)
{
    static const char wanted[] = "+memory";
    if (!run_group)
        return;
    char *path = alloc_format("%s/cgroup.subtree_control", run_group);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    ssize_t written = fd < 0 ? -1 : write(fd, wanted, strlen(wanted));
    (void)written;
    if (fd >= 0)
        close(fd);
    free(path);
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
    int failed = run_group_make(parent, err);
    free(parent);
    if (!failed && (failed = run_group_try(err)) < 0)
        cgroup_end();
    return failed;
}

void cgroup_end(void)
{
    if (!run_group)
        return;
    cgroup_remove(run_group);
    close(run_lock);
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

/* ---- quota ---- */

/* "QUOTA PERIOD", or "max PERIOD": no quota. */
static double quota_read(const char *cgroup)
{
    char *path = alloc_format("%s/cpu.max", cgroup);
    FILE *file = fopen(path, "re");
    free(path);
    double quota;
    double period;
    bool limited = file && fscanf(file, "%lf %lf", &quota, &period) == 2 && period > 0;
    if (file)
        fclose(file);
    return limited ? quota / period : INFINITY;
}

/* How long the kernel has stopped a cgroup's processes since its quota was used up, s. */
static double throttled_read(const char *cgroup)
{
    char *path = alloc_format("%s/cpu.stat", cgroup);
    FILE *file = fopen(path, "re");
    free(path);
    char line[128];
    unsigned long long usec = 0;
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "throttled_usec %llu", &usec) == 1)
            break;
    if (file)
        fclose(file);
    return (double)usec / 1e6;
}

/* What is told of a cgroup and each above it, joined. */
static double ancestors_join(const char *mount, const char *own,
                             double (*read)(const char *cgroup),
                             double (*join)(double, double))
{
    char *cgroup = alloc_format("%s%s", mount, own);
    double joined = read(cgroup);
    for (char *slash; (slash = strrchr(cgroup + strlen(mount), '/'));) {
        *slash = '\0';
        joined = join(joined, read(cgroup));
    }
    free(cgroup);
    return joined;
}

static double add(double a, double b)
{
    return a + b;
}

double cgroup_quota_at(const char *mount, const char *own)
{
    return ancestors_join(mount, own, quota_read, fmin);
}

double cgroup_throttled_at(const char *mount, const char *own)
{
    return ancestors_join(mount, own, throttled_read, add);
}

double cgroup_quota(void)
{
    char mount[PATH_MAX];
    char own[PATH_MAX];
    if (!find_mount(mount, sizeof mount))
        return INFINITY;
    find_own(own, sizeof own);
    return cgroup_quota_at(mount, own);
}

double cgroup_throttled_s(void)
{
    char mount[PATH_MAX];
    char own[PATH_MAX];
    if (!find_mount(mount, sizeof mount))
        return 0;
    find_own(own, sizeof own);
    return cgroup_throttled_at(mount, own);
}
