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
#include "profile/profile.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/paths.h"
#include "base/quote.h"
#include "profile/valgrind.h"
#include "render/glossary.h"
#include "render/names.h"

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FEW = 100, MANY_MIN = 200, MANY_MAX = 3000, DRIVE_S = 1, RUNS = 3 };

/* The concurrencies at which they are counted: an event loop serves several at a turn. */
static const int concurrencies[] = {1, 10};
enum { LOADS = sizeof concurrencies / sizeof *concurrencies };

/* A function that runs less for a request is summed with its like in the record; and in the
 * tables, by the article's limit, one with less than this share. */
static const double WORTH_RECORDING = 0.5;
static const double WORTH_A_ROW = 0.01;

/* ---- counting ---- */

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
static int scratch_read(struct tally *costs, const char *folder, struct err *err)
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

/* A drive, and how long it took, which tells how many requests the next may have. */
struct timed {
    const struct drive *drive;
    double seconds;
};

static int drive_timed(void *subject, struct target *target, struct err *err)
{
    struct timed *timed = subject;
    double start = clock_now();
    int failed = target_drive(target, timed->drive, err);
    timed->seconds = clock_now() - start;
    return failed;
}

/* Runs the server under callgrind for that many requests, the `run`th time. */
static int count(const struct setup *setup, const struct run_server *server,
                 const struct drive *drive, int run, struct tally *costs, double *seconds,
                 struct err *err)
{
    char *folder = scratch_make(err);
    if (!folder)
        return -1;
    char *label = alloc_format("c%d-n%ld-%d", drive->concurrency, drive->requests, run);
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
    const struct target_options options = {setup, server, label, wrapper};
    struct timed timed = {.drive = drive};
    struct err unread;
    int failed = target_use(&options, drive_timed, &timed, err);
    *seconds = timed.seconds;
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

/* What so many requests more cost, divided by their number: of each run, the least first. */
static int count_runs(const struct setup *setup, const struct run_server *server,
                      struct drive *drive, struct tally runs[RUNS], struct err *err)
{
    struct tally few = {0};
    double seconds;
    drive->requests = FEW;
    int failed = count(setup, server, drive, 1, &few, &seconds, err);
    drive->requests = failed ? 0 : many_for(seconds);
    for (int i = 0; i < RUNS && !failed; i++)
        failed = count(setup, server, drive, i + 1, &runs[i], &seconds, err);
    if (!failed)
        tally_per_request(runs, RUNS, &few, (double)(drive->requests - FEW));
    tally_free(&few);
    if (!failed && tally_sum(&runs[0], COST_INSTRUCTIONS) < 1)
        failed = err_set(err, "callgrind saw no work in the server's processes");
    return failed;
}

static json_t *row_json(const struct tally_row *row, const char *group)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:f, s:f}", "function",
                     row->names[COST_FUNCTION], "group", group, "file",
                     paths_within(row->names[COST_FILE]), "object",
                     paths_within(row->names[COST_OBJECT]), "instructions",
                     row->counts[COST_INSTRUCTIONS], "calls", row->counts[COST_CALLS],
                     "system_calls", row->counts[COST_SYSTEM_CALLS]);
}

static int by_instructions(const void *a, const void *b)
{
    double left = ((const struct tally_row *)a)->counts[COST_INSTRUCTIONS];
    double right = ((const struct tally_row *)b)->counts[COST_INSTRUCTIONS];
    return (left < right) - (left > right);
}

/* The largest first; those not worth a row are one row for each group. */
static json_t *functions_json(struct tally *costs)
{
    static char none[] = "";
    json_t *rows = json_array();
    struct tally_row rest[GROUPS] = {0};
    qsort(costs->rows, costs->count, sizeof *costs->rows, by_instructions);
    for (size_t i = 0; i < costs->count; i++) {
        const struct tally_row *row = &costs->rows[i];
        enum group group = group_of(row->names[COST_OBJECT], row->names[COST_FILE]);
        if (fabs(row->counts[COST_INSTRUCTIONS]) >= WORTH_RECORDING) {
            json_array_append_new(rows, row_json(row, group_names[group]));
            continue;
        }
        rest[group].counts[COST_INSTRUCTIONS] += row->counts[COST_INSTRUCTIONS];
        rest[group].counts[COST_SYSTEM_CALLS] += row->counts[COST_SYSTEM_CALLS];
    }
    for (int group = 0; group < GROUPS; group++) {
        for (size_t n = 0; n < TALLY_NAMES; n++)
            rest[group].names[n] = none;
        if (rest[group].counts[COST_INSTRUCTIONS] != 0)
            json_array_append_new(rows, row_json(&rest[group], group_names[group]));
    }
    return rows;
}

