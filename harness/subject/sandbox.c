/* sandbox.c - a server alone: started in a network and a cgroup of its own where the machine
 * allows it, and all of it gone when it is stopped.
 * SPDX-License-Identifier: MIT */
#include "subject/sandbox.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "host/cgroup.h"
#include "host/family.h"
#include "host/netns.h"
#include "host/usage.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int isolate(struct sandbox *sandbox, const struct sandbox_options *options,
                   struct err *err)
{
    sandbox->error =
        open(sandbox->error_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (sandbox->error < 0)
        return err_set(err, "%s: %s", sandbox->error_path, strerror(errno));
    if (options->own_network &&
        (netns_enter_fresh(err) < 0 || (sandbox->network = netns_open(err)) < 0))
        return -1;
    if (options->own_cgroup && !(sandbox->cgroup = cgroup_create(err)))
        return -1;
    return 0;
}

int sandbox_open(struct sandbox *sandbox, const struct run_server *server,
                 const struct sandbox_options *options, struct err *err)
{
    char host[32] = "127.0.0.1";
    *sandbox =
        (struct sandbox){.network = -1, .error_path = alloc_copy(options->error_path)};
    if (isolate(sandbox, options, err) < 0)
        return -1;
    if (options->address)
        snprintf(host, sizeof host, "%s", options->address);
    else if (!options->own_network)
        snprintf(host, sizeof host, "127.%ld.%ld.%ld", 1 + random() % 250,
                 1 + random() % 250, 1 + random() % 250);
    sandbox->running = server_start(&sandbox->server, server->path,
                                    &(struct server_options){
                                        .host = host,
                                        .cpu = options->cpu,
                                        .cpus = server->cores ? options->cpus : NULL,
                                        .environment = server->environment,
                                        .cgroup = sandbox->cgroup,
                                        .env_pad = options->env_pad,
                                        .error = sandbox->error,
                                        .wrapper = options->wrapper,
                                        .patience = options->patience,
                                    },
                                    err) == 0;
    return sandbox->running ? 0 : -1;
}

int sandbox_enter(const struct sandbox *sandbox, struct err *err)
{
    return sandbox->network < 0 ? 0 : netns_join(sandbox->network, err);
}

double sandbox_cpu_s(const struct sandbox *sandbox)
{
    return usage_server_s(sandbox->server.proc.pid, sandbox->cgroup);
}

double sandbox_settle(const struct sandbox *sandbox, int quiet_ms, int timeout_ms)
{
    double deadline = clock_now() + timeout_ms / 1000.0;
    double before = NAN;
    double now = sandbox_cpu_s(sandbox);
    while (!(now <= before) && clock_now() < deadline) {
        before = now;
        poll(NULL, 0, quiet_ms);
        now = sandbox_cpu_s(sandbox);
    }
    return now;
}

struct footprint sandbox_footprint(const struct sandbox *sandbox)
{
    return footprint_read(sandbox->server.proc.pid, sandbox->cgroup);
}

size_t sandbox_processes(const struct sandbox *sandbox)
{
    struct relative *list;
    size_t processes = 0;
    size_t count = family_find(sandbox->server.proc.pid, &list);
    for (size_t i = 0; i < count; i++)
        processes += !list[i].zombie;
    free(list);
    return processes;
}

int sandbox_close(struct sandbox *sandbox, struct err *err)
{
    struct stat status;
    int failed = sandbox->running ? server_stop(&sandbox->server, err) : 0;
    if (sandbox->cgroup)
        cgroup_remove(sandbox->cgroup);
    if (sandbox->error >= 0) {
        if (fstat(sandbox->error, &status) == 0 && status.st_size == 0)
            unlink(sandbox->error_path);
        close(sandbox->error);
    }
    if (sandbox->network >= 0)
        close(sandbox->network);
    free(sandbox->cgroup);
    free(sandbox->error_path);
    *sandbox = (struct sandbox){.network = -1, .error = -1};
    return failed;
}
