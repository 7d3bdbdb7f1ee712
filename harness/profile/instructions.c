/* instructions.c - user-space instructions per request, counted by callgrind.
 * SPDX-License-Identifier: MIT
 *
 * The server runs for few requests and for many; what the second count has more is theirs,
 * and start and end cancel. Which of several clients are ready at a time, and whether a request
 * is there by the time its connection is, are the scheduler's affair: of three runs for many
 * the median counts. A forked child inherits its parent's counts: they are
 * written out, and set to zero, at each fork, so that it begins with what _Fork itself has run
 * by then, some 30 instructions. Symbols are bound at the start (LD_BIND_NOW), where a child
 * would otherwise bind them again. */
#include "profile/instructions.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "profile/callgrind.h"
#include "profile/part.h"
#include "profile/profile.h"

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FEW = 100, MANY_MIN = 200, MANY_MAX = 3000, DRIVE_S = 1, RUNS = 3 };

const int counted_concurrency[COUNTED_LOADS] = {1, 10};

/* A function that runs less for a request is summed with its like. */
static const double WORTH_A_ROW = 0.5;

/* Where callgrind writes: not in the profile's folder, since a server may have given up being
 * root by then; and not kept, since a server that forks leaves a file for each request. */
static char *scratch_make(struct err *err)
{
    const char *wanted = getenv("TMPDIR");
    char *folder = alloc_format("%s/abacus-XXXXXX", wanted && *wanted ? wanted : "/tmp");
    if (mkdtemp(folder) && chmod(folder, 01777) == 0)
        return folder;
    err_set(err, "%s: %s", folder, strerror(errno));
    free(folder);
    return NULL;
}

/* Reads, and adds up, what each process left; and removes it, and the folder. */
static int scratch_read(struct costs *costs, const char *folder, struct err *err)
{
    glob_t found;
    int failed = 0;
    char *pattern = alloc_format("%s/*", folder);
    if (glob(pattern, 0, NULL, &found) != 0)
        failed = err_set(err, "callgrind left no file");
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (!failed)
            failed = callgrind_read(costs, found.gl_pathv[i], err);
        unlink(found.gl_pathv[i]);
    }
    globfree(&found);
    rmdir(folder);
    free(pattern);
    return failed;
}

/* How long a drive took tells how many requests the next may have. */
static int drive_once(const struct target_options *options, const struct drive *drive,
                      double *seconds, struct err *err)
{
    struct target target;
    struct err later;
    if (target_start(&target, options, err) < 0)
        return -1;
    double start = clock_now();
    int failed = target_drive(&target, drive, err);
    *seconds = clock_now() - start;
    return target_stop(&target, failed ? &later : err) < 0 || failed ? -1 : 0;
}

/* Runs the server under callgrind for that many requests, the `run`th time. */
static int count(const struct bench *bench, const struct run_server *server,
                 const struct drive *drive, int run, struct costs *costs, double *seconds,
                 struct err *err)
{
    char *label = alloc_format("c%d-n%ld-%d", drive->concurrency, drive->requests, run);
    char *folder = scratch_make(err);
    if (!folder) {
        free(label);
        return -1;
    }
    char *out = alloc_format("--callgrind-out-file=%s/%%p", folder);
    char *wrapper[] = {"env",
                       "LD_BIND_NOW=1",
                       "PERL_HASH_SEED=0",
                       "valgrind",
                       "-q",
                       "--tool=callgrind",
                       "--trace-children=yes",
                       "--combine-dumps=yes",
                       "--collect-systime=usec",
                       "--vgdb=no",
                       "--dump-before=_Fork",
                       out,
                       NULL};
    const struct target_options options = {bench, server, label, wrapper};
    struct err unread;
    int failed = drive_once(&options, drive, seconds, err);
    if (scratch_read(costs, folder, failed ? &unread : err) < 0)
        failed = -1;
    free(label);
    free(folder);
    free(out);
    return failed;
}

static long many_for(double seconds)
{
    double many = FEW + (seconds > 0 ? DRIVE_S * FEW / seconds : MANY_MAX);
    return many < MANY_MIN ? MANY_MIN : many > MANY_MAX ? MANY_MAX : (long)many;
}

static double total_of(const struct costs *costs)
{
    double total = 0;
    for (size_t i = 0; i < costs->count; i++)
        total += costs->list[i].instructions;
    return total;
}

static int by_total(const void *a, const void *b)
{
    double left = total_of(a);
    double right = total_of(b);
    return (left > right) - (left < right);
}

