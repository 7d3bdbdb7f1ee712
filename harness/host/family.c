/* family.c - the processes that a server has made, wherever they have gone.
 * SPDX-License-Identifier: MIT */
#include "host/family.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "host/usage.h"

#include <ctype.h>
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct pids {
    pid_t *list;
    size_t count;
};

static struct pids expected;  /* somebody here waits for them */
static struct pids inherited; /* our children before we started any */
static double orphans_cpu_s;  /* of those that were waited for */

static void pids_add(struct pids *pids, pid_t pid)
{
    pids->list = alloc_resize(pids->list, pids->count + 1, sizeof *pids->list);
    pids->list[pids->count++] = pid;
}

static bool pids_have(const struct pids *pids, pid_t pid)
{
    for (size_t i = 0; i < pids->count; i++)
        if (pids->list[i] == pid)
            return true;
    return false;
}

void family_expect(pid_t pid)
{
    pids_add(&expected, pid);
}

void family_forget(pid_t pid)
{
    for (size_t i = 0; i < expected.count; i++)
        if (expected.list[i] == pid)
            expected.list[i--] = expected.list[--expected.count];
}

/* ---- every process ---- */

/* The CPU time of a process's threads that live, in nanoseconds by the kernel, s. */
static double threads_cpu_s(pid_t pid)
{
    struct threads threads = {0};
    usage_threads_read(&threads, pid);
    double sum = usage_threads_ran_s(&threads);
    usage_threads_free(&threads);
    return sum;
}

/* /proc/PID/stat counts in clock ticks, too coarse for a slice of a tenth of a second, but has the
 * threads that have ended, too: where they took nothing to speak of the finer account holds. */
static double own_cpu_s(pid_t pid, double by_stat_s)
{
    double by_threads_s = threads_cpu_s(pid);
    double two_ticks_s = 2.0 / (double)sysconf(_SC_CLK_TCK);
    return by_stat_s - by_threads_s < two_ticks_s ? by_threads_s : by_stat_s;
}

/* What /proc/PID/stat says of a process. */
struct process {
    struct relative relative; /* without its CPU time */
    double own_s;             /* in clock ticks */
    double children_s;        /* of those that it has waited for */
};

/* proc(5). The name in parentheses may have any character. */
static bool process_read(struct process *process, const char *pid)
{
    struct relative *relative = &process->relative;
    char path[300];
    char line[1024];
    char state;
    unsigned long long user;
    unsigned long long system;
    long long child_user;
    long long child_system;
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return false; /* it has ended since the folder was read */
    const char *fields = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    fclose(file);
    if (!fields ||
        sscanf(fields, ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %lld %lld",
               &state, &relative->parent, &user, &system, &child_user,
               &child_system) != 6)
        return false;
    relative->pid = (pid_t)strtol(pid, NULL, 10);
    relative->zombie = state == 'Z';
    double tick = (double)sysconf(_SC_CLK_TCK);
    process->own_s = (double)(user + system) / tick;
    process->children_s = (double)(child_user + child_system) / tick;
    return true;
}

static int by_pid(const void *a, const void *b)
{
    pid_t left = ((const struct process *)a)->relative.pid;
    pid_t right = ((const struct process *)b)->relative.pid;
    return (left > right) - (left < right);
}

/* All that can be seen, by process id. */
static size_t all_read(struct process **list)
{
    size_t count = 0;
    DIR *directory = opendir("/proc");
    const struct dirent *entry;
    *list = NULL;
    while (directory && (entry = readdir(directory))) {
        struct process process;
        if (!isdigit((unsigned char)entry->d_name[0]) ||
            !process_read(&process, entry->d_name))
            continue;
        *list = alloc_resize(*list, count + 1, sizeof **list);
        (*list)[count++] = process;
    }
    if (directory)
        closedir(directory);
    if (count > 0)
        qsort(*list, count, sizeof **list, by_pid);
    return count;
}

