/* stacks.c - where a server's CPU time goes: perf looks at it a thousand times a second.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "base/clock.h"
#include "profile/profile.h"
#include "profile/stacks_fold.h"
#include "profile/stacks_write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DRIVE_REQUESTS = 5000, /* repeated until the time is over */
    CONCURRENCY = 50,
    PROCESSES = 256, /* that are watched from the start; later ones are found by perf */
    START_TIMEOUT_MS = 10000,
    END_TIMEOUT_MS = 60000,
};
static const double SECONDS = 4;

/* Not a round number, so that it does not keep step with what happens every millisecond. */
static char frequency[] = "997";

/* Debian's libraries keep no frame pointers, so stacks that were followed by them would end
 * in the first library. perf takes 16 KB of the stack along instead (libuv has 12 KB of events
 * on it) and unwinds it afterwards. */
static char call_graph[] = "dwarf,16384";

/* perf, watching. It watches for as long as its own child lives: that is a shell, which says
 * a line once the watch has begun, and then a cat, which ends when its input does. */
static char echo[] = "echo; exec cat";

struct watch {
    struct proc proc;
    int input;  /* of the child; closing it ends the watch */
    int output; /* of the child */
    char *data; /* perf's file */
    char *said; /* where perf's messages go */
};

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

/* The first line of what a tool said; whole is false if it ended badly. */
static int tool_failed(const char *name, const char *path, struct err *err)
{
    char line[200] = "nothing";
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (line[strspn(line, " \t\n")])
            break;
    if (file)
        fclose(file);
    line[strcspn(line, "\n")] = '\0';
    return err_set(err,
                   "%s said: %s (to watch a server it needs to be root, or "
                   "kernel.perf_event_paranoid at most 1)",
                   name, line);
}

/* The processes as perf's -p takes them, "12,13"; owned by the caller. */
static char *pid_list(const struct target *target)
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

