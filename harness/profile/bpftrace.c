/* bpftrace.c - where a server's time goes between and within its system calls.
 * SPDX-License-Identifier: MIT */
#include "profile/trace.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/paths.h"
#include "host/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READY_TIMEOUT_MS = 20000, END_TIMEOUT_MS = 20000, FAILED = 10000 };

/* ---- what it prints ---- */

void trace_free(struct trace *trace)
{
    free(trace->list);
    *trace = (struct trace){0};
}

/* A map of trace.bt. Those of the scheduler have the call's number plus 1, since there 0 is
 * user space. */
static const struct map {
    const char *name;
    enum trace_kind kind;
    int first;
    double unit;
} maps[] = {
    {"@kernel", TRACE_KERNEL, 0, 1e-9}, {"@user", TRACE_USER, 0, 1e-9},
    {"@wait", TRACE_WAIT, 1, 1e-9},     {"@delay", TRACE_DELAY, 1, 1e-9},
    {"@count", TRACE_COUNT, 0, 1},
};

static const struct map *find_map(const char *name)
{
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        if (strcmp(maps[i].name, name) == 0)
            return &maps[i];
    return NULL;
}

/* {"BEFORE,CALL": VALUE, …}. */
static int add_map(struct trace *trace, const struct map *map, json_t *sums,
                   struct err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(sums, key, value)
    {
        int before;
        int call;
        if (sscanf(key, "%d,%d", &before, &call) != 2 || !json_is_number(value))
            return err_set(err, "bpftrace: %s[%s] is no sum", map->name, key);
        trace->list = alloc_resize(trace->list, trace->count + 1, sizeof *trace->list);
        trace->list[trace->count++] = (struct trace_sum){
            .kind = map->kind,
            .before = before % FAILED,
            .failed = before >= FAILED,
            .call = call - map->first,
            .value = json_number_value(value) * map->unit,
        };
    }
    return 0;
}

/* One line, which is a JSON object: of all kinds only maps matter. */
static int parse_line(struct trace *trace, const char *text, size_t size, struct err *err)
{
    json_t *line = json_loadb(text, size, 0, NULL);
    const char *name;
    json_t *sums;
    int failed = line ? 0 : err_set(err, "bpftrace said: %.*s", (int)size, text);
    json_object_foreach(json_object_get(line, "data"), name, sums)
    {
        const struct map *map = find_map(name);
        if (map && !failed)
            failed = add_map(trace, map, sums, err);
    }
    json_decref(line);
    return failed;
}

int trace_parse(struct trace *trace, const char *text, struct err *err)
{
    for (size_t size; *text; text += size + (text[size] == '\n')) {
        size = strcspn(text, "\n");
        if (size > 0 && text[0] == '{' && parse_line(trace, text, size, err) < 0)
            return -1;
    }
    return trace->count > 0 ? 0 : err_set(err, "bpftrace saw no system call");
}

/* ---- beside a server ---- */

/* bpftrace while it runs. */
struct tracer {
    struct proc proc;
    int output; /* its standard output and error */
    char *text; /* what came from there; owned */
    size_t size;
};

/* Reads on until `until` has come, or, if that is NULL, until it has ended. */
static int tracer_read(struct tracer *tracer, const char *until, int timeout_ms,
                       struct err *err)
{
    double deadline = clock_now() + timeout_ms / 1000.0;
    while (!until || !strstr(tracer->text, until)) {
        struct pollfd fds[2] = {{.fd = tracer->output, .events = POLLIN},
                                {.fd = until ? interrupt_fd() : -1, .events = POLLIN}};
        int ready = poll(fds, 2, clock_left_ms(deadline));
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0 || fds[1].revents)
            return err_set(err, ready > 0 ? "interrupted" : "bpftrace did not answer");
        tracer->text = alloc_resize(tracer->text, tracer->size + 4097, 1);
        ssize_t n = read(tracer->output, tracer->text + tracer->size, 4096);
        if (n <= 0 && !until)
            return 0;
        if (n <= 0)
            return err_set(err, "bpftrace ended: %.300s", tracer->text);
        tracer->size += (size_t)n;
        tracer->text[tracer->size] = '\0';
    }
    return 0;
}

/* bpftrace wants the kernel's trace file systems; where they are not mounted they are for it
 * alone. */
static int tracer_run(struct tracer *tracer, const char *cgroup, int output,
                      struct err *err)
{
    static char mounts[] =
        "[ -d /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing;"
        "[ -d /sys/kernel/debug/tracing/events ] || mount -t debugfs none "
        "/sys/kernel/debug;"
        "exec bpftrace -f json \"$@\"";
    struct stat status;
    if (stat(cgroup, &status) < 0)
        return err_set(err, "%s: %s", cgroup, strerror(errno));
    char *script = alloc_format("%s/trace.bt", paths_profile());
    char *id = alloc_format("%llu", (unsigned long long)status.st_ino);
    char *argv[] = {"unshare", "--mount", "sh", "-c", mounts, "sh", script, id, NULL};
    int failed = proc_start(
        &tracer->proc,
        &(struct proc_options){
            .argv = argv, .input = -1, .output = output, .error = output, .cpu = -1},
        err);
    free(script);
    free(id);
    return failed;
}

static int tracer_start(struct tracer *tracer, const char *cgroup, struct err *err)
{
    int ends[2];
    bool killed;
    if (pipe2(ends, O_CLOEXEC) < 0) {
        err_set(err, "pipe: %s", strerror(errno));
        return -1;
    }
    *tracer = (struct tracer){.output = ends[0], .text = alloc_zeroed(1, 1)};
    int failed = tracer_run(tracer, cgroup, ends[1], err);
    close(ends[1]);
    if (!failed && tracer_read(tracer, "ready", READY_TIMEOUT_MS, err) < 0) {
        proc_stop(&tracer->proc, 500, &killed);
        failed = -1;
    }
    if (failed) {
        close(tracer->output);
        free(tracer->text);
    }
    return failed ? -1 : 0;
}

static int keep(const char *path, const char *text, struct err *err)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return err_set(err, "%s: %s", path, strerror(errno));
    int failed = fputs(text, file) < 0;
    failed |= fclose(file) == EOF;
    return failed ? err_set(err, "%s: %s", path, strerror(errno)) : 0;
}

/* On SIGINT it prints its maps. What it said is kept beside the other raw files. */
static int tracer_end(struct tracer *tracer, struct trace *trace, const char *raw,
                      struct err *err)
{
    bool killed;
    kill(tracer->proc.pid, SIGINT);
    int failed = tracer_read(tracer, NULL, END_TIMEOUT_MS, err);
    proc_stop(&tracer->proc, 500, &killed);
    close(tracer->output);
    char *path = alloc_format("%s.bpftrace", raw);
    if (!failed)
        failed = keep(path, tracer->text, err);
    if (!failed)
        failed = trace_parse(trace, tracer->text, err);
    free(path);
    free(tracer->text);
    return failed;
}

int trace_drive(struct trace *trace, struct target *target, const struct drive *drive,
                struct err *err)
{
    struct tracer tracer;
    struct err later;
    if (target_tool("bpftrace", "bpftrace", err) < 0)
        return -1;
    if (!target->box.cgroup)
        return err_set(err, "without a cgroup of its own bpftrace cannot tell the server "
                            "from the rest (cgroup v2, root)");
    if (tracer_start(&tracer, target->box.cgroup, err) < 0)
        return -1;
    int failed = target_drive(target, drive, err);
    if (tracer_end(&tracer, trace, target->raw, failed ? &later : err) < 0)
        failed = -1;
    return failed;
}
