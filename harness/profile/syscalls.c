/* syscalls.c - system calls per request, counted by strace.
 * SPDX-License-Identifier: MIT
 *
 * strace is attached to one running server, for few requests and for many; what the second
 * count has more is theirs, and what attaching adds cancels. Whether a request is there by the
 * time its connection is, is the scheduler's affair: of three counts the median is taken. */
#include "profile/syscalls.h"

#include "base/alloc.h"
#include "profile/part.h"
#include "profile/profile.h"
#include "profile/strace.h"

#include <math.h>
#include <stdlib.h>

enum { FEW = 100, MANY = 1100, COUNTS = 3 };

const struct traced_load traced_loads[TRACED_LOADS] = {
    {.key = "c1", .head = "c=1", .concurrency = 1},
    {.key = "c50", .head = "c=50", .concurrency = 50},
    {.key = "c1-keep-alive", .head = "c=1 -k", .concurrency = 1, .keepalive = true},
    {.key = "c50-keep-alive", .head = "c=50 -k", .concurrency = 50, .keepalive = true},
};

/* {"calls": {NAME: per request, …}}, and their sum. */
static json_t *difference_json(const struct calls *many, const struct calls *few,
                               double *total)
{
    json_t *counts = json_object();
    *total = 0;
    for (size_t i = 0; i < many->count; i++) {
        const struct call *call = &many->list[i];
        const struct call *less = calls_find(few, call->name);
        double count = (call->count - (less ? less->count : 0)) / (MANY - FEW);
        if (count == 0)
            continue;
        json_object_set_new(counts, call->name, json_real(count));
        *total += count;
    }
    return json_pack("{s:o}", "calls", counts);
}

static double total_of(const struct calls *calls)
{
    double total = 0;
    for (size_t i = 0; i < calls->count; i++)
        total += calls->list[i].count;
    return total;
}

static int by_total(const void *a, const void *b)
{
    double left = total_of(a);
    double right = total_of(b);
    return (left > right) - (left < right);
}

static int count_load(struct calls *few, struct calls many[COUNTS], struct target *target,
                      const struct traced_load *load, struct err *err)
{
    const struct drive small = {FEW, load->concurrency, load->keepalive};
    const struct drive large = {MANY, load->concurrency, load->keepalive};
    /* A server of several processes may listen before they are all there: not afterwards. */
    int failed = target_drive(target, &small, err);
    if (!failed)
        failed = strace_count(few, target, &small, err);
    for (int i = 0; i < COUNTS && !failed; i++)
        failed = strace_count(&many[i], target, &large, err);
    qsort(many, COUNTS, sizeof *many, by_total);
    return failed;
}

static int add_load(json_t *data, struct target *target, const struct traced_load *load,
                    struct err *err)
{
    struct calls few = {0};
    struct calls many[COUNTS] = {{0}};
    int failed = count_load(&few, many, target, load, err);
    if (!failed) {
        double total;
        json_object_set_new(json_object_get(data, "loads"), load->key,
                            difference_json(&many[COUNTS / 2], &few, &total));
        json_object_set_new(data, load->key, json_real(total));
    }
    calls_free(&few);
    for (int i = 0; i < COUNTS; i++)
        calls_free(&many[i]);
    return failed;
}

static int measure_load(json_t *data, const struct bench *bench,
                        const struct run_server *server, const struct traced_load *load,
                        struct err *err)
{
    struct target target;
    struct err later;
    char *label = alloc_format("strace-%s", load->key);
    int failed =
        target_start(&target, &(struct target_options){bench, server, label, NULL}, err);
    free(label);
    if (failed)
        return -1;
    failed = add_load(data, &target, load, err);
    return target_stop(&target, failed ? &later : err) < 0 || failed ? -1 : 0;
}

static json_t *measure(const struct bench *bench, const struct run_server *server,
                       struct err *err)
{
    if (target_tool("strace", "strace", err) < 0)
        return NULL;
    json_t *data = json_pack("{s:{}}", "loads");
    for (size_t i = 0; i < TRACED_LOADS; i++)
        if (measure_load(data, bench, server, &traced_loads[i], err) < 0) {
            json_decref(data);
            return NULL;
        }
    return data;
}

double syscalls_total(const json_t *data, const char *key)
{
    const json_t *total = json_object_get(data, key);
    return json_is_number(total) ? json_number_value(total) : NAN;
}

const struct part part_syscalls = {
    .name = "syscalls",
    .heading = "System calls per request",
    .measure = measure,
    .write = syscalls_write,
    .write_csv = syscalls_write_csv,
    .figures = {{"c1", "System calls", "c=1"},
                {"c50", "System calls", "c=50"},
                {"c1-keep-alive", "System calls", "c=1 -k"},
                {"c50-keep-alive", "System calls", "c=50 -k"}},
};