/* What so many requests more cost, divided by their number: of each run, the least first. */
static int count_runs(const struct bench *bench, const struct run_server *server,
                      struct drive *drive, struct costs runs[RUNS], struct err *err)
{
    struct costs few = {0};
    double seconds;
    drive->requests = FEW;
    int failed = count(bench, server, drive, 1, &few, &seconds, err);
    drive->requests = failed ? 0 : many_for(seconds);
    for (int i = 0; i < RUNS && !failed; i++) {
        failed = count(bench, server, drive, i + 1, &runs[i], &seconds, err);
        costs_subtract(&runs[i], &few);
        costs_divide(&runs[i], (double)(drive->requests - FEW));
    }
    costs_free(&few);
    qsort(runs, RUNS, sizeof *runs, by_total);
    if (!failed && total_of(&runs[0]) < 1)
        failed = err_set(err, "callgrind saw no work in the server's processes");
    return failed;
}

static json_t *row_json(const struct cost *cost, const char *group)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:f, s:f}", "function", cost->function,
                     "group", group, "file", cost->file, "object", cost->object,
                     "instructions", cost->instructions, "calls", cost->calls,
                     "system_calls", cost->system_calls);
}

static int by_instructions(const void *a, const void *b)
{
    const struct cost *left = a;
    const struct cost *right = b;
    return (left->instructions < right->instructions) -
           (left->instructions > right->instructions);
}

/* The largest first; those not worth a row are one row for each group. */
static json_t *functions_json(struct costs *costs)
{
    json_t *rows = json_array();
    struct cost rest[GROUPS] = {0};
    qsort(costs->list, costs->count, sizeof *costs->list, by_instructions);
    for (size_t i = 0; i < costs->count; i++) {
        const struct cost *cost = &costs->list[i];
        enum group group = group_of(cost->object, cost->file);
        if (fabs(cost->instructions) >= WORTH_A_ROW) {
            json_array_append_new(rows, row_json(cost, group_name(group)));
            continue;
        }
        rest[group].instructions += cost->instructions;
        rest[group].system_calls += cost->system_calls;
    }
    for (int group = 0; group < GROUPS; group++) {
        struct cost *cost = &rest[group];
        cost->function = cost->file = cost->object = "";
        if (cost->instructions != 0)
            json_array_append_new(rows, row_json(cost, group_name((enum group)group)));
    }
    return rows;
}

static json_t *load_json(const struct drive *drive, struct costs runs[RUNS])
{
    struct costs *median = &runs[RUNS / 2];
    return json_pack("{s:i, s:i, s:i, s:f, s:f, s:f, s:o}", "concurrency",
                     drive->concurrency, "few", FEW, "many", (int)drive->requests,
                     "instructions", total_of(median), "low", total_of(&runs[0]), "high",
                     total_of(&runs[RUNS - 1]), "functions", functions_json(median));
}

static int add_load(json_t *data, const struct bench *bench,
                    const struct run_server *server, int concurrency, struct err *err)
{
    struct costs runs[RUNS] = {{0}};
    struct drive drive = {.concurrency = concurrency};
    int failed = count_runs(bench, server, &drive, runs, err);
    if (!failed) {
        char *key = alloc_format("c%d", concurrency);
        json_object_set_new(data, key, json_real(total_of(&runs[RUNS / 2])));
        json_array_append_new(json_object_get(data, "loads"), load_json(&drive, runs));
        free(key);
    }
    for (int i = 0; i < RUNS; i++)
        costs_free(&runs[i]);
    return failed;
}

static json_t *measure(const struct bench *bench, const struct run_server *server,
                       struct err *err)
{
    if (target_tool("valgrind", "valgrind", err) < 0)
        return NULL;
    json_t *data = json_pack("{s:[]}", "loads");
    for (size_t i = 0; i < COUNTED_LOADS; i++)
        if (add_load(data, bench, server, counted_concurrency[i], err) < 0) {
            json_decref(data);
            return NULL;
        }
    return data;
}

const struct part part_instructions = {
    .name = "instructions",
    .heading = "Instructions per request, in user space",
    .measure = measure,
    .write = instructions_write,
    .write_csv = instructions_write_csv,
    .figures = {{"c1", "Instructions", "c=1"}, {"c10", "Instructions", "c=10"}},
    .plots = {{"instructions-by-group",
               "Instructions per request in user space at concurrency 1, a bar for each "
               "server, divided by whose code they are.",
               instructions_write_groups}},
};
