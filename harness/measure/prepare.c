/* prepare.c - what comes before a run: options or an earlier record, checked.
 * SPDX-License-Identifier: MIT */
#include "measure/measure.h"

#include "analyse/judge.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/paths.h"
#include "host/descriptors.h"
#include "host/netns.h"
#include "host/remote.h"
#include "load/retool.h"
#include "load/suite_read.h"
#include "measure/folder.h"
#include "measure/hosts.h"
#include "measure/plan.h"
#include "measure/preflight.h"
#include "model/record.h"
#include "subject/server.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* ---- what a run needs ---- */

/* Those that could not be built have their rows, but a run needs one that can be measured. */
static int check_servers_there(const struct run *run, struct err *err)
{
    for (size_t i = 0; i < run->server_count; i++)
        if (!run->servers[i].missing)
            return 0;
    return err_set(err, "none of the servers could be built: %s: %s",
                   run->servers[0].name, run->servers[0].missing);
}

/* For the load with the most connections. */
static int raise_descriptors(const struct suite *suite, struct err *err)
{
    size_t most = 0;
    for (size_t i = 0; i < suite->load_count; i++) {
        const struct load *load = &suite->loads[i];
        size_t connections = (size_t)load->concurrency + (size_t)load->idle;
        most = connections > most ? connections : most;
    }
    return descriptors_raise(most, err);
}

/* Which server is entered twice: epoll, which is known to work, or the first that is there. */
static size_t control_place(const struct run *run)
{
    size_t first = run->server_count;
    for (size_t i = run->server_count; i-- > 0;)
        if (!run->servers[i].missing) {
            if (strcmp(run->servers[i].name, "epoll") == 0)
                return i;
            first = i;
        }
    return first;
}

static char *control_name(const struct run *run, const char *original)
{
    char *name = alloc_format("%s again", original);
    while (run_server(run, name)) {
        char *longer = alloc_format("%s again", name);
        free(name);
        name = longer;
    }
    return name;
}

/* The A/A control: a server takes part once more, under another name. How far apart it comes
 * out from itself is the run's noise floor. */
static void add_control(struct run *run)
{
    size_t place = control_place(run);
    char *name = control_name(run, run->servers[place].name);
    run->servers =
        alloc_resize(run->servers, run->server_count + 1, sizeof *run->servers);
    const struct run_server *original = &run->servers[place];
    run->servers[run->server_count++] = (struct run_server){
        .name = name,
        .path = alloc_copy(original->path),
        .about = alloc_copy(original->about),
        .environment = original->environment ? alloc_copy(original->environment) : NULL,
        .sha256 = alloc_copy(original->sha256),
        .control_of = alloc_copy(original->name),
        .cores = alloc_copy(original->cores),
        .blocks = alloc_copy(original->blocks),
        .only = alloc_copy(original->only),
    };
}

/* Eight digits, so that people can type it. */
static unsigned long long fresh_seed(void)
{
    unsigned random = 0;
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = (unsigned)(clock_now() * 1e6);
    return 10000000 + random % 90000000;
}

int measure_limits(struct limits *limits, const struct run *run, struct err *err)
{
    limits_usual(limits);
    for (size_t i = 0; i < run->limit_count; i++)
        if (limits_set(limits, run->limits[i], err) < 0)
            return -1;
    return 0;
}

static int check_limits(struct run *run, struct err *err)
{
    struct limits limits;
    if (measure_limits(&limits, run, err) < 0)
        return -1;
    char *all = alloc_copy("");
    for (size_t i = 0; i < run->limit_count; i++) {
        char *longer = alloc_format("%s%s%s", all, i > 0 ? ", " : "", run->limits[i]);
        free(all);
        all = longer;
    }
    if (run->limit_count > 0)
        run_add_note(
            run,
            "Trials are judged by other limits than the usual ones: %s. What breaks "
            "the usual ones counts otherwise.",
            all);
    free(all);
    return 0;
}

/* The user may want other load tools than the suite names. */
static int set_tools(struct run *run, const struct measure_options *options,
                     struct err *err)
{
    if (!options->tools)
        return 0;
    if (suite_retool(&run->suite, options->tools, err) < 0)
        return -1;
    run_add_note(run,
                 "The load tools were chosen by --tool %s, whatever the suite names. "
                 "Where one counts requests and another time, %d requests stand for a "
                 "second.",
                 options->tools, REQUESTS_FOR_A_SECOND);
    return 0;
}

/* The bound of the loads whose rate is to be found. */
static int set_slo(struct suite *suite, int slo, struct err *err)
{
    bool found = false;
    for (size_t i = 0; slo > 0 && i < suite->load_count; i++) {
        struct load *load = &suite->loads[i];
        if (load->slo == 0)
            continue;
        load->slo = slo;
        free(load->title);
        load->title = load_title(load);
        found = true;
    }
    return slo == 0 || found
               ? 0
               : err_set(err, "--slo: no load of %s has a bound", suite->name);
}

