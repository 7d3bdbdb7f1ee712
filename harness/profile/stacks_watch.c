/* stacks_watch.c - perf, beside a running server: what it saw of where the server was.
 * SPDX-License-Identifier: MIT */
#include "profile/stacks_watch.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "profile/stacks_touch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PROCESSES =
        256, /* that are watched from the start; their children perf finds itself */
    START_TIMEOUT_MS = 10000,
    END_TIMEOUT_MS = 60000,
};

/* Debian's libraries keep no frame pointers, so stacks that were followed by them would end
 * in the first library. perf takes 32 KB of the stack along instead (libuv has 12 KB of events
 * on it) and unwinds it afterwards. */
static char call_graph[] = "dwarf,32768";

/* perf watches for as long as its own child lives: a shell, which says a line once the watch
 * has begun, and then is cat, which ends when its input does. */
static char child[] = "echo; exec cat";

static void watch_clear(struct watch *watch)
{
    if (watch->input >= 0)
        close(watch->input);
    if (watch->output >= 0)
        close(watch->output);
    unlink(watch->data);
    free(watch->data);
    free(watch->said);
}

/* perf ended badly: what it said first, and what mostly is the matter. */
static int perf_failed(const struct watch *watch, const char *command, struct err *err)
{
    char line[200] = "nothing";
    FILE *file = fopen(watch->said, "re");
    while (file && fgets(line, sizeof line, file))
        if (line[strspn(line, " \t\n")])
            break;
    if (file)
        fclose(file);
    line[strcspn(line, "\n")] = '\0';
    return err_set(err,
                   "perf %s said: %s (it needs root, or kernel.perf_event_paranoid at "
                   "most 1)",
                   command, line);
}

/* Starts perf on the load tool's CPU, with its messages in a file. */
static int perf_start(struct proc *proc, const struct watch *watch, char *const *argv,
                      int input, int output, struct err *err)
{
    int error = open(watch->said, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (error < 0)
        return err_set(err, "%s: %s", watch->said, strerror(errno));
    int failed = proc_start(proc,
                            &(struct proc_options){.argv = argv,
                                                   .input = input,
                                                   .output = output,
                                                   .error = error,
                                                   .cpu = watch->cpu},
                            err);
    close(error);
    return failed;
}

/* Waits until perf has ended by itself. */
static int perf_await(struct proc *proc, const struct watch *watch, const char *command,
                      struct err *err)
{
    bool killed;
    enum proc_event event = proc_wait(proc, END_TIMEOUT_MS);
    if (event == PROC_ENDED)
        return proc_reap(proc, NULL) == 0 ? 0 : perf_failed(watch, command, err);
    proc_stop(proc, 500, &killed);
    if (event == PROC_INTERRUPTED)
        return err_set(err, "interrupted");
    return err_set(err, "perf %s did not end within %d s", command,
                   END_TIMEOUT_MS / 1000);
}

/* ---- watching ---- */

/* The processes as perf's -p takes them, "12,13", owned by the caller; their stacks are made
 * ready on the way. */
static char *pid_list(const struct target *target)
{
    pid_t pids[PROCESSES];
    size_t count = target_pids(target, pids, PROCESSES);
    char *list = alloc_copy("");
    for (size_t i = 0; i < count && i < PROCESSES; i++) {
        stack_touch(pids[i]);
        char *longer = alloc_format("%s%s%d", list, *list ? "," : "", (int)pids[i]);
        free(list);
        list = longer;
    }
    return list;
}

/* Starts perf record with its child's input and output at the ends of two pipes. */
static int record_start(struct watch *watch, const struct target *target, const int to[2],
                        const int from[2], struct err *err)
{
    char frequency[16];
    snprintf(frequency, sizeof frequency, "%d", WATCH_HZ);
    char *pids = pid_list(target);
    char *argv[] = {"perf", "record",  "-o",           watch->data, "-e", "cpu-clock",
                    "-F",   frequency, "--call-graph", call_graph,  "-p", pids,
                    "--",   "sh",      "-c",           child,       NULL};
    int failed = perf_start(&watch->proc, watch, argv, to[0], from[1], err);
    free(pids);
    return failed;
}

static int record_with_pipes(struct watch *watch, const struct target *target,
                             struct err *err)
{
    int to[2];
    int from[2];
    if (pipe2(to, O_CLOEXEC) < 0)
        return err_set(err, "pipe: %s", strerror(errno));
    watch->input = to[1];
    int failed =
        pipe2(from, O_CLOEXEC) < 0 ? err_set(err, "pipe: %s", strerror(errno)) : 0;
    if (!failed) {
        watch->output = from[0];
        failed = record_start(watch, target, to, from, err);
        close(from[1]);
    }
    close(to[0]);
    return failed;
}

/* Waits for the child's line. */
static int record_await(const struct watch *watch, struct err *err)
{
    char byte;
    int ready;
    double deadline = clock_now() + START_TIMEOUT_MS / 1000.0;
    struct pollfd said = {.fd = watch->output, .events = POLLIN};
    do
        ready = poll(&said, 1, clock_left_ms(deadline));
    while (ready < 0 && errno == EINTR);
    return ready == 1 && read(watch->output, &byte, 1) == 1
               ? 0
               : perf_failed(watch, "record", err);
}

int watch_start(struct watch *watch, const struct target *target, struct err *err)
{
    struct err ignored;
    *watch = (struct watch){.cpu = target->bench->cpus.client,
                            .input = -1,
                            .output = -1,
                            .data = alloc_format("%s.perf", target->raw),
                            .said = alloc_format("%s-perf.txt", target->raw)};
    if (record_with_pipes(watch, target, err) < 0) {
        watch_clear(watch);
        return -1;
    }
    if (record_await(watch, err) < 0) {
        watch_end(watch, NULL, NULL, &ignored);
        return -1;
    }
    return 0;
}

/* ---- what it saw ---- */

/* perf prints tens of megabytes: into a file that has no name. Inlined functions are not asked
 * for, since perf starts addr2line for each address. */
static int script_read(const struct watch *watch, struct folds *folds,
                       const char *program, struct err *err)
{
    struct proc proc;
    FILE *script = tmpfile();
    if (!script)
        return err_set(err, "tmpfile: %s", strerror(errno));
    char *argv[] = {"perf",        "script", "-i",          watch->data,
                    "--no-inline", "-F",     STACKS_FIELDS, NULL};
    int failed = perf_start(&proc, watch, argv, -1, fileno(script), err);
    if (!failed)
        failed = perf_await(&proc, watch, "script", err);
    if (!failed && fseek(script, 0, SEEK_SET) < 0)
        failed = err_set(err, "fseek: %s", strerror(errno));
    if (!failed)
        failed = folds_read(folds, script, program, err);
    fclose(script);
    return failed;
}

int watch_end(struct watch *watch, struct folds *folds, const char *program,
              struct err *err)
{
    close(watch->input);
    watch->input = -1;
    int failed = perf_await(&watch->proc, watch, "record", err);
    if (!failed && folds)
        failed = script_read(watch, folds, program, err);
    watch_clear(watch);
    return failed;
}
