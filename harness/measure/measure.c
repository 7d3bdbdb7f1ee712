/* measure.c - a run: every server, every load, every round, and the record of it.
 * SPDX-License-Identifier: MIT */
#include "measure/measure.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/paths.h"
#include "host/cgroup.h"
#include "host/cpus.h"
#include "host/descriptors.h"
#include "host/machine.h"
#include "host/netns.h"
#include "host/proc.h"
#include "judge/judge.h"
#include "load/tool.h"
#include "measure/folder.h"
#include "measure/plan.h"
#include "measure/preflight.h"
#include "measure/progress.h"
#include "measure/trial.h"
#include "record/record.h"
#include "server/server.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum {
    ATTEMPTS = 3,      /* of one trial, where it fails */
    SPARE_RETRIES = 6, /* of disturbed trials, beside half as many as there are slots */
};

/* ---- before ---- */

/* The load tools that the suite needs must be there. */
static int check_tools(const struct suite *suite, struct err *err)
{
    for (size_t i = 0; i < suite->load_count; i++) {
        char output[1024];
        struct err why;
        const struct tool *tool = tool_find(suite->loads[i].tool);
        char *argv[] = {(char *)tool->name, (char *)tool->version_option, NULL};
        if (proc_capture(argv, output, sizeof output, 5000, &why) < 0)
            return err_set(err, "%s (Debian's package is %s)", why.text, tool->package);
    }
    return 0;
}

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
    for (size_t i = 0; i < suite->load_count; i++)
        if ((size_t)suite->loads[i].concurrency > most)
            most = (size_t)suite->loads[i].concurrency;
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
        .sha256 = alloc_copy(original->sha256),
        .control_of = alloc_copy(original->name),
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

static int set_limits(struct run *run, const struct measure_options *options,
                      struct err *err)
{
    for (size_t i = 0; i < options->limit_count; i++) {
        if (judge_set_limit(options->limits[i], err) < 0)
            return -1;
        run_add_note(
            run,
            "Trials were judged by another limit than the usual one: %s. What breaks it "
            "counts otherwise.",
            options->limits[i]);
    }
    return 0;
}

int measure_prepare(struct run *run, char **folder, const struct measure_options *options,
                    struct err *err)
{
    *run = (struct run){.wall_s = NAN};
    if (set_limits(run, options, err) < 0 ||
        suite_read(&run->suite, paths_suites(), options->suite, err) < 0 ||
        server_find(&run->servers, &run->server_count, paths_servers(), options->servers,
                    options->server_count, err) < 0)
        return 2;
    run->rounds = options->rounds ? options->rounds : run->suite.rounds;
    run->seed = options->seed ? options->seed : fresh_seed();
    run->started = folder_time_now();
    if ((!options->debug_build && preflight_build(err) < 0) ||
        check_servers_there(run, err) < 0 || check_tools(&run->suite, err) < 0 ||
        raise_descriptors(&run->suite, err) < 0)
        return 1;
    add_control(run);
    *folder = folder_create(paths_results(), options->out, err);
    return *folder ? 0 : 1;
}

/* ---- the rounds ---- */

/* A run while it goes on. */
struct session {
    struct run *run;
    FILE *record;
    struct trial_options options;
    struct slot *slots;
    size_t slot_count;
    bool *hopeless; /* by server and load: all attempts of one slot failed */
    size_t retries; /* of disturbed trials, that are left: a busy machine ends, too */
    const struct measure_options *asked;
    double start;
};

/* Each trial gets the most isolation that this machine allows; what it does not allow is
 * said, since some figures are weaker for it. */
static void choose_isolation(struct session *session)
{
    struct err err;
    struct trial_options *options = &session->options;
    options->cpus = cpus_choose();
    options->own_cgroup = cgroup_init(&err) == 0;
    if (!options->own_cgroup)
        run_add_note(
            session->run,
            "no cgroup (%s): CPU per request is counted in steps of 10 ms a trial",
            err.text);
    options->own_network = netns_enter_fresh(&err) == 0;
    if (!options->own_network)
        run_add_note(session->run,
                     "no network namespace (%s): connections of other programs and of "
                     "earlier trials are on the same network",
                     err.text);
}

/* Whether a trial is worth another attempt. One that is disturbed is so by others, who may be
 * gone, but a run must end. A server that failed in all attempts of a round is likely to fail
 * again: from then on it gets one in each round. */
