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

/* /proc/PID/stat, proc(5). The name in parentheses may have any character. */
static bool relative_read(struct relative *relative, const char *pid)
{
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
    relative->cpu_s = own_cpu_s(relative->pid, (double)(user + system) / tick) +
                      (double)(child_user + child_system) / tick;
    return true;
}

static int by_pid(const void *a, const void *b)
{
    pid_t left = ((const struct relative *)a)->pid;
    pid_t right = ((const struct relative *)b)->pid;
    return (left > right) - (left < right);
}

/* All that can be seen, by process id. */
static size_t all_read(struct relative **list)
{
    size_t count = 0;
    DIR *directory = opendir("/proc");
    const struct dirent *entry;
    *list = NULL;
    while (directory && (entry = readdir(directory))) {
        struct relative relative;
        if (!isdigit((unsigned char)entry->d_name[0]) ||
            !relative_read(&relative, entry->d_name))
            continue;
        *list = alloc_resize(*list, count + 1, sizeof **list);
        (*list)[count++] = relative;
    }
    if (directory)
        closedir(directory);
    if (count > 0)
        qsort(*list, count, sizeof **list, by_pid);
    return count;
}

static bool is_orphan(const struct relative *relative)
{
    return relative->parent == getpid() && !pids_have(&expected, relative->pid) &&
           !pids_have(&inherited, relative->pid);
}

/* Up to the server or an orphan; the list was not read at one moment, so that it may even
 * have a circle. */
static bool is_related(const struct relative *one, const struct relative *all,
                       size_t count, pid_t server)
{
    for (size_t steps = 0; one && steps < count; steps++) {
        if (one->pid == server || is_orphan(one))
            return true;
        struct relative parent = {.pid = one->parent};
        one = bsearch(&parent, all, count, sizeof *all, by_pid);
    }
    return false;
}

size_t family_find(pid_t server, struct relative **list)
{
    struct relative *all;
    size_t count = all_read(&all);
    size_t found = 0;
    *list = alloc_zeroed(count + 1, sizeof **list);
    for (size_t i = 0; i < count; i++)
        if (is_related(&all[i], all, count, server))
            (*list)[found++] = all[i];
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

void family_begin(void)
{
    static bool begun;
    if (begun)
        return;
    begun = true;
    /* Refused by no kernel since 3.4; without it orphans are out of reach. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    struct relative *all;
    size_t count = all_read(&all);
    for (size_t i = 0; i < count; i++)
        if (all[i].parent == getpid())
            pids_add(&inherited, all[i].pid);
    free(all);
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
    struct relative *all;
    size_t count = all_read(&all);
    size_t orphans = 0;
    for (size_t i = 0; i < count; i++)
        if (is_orphan(&all[i])) {
            orphans++;
            kill(all[i].pid, signal);
            reap(all[i].pid);
        }
    free(all);
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
