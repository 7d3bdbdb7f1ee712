/* allocation.c - what a request allocates, and who does: valgrind's DHAT, by difference.
 * SPDX-License-Identifier: MIT */
#include "profile/profile.h"

#include "base/alloc.h"
#include "base/quote.h"
#include "profile/valgrind.h"
#include "render/glossary.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two runs differ in so many requests; what the start allocates, the client's first request
 * and the end is the same in both. One client: of several, more may be there at once in one run
 * than in the other, and a server that keeps what it had for each has then one more. */
enum { FEW = 300, MANY = 500, CONCURRENCY = 1 };
enum { PROCESSES = 64 }; /* whose accounts are asked for by name; others count, too */

/* Fewer allocations of one site per request are what one of the two runs happened to do. */
static const double LEAST = 0.01;

enum { SITES_SHOWN = 4, CALLERS_SHOWN = 3 }; /* in tables; the CSV file has all */

/* The two ways to ask: as data's members are called, and as the reader is told. */
static const struct {
    const char *member;
    const char *text;
} ways[] = {{"closing", "a connection each"}, {"kept", "kept connection"}};
enum { WAYS = sizeof ways / sizeof *ways };

/* ---- one run ---- */

static int is_pid(const struct dirent *entry)
{
    return isdigit((unsigned char)entry->d_name[0]) != 0;
}

/* Adds what a process has allocated itself, as DHAT wrote it. */
static int add_process(struct tally *heap, const char *folder, const char *pid,
                       const struct tally *parent, struct err *err)
{
    struct tally child;
    char *path = alloc_format("%s/%s", folder, pid);
    int failed = heap_read(&child, path, err);
    heap_add_excess(heap, &child, parent);
    tally_free(&child);
    free(path);
    return failed;
}

/* Adds what all of the server's processes have. */
static int read_run(struct tally *heap, const char *folder, pid_t leader, struct err *err)
{
    struct dirent **found = NULL;
    struct tally parent = {0};
    char pid[16];
    snprintf(pid, sizeof pid, "%d", (int)leader);
    int failed = add_process(&parent, folder, pid, &(struct tally){0}, err);
    int count = failed ? 0 : scandir(folder, &found, is_pid, NULL);
    if (count < 0)
        failed = err_set(err, "%s: %s", folder, strerror(errno));
    heap_add_excess(heap, &parent, &(struct tally){0});
    for (int i = 0; i < count; i++) {
        if (!failed && strcmp(found[i]->d_name, pid) != 0)
            failed = add_process(heap, folder, found[i]->d_name, &parent, err);
        free(found[i]);
    }
    free(found);
    tally_free(&parent);
    return failed;
}

/* Every process that was there under load must have given its account: one that runs as another
 * user may not have been allowed to. */
static int check_accounts(const char *folder, const pid_t *pids, size_t count,
                          struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        char *path = alloc_format("%s/%d", folder, (int)pids[i]);
        bool there = access(path, R_OK) == 0;
        free(path);
        if (!there)
            return err_set(err,
                           "process %d of the server left no account of its memory: it "
                           "was killed, or cannot write to %s",
                           (int)pids[i], folder);
    }
    return 0;
}

/* A drive, and the processes that were there behind it. */
struct seen {
    const struct drive *drive;
    pid_t pids[PROCESSES];
    size_t count;
};

static int drive_and_look(void *subject, struct target *target, struct err *err)
{
    struct seen *seen = subject;
    int failed = target_drive(target, seen->drive, err);
    size_t count = target_pids(target, seen->pids, PROCESSES);
    seen->count = count < PROCESSES ? count : PROCESSES;
    return failed;
}

/* Drives the server under DHAT, which writes FOLDER/PID when a process ends. */
static int drive_under_dhat(const struct target_options *options, const char *folder,
                            const struct drive *drive, struct tally *heap,
                            struct err *err)
{
    char *file = alloc_format("--dhat-out-file=%s/%%p", folder);
    char *wrapper[] = {"valgrind",  "--tool=dhat",      "--quiet", "--trace-children=yes",
                       "--vgdb=no", "--num-callers=12", file,      NULL};
    struct target_options wrapped = *options;
    struct seen seen = {.drive = drive};
    wrapped.wrapper = wrapper;
    int failed = target_use(&wrapped, drive_and_look, &seen, err);
    free(file);
    if (failed || check_accounts(folder, seen.pids, seen.count, err) < 0)
        return -1;
    return read_run(heap, folder, seen.pids[0], err);
}

