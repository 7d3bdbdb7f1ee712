/* run.c - a run as a value: the machine, the servers, the loads, and every trial.
 * SPDX-License-Identifier: MIT */
#include "model/run.h"

#include "base/alloc.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *verdict_name(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_VALID:
        return "valid";
    case VERDICT_INVALID:
        break;
    }
    return "invalid";
}

const char *bound_name(enum bound bound)
{
    switch (bound) {
    case BOUND_SERVER:
        return "server";
    case BOUND_CLIENT:
        return "client";
    case BOUND_WAITING:
        break;
    }
    return "waiting";
}

const struct run_server *run_server(const struct run *run, const char *name)
{
    for (size_t i = 0; i < run->server_count; i++)
        if (strcmp(run->servers[i].name, name) == 0)
            return &run->servers[i];
    return NULL;
}

const struct run_server *trial_server(const struct run *run, const struct trial *trial)
{
    return &run->servers[trial->server];
}

const struct load *trial_load(const struct run *run, const struct trial *trial)
{
    return &run->suite.loads[trial->load];
}

const char *run_fact(const struct run *run, const char *name)
{
    for (size_t i = 0; i < run->machine_count; i++)
        if (strcmp(run->machine[i].name, name) == 0)
            return run->machine[i].value;
    return NULL;
}

void trial_add_remark(struct trial *trial, const char *rule, enum consequence consequence,
                      double value, double limit)
{
    trial->remarks =
        alloc_resize(trial->remarks, trial->remark_count + 1, sizeof *trial->remarks);
    trial->remarks[trial->remark_count++] = (struct remark){.rule = alloc_copy(rule),
                                                            .consequence = consequence,
                                                            .value = value,
                                                            .limit = limit};
}

void run_add_trial(struct run *run, const struct trial *trial)
{
    /* At each power of two there is room for as many again. */
    if ((run->trial_count & (run->trial_count - 1)) == 0)
        run->trials =
            alloc_resize(run->trials, 2 * run->trial_count + 1, sizeof *run->trials);
    run->trials[run->trial_count++] = *trial;
}

void run_add_slice(struct run *run, const struct slice *slice)
{
    if ((run->slice_count & (run->slice_count - 1)) == 0)
        run->slices =
            alloc_resize(run->slices, 2 * run->slice_count + 1, sizeof *run->slices);
    run->slices[run->slice_count++] = *slice;
}

void run_add_holding(struct run *run, const struct holding *holding)
{
    run->holdings =
        alloc_resize(run->holdings, run->holding_count + 1, sizeof *run->holdings);
    run->holdings[run->holding_count++] = *holding;
}

double slice_cpu_us(const struct run *run, const struct slice *slice)
{
    bool kept = run->suite.loads[slice->load].keepalive;
    return slice->server_cpu_s / (kept ? slice->complete : slice->accepted) * 1e6;
}

void run_add_limit(struct run *run, const char *limit)
{
    run->limits = alloc_resize(run->limits, run->limit_count + 1, sizeof *run->limits);
    run->limits[run->limit_count++] = alloc_copy(limit);
}

void run_add_client(struct run *run, const char *host)
{
    run->clients =
        alloc_resize(run->clients, run->client_count + 1, sizeof *run->clients);
    run->clients[run->client_count++] = alloc_copy(host);
}

void run_add_note(struct run *run, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = alloc_vformat(format, args);
    va_end(args);
    for (size_t i = 0; i < run->note_count; i++)
        if (strcmp(run->notes[i], text) == 0) {
            free(text);
            return;
        }
    run->notes = alloc_resize(run->notes, run->note_count + 1, sizeof *run->notes);
    run->notes[run->note_count++] = text;
}

void tool_result_clear(struct tool_result *result)
{
    const struct connection_time unknown = {NAN, NAN, NAN, NAN, NAN};
    *result = (struct tool_result){
        .seconds = NAN,
        .requests_per_second = NAN,
        .time_per_request_ms = NAN,
        .kilobytes_per_second = NAN,
        .complete = -1,
        .failed = -1,
        .non_2xx = -1,
        .write_errors = -1,
        .keepalive = -1,
        .document_length = -1,
        .total_bytes = -1,
        .body_bytes = -1,
        .connect = unknown,
        .processing = unknown,
        .waiting = unknown,
        .total = unknown,
        .p999_ms = NAN,
        .lateness_ms = NAN,
    };
    for (size_t i = 0; i < PERCENTILES; i++)
        result->percentile_ms[i] = NAN;
}

void trial_free(struct trial *trial)
{
    free(trial->reason);
    free(trial->command);
    free(trial->raw);
    free(trial->accepts);
    for (size_t i = 0; i < trial->remark_count; i++)
        free(trial->remarks[i].rule);
    free(trial->remarks);
    *trial = (struct trial){0};
}

void run_server_free(struct run_server *server)
{
    free(server->name);
    free(server->path);
    free(server->about);
    free(server->environment);
    free(server->sha256);
    free(server->control_of);
    free(server->missing);
    free(server->cores);
    free(server->blocks);
    free(server->only);
    *server = (struct run_server){0};
}

struct share slicing_share(const struct slicing *slicing, size_t server)
{
    return slicing->shares ? slicing->shares[server]
                           : (struct share){.requests = slicing->requests, .every = 1};
}

void run_free(struct run *run)
{
    for (size_t i = 0; i < run->machine_count; i++) {
        free(run->machine[i].name);
        free(run->machine[i].value);
    }
    for (size_t i = 0; i < run->server_count; i++)
        run_server_free(&run->servers[i]);
    for (size_t i = 0; i < run->trial_count; i++)
        trial_free(&run->trials[i]);
    for (size_t i = 0; i < run->slice_count; i++)
        free(run->slices[i].reason);
    for (size_t i = 0; i < run->note_count; i++)
        free(run->notes[i]);
    for (size_t i = 0; i < run->limit_count; i++)
        free(run->limits[i]);
    free(run->limits);
    for (size_t i = 0; i < run->client_count; i++)
        free(run->clients[i]);
    free(run->clients);
    free(run->address);
    free(run->started);
    free(run->machine);
    free(run->servers);
    free(run->trials);
    free(run->slices);
    free(run->holdings);
    for (size_t i = 0; run->slicings && i < run->suite.load_count; i++)
        free(run->slicings[i].shares);
    free(run->slicings);
    free(run->notes);
    suite_free(&run->suite);
    *run = (struct run){0};
}