static bool try_again(struct session *session, const struct trial *trial,
                      unsigned *failures, bool *hopeless)
{
    if (trial->verdict == VERDICT_VALID)
        return false;
    if (trial->verdict == VERDICT_DISTURBED)
        return trial->attempt < ATTEMPTS && session->retries > 0 && session->retries--;
    if (++*failures == ATTEMPTS)
        *hopeless = true;
    return !*hopeless && trial->attempt < ATTEMPTS;
}

/* Runs one slot, again where it fails. 1: go on; 0: the user wants to stop; -1: the record
 * cannot be written. */
static int run_slot(struct session *session, const struct slot *slot, struct err *err)
{
    struct run *run = session->run;
    const struct load *load = &run->suite.loads[slot->load];
    const struct run_server *server = &run->servers[slot->server];
    bool *hopeless =
        &session->hopeless[slot->server * run->suite.load_count + slot->load];
    unsigned failures = 0;
    bool again = true;
    for (int attempt = 1; again; attempt++) {
        struct trial trial = {.round = slot->round,
                              .attempt = attempt,
                              .started_s = clock_now() - session->start};
        if (!trial_run(&trial, server, load, &session->options)) {
            trial_free(&trial);
            return 0;
        }
        trial.ended_s = clock_now() - session->start;
        run_add_trial(run, &trial);
        if (record_write_trial(session->record, &trial, err) < 0)
            return -1;
        again = try_again(session, &trial, &failures, hopeless);
    }
    return 1;
}

static int run_rounds(struct session *session, struct err *err)
{
    struct run *run = session->run;
    for (size_t i = 0; i < session->slot_count && !interrupt_requested(); i++) {
        progress_begin_trial(run, session->slots, session->slot_count, i);
        int going = run_slot(session, &session->slots[i], err);
        if (going <= 0) {
            progress_end();
            return going;
        }
        progress_end_trial(run, session->slots, session->slot_count, i);
        bool last = i + 1 == session->slot_count;
        if (!last && session->slots[i + 1].round > session->slots[i].round)
            session->asked->after_round(session->options.directory,
                                        session->slots[i].round);
    }
    progress_end();
    if (interrupt_requested())
        return 0;
    run->finished = true;
    run->wall_s = clock_now() - session->start;
    return record_write_end(session->record, run, err);
}

static FILE *open_record(const char *folder, struct err *err)
{
    char *path = alloc_format("%s/record.jsonl", folder);
    FILE *file = fopen(path, "wxe");
    if (!file)
        err_set(err, "%s: %s", path, strerror(errno));
    free(path);
    return file;
}

static void announce(const struct session *session, const char *folder)
{
    const struct run *run = session->run;
    double estimate = progress_estimate(run, session->slots, session->slot_count, 0);
    fprintf(stderr, "%s: %zu trials, about %s; seed %llu; results in %s\n",
            run->suite.name, session->slot_count, progress_duration(estimate), run->seed,
            folder);
}

/* What comes before the first trial, in the order that users see it. */
static int open_session(struct session *session, const char *folder, struct err *err)
{
    struct run *run = session->run;
    if (interrupt_catch(err) < 0 || !(session->record = open_record(folder, err)))
        return -1;
    /* Addresses and environment pads are to differ from run to run. */
    srandom((unsigned)run->seed ^ (unsigned)getpid());
    session->slots = plan_make(run, &session->slot_count);
    session->hopeless =
        alloc_zeroed(run->server_count * run->suite.load_count, sizeof(bool));
    session->retries = SPARE_RETRIES + session->slot_count / 2;
    choose_isolation(session);
    /* Only now: a network namespace has sysctls of its own. */
    machine_describe(&run->machine, &run->machine_count, paths_build());
    preflight_run(run, session->asked->quiet_wait_s, stderr);
    announce(session, folder);
    return record_write_head(session->record, run, err);
}

static int close_session(struct session *session, struct err *err)
{
    int failed = 0;
    if (session->record && fclose(session->record) == EOF)
        failed = err_set(err, "cannot write the record: %s", strerror(errno));
    cgroup_end();
    free(session->slots);
    free(session->hopeless);
    return failed;
}

int measure_run(struct run *run, const char *folder,
                const struct measure_options *options, struct err *err)
{
    struct err close_err;
    struct session session = {
        .run = run,
        .options = {.directory = folder},
        .asked = options,
        .start = clock_now(),
    };
    int failed = open_session(&session, folder, err);
    if (!failed)
        failed = run_rounds(&session, err);
    if (close_session(&session, &close_err) < 0 && !failed) {
        *err = close_err;
        failed = -1;
    }
    return failed;
}
