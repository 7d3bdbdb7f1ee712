/* watch.c - a tool that watches a running server: strace, bpftrace or perf.
 * SPDX-License-Identifier: MIT */
#include "profile/watch.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/textfile.h"
#include "host/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    START_TIMEOUT_S = 20,
    START_STEP_MS = 2,
    END_TIMEOUT_MS = 60000,
    PROCESSES = 256,
    SAID_MAX = 1 << 16, /* that is read of what it said */
};

char *watch_pids(const struct target *target)
{
    pid_t pids[PROCESSES];
    size_t count = target_pids(target, pids, PROCESSES);
    char *list = alloc_format("%d", (int)pids[0]);
    for (size_t i = 1; i < count && i < PROCESSES; i++) {
        char *longer = alloc_format("%s,%d", list, (int)pids[i]);
        free(list);
        list = longer;
    }
    return list;
}

static int watcher_start(struct proc *proc, const struct watcher *watcher, int output,
                         struct err *err)
{
    int said = open(watcher->said, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (said < 0)
        return err_set(err, "%s: %s", watcher->said, strerror(errno));
    int failed = proc_start(proc,
                            &(struct proc_options){.argv = watcher->argv,
                                                   .input = -1,
                                                   .output = output < 0 ? said : output,
                                                   .error = said,
                                                   .cpu = watcher->cpu},
                            err);
    close(said);
    return failed;
}

/* What it said first, and what mostly is the matter. */
static int watcher_failed(const struct watcher *watcher, struct err *err)
{
    struct err ignored;
    char *text = textfile_read(watcher->said, SAID_MAX, &ignored);
    const char *line = text ? text + strspn(text, " \t\r\n") : "";
    line = *line ? line : "nothing";
    int length = (int)strcspn(line, "\n");
    err_set(err, "%s said: %.*s (%s)", watcher->name, length < 200 ? length : 200, line,
            watcher->lacks);
    free(text);
    return -1;
}

static bool is_ready(const struct watcher *watcher, const struct target *target)
{
    struct err ignored;
    pid_t pids[PROCESSES];
    if (watcher->ready) {
        char *text = textfile_read(watcher->said, SAID_MAX, &ignored);
        bool ready = text && strstr(text, watcher->ready);
        free(text);
        return ready;
    }
    size_t count = target_pids(target, pids, PROCESSES);
    for (size_t i = 0; i < count && i < PROCESSES; i++)
        if (target_status(pids[i], "TracerPid") == 0)
            return false;
    return true;
}

/* The kernel tells nobody that a process is traced now, so it is asked. */
static int await_ready(const struct watcher *watcher, const struct proc *proc,
                       const struct target *target, struct err *err)
{
    double deadline = clock_now() + START_TIMEOUT_S;
    while (!is_ready(watcher, target)) {
        enum proc_event event = proc_wait(proc, START_STEP_MS);
        if (event == PROC_INTERRUPTED)
            return err_set(err, "interrupted");
        if (event == PROC_ENDED)
            return watcher_failed(watcher, err);
        if (clock_now() > deadline)
            return err_set(err, "%s did not begin within %d s", watcher->name,
                           START_TIMEOUT_S);
    }
    return 0;
}

static int drive_for(struct target *target, const struct drive *drive, double seconds,
                     struct err *err)
{
    double until = clock_now() + seconds;
    do
        if (target_drive(target, drive, err) < 0)
            return -1;
    while (clock_now() < until);
    return 0;
}

/* Waits until it has ended by itself, and sets *status. */
static int await_end(const struct watcher *watcher, struct proc *proc, int *status,
                     struct err *err)
{
    bool killed;
    enum proc_event event = proc_wait(proc, END_TIMEOUT_MS);
    if (event == PROC_ENDED) {
        kill(-proc->pid, SIGKILL); /* what it may have left of its own children */
        *status = proc_reap(proc, NULL);
        return 0;
    }
    proc_stop(proc, 0, &killed);
    if (event == PROC_INTERRUPTED)
        return err_set(err, "interrupted");
    return err_set(err, "%s did not end within %d s", watcher->name,
                   END_TIMEOUT_MS / 1000);
}

int watch_drive(const struct watcher *watcher, struct target *target,
                const struct drive *drive, double seconds, struct err *err)
{
    struct proc proc = {0};
    struct err later;
    struct stat said;
    int status = 0;
    if (watcher_start(&proc, watcher, -1, err) < 0)
        return -1;
    int failed = await_ready(watcher, &proc, target, err);
    if (!failed)
        failed = drive_for(target, drive, seconds, err);
    kill(proc.pid, SIGINT);
    if (await_end(watcher, &proc, &status, failed ? &later : err) < 0)
        failed = -1;
    if (stat(watcher->said, &said) == 0 && said.st_size == 0)
        unlink(watcher->said);
    return failed;
}

int watch_run(const struct watcher *watcher, int output, struct err *err)
{
    struct proc proc = {0};
    int status = 0;
    if (watcher_start(&proc, watcher, output, err) < 0 ||
        await_end(watcher, &proc, &status, err) < 0)
        return -1;
    return status == 0 ? 0 : watcher_failed(watcher, err);
}
