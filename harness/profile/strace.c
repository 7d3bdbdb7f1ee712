/* strace.c - the system calls of a running server, as strace saw them.
 * SPDX-License-Identifier: MIT */
#include "profile/trace.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "host/proc.h"
#include "load/printout.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ATTACH_TIMEOUT_MS = 5000,
    ATTACH_STEP_MS = 2,
    DETACH_TIMEOUT_MS = 10000,
    PIDS_MAX = 256,
    COUNT_MAX = 2000000000,
};

static void add_call(struct tally *calls, const char *name, double count, double seconds)
{
    struct tally_row *call =
        tally_row(calls, (const char *const[TALLY_NAMES]){name, "", ""});
    call->counts[CALL_COUNT] += count;
    call->counts[CALL_SECONDS] += seconds;
}

/* ---- its log ---- */

/* "PID NAME(…) = …", or, where another process came in between, "PID NAME(… <unfinished ...>"
 * and later "PID <... NAME resumed>…) = …". Other lines are of signals. */
static void count_line(struct tally *calls, char *line)
{
    static const char names[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    char *at = line + strspn(line, "0123456789");
    at += strspn(at, " ");
    bool resumed = strncmp(at, "<... ", strlen("<... ")) == 0;
    at += resumed ? strlen("<... ") : 0;
    size_t size = strspn(at, names);
    if (size == 0 || at[size] != (resumed ? ' ' : '('))
        return;
    double begun = resumed ? 0 : 1;
    double cut_short = strstr(at, " ERESTART") ? 1 : 0;
    at[size] = '\0';
    if (begun != cut_short)
        add_call(calls, at, begun - cut_short, 0);
}

int strace_read_log(struct tally *calls, const char *path, struct err *err)
{
    char *line = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "re");
    if (!file)
        return err_set(err, "%s: %s", path, strerror(errno));
    while (getline(&line, &size, file) > 0)
        count_line(calls, line);
    int failed = ferror(file) ? err_set(err, "%s: cannot be read", path) : 0;
    fclose(file);
    free(line);
    return failed;
}

/* ---- its summary ---- */

/* "% time  seconds  usecs/call  calls  [errors]  name", in place: the column of errors is blank
 * where there are none. Other lines do not count. True: it is the last, of all calls. */
static bool summary_line(struct tally *calls, char *line)
{
    char *words[7];
    size_t count = printout_words(line, words, 7);
    long made = 0;
    double seconds = 0;
    if ((count != 5 && count != 6) || !number_double(&seconds, words[1], 0, 1e9) ||
        !number_long(&made, words[3], 0, COUNT_MAX))
        return false;
    bool total = strcmp(words[count - 1], "total") == 0;
    if (!total)
        add_call(calls, words[count - 1], (double)made, seconds);
    return total;
}

int strace_read_summary(struct tally *calls, const char *path, struct err *err)
{
    struct printout printout;
    bool whole = false;
    if (printout_read(&printout, path, err) < 0)
        return -1;
    for (size_t i = 0; i < printout.count && !whole; i++)
        whole = summary_line(calls, printout.lines[i]);
    printout_free(&printout);
    return whole ? 0 : err_set(err, "%s: strace's summary has no total", path);
}

/* ---- beside a server ---- */

/* The kernel tells nobody that a process is traced now, so it is asked. */
static int await_attached(const struct proc *strace, const pid_t *pids, size_t count,
                          struct err *err)
{
    double deadline = clock_now() + ATTACH_TIMEOUT_MS / 1000.0;
    for (size_t i = 0; i < count;) {
        if (target_status(pids[i], "TracerPid") != 0) {
            i++;
            continue;
        }
        if (proc_wait(strace, ATTACH_STEP_MS) != PROC_TIMEOUT)
            return err_set(err, interrupt_requested()
                                    ? "interrupted"
                                    : "strace may not trace the server (ptrace is "
                                      "forbidden here)");
        if (clock_now() > deadline)
            return err_set(err, "strace did not attach within %d s",
                           ATTACH_TIMEOUT_MS / 1000);
    }
    return 0;
}

static int strace_start(struct proc *strace, const struct target *target, char *how,
                        char *path, struct err *err)
{
    pid_t pids[PIDS_MAX];
    char *argv[2 * PIDS_MAX + 8] = {"strace", "-qq", "-f", how, "-o", path};
    size_t used = 6;
    size_t count = target_pids(target, pids, PIDS_MAX);
    count = count > PIDS_MAX ? PIDS_MAX : count;
    for (size_t i = 0; i < count; i++) {
        argv[used + 2 * i] = "-p";
        argv[used + 2 * i + 1] = alloc_format("%d", (int)pids[i]);
    }
    int failed =
        proc_start(strace,
                   &(struct proc_options){
                       .argv = argv, .input = -1, .output = -1, .error = -1, .cpu = -1},
                   err);
    for (size_t i = 0; i < count; i++)
        free(argv[used + 2 * i + 1]);
    if (failed)
        return -1;
    if (await_attached(strace, pids, count, err) == 0)
        return 0;
    bool killed;
    proc_stop(strace, 0, &killed);
    return -1;
}

/* On SIGINT it detaches, and writes its summary. */
static int strace_end(struct proc *strace, struct err *err)
{
    bool killed;
    kill(strace->pid, SIGINT);
    if (proc_wait(strace, DETACH_TIMEOUT_MS) == PROC_ENDED) {
        proc_reap(strace, NULL);
        return 0;
    }
    proc_stop(strace, 0, &killed);
    return err_set(err, "strace did not end");
}

/* Drives the server under strace, which writes to `path`. */
static int strace_drive(struct target *target, const struct drive *drive, char *how,
                        char *path, struct err *err)
{
    struct proc strace;
    struct err later;
    if (strace_start(&strace, target, how, path, err) < 0)
        return -1;
    int failed = target_drive(target, drive, err);
    return strace_end(&strace, failed ? &later : err) < 0 || failed ? -1 : 0;
}

/* A log has a line for each call, some megabytes in all: it is not kept. */
int strace_calls(struct tally *calls, struct target *target, const struct drive *drive,
                 bool timed, struct err *err)
{
    static char log[] = "--raw=all";
    static char summary[] = "-c";
    char *path = alloc_format("%s-n%ld.strace", target->raw, drive->requests);
    int failed = strace_drive(target, drive, timed ? summary : log, path, err);
    if (!failed)
        failed = timed ? strace_read_summary(calls, path, err)
                       : strace_read_log(calls, path, err);
    if (!timed)
        unlink(path);
    free(path);
    return failed;
}