static int measure_run(const struct setup *setup, const struct run_server *server,
                       const struct drive *drive, struct tally *heap, struct err *err)
{
    char *label = alloc_format("dhat-%s-%ld", drive->keepalive ? "kept" : "closing",
                               drive->requests);
    char *raw = target_raw(setup, server, label);
    const struct target_options options = {
        .setup = setup, .server = server, .label = label};
    /* A server may give up being root, and writes only when it ends. */
    bool made = mkdir(raw, 0755) == 0 && chmod(raw, 01777) == 0;
    int failed = made ? 0 : err_set(err, "%s: %s", raw, strerror(errno));
    if (!failed)
        failed = drive_under_dhat(&options, raw, drive, heap, err);
    free(raw);
    free(label);
    return failed;
}

/* ---- the difference of two ---- */

static json_t *heap_json(const struct tally *heap)
{
    json_t *sites = json_array();
    double allocations = 0, bytes = 0;
    for (size_t i = 0; i < heap->count; i++) {
        const struct tally_row *site = &heap->rows[i];
        if (fabs(site->counts[SITE_BLOCKS]) <= LEAST)
            continue;
        allocations += site->counts[SITE_BLOCKS];
        bytes += site->counts[SITE_BYTES];
        json_array_append_new(sites, json_pack("{s:s, s:s, s:f, s:f}", "function",
                                               site->names[SITE_FUNCTION], "callers",
                                               site->names[SITE_CALLERS], "allocations",
                                               site->counts[SITE_BLOCKS], "bytes",
                                               site->counts[SITE_BYTES]));
    }
    return json_pack("{s:f, s:f, s:o}", "allocations", allocations, "bytes", bytes,
                     "sites", sites);
}

static json_t *measure_request(const struct setup *setup, const struct run_server *server,
                               bool keepalive, struct err *err)
{
    const struct drive small = {FEW, CONCURRENCY, keepalive};
    const struct drive large = {MANY, CONCURRENCY, keepalive};
    struct tally few = {0};
    struct tally many = {0};
    json_t *json = NULL;
    if (measure_run(setup, server, &small, &few, err) == 0 &&
        measure_run(setup, server, &large, &many, err) == 0) {
        tally_per_request(&many, 1, &few, MANY - FEW);
        json = heap_json(&many);
    }
    tally_free(&few);
    tally_free(&many);
    return json;
}

static int measure(json_t *data, const struct setup *setup,
                   const struct run_server *server, struct err *err)
{
    json_t *closing = measure_request(setup, server, false, err);
    json_t *kept = closing ? measure_request(setup, server, true, err) : NULL;
    if (kept) {
        json_object_set(data, "allocations", json_object_get(closing, "allocations"));
        json_object_set(data, "bytes", json_object_get(closing, "bytes"));
        json_object_set(data, "closing", closing);
        json_object_set(data, "kept", kept);
    }
    json_decref(closing);
    json_decref(kept);
    return kept ? 0 : -1;
}

/* ---- tables ---- */

static void total_rows(struct grid *grid, const char *server, const json_t *data)
{
    grid_add(grid, "%s", server);
    for (size_t w = 0; w < WAYS; w++) {
        const json_t *way = json_object_get(data, ways[w].member);
        profile_cell(grid, way, "allocations");
        grid_add(grid, "%s", figure_count(profile_number(way, "bytes")).text);
    }
}

static const struct part_table totals = {
    .columns =
        (const struct column[]){
            {.head = "Server"},
            {.group = "A connection each", .head = "allocations", .align = ALIGN_RIGHT},
            {.group = "A connection each", .head = "bytes", .align = ALIGN_RIGHT},
            {.group = "Kept connection", .head = "allocations", .align = ALIGN_RIGHT},
            {.group = "Kept connection", .head = "bytes", .align = ALIGN_RIGHT},
            {0},
        },
    .rows = total_rows,
};

