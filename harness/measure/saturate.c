/* saturate.c - how many load tools side by side a load takes.
 * SPDX-License-Identifier: MIT */
#include "measure/saturate.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "measure/clients.h"

#include <math.h>
#include <stdlib.h>

enum {
    TRY_REQUESTS = 2000, /* of a try, or as many as: */
    TRY_GENERATIONS = 2, /* to each connection */
    TRY_TIMEOUT_MS = 20000,
    QUIET_MS = 2,
    QUIET_TIMEOUT_MS = 100,
};

static long try_requests(const struct load *load)
{
    long generations = (long)TRY_GENERATIONS * load->concurrency;
    return generations > TRY_REQUESTS ? generations : TRY_REQUESTS;
}

/* The share of its cores that a server uses under so much; NAN: it cannot be had. */
static double busy_share(const struct entrant *entrant, const struct load *load)
{
    struct err unused;
    struct clients clients;
    const struct sandbox *box = &entrant->box;
    double cores = entrant->server->cores ? CPU_COUNT(&entrant->cpus) : 1;
    double share = NAN;
    clients_make(&clients, entrant, load, "try", true);
    double cpu_s = sandbox_settle(box, QUIET_MS, QUIET_TIMEOUT_MS);
    double began = clock_now();
    if (clients_start(&clients, &unused) == 0) {
        if (clients_wait(&clients, TRY_TIMEOUT_MS) == PROC_ENDED) {
            double wall_s = clock_now() - began;
            cpu_s = sandbox_settle(box, QUIET_MS, QUIET_TIMEOUT_MS) - cpu_s;
            share = cpu_s / (wall_s * cores);
            clients_collect(&clients, &unused);
        }
        clients_stop(&clients);
    }
    clients_keep(&clients, NULL);
    clients_free(&clients);
    return share;
}

static double try_server(const struct run_server *server, const struct load *load,
                         const struct conditions *conditions)
{
    struct err unused;
    struct entrant entrant;
    struct load brief = *load;
    char *error_path = alloc_format("%s/raw/try.stderr", conditions->directory);
    double share = NAN;
    brief.requests = try_requests(load);
    if (entrant_open(&entrant, server, &brief, conditions, error_path, &unused) == 0 &&
        entrant_prime(&entrant, brief.requests, &unused) == 0)
        share = busy_share(&entrant, &brief);
    entrant_close(&entrant, &unused);
    remove(error_path);
    free(error_path);
    return share;
}

/* What one server takes, the next is tried with from the start. */
static void find_for_load(const struct run *run, struct load *load,
                          const struct conditions *conditions)
{
    int most = cpus_client_count(&conditions->cpus);
    if (most > load->concurrency)
        most = load->concurrency;
    load->clients = 1;
    for (size_t s = 0; s < run->server_count; s++) {
        const struct run_server *server = &run->servers[s];
        if (server->missing || server->control_of)
            continue;
        while (load->clients < most && !interrupt_requested() &&
               try_server(server, load, conditions) < SERVER_BOUND)
            load->clients++;
    }
}

/* A table's heading says so. */
static void name_clients(struct load *load)
{
    char *title = alloc_format("%s, %d side by side", load->title, load->clients);
    free(load->title);
    load->title = title;
}

int saturate_find(struct run *run, const struct conditions *conditions)
{
    int cores = cpus_client_count(&conditions->cpus);
    int hosts = (int)run->client_count;
    for (size_t l = 0; l < run->suite.load_count; l++) {
        struct load *load = &run->suite.loads[l];
        if (load->rate > 0 || load->slo > 0) /* which one of them sends at */
            load->clients = 1;
        else if (hosts > 0)
            load->clients = hosts < load->concurrency ? hosts : load->concurrency;
        if (load->clients == 0)
            find_for_load(run, load, conditions);
        load->client_cores = hosts > 0 || load->clients < cores ? load->clients : cores;
        if (load->clients > 1)
            name_clients(load);
    }
    return interrupt_requested() ? 0 : 1;
}
