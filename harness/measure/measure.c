/* measure.c - a run: every server, every load, every round, and the record of it.
 * SPDX-License-Identifier: MIT */
#include "measure/measure.h"

#include "analyse/judge.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/outfile.h"
#include "base/paths.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "host/cgroup.h"
#include "host/cpus.h"
#include "host/descriptors.h"
#include "host/machine.h"
#include "host/netns.h"
#include "host/proc.h"
#include "load/retool.h"
#include "load/suite_read.h"
#include "load/tool.h"
#include "measure/attempts.h"
#include "measure/estimate.h"
#include "measure/folder.h"
#include "measure/preflight.h"
#include "measure/progress.h"
#include "measure/resume.h"
#include "measure/status.h"
#include "measure/trial.h"
#include "model/record.h"
#include "subject/server.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

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

/* Those that the run asks for, in place of the usual ones. */
static int make_limits(struct limits *limits, const struct run *run, struct err *err)
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
    if (make_limits(&limits, run, err) < 0)
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

static int check_needs(const struct run *run, struct err *err)
{
    if (check_servers_there(run, err) < 0 || check_tools(&run->suite, err) < 0 ||
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
    if (check_limits(run, err) < 0 ||
        suite_read(&run->suite, paths_suites(), options->suite, err) < 0 ||
        set_tools(run, options, err) < 0 ||
        server_find_for(&run->suite, &run->servers, &run->server_count, paths_servers(),
                        options->servers, options->server_count, err) < 0)
        return 2;
    run->rounds = options->rounds ? options->rounds : run->suite.rounds;
    run->seed = options->seed ? options->seed : fresh_seed();
    run->started = folder_time_now();
    if ((!options->debug_build && preflight_build(err) < 0) || check_needs(run, err) < 0)
        return 1;
    add_control(run);
    *folder = folder_create(paths_results(), options->out, err);
    return *folder ? 0 : 1;
}

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
    return options->resume ? prepare_again(run, folder, options, err)
                           : prepare_new(run, folder, options, err);
}

/* ---- the rounds ---- */