static int check_needs(const struct run *run, struct err *err)
{
    if (check_servers_there(run, err) < 0 || hosts_check_tools(&run->suite, err) < 0 ||
        raise_descriptors(&run->suite, err) < 0)
        return -1;
    return 0;
}

static int prepare_new(struct run *run, char **folder,
                       const struct measure_options *options, struct err *err)
{
    *run = (struct run){.wall_s = NAN};
    for (size_t i = 0; i < options->limit_count; i++)
        run_add_limit(run, options->limits[i]);
    for (size_t i = 0; i < options->client_count; i++)
        run_add_client(run, options->clients[i]);
    if (check_limits(run, err) < 0 ||
        suite_read(&run->suite, paths_suites(), options->suite, err) < 0 ||
        set_slo(&run->suite, options->slo, err) < 0 || set_tools(run, options, err) < 0 ||
        server_find_for(&run->suite, &run->servers, &run->server_count, paths_servers(),
                        options->servers, options->server_count, err) < 0)
        return 2;
    run->rounds = options->rounds >= 0 ? options->rounds : run->suite.rounds;
    run->trials_each = options->trials >= 0 ? options->trials : run->suite.trials_each;
    run->round_s = run->suite.round_s;
    if (options->minutes > 0)
        run->suite.minutes = options->minutes;
    else if (options->rounds >= 0 || options->trials >= 0)
        run->suite.minutes = 0; /* the user wants another length */
    if (run->rounds + run->trials_each == 0) {
        err_set(err, "neither rounds nor trials: there is nothing to measure");
        return 2;
    }
    run->slicings = alloc_zeroed(run->suite.load_count, sizeof *run->slicings);
    run->seed = options->seed ? options->seed : fresh_seed();
    run->started = folder_time_now();
    if (!options->debug_build && preflight_build(err) < 0)
        return 1;
    if (hosts_open(run, options->address, err) < 0)
        return 2;
    if (check_needs(run, err) < 0)
        return run->client_count > 0 ? 2 : 1; /* the user named a host that will not do */
    add_control(run);
    if (run->suite.minutes > 0)
        plan_fit(run, 60 * run->suite.minutes);
    *folder = folder_create(paths_results(), options->out, err);
    if (*folder && !options->out)
        folder_point_latest(paths_results(), *folder);
    return *folder ? 0 : 1;
}

/* ---- a run that goes on: its servers ---- */

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

/* ---- its machine ---- */

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
    if (run->client_count == 0)
        netns_enter_fresh(&unused);
    hosts_describe(&now.machine, &now.machine_count, &run->suite);
    int changed = check_facts(run, &now, err);
    run_free(&now);
    return changed;
}

/* ---- its rounds ---- */

static int set_rounds(struct run *run, int rounds, struct err *err)
{
    if (rounds >= 0 && rounds < run->rounds)
        return err_set(err, "the run has %d rounds: --rounds can only add to them",
                       run->rounds);
    if (run->finished && rounds <= run->rounds)
        return err_set(err,
                       "this run is finished; more than its %d rounds can be had with "
                       "--rounds",
                       run->rounds);
    run->rounds = rounds >= 0 ? rounds : run->rounds;
    return 0;
}

/* Reads the run in `folder` and makes it ready to go on, with `rounds` in all (-1: as many as it
 * had). Its suite, seed, servers and limits are those of its record. -1 with the reason, which
 * names both values where one has changed: the servers' executables, the machine, its kernel and
 * settings, the compiler and its flags, the load tools; or the run is finished. */
static int resume_run(struct run *run, const char *folder, int rounds, struct err *err)
{
    struct err why;
    if (record_read(run, folder, err) < 0)
        return -1;
    if (set_rounds(run, rounds, &why) < 0 || suite_check(&run->suite, &why) < 0 ||
        find_servers(run, &why) < 0 || hosts_open(run, run->address, &why) < 0 ||
        check_machine(run, &why) < 0)
        return err_set(err, "cannot go on with %s: %s", folder, why.text);
    return 0;
}

/* ---- either ---- */

/* The build is the one that the run was begun with, so it needs no other look. */
static int prepare_again(struct run *run, char **folder,
                         const struct measure_options *options, struct err *err)
{
    *run = (struct run){.wall_s = NAN};
    *folder = folder_reopen(options->resume, err);
    if (!*folder || resume_run(run, *folder, options->rounds, err) < 0 ||
        check_limits(run, err) < 0 || check_needs(run, err) < 0)
        return 1;
    return 0;
}

int measure_prepare(struct run *run, char **folder, const struct measure_options *options,
                    struct err *err)
{
    int status = options->resume ? prepare_again(run, folder, options, err)
                                 : prepare_new(run, folder, options, err);
    if (status)
        remotes_close();
    return status;
}