/* The site that allocates the most bytes of those after the first `taken`; NULL: none. Sites
 * are few, so no order is made of them. */
static const json_t *largest_site(const json_t *sites, const json_t *const *taken,
                                  size_t taken_count)
{
    const json_t *largest = NULL;
    for (size_t i = 0; i < json_array_size(sites); i++) {
        const json_t *site = json_array_get(sites, i);
        bool is_taken = false;
        for (size_t t = 0; t < taken_count; t++)
            is_taken = is_taken || taken[t] == site;
        if (!is_taken && (!largest || profile_number(site, "bytes") >
                                          profile_number(largest, "bytes")))
            largest = site;
    }
    return largest;
}

/* The first of the callers, and "…" for others; owned by the caller. */
static char *nearest_callers(const char *callers)
{
    const char *end = callers;
    for (int i = 0; i < CALLERS_SHOWN && end; i++) {
        end = strstr(end, " < ");
        end = end ? end + strlen(" < ") : NULL;
    }
    return end ? alloc_format("%.*s…", (int)(end - callers), callers)
               : alloc_copy(callers);
}

static void add_site(struct grid *grid, const json_t *site)
{
    char *callers = nearest_callers(profile_text(site, "callers"));
    profile_cell(grid, site, "allocations");
    grid_add(grid, "%s", figure_count(profile_number(site, "bytes")).text);
    grid_add(grid, "%s%s%s", profile_text(site, "function"), *callers ? " < " : "",
             callers);
    free(callers);
}

static void site_rows(struct grid *grid, const char *server, const json_t *data)
{
    for (size_t w = 0; w < WAYS; w++) {
        const json_t *sites =
            json_object_get(json_object_get(data, ways[w].member), "sites");
        const json_t *shown[SITES_SHOWN] = {NULL};
        for (size_t i = 0; i < SITES_SHOWN; i++) {
            shown[i] = largest_site(sites, shown, i);
            if (!shown[i])
                break;
            grid_add(grid, "%s", server);
            grid_add(grid, "%s", ways[w].text);
            add_site(grid, shown[i]);
        }
    }
}

static const struct part_table sites = {
    .columns =
        (const struct column[]){
            {.head = "Server"},
            {.head = "With"},
            {.head = "Allocations", .align = ALIGN_RIGHT},
            {.head = "Bytes", .align = ALIGN_RIGHT},
            {.head = "Who allocates < called by"},
            {0},
        },
    .text = "Who allocates, per request; the 4 that allocate the most bytes:",
    .rows = site_rows,
};

static void write_section(struct page *page, const struct profile *profile)
{
    glossary_text(page, "allocation", NULL);
    profile_table(page, profile, &part_allocation, &totals);
    if (!profile_table(page, profile, &part_allocation, &sites))
        page_text(page, "None of them allocates anything per request.");
}

static void csv_row(FILE *out, const char *server, const char *way, const char *function,
                    const json_t *row)
{
    quote_csv(out, server);
    fprintf(out, ",%s", way);
    profile_csv_text(out, function);
    profile_csv_text(out, profile_text(row, "callers"));
    fprintf(out, ",%.4f,%.2f\n", profile_number(row, "allocations"),
            profile_number(row, "bytes"));
}

static void csv_rows(FILE *out, const char *server, const json_t *data)
{
    for (size_t w = 0; w < WAYS; w++) {
        const json_t *way = json_object_get(data, ways[w].member);
        size_t i;
        const json_t *site;
        csv_row(out, server, ways[w].member, "(all)", way);
        json_array_foreach(json_object_get(way, "sites"), i, site)
        {
            csv_row(out, server, ways[w].member, profile_text(site, "function"), site);
        }
    }
}

const struct part part_allocation = {
    .name = "allocation",
    .heading = "Allocation",
    .program = "valgrind",
    .package = "valgrind",
    .measure = measure,
    .write = write_section,
    .csv_columns = "connections,function,callers,allocations,bytes",
    .csv_rows = csv_rows,
    .figures = {{"allocations", "Allocation", "calls"}, {"bytes", "Allocation", "bytes"}},
};
