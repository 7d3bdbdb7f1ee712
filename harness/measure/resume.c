/* resume.c - going on with a run that was stopped: may it be, here and now?
 * SPDX-License-Identifier: MIT */
#include "measure/resume.h"

#include "base/alloc.h"
#include "base/paths.h"
#include "host/machine.h"
#include "host/netns.h"
#include "load/suite_read.h"
#include "load/tool.h"
#include "measure/folder.h"
#include "model/record.h"
#include "subject/server.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the servers ---- */

static int check_server(const struct run_server *server, struct err *err)
{
    if (access(server->path, X_OK) < 0)
        return err_set(err, "the server %s cannot be run any more: %s: %s", server->name,
                       server->path, strerror(errno));
    char *now = server_sha256(server->path);
    const char *then = server->sha256 ? server->sha256 : "";
    int changed = strcmp(now, then) == 0
                      ? 0
                      : err_set(err,
                                "the server %s has changed: its sha256 was %.12s…, and "
                                "%s has %.12s…; measure it in a new run",
                                server->name, then, server->path, now);
    free(now);
    return changed;
}

/* The record has paths as people elsewhere can use them; to run a server takes its own. */
static int find_servers(struct run *run, struct err *err)
{
    for (size_t i = 0; i < run->server_count; i++) {
        struct run_server *server = &run->servers[i];
        char *path = paths_absolute(server->path);
        free(server->path);
        server->path = path;
        if (!server->missing && check_server(server, err) < 0)
            return -1;
    }
    return 0;
}

/* ---- the machine ---- */

/* The load average is another from minute to minute; no figure depends on it. */
static int check_facts(const struct run *run, const struct run *now, struct err *err)
{
    for (size_t i = 0; i < run->machine_count; i++) {
        const struct fact *then = &run->machine[i];
        const char *value = run_fact(now, then->name);
        if (strcmp(then->name, "load average") != 0 && value &&
            strcmp(value, then->value) != 0)
            return err_set(err,
                           "this is not what the run was begun with: %s was '%.150s' and "
                           "is '%.150s'",
                           then->name, then->value, value);
    }
    return 0;
}

/* Seen from a network namespace, where there can be one: as when the run began. */
static int check_machine(const struct run *run, struct err *err)
{
    struct err unused;
    struct run now = {0};
    netns_enter_fresh(&unused);
    machine_describe(&now.machine, &now.machine_count, paths_build());
    tools_describe(&now.machine, &now.machine_count, &run->suite);
    int changed = check_facts(run, &now, err);
    run_free(&now);
    return changed;
}

/* ---- the whole ---- */

static int set_rounds(struct run *run, int rounds, struct err *err)
{
    if (rounds && rounds < run->rounds)
        return err_set(err, "the run has %d rounds: --rounds can only add to them",
                       run->rounds);
    if (run->finished && rounds <= run->rounds)
        return err_set(err,
                       "this run is finished; more than its %d rounds can be had with "
                       "--rounds",
                       run->rounds);
    run->rounds = rounds ? rounds : run->rounds;
    return 0;
}

int resume_run(struct run *run, const char *folder, int rounds, struct err *err)
{
    struct err why;
    if (record_read(run, folder, err) < 0)
        return -1;
    if (set_rounds(run, rounds, &why) < 0 || suite_check(&run->suite, &why) < 0 ||
        find_servers(run, &why) < 0 || check_machine(run, &why) < 0)
        return err_set(err, "cannot go on with %s: %s", folder, why.text);
    return 0;
}

double resume_elapsed(const struct run *run)
{
    double elapsed = fmax(run->wall_s, 0); /* 0 for NAN, too */
    for (size_t i = 0; i < run->trial_count; i++)
        elapsed = fmax(elapsed, run->trials[i].ended_s);
    return elapsed;
}