/* Of a child of ours: nobody waits for it, and we have not had it from the beginning. */
static bool is_left(pid_t child)
{
    return !pids_have(&expected, child) && !pids_have(&inherited, child);
}

static bool is_orphan(const struct relative *relative)
{
    return relative->parent == getpid() && is_left(relative->pid);
}

/* Up to the server or an orphan; the list was not read at one moment, so that it may even
 * have a circle. */
static bool is_related(const struct process *one, const struct process *all, size_t count,
                       pid_t server)
{
    for (size_t steps = 0; one && steps < count; steps++) {
        if (one->relative.pid == server || is_orphan(&one->relative))
            return true;
        struct process parent = {.relative.pid = one->relative.parent};
        one = bsearch(&parent, all, count, sizeof *all, by_pid);
    }
    return false;
}

size_t family_find(pid_t server, struct relative **list)
{
    struct process *all;
    size_t count = all_read(&all);
    size_t found = 0;
    *list = alloc_zeroed(count + 1, sizeof **list);
    for (size_t i = 0; i < count; i++) {
        if (!is_related(&all[i], all, count, server))
            continue;
        struct relative *relative = &(*list)[found++];
        *relative = all[i].relative;
        relative->cpu_s = own_cpu_s(relative->pid, all[i].own_s) + all[i].children_s;
    }
    free(all);
    return found;
}

double family_cpu_s(pid_t server)
{
    struct relative *list;
    size_t count = family_find(server, &list);
    double sum = orphans_cpu_s;
    for (size_t i = 0; i < count; i++)
        sum += list[i].cpu_s;
    free(list);
    return sum;
}

/* ---- orphans ---- */

/* Our children, as the kernel lists them (CONFIG_PROC_CHILDREN): we have one thread. */
static bool children_listed(struct pids *children)
{
    int pid;
    FILE *file = fopen("/proc/thread-self/children", "re");
    if (!file)
        return false;
    while (fscanf(file, "%d", &pid) == 1)
        pids_add(children, (pid_t)pid);
    fclose(file);
    return true;
}

/* All of our children; the list is the caller's. */
static struct pids children_read(void)
{
    struct pids children = {0};
    struct process *all;
    if (children_listed(&children))
        return children;
    size_t count = all_read(&all);
    for (size_t i = 0; i < count; i++)
        if (all[i].relative.parent == getpid())
            pids_add(&children, all[i].relative.pid);
    free(all);
    return children;
}

void family_begin(void)
{
    static bool begun;
    if (begun)
        return;
    begun = true;
    /* Refused by no kernel since 3.4; without it orphans are out of reach. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    inherited = children_read();
}

static void reap(pid_t pid)
{
    struct rusage usage;
    if (wait4(pid, NULL, WNOHANG, &usage) == pid)
        orphans_cpu_s += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void family_reap(void)
{
    siginfo_t info = {0};
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid > 0 &&
           !pids_have(&expected, info.si_pid)) {
        reap(info.si_pid);
        info.si_pid = 0;
    }
}

/* Waits for the orphans that have ended, and sends a signal to all, or none (0). How many there
 * were: their children become ours as they end, so one more look is needed. */
static size_t signal_orphans(int signal)
{
    struct pids children = children_read();
    size_t orphans = 0;
    for (size_t i = 0; i < children.count; i++)
        if (is_left(children.list[i])) {
            orphans++;
            kill(children.list[i], signal);
            reap(children.list[i]);
        }
    free(children.list);
    return orphans;
}

static size_t end_orphans(int signal, int timeout_ms)
{
    double deadline = clock_now() + timeout_ms / 1000.0;
    size_t orphans;
    while ((orphans = signal_orphans(signal)) > 0 && clock_now() < deadline)
        poll(NULL, 0, 1);
    return orphans;
}

void family_await(int timeout_ms)
{
    end_orphans(0, timeout_ms);
}

size_t family_end(int timeout_ms)
{
    return end_orphans(SIGKILL, timeout_ms);
}