static json_t *load_json(const struct drive *drive, struct tally runs[RUNS])
{
    struct tally *median = &runs[RUNS / 2];
    return json_pack("{s:i, s:i, s:i, s:f, s:f, s:f, s:o}", "concurrency",
                     drive->concurrency, "few", FEW, "many", (int)drive->requests,
                     "instructions", tally_sum(median, COST_INSTRUCTIONS), "low",
                     tally_sum(&runs[0], COST_INSTRUCTIONS), "high",
                     tally_sum(&runs[RUNS - 1], COST_INSTRUCTIONS), "functions",
                     functions_json(median));
}

static int add_load(json_t *data, const struct setup *setup,
                    const struct run_server *server, int concurrency, struct err *err)
{
    struct tally runs[RUNS] = {{0}};
    struct drive drive = {.concurrency = concurrency};
    int failed = count_runs(setup, server, &drive, runs, err);
    if (!failed) {
        char *key = alloc_format("c%d", concurrency);
        json_object_set_new(data, key,
                            json_real(tally_sum(&runs[RUNS / 2], COST_INSTRUCTIONS)));
        json_array_append_new(json_object_get(data, "loads"), load_json(&drive, runs));
        free(key);
    }
    for (int i = 0; i < RUNS; i++)
        tally_free(&runs[i]);
    return failed;
}

static int measure(json_t *data, const struct setup *setup,
                   const struct run_server *server, struct err *err)
{
    json_object_set_new(data, "loads", json_array());
    for (size_t i = 0; i < LOADS; i++)
        if (add_load(data, setup, server, concurrencies[i], err) < 0)
            return -1;
    return 0;
}

/* ---- tables ---- */

/* The load of that concurrency, borrowed; NULL: none. */
static const json_t *find_load(const json_t *data, int concurrency)
{
    size_t i;
    const json_t *load;
    json_array_foreach(json_object_get(data, "loads"), i, load)
    {
        if (json_integer_value(json_object_get(load, "concurrency")) == concurrency)
            return load;
    }
    return NULL;
}

/* What the functions of a group run for a request; NAN where there is no such load. */
static double group_sum(const json_t *load, enum group group)
{
    double sum = load ? 0 : NAN;
    size_t i;
    const json_t *row;
    json_array_foreach(json_object_get(load, "functions"), i, row)
    {
        if (group_find(profile_text(row, "group")) == group)
            sum += profile_number(row, "instructions");
    }
    return sum;
}

static double share(const json_t *data, size_t group)
{
    return group_sum(find_load(data, concurrencies[0]), (enum group)group);
}

static void group_rows(struct grid *grid, const char *server, const json_t *data)
{
    for (size_t i = 0; i < LOADS; i++) {
        const json_t *load = find_load(data, concurrencies[i]);
        const struct interval runs = {.low = profile_number(load, "low"),
                                      .high = profile_number(load, "high")};
        grid_add(grid, "%s", server);
        grid_add(grid, "%d", concurrencies[i]);
        grid_add(grid, "%s", figure_count(profile_number(load, "instructions")).text);
        grid_add(grid, "%s", figure_range(runs, figure_count).text);
        for (int group = 0; group < GROUPS; group++)
            grid_add(grid, "%s", figure_count(group_sum(load, (enum group)group)).text);
    }
}

