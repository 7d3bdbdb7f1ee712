/* trace.c - the system calls of a running server: as strace saw them, and where bpftrace saw its
 * time go between and within them.
 * SPDX-License-Identifier: MIT */
#include "profile/trace.h"

#include "base/alloc.h"
#include "base/number.h"
#include "base/paths.h"
#include "load/printout.h"
#include "profile/watch.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COUNT_MAX = 2000000000, FAILED = 10000 };

/* ---- strace: its log ---- */

static void add_call(struct tally *calls, const char *name, double count, double seconds)
{
    struct tally_row *call =
        tally_row(calls, (const char *const[TALLY_NAMES]){name, "", ""});
    call->counts[CALL_COUNT] += count;
    call->counts[CALL_SECONDS] += seconds;
}

/* "PID NAME(…) = …", or, where another process came in between, "PID NAME(… <unfinished ...>"
 * and later "PID <... NAME resumed>…) = …". Other lines are of signals. */
static int count_line(void *calls, char *line)
{
    static const char names[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    char *at = line + strspn(line, "0123456789");
    at += strspn(at, " ");
    bool resumed = strncmp(at, "<... ", strlen("<... ")) == 0;
    at += resumed ? strlen("<... ") : 0;
    size_t size = strspn(at, names);
    if (size == 0 || at[size] != (resumed ? ' ' : '('))
        return 0;
    double begun = resumed ? 0 : 1;
    double cut_short = strstr(at, " ERESTART") ? 1 : 0;
    at[size] = '\0';
    if (begun != cut_short)
        add_call(calls, at, begun - cut_short, 0);
    return 0;
}

int strace_read_log(struct tally *calls, const char *path, struct err *err)
{
    return lines_read_path(path, count_line, calls, err);
}

/* ---- strace: its summary ---- */

struct summary {
    struct tally *calls;
    bool whole;
};

/* "% time  seconds  usecs/call  calls  [errors]  name", in place: the column of errors is blank
 * where there are none. Other lines do not count. The last is of all calls. */
static int summary_line(void *to, char *line)
{
    struct summary *summary = to;
    char *words[7];
    size_t count = printout_words(line, words, 7);
    long made = 0;
    double seconds = 0;
    if (summary->whole || (count != 5 && count != 6) ||
        !number_double(&seconds, words[1], 0, 1e9) ||
        !number_long(&made, words[3], 0, COUNT_MAX))
        return 0;
    summary->whole = strcmp(words[count - 1], "total") == 0;
    if (!summary->whole)
        add_call(summary->calls, words[count - 1], (double)made, seconds);
    return 0;
}

int strace_read_summary(struct tally *calls, const char *path, struct err *err)
{
    struct summary summary = {.calls = calls};
    if (lines_read_path(path, summary_line, &summary, err) < 0)
        return -1;
    return summary.whole ? 0 : err_set(err, "%s: strace's summary has no total", path);
}

/* ---- strace beside a server ---- */

static int strace_drive(struct target *target, const struct drive *drive, char *how,
                        char *path, struct err *err)
{
    char *pids = watch_pids(target);
    char *said = alloc_format("%s.txt", path);
    char *argv[] = {"strace", "-qq", "-f", how, "-o", path, "-p", pids, NULL};
    const struct watcher strace = {.name = "strace",
                                   .argv = argv,
                                   .said = said,
                                   .lacks = "ptrace is forbidden here",
                                   .cpu = -1};
    int failed = watch_drive(&strace, target, drive, 0, err);
    free(pids);
    free(said);
    return failed;
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

/* ---- bpftrace: what it prints ---- */

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
static int add_map(struct trace *trace, const struct map *map, json_t *sums)
{
    const char *key;
    json_t *value;
    json_object_foreach(sums, key, value)
    {
        int before;
        int call;
        if (sscanf(key, "%d,%d", &before, &call) != 2 || !json_is_number(value))
            return -1;
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

/* Of JSON objects, one a line, only maps matter; other lines are messages. */
static int trace_line(void *trace, char *text)
{
    json_t *line = text[0] == '{' ? json_loads(text, 0, NULL) : NULL;
    const char *name;
    json_t *sums;
    int failed = text[0] == '{' && !line ? -1 : 0;
    json_object_foreach(json_object_get(line, "data"), name, sums)
    {
        const struct map *map = find_map(name);
        if (map && !failed)
            failed = add_map(trace, map, sums);
    }
    json_decref(line);
    return failed;
}

int trace_read(struct trace *trace, const char *path, struct err *err)
{
    if (lines_read_path(path, trace_line, trace, err) < 0)
        return -1;
    return trace->count > 0 ? 0 : err_set(err, "bpftrace saw no system call");
}

/* ---- bpftrace beside a server ---- */

/* bpftrace wants the kernel's trace file systems; where they are not mounted they are for it
 * alone. What it says is kept beside the other raw files. */
static int bpftrace_drive(struct target *target, const struct drive *drive, char *id,
                          const char *said, struct err *err)
{
    static char mounts[] =
        "[ -d /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing;"
        "[ -d /sys/kernel/debug/tracing/events ] || mount -t debugfs none "
        "/sys/kernel/debug;"
        "exec bpftrace -f json \"$@\"";
    char *script = alloc_format("%s/trace.bt", paths_profile());
    char *argv[] = {"unshare", "--mount", "sh", "-c", mounts, "sh", script, id, NULL};
    const struct watcher bpftrace = {.name = "bpftrace",
                                     .argv = argv,
                                     .said = said,
                                     .ready = "\"ready",
                                     .lacks = "it needs root",
                                     .cpu = -1};
    int failed = watch_drive(&bpftrace, target, drive, 0, err);
    free(script);
    return failed;
}

int trace_drive(struct trace *trace, struct target *target, const struct drive *drive,
                struct err *err)
{
    char id[24];
    struct stat status;
    if (target_tool("bpftrace", "bpftrace", err) < 0)
        return -1;
    if (!target->box.cgroup)
        return err_set(err, "without a cgroup of its own bpftrace cannot tell the server "
                            "from the rest (cgroup v2, root)");
    if (stat(target->box.cgroup, &status) < 0)
        return err_set(err, "%s: %s", target->box.cgroup, strerror(errno));
    snprintf(id, sizeof id, "%llu", (unsigned long long)status.st_ino);
    char *said = alloc_format("%s.bpftrace", target->raw);
    int failed = bpftrace_drive(target, drive, id, said, err);
    if (!failed)
        failed = trace_read(trace, said, err);
    free(said);
    return failed;
}
