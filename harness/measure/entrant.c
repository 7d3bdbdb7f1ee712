/* entrant.c - a server that takes part under one load: started, probed, primed, stopped.
 * SPDX-License-Identifier: MIT */
#include "measure/entrant.h"

#include "base/clock.h"
#include "host/remote.h"
#include "subject/owner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PROBE_TIMEOUT_MS = 5000,
    PRIME_TIMEOUT_MS = 60000,
    TICK_MS = 200,          /* of the progress shown */
    DEATH_TIMEOUT_MS = 200, /* after a failure a server may take to have ended */
    ENV_PAD_MAX = 4096,
};

static int start(struct entrant *entrant, const char *error_path, struct err *err)
{
    const struct conditions *conditions = entrant->conditions;
    entrant->cpus = cpus_for_server(&conditions->cpus, entrant->load->clients);
    return sandbox_open(&entrant->box, entrant->server,
                        &(struct sandbox_options){
                            .own_network = conditions->own_network,
                            .own_cgroup = conditions->own_cgroup,
                            .address = conditions->address,
                            .cpu = conditions->cpus.server,
                            .cpus = &entrant->cpus,
                            .env_pad = 1 + (unsigned)(random() % (ENV_PAD_MAX - 1)),
                            .error_path = error_path,
                        },
                        err);
}

/* Asks as the load tool asks, so that the reply is, byte for byte, what that will be sent. */
static int ask(const struct entrant *entrant, struct http_reply *reply, struct err *err)
{
    const struct server *server = &entrant->box.server;
    const struct load *load = entrant->load;
    char *request = entrant->tool->request(load, server->host, server->port);
    int failed = http_exchange(reply, server->host, server->port, request,
                               strlen(request), !load->keepalive, PROBE_TIMEOUT_MS, err);
    free(request);
    if (failed)
        return -1;
    if (reply->status != 200)
        return err_set(err, "GET %s was answered with status %d, not 200", load->path,
                       reply->status);
    static const char hello[] = "Hello, World!";
    if (strcmp(load->path, "/") == 0 &&
        (reply->body_size != strlen(hello) ||
         memcmp(reply->bytes + reply->head_size, hello, strlen(hello)) != 0))
        return err_set(err, "GET / was answered with a body of %zu bytes, not with '%s'",
                       reply->body_size, hello);
    return 0;
}

bool entrant_ended(const struct entrant *entrant, const char *when, struct err *err)
{
    if (!server_died(&entrant->box.server) &&
        proc_wait(&entrant->box.server.proc, DEATH_TIMEOUT_MS) != PROC_ENDED)
        return false;
    err_set(err, "the server ended %s: %s", when, server_died(&entrant->box.server));
    return true;
}

static int ask_first(struct entrant *entrant, struct err *err)
{
    struct err why;
    const struct server *server = &entrant->box.server;
    /* In a network of its own nobody else can listen. */
    if (!entrant->conditions->own_network &&
        owner_of_port(server->port, server->proc.pid) == OWNER_OTHER)
        err_set(err, "port %d is not the server's: another program listens there",
                server->port);
    else if (ask(entrant, &entrant->expected, &why) < 0)
        err_set(err, "before the load: %s", why.text);
    else
        return 0;
    entrant_ended(entrant, "before the load", err);
    return -1;
}

int entrant_open(struct entrant *entrant, const struct run_server *server,
                 const struct load *load, const struct conditions *conditions,
                 const char *error_path, struct err *err)
{
    *entrant = (struct entrant){
        .server = server,
        .load = load,
        .tool = tool_find(load->tool),
        .conditions = conditions,
    };
    if (start(entrant, error_path, err) < 0)
        return -1;
    return ask_first(entrant, err);
}

int entrant_start_tool(const struct entrant *entrant, struct proc *proc,
                       const struct tool_command *command, int i, int output,
                       struct err *err)
{
    const struct conditions *conditions = entrant->conditions;
    if (sandbox_enter(&entrant->box, err) < 0)
        return -1;
    return remote_start((size_t)i, proc,
                        &(struct proc_options){.argv = command->argv,
                                               .directory = conditions->directory,
                                               .input = -1,
                                               .output = output,
                                               .error = output,
                                               .cpu = cpus_client(&conditions->cpus, i)},
                        err);
}

/* As proc_wait, and shows meanwhile that it goes on. */
static enum proc_event wait_ticking(const struct entrant *entrant,
                                    const struct proc *proc, int timeout_ms)
{
    double deadline = clock_now() + timeout_ms / 1000.0;
    for (;;) {
        int left = clock_left_ms(deadline);
        enum proc_event event = proc_wait(proc, left < TICK_MS ? left : TICK_MS);
        if (event != PROC_TIMEOUT || left == 0)
            return event;
        progress_tick(entrant->conditions->progress);
    }
}

int entrant_prime(const struct entrant *entrant, long requests, struct err *err)
{
    struct tool_command command;
    struct proc proc;
    bool killed;
    struct load primer = *entrant->load;
    if (requests <= 0)
        return 0;
    primer.rate = 0; /* as fast as it goes: there is nothing to measure */
    entrant->tool->brief(&command, &primer, requests, entrant->box.server.host,
                         entrant->box.server.port);
    int failed = entrant_start_tool(entrant, &proc, &command, 0, -1, err);
    tool_command_free(&command);
    if (failed)
        return -1;
    if (wait_ticking(entrant, &proc, PRIME_TIMEOUT_MS) == PROC_ENDED)
        proc_reap(&proc, NULL);
    else
        proc_stop(&proc, 500, &killed); /* a slow server is primed with fewer */
    return 0;
}

static int ask_again(const struct entrant *entrant, struct err *err)
{
    struct err why;
    struct http_reply reply = {0};
    const struct http_reply *expected = &entrant->expected;
    int failed = ask(entrant, &reply, &why);
    if (failed)
        err_set(err, "after the load: %s", why.text);
    else if (reply.head_size != expected->head_size ||
             reply.body_size != expected->body_size)
        failed = err_set(err, "after the load the reply had %zu bytes, before it %zu",
                         reply.head_size + reply.body_size,
                         expected->head_size + expected->body_size);
    else if (memcmp(reply.bytes + reply.head_size, expected->bytes + expected->head_size,
                    reply.body_size) != 0)
        failed = err_set(err, "after the load the reply had other bytes than before it");
    http_reply_free(&reply);
    return failed;
}

int entrant_probe(const struct entrant *entrant, struct err *err)
{
    if (sandbox_enter(&entrant->box, err) < 0)
        return -1;
    if (!server_died(&entrant->box.server) && ask_again(entrant, err) == 0)
        return 0;
    entrant_ended(entrant, "under the load", err);
    return -1;
}

int entrant_close(struct entrant *entrant, struct err *err)
{
    int failed = sandbox_close(&entrant->box, err);
    http_reply_free(&entrant->expected);
    return failed;
}
