/* breakage.c - where a server breaks, tried.
 * SPDX-License-Identifier: MIT */
#include "limits/breakage.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "limits/crowd.h"
#include "pace/idle.h"
#include "stats/stats.h"
#include "subject/http.h"
#include "subject/sandbox.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LEAVERS = 10,  /* of the clients that fill the server */
    ASKED = 100,   /* requests of the others */
    BUSY_MS = 500, /* in which a full server should rest */
    FIRST = 128,   /* clients: one for each process or thread of a pool; so many times, */
    FIRST_TIMES = 2,  /* to use each buffer that io_uring has */
    SLOW_PAGES = 100, /* of 50 KB, which nobody reads */
    SLOW_WINDOW = 64 * 1024,
    BYTES_SENT = 3, /* by each slow sender, one at a time */
    REST_QUIET_MS = 20,
    REST_TIMEOUT_MS = 2000,
};

static const char half_request[] = "GET / HTTP/1.0\r\nX-Slow: ";
static const char request[] = "GET / HTTP/1.0\r\n\r\n";

/* A server while it is tried. */
struct ring {
    struct breakage *breakage;
    const struct arena *arena;
    struct sandbox box;
};

/* ---- asking ---- */

/* ms until the reply is here; INFINITY: it does not come, or is none. */
static double ask(const struct ring *ring)
{
    struct err err;
    struct http_reply reply = {0};
    const struct server *server = &ring->box.server;
    double began = clock_now();
    int failed = http_exchange(&reply, server->host, server->port, request,
                               strlen(request), true, ANSWER_S * 1000, &err);
    double took = clock_now() - began;
    bool good = !failed && reply.status == 200;
    http_reply_free(&reply);
    return good ? took * 1000 : INFINITY;
}

/* ms until a request is answered, if those that come now and then are: it tries again. */
static double ask_until_answered(const struct ring *ring)
{
    double began = clock_now();
    for (;;) {
        if (isfinite(ask(ring)))
            return (clock_now() - began) * 1000;
        if (clock_now() - began > BACK_S)
            return INFINITY;
        poll(NULL, 0, 10);
    }
}

/* The 99th percentile of requests one after the other; the first without a reply ends it. */
static double ask_many(const struct ring *ring)
{
    double each[ASKED];
    for (size_t i = 0; i < ASKED; i++) {
        each[i] = ask(ring);
        if (isinf(each[i]))
            return INFINITY;
    }
    return stats_quantile(each, ASKED, 0.99);
}

static double memory_kb(const struct ring *ring)
{
    sandbox_settle(&ring->box, REST_QUIET_MS, REST_TIMEOUT_MS);
    return sandbox_footprint(&ring->box).own_kb;
}

/* ---- trials ---- */

/* What the next client met, from why pace could not have it. */
static enum next_client next_of(const struct idle *idle)
{
    static const enum next_client next[] = {[IDLE_ALL] = NEXT_ANSWERED,
                                            [IDLE_WAITS] = NEXT_WAITS,
                                            [IDLE_SLOW] = NEXT_SLOW,
                                            [IDLE_CLOSED] = NEXT_CLOSED};
    return next[idle->end];
}

static void leave_some(struct idle *idle)
{
    for (int i = 0; i < LEAVERS && i < idle->held; i++) {
        close(idle->fds[i]);
        idle->fds[i] = -1;
    }
}

/* The first clients make a server touch what it had not used yet, and may leave theirs behind for
 * those who follow: what counts is what a server holds while it has them, kB. */
static double first_clients_kb(const struct ring *ring, struct plan plan)
{
    struct err err;
    struct idle idle;
    double kb = NAN;
    plan.idle = FIRST;
    for (int i = 0; i < FIRST_TIMES; i++) {
        if (idle_open(&idle, &plan, &err) == 0)
            kb = memory_kb(ring);
        idle_close(&idle);
    }
    return kb;
}

/* Of those beyond the first. A server that holds just these has a pool of its own for them: another
 * costs it nothing. */
static double client_kb(const struct ring *ring, int held, double first_kb)
{
    if (held <= FIRST)
        return held == FIRST ? 0 : NAN;
    return (memory_kb(ring) - first_kb) / (held - FIRST);
}

/* Until it is full; then it must rest, and answer again once some have left. */
static void try_idle(const struct ring *ring, const struct plan *plan)
{
    struct err err;
    struct idle idle;
    struct breakage *breakage = ring->breakage;
    double first_kb = first_clients_kb(ring, *plan);
    if (idle_open(&idle, plan, &err) == 0) {
        breakage->clients = idle.held;
        breakage->next = next_of(&idle);
        breakage->client_kb = client_kb(ring, idle.held, first_kb);
        struct crowd more;
        crowd_join(&more, ring->box.server.host, ring->box.server.port, 1);
        double before = sandbox_cpu_s(&ring->box), began = clock_now();
        poll(NULL, 0, BUSY_MS);
        breakage->full_busy =
            (sandbox_cpu_s(&ring->box) - before) / (clock_now() - began);
        crowd_leave(&more);
        leave_some(&idle);
        breakage->full_back_ms = ask_until_answered(ring);
    }
    idle_close(&idle);
}

static void try_clients(const struct ring *ring)
{
    struct err err;
    struct plan plan = {.connections = 1, .idle = CLIENTS_TRIED};
    const struct server *server = &ring->box.server;
    char *url = alloc_format("http://%s:%d/", server->host, server->port);
    double before = memory_kb(ring);
    if (plan_target(&plan, url, &err) == 0)
        try_idle(ring, &plan);
    ring->breakage->memory_kb += memory_kb(ring) - before;
    plan_free(&plan);
    free(url);
}