/* Starts a tool beside the server, on the load tool's CPU, with its messages in `said`. */
static int start_tool(struct proc *proc, char *const *argv, int cpu, int input,
                      int output, const char *said, struct err *err)
{
    int error = open(said, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (error < 0)
        return err_set(err, "%s: %s", said, strerror(errno));
    int failed = proc_start(
        proc,
        &(struct proc_options){
            .argv = argv, .input = input, .output = output, .error = error, .cpu = cpu},
        err);
    close(error);
    return failed;
}

static int watch_start(struct watch *watch, const struct target *target, struct err *err)
{
    int to[2];
    int from[2];
    if (pipe2(to, O_CLOEXEC) < 0)
        return err_set(err, "pipe: %s", strerror(errno));
    if (pipe2(from, O_CLOEXEC) < 0) {
        close(to[0]);
        close(to[1]);
        return err_set(err, "pipe: %s", strerror(errno));
    }
    char *pids = pid_list(target);
    char *argv[] = {"perf", "record",  "-o",           watch->data, "-e", "cpu-clock",
                    "-F",   frequency, "--call-graph", call_graph,  "-p", pids,
                    "--",   "sh",      "-c",           echo,        NULL};
    int failed = start_tool(&watch->proc, argv, target->bench->cpus.client, to[0],
                            from[1], watch->said, err);
    free(pids);
    close(to[0]);
    close(from[1]);
    watch->input = to[1];
    watch->output = from[0];
    return failed;
}

/* Waits for the line. */
static int watch_await(const struct watch *watch, struct err *err)
{
    char byte;
    double deadline = clock_now() + START_TIMEOUT_MS / 1000.0;
    struct pollfd said = {.fd = watch->output, .events = POLLIN};
    int ready;
    do
        ready = poll(&said, 1, clock_left_ms(deadline));
    while (ready < 0 && errno == EINTR);
    if (ready == 1 && read(watch->output, &byte, 1) == 1)
        return 0;
    return tool_failed("perf record", watch->said, err);
}

/* Ends the watch; perf then writes its file. */
static int watch_end(struct watch *watch, struct err *err)
{
    bool killed;
    close(watch->input);
    watch->input = -1;
    if (proc_wait(&watch->proc, END_TIMEOUT_MS) != PROC_ENDED) {
        proc_stop(&watch->proc, 500, &killed);
        return err_set(err, "perf record did not end");
    }
    return proc_reap(&watch->proc, NULL) == 0
               ? 0
               : tool_failed("perf record", watch->said, err);
}

static int drive_for(struct target *target, double seconds, struct err *err)
{
    const struct drive drive = {.requests = DRIVE_REQUESTS, .concurrency = CONCURRENCY};
    double until = clock_now() + seconds;
    while (clock_now() < until)
        if (target_drive(target, &drive, err) < 0)
            return -1;
    return 0;
}

/* Once it has been started a watch is ended, whatever happens. */
static int watch_drive(struct watch *watch, struct target *target, struct err *err)
{
    struct err ignored;
    if (watch_start(watch, target, err) < 0)
        return -1;
    int failed = watch_await(watch, err);
    if (!failed)
        failed = drive_for(target, SECONDS, err);
    if (watch_end(watch, failed ? &ignored : err) < 0)
        failed = -1;
    return failed;
}

/* ---- what perf saw ---- */

static int run_script(const struct watch *watch, int cpu, int output, struct err *err)
{
    struct proc proc;
    bool killed;
    /* Inlined functions would be asked of addr2line, one process for each address. */
    char *argv[] = {"perf",        "script", "-i",          watch->data,
                    "--no-inline", "-F",     STACKS_FIELDS, NULL};
    if (start_tool(&proc, argv, cpu, -1, output, watch->said, err) < 0)
        return -1;
    if (proc_wait(&proc, END_TIMEOUT_MS) != PROC_ENDED) {
        proc_stop(&proc, 500, &killed);
        return err_set(err, "perf script did not end within %d s", END_TIMEOUT_MS / 1000);
    }
    return proc_reap(&proc, NULL) == 0 ? 0 : tool_failed("perf script", watch->said, err);
}

/* perf prints tens of megabytes: into a file that has no name any more. */
static int read_script(struct folds *folds, const struct watch *watch, int cpu,
                       const char *program, struct err *err)
{
    FILE *script = tmpfile();
    if (!script)
        return err_set(err, "tmpfile: %s", strerror(errno));
    int failed = run_script(watch, cpu, fileno(script), err);
    if (!failed) {
        rewind(script);
        failed = folds_read(folds, script, program, err);
    }
    fclose(script);
    return failed;
}

/* The executable that the server runs: not the path it was started by, which may be a
 * script's. */
static void read_program(char *program, size_t size, const struct target *target)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/exe", (int)target->server.proc.pid);
    ssize_t length = readlink(link, program, size - 1);
    program[length > 0 ? length : 0] = '\0';
}

static int watch_target(struct folds *folds, struct target *target, struct err *err)
{
    char program[PATH_MAX];
    struct watch watch = {.input = -1,
                          .output = -1,
                          .data = alloc_format("%s.perf", target->raw),
                          .said = alloc_format("%s-perf.txt", target->raw)};
    read_program(program, sizeof program, target);
    int failed = watch_drive(&watch, target, err);
    if (!failed)
        failed = read_script(folds, &watch, target->bench->cpus.client, program, err);
    watch_clear(&watch);
    return failed;
}

static json_t *measure(const struct bench *bench, const struct run_server *server,
                       struct err *err)
{
    struct folds folds = {0};
    struct target target;
    struct err ignored;
    const struct target_options options = {
        .bench = bench, .server = server, .label = "stacks"};
    if (target_tool("perf", "linux-perf", err) < 0 ||
        target_start(&target, &options, err) < 0)
        return NULL;
    int failed = watch_target(&folds, &target, err);
    if (target_stop(&target, failed ? &ignored : err) < 0)
        failed = -1;
    json_t *data = NULL;
    if (!failed)
        data = json_pack("{s:I, s:I, s:I, s:O}", "samples", (json_int_t)folds.samples,
                         "whole", (json_int_t)folds.whole, "kernel_only",
                         (json_int_t)folds.kernel_only, "stacks", folds.stacks);
    folds_free(&folds);
    return data;
}

const struct part part_stacks = {
    .name = "stacks",
    .heading = "Where the CPU time goes",
    .measure = measure,
    .write = stacks_write,
    .write_csv = stacks_write_csv,
    .write_files = stacks_write_files,
};