static const struct part_table groups = {
    .columns =
        (const struct column[]){
            {.head = "Server"},
            {.head = "c", .align = ALIGN_RIGHT},
            {.head = "all", .align = ALIGN_RIGHT},
            {.head = "low–high", .align = ALIGN_RIGHT},
            {.group = "by group", .head = "server", .align = ALIGN_RIGHT},
            {.group = "by group", .head = "reader", .align = ALIGN_RIGHT},
            {.group = "by group", .head = "responses", .align = ALIGN_RIGHT},
            {.group = "by group", .head = "library", .align = ALIGN_RIGHT},
            {.group = "by group", .head = "libc", .align = ALIGN_RIGHT},
            {.group = "by group", .head = "linker", .align = ALIGN_RIGHT},
            {.group = "by group", .head = "other", .align = ALIGN_RIGHT},
            {0},
        },
    .rows = group_rows,
};

static void add_share(struct grid *grid, double instructions, double total)
{
    grid_add(grid, "%s", figure_count(instructions).text);
    grid_add(grid, "%s", figure_tenths(round(instructions / total * 1000) / 10).text);
}

static void function_rows(struct grid *grid, const char *server, const json_t *data)
{
    const json_t *load = find_load(data, concurrencies[0]);
    double total = profile_number(load, "instructions");
    double rest = 0;
    size_t i;
    const json_t *row;
    (void)server;
    json_array_foreach(json_object_get(load, "functions"), i, row)
    {
        double instructions = profile_number(row, "instructions");
        if (!(instructions >= total * WORTH_A_ROW) || !*profile_text(row, "function")) {
            rest += instructions;
            continue;
        }
        add_share(grid, instructions, total);
        profile_cell(grid, row, "calls");
        grid_add(grid, "%s", profile_text(row, "group"));
        grid_add(grid, "%s", profile_text(row, "function"));
    }
    add_share(grid, rest, total);
    grid_add(grid, "–");
    grid_add_rest(grid, "other functions, < 1 %% each");
}

static const struct part_table functions = {
    .columns =
        (const struct column[]){
            {.head = "instructions", .align = ALIGN_RIGHT},
            {.head = "%", .align = ALIGN_RIGHT},
            {.head = "calls", .align = ALIGN_RIGHT},
            {.head = "group"},
            {.head = "function"},
            {0},
        },
    .rows = function_rows,
};

static void write_section(struct page *page, const struct profile *profile)
{
    glossary_text(page, "instructions", NULL);
    profile_table(page, profile, &part_instructions, &groups);
    for (size_t i = 0; i < profile->server_count; i++) {
        struct label server = name_label(profile->servers[i].server.name);
        const json_t *data = profile_part(&profile->servers[i], &part_instructions);
        if (!data)
            continue;
        page_heading(page, 3, "%s, by function", server.text);
        profile_server_table(page, &functions, server.text, data);
    }
}

static void csv_rows(FILE *out, const char *server, const json_t *data)
{
    for (size_t i = 0; i < LOADS; i++) {
        const json_t *load = find_load(data, concurrencies[i]);
        size_t f;
        const json_t *row;
        json_array_foreach(json_object_get(load, "functions"), f, row)
        {
            quote_csv(out, server);
            profile_csv_number(out, profile_number(load, "concurrency"));
            profile_csv_text(out, profile_text(row, "group"));
            profile_csv_text(out, profile_text(row, "function"));
            profile_csv_text(out, profile_text(row, "object"));
            profile_csv_number(out, profile_number(row, "instructions"));
            profile_csv_number(out, profile_number(row, "calls"));
            profile_csv_number(out, profile_number(row, "system_calls"));
            fputc('\n', out);
        }
    }
}

const struct part part_instructions = {
    .name = "instructions",
    .heading = "Instructions per request, in user space",
    .program = "valgrind",
    .package = "valgrind",
    .measure = measure,
    .write = write_section,
    .csv_columns = "concurrency,group,function,object,instructions_per_request,"
                   "calls_per_request,system_calls_per_request",
    .csv_rows = csv_rows,
    .figures = {{"c1", "Instructions", "c=1"}, {"c10", "Instructions", "c=10"}},
    .division = {"instructions", group_names, GROUPS, 1, share},
    .plot = {"instructions-by-group",
             "Instructions per request in user space at concurrency 1, a bar for each "
             "server, divided by whose code they are.",
             NULL},
};
