/* allocation.c - what a request allocates, and who does: valgrind's DHAT, by difference.
 * SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "profile/allocation_heap.h"
#include "profile/allocation_write.h"
#include "profile/profile.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two runs differ in so many requests; what the start allocates, the clients' first requests
 * and the end is the same in both. */
enum { FEW = 50, MANY = 250, CONCURRENCY = 10 };
enum { PROCESSES = 64 }; /* whose accounts are asked for by name; others count, too */

/* Less than this per request is what one of the two runs happened to do. */
static const double LEAST = 0.01;

/* ---- one run ---- */

/* Reads what DHAT wrote of the process `pid`. */
static int read_process(struct heap *heap, const char *folder, const char *pid,
                        struct err *err)
{
    char *path = alloc_format("%s/%s", folder, pid);
    int failed = heap_read(heap, path, err);
    free(path);
    return failed;
}

/* Adds what every other process of the server has allocated itself. */
static int read_children(struct heap *heap, const char *folder, const char *leader,
                         struct err *err)
{
    struct heap parent = {0};
    DIR *directory = opendir(folder);
    int failed = directory ? 0 : err_set(err, "%s: %s", folder, strerror(errno));
    const struct dirent *entry;
    heap_add(&parent, heap, 1);
    while (directory && !failed && (entry = readdir(directory))) {
        struct heap child;
        if (!isdigit((unsigned char)entry->d_name[0]) ||
            strcmp(entry->d_name, leader) == 0)
            continue;
        failed = read_process(&child, folder, entry->d_name, err);
        if (!failed) {
            heap_add_excess(heap, &child, &parent);
            heap_free(&child);
        }
    }
    if (directory)
        closedir(directory);
    heap_free(&parent);
    return failed;
}

static int read_run(struct heap *heap, const char *folder, pid_t leader, struct err *err)
{
    char pid[16];
    snprintf(pid, sizeof pid, "%d", (int)leader);
    if (read_process(heap, folder, pid, err) < 0)
        return -1;
    int failed = read_children(heap, folder, pid, err);
    if (failed)
        heap_free(heap);
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

/* Drives the server under DHAT, which writes FOLDER/PID when a process ends. */
static int drive_under_dhat(const struct target_options *options, const char *folder,
                            const struct drive *drive, struct heap *heap, struct err *err)
{
    struct target target;
    struct err ignored;
    char *file = alloc_format("--dhat-out-file=%s/%%p", folder);
    char *wrapper[] = {"valgrind",  "--tool=dhat",      "--quiet", "--trace-children=yes",
                       "--vgdb=no", "--num-callers=12", file,      NULL};
    struct target_options wrapped = *options;
    wrapped.wrapper = wrapper;
    int failed = target_start(&target, &wrapped, err);
    free(file);
    if (failed)
        return -1;
    pid_t pids[PROCESSES];
    failed = target_drive(&target, drive, err);
    size_t count = target_pids(&target, pids, PROCESSES);
    if (target_stop(&target, failed ? &ignored : err) < 0)
        failed = -1;
    if (!failed)
        failed = check_accounts(folder, pids, count < PROCESSES ? count : PROCESSES, err);
    return failed ? -1 : read_run(heap, folder, pids[0], err);
}

static int measure_run(const struct bench *bench, const struct run_server *server,
                       const struct drive *drive, struct heap *heap, struct err *err)
{
    char *label = alloc_format("dhat-%s-%ld", drive->keepalive ? "kept" : "closing",
                               drive->requests);
    char *raw = target_raw(bench, server, label);
    const struct target_options options = {
        .bench = bench, .server = server, .label = label};
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

static json_t *heap_json(const struct heap *heap)
{
    json_t *sites = json_array();
    for (size_t i = 0; i < heap->count; i++) {
        const struct heap_site *site = &heap->sites[i];
        if (fabs(site->blocks) >= LEAST)
            json_array_append_new(sites, json_pack("{s:s, s:s, s:f, s:f}", "function",
                                                   site->function, "callers",
                                                   site->callers, "allocations",
                                                   site->blocks, "bytes", site->bytes));
    }
    return json_pack("{s:f, s:f, s:o}", "allocations", heap_blocks(heap), "bytes",
                     heap_bytes(heap), "sites", sites);
}

static json_t *measure_request(const struct bench *bench, const struct run_server *server,
                               bool keepalive, struct err *err)
{
    const struct drive few = {
        .requests = FEW, .concurrency = CONCURRENCY, .keepalive = keepalive};
    const struct drive many = {
        .requests = MANY, .concurrency = CONCURRENCY, .keepalive = keepalive};
    struct heap heaps[2] = {{0}};
    struct heap more = {0};
    struct heap request = {0};
    json_t *json = NULL;
    if (measure_run(bench, server, &few, &heaps[0], err) == 0 &&
        measure_run(bench, server, &many, &heaps[1], err) == 0) {
        heap_add(&more, &heaps[1], 1);
        heap_add(&more, &heaps[0], -1);
        heap_add(&request, &more, 1.0 / (MANY - FEW));
        json = heap_json(&request);
    }
    heap_free(&heaps[0]);
    heap_free(&heaps[1]);
    heap_free(&more);
    heap_free(&request);
    return json;
}

static json_t *measure(const struct bench *bench, const struct run_server *server,
                       struct err *err)
{
    if (target_tool("valgrind", "valgrind", err) < 0)
        return NULL;
    json_t *closing = measure_request(bench, server, false, err);
    json_t *kept = closing ? measure_request(bench, server, true, err) : NULL;
    if (kept)
        return json_pack("{s:O, s:O, s:o, s:o}", "allocations",
                         json_object_get(closing, "allocations"), "bytes",
                         json_object_get(closing, "bytes"), "closing", closing, "kept",
                         kept);
    json_decref(closing);
    return NULL;
}

const struct part part_allocation = {
    .name = "allocation",
    .heading = "Allocation",
    .measure = measure,
    .write = allocation_write,
    .write_csv = allocation_write_csv,
    .figures = {{"allocations", "Allocation", "calls"}, {"bytes", "Allocation", "bytes"}},
};