/* A run while it goes on. */
struct session {
    struct run *run;
    FILE *record;
    struct trial_options options;
    struct attempts attempts;
    const struct measure_options *asked;
    struct progress progress;
    double start; /* of the run, with the time between its sessions left out */
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

/* 1: the trial was made; 0: the user wants to stop; -1: it failed since its files could not be
 * written, so it is not recorded, and a resumed run makes it again. */
static int run_trial(const struct session *session, const struct slot *slot,
                     struct trial *trial, struct err *err)
{
    const struct run *run = session->run;
    *trial = (struct trial){.round = slot->round,
                            .attempt = slot->attempts + 1,
                            .server = slot->server,
                            .load = slot->load,
                            .started_s = clock_now() - session->start};
    int made = trial_run(trial, run, &session->options);
    trial->ended_s = clock_now() - session->start;
    if (made && trial->verdict == VERDICT_INVALID &&
        outfile_check_room(session->options.directory, err) < 0)
        made = -1;
    if (made <= 0)
        trial_free(trial);
    return made;
}

/* Runs one slot, again where it fails. 1: go on; 0: the user wants to stop; -1: the run's
 * files cannot be written. */
static int run_slot(struct session *session, struct slot *slot, struct err *err)
{
    struct run *run = session->run;
    while (!slot->done) {
        struct trial trial;
        int made = run_trial(session, slot, &trial, err);
        if (made <= 0)
            return made;
        run_add_trial(run, &trial);
        if (record_write_trial(session->record, run, &trial, err) < 0)
            return -1;
        attempts_count(&session->attempts, slot, &trial);
    }
    return 1;
}

/* There is something to see early. */
static void end_round(const struct session *session, int round)
{
    progress_clear(&session->progress);
    session->asked->after_round(session->options.directory, round);
}

/* As run_slot, for all of them. */
static int run_slots(struct session *session, struct err *err)
{
    struct slot *slots = session->attempts.slots;
    size_t count = session->attempts.count;
    for (size_t i = session->attempts.done_before; i < count && !interrupt_requested();
         i++) {
        progress_begin_trial(&session->progress, i);
        int going = run_slot(session, &slots[i], err);
        if (going <= 0)
            return going;
        progress_end_trial(&session->progress);
        bool last = i + 1 == count;
        if (!last && slots[i + 1].round > slots[i].round)
            end_round(session, slots[i].round);
    }
    return !interrupt_requested();
}

static int run_rounds(struct session *session, struct err *err)
{
    struct run *run = session->run;
    const struct attempts *attempts = &session->attempts;
    progress_begin(&session->progress, run, attempts->slots, attempts->count);
    int going = run_slots(session, err);
    progress_clear(&session->progress);
    if (going <= 0)
        return going;
    run->finished = true;
    run->wall_s = clock_now() - session->start;
    return record_write_end(session->record, run, err);
}

static void announce(const struct session *session, const char *folder)
{
    const struct run *run = session->run;
    const struct attempts *attempts = &session->attempts;
    char *duration = status_duration(
        estimate_left(run, attempts->slots, attempts->count, attempts->done_before));
    char done[48] = "";
    if (session->asked->resume)
        snprintf(done, sizeof done, ", %zu of them done before", attempts->done_before);
    char *quoted = quote_shell(folder);
    char *line =
        alloc_format("%s: %zu trials%s, about %s; seed %llu; results in %s",
                     run->suite.name, attempts->count, done, duration, run->seed, quoted);
    utf8_print(stderr, line);
    fputs("\n", stderr);
    free(line);
    free(quoted);
    free(duration);
}

/* A run that goes on has its machine in its record, and it was found to be this one. */
static int begin_record(struct session *session, const char *folder, size_t first_note,
                        struct err *err)
{
    const struct run *run = session->run;
    bool again = session->asked->resume;
    session->record = again ? record_reopen(folder, err) : record_create(folder, err);
    if (!session->record)
        return -1;
    return again ? record_write_resume(session->record, run, first_note, err)
                 : record_write_head(session->record, run, err);
}

/* What a reader must know of a run that was stopped, or that was to have more rounds: who adds
 * some because of what the tables say, and looks again, does so until chance helps. */
static void note_resumption(struct run *run)
{
    char *now = folder_time_now();
    if (run->finished)
        run_add_note(
            run,
            "ROUNDS WERE ADDED at %s, when the tables of the first %zu trials were "
            "there to be seen: more differences than 1 in 20 tables can then be "
            "false. A new run with all rounds chosen beforehand would tell.",
            now, run->trial_count);
    else
        run_add_note(run,
                     "The run was stopped after %zu trials, and went on at %s. The time "
                     "between is not part of what it took.",
                     run->trial_count, now);
    free(now);
    run->finished = false;
    run->wall_s = NAN;
}

/* What comes before the first trial, in the order that users see it. */
static int open_session(struct session *session, const char *folder, struct err *err)
{
    struct run *run = session->run;
    size_t first_note = run->note_count;
    if (make_limits(&session->options.limits, run, err) < 0)
        return -1;
    if (interrupt_catch(err) < 0)
        return -1;
    /* Addresses and environment pads are to differ from run to run. */
    srandom((unsigned)run->seed ^ (unsigned)getpid());
    attempts_begin(&session->attempts, run);
    choose_isolation(session);
    /* Only now: a network namespace has sysctls of its own. */
    if (!session->asked->resume) {
        machine_describe(&run->machine, &run->machine_count, paths_build());
        tools_describe(&run->machine, &run->machine_count, &run->suite);
    }
    preflight_run(run, session->asked->quiet_wait_s, stderr);
    if (session->asked->resume)
        note_resumption(run);
    announce(session, folder);
    return begin_record(session, folder, first_note, err);
}

static int close_session(struct session *session, struct err *err)
{
    int failed = 0;
    if (session->record && fclose(session->record) == EOF)
        failed = err_set(err, "cannot write the record: %s", strerror(errno));
    cgroup_end();
    attempts_end(&session->attempts);
    return failed;
}

int measure_run(struct run *run, const char *folder,
                const struct measure_options *options, struct err *err)
{
    struct err close_err;
    struct session session = {
        .run = run,
        .options = {.directory = folder, .progress = &session.progress},
        .asked = options,
        .start = clock_now() - resume_elapsed(run),
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
