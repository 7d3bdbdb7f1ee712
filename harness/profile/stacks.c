/* stacks.c - where a server's CPU time goes: perf looks at it a thousand times a second.
 * SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "profile/profile.h"
#include "profile/stacks_watch.h"
#include "profile/stacks_write.h"

#include <limits.h>
#include <unistd.h>

enum {
    DRIVE_REQUESTS = 10000, /* repeated until the time is over */
    CONCURRENCY = 50,
};
static const double SECONDS = 5;

static int drive_for(struct target *target, double seconds, struct err *err)
{
    const struct drive drive = {.requests = DRIVE_REQUESTS, .concurrency = CONCURRENCY};
    double until = clock_now() + seconds;
    while (clock_now() < until)
        if (target_drive(target, &drive, err) < 0)
            return -1;
    return 0;
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
    struct watch watch;
    struct err ignored;
    read_program(program, sizeof program, target);
    if (watch_start(&watch, target, err) < 0)
        return -1;
    int failed = drive_for(target, SECONDS, err);
    if (watch_end(&watch, failed ? NULL : folds, program, failed ? &ignored : err) < 0)
        failed = -1;
    return failed;
}

static json_t *measure(const struct bench *bench, const struct run_server *server,
                       struct err *err)
{
    struct folds folds = {0};
    struct target target;
    struct err ignored;
    json_t *data = NULL;
    const struct target_options options = {
        .bench = bench, .server = server, .label = "stacks"};
    if (target_tool("perf", "linux-perf", err) < 0 ||
        target_start(&target, &options, err) < 0)
        return NULL;
    int failed = watch_target(&folds, &target, err);
    if (target_stop(&target, failed ? &ignored : err) < 0)
        failed = -1;
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
    .drawing =
        {"flame",
         "Flame graph: the width of a box is the share of CPU time in which a "
         "function was at work or had called what was; what it called stands on it. "
         "Point at a box for its name and its figures.",
         stacks_draw},
};