static void try_slow_reader(const struct ring *ring)
{
    static const char page[] = "GET /50k HTTP/1.1\r\nHost: a\r\n\r\n";
    struct err err;
    struct http_conn slow = {.fd = -1};
    const struct server *server = &ring->box.server;
    double deadline = clock_now() + ANSWER_S;
    if (ring->breakage->server->only) /* it has no such page */
        return;
    int failed =
        http_open(&slow, server->host, server->port, SLOW_WINDOW, deadline, &err);
    for (int i = 0; !failed && i < SLOW_PAGES; i++)
        failed = http_send(&slow, page, strlen(page), deadline, &err);
    if (!failed)
        ring->breakage->slow_reader_ms = ask_many(ring);
    http_close(&slow);
}

static void try_slow_senders(const struct ring *ring)
{
    struct crowd crowd;
    double before = memory_kb(ring);
    crowd_join(&crowd, ring->box.server.host, ring->box.server.port, SENDERS);
    poll(NULL, 0, REST_QUIET_MS);
    crowd_send(&crowd, half_request);
    double worst = 0;
    for (int i = 0; i < BYTES_SENT && isfinite(worst); i++) {
        crowd_send(&crowd, "x");
        worst = fmax(worst, ask_many(ring));
    }
    ring->breakage->slow_senders_ms = worst;
    crowd_leave(&crowd);
    ring->breakage->memory_kb += memory_kb(ring) - before;
}

static void try_burst(const struct ring *ring)
{
    struct crowd crowd;
    double began = clock_now();
    crowd_join(&crowd, ring->box.server.host, ring->box.server.port, BURST);
    size_t left = crowd_ask(&crowd, request, BACK_S);
    ring->breakage->burst_ms = left > 0 ? INFINITY : (clock_now() - began) * 1000;
    crowd_leave(&crowd);
}

static void try_resets(const struct ring *ring)
{
    double before = memory_kb(ring);
    crowd_reset(ring->box.server.host, ring->box.server.port, RESETS);
    ring->breakage->resets_back_ms = ask_until_answered(ring);
    ring->breakage->memory_kb += memory_kb(ring) - before;
}

static void try_half_closed(const struct ring *ring)
{
    struct err err;
    struct http_conn conn;
    struct http_reply reply = {0};
    const struct server *server = &ring->box.server;
    double deadline = clock_now() + ANSWER_S;
    if (http_open(&conn, server->host, server->port, 0, deadline, &err) == 0 &&
        http_send(&conn, request, strlen(request), deadline, &err) == 0 &&
        shutdown(conn.fd, SHUT_WR) == 0)
        ring->breakage->half_closed =
            http_receive(&conn, &reply, false, deadline, &err) == 0 &&
            reply.status == 200;
    http_reply_free(&reply);
    http_close(&conn);
}

/* ---- all of them ---- */

/* Each with what the shell does before it becomes the server. */
static const struct trial_of {
    const char *before;
    void (*make)(const struct ring *ring);
} trials[] = {
    {"ulimit -n 2048; exec \"$@\"", try_clients},
    {"exec \"$@\"", try_slow_reader},
    {"exec \"$@\"", try_slow_senders},
    {"exec \"$@\" -b 128", try_burst},
    {"exec \"$@\"", try_resets},
    {"exec \"$@\"", try_half_closed},
};

enum { TRIALS = sizeof trials / sizeof *trials };

_Static_assert(DESCRIPTORS == 2048, "the first trial sets that limit");

/* As the file that takes what it says is called. */
static const char *name_of(const struct run_server *server)
{
    const char *slash = strrchr(server->name, '/');
    return slash ? slash + 1 : server->name;
}

static int try_one(struct ring *ring, const struct trial_of *trial, struct err *err)
{
    char *wrapper[] = {"/bin/sh", "-c", (char *)trial->before, "sh", NULL};
    const struct arena *arena = ring->arena;
    char *error_path =
        alloc_format("%s/%s.stderr", arena->directory, name_of(ring->breakage->server));
    int failed = sandbox_open(&ring->box, ring->breakage->server,
                              &(struct sandbox_options){.own_network = arena->own_network,
                                                        .own_cgroup = arena->own_cgroup,
                                                        .cpu = arena->cpus.server,
                                                        .error_path = error_path,
                                                        .wrapper = wrapper},
                              err);
    if (!failed)
        failed = sandbox_enter(&ring->box, err);
    if (!failed)
        trial->make(ring);
    free(error_path);
    struct err why;
    return sandbox_close(&ring->box, failed ? &why : err) < 0 || failed ? -1 : 0;
}

void breakage_try(struct breakage *breakage, const struct run_server *server,
                  const struct arena *arena)
{
    struct err err;
    struct ring ring = {.breakage = breakage, .arena = arena};
    *breakage = (struct breakage){.server = server,
                                  .clients = NAN,
                                  .full_busy = NAN,
                                  .full_back_ms = NAN,
                                  .slow_reader_ms = NAN,
                                  .slow_senders_ms = NAN,
                                  .burst_ms = NAN,
                                  .resets_back_ms = NAN,
                                  .client_kb = NAN};
    if (server->missing)
        err_set(&breakage->reason, "%s", server->missing);
    for (size_t i = 0; i < TRIALS && !*breakage->reason.text; i++)
        if (try_one(&ring, &trials[i], &err) < 0)
            breakage->reason = err;
}
