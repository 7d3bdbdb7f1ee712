/* measure.c - a run: every server, every load, every round, and the record of it.
 * SPDX-License-Identifier: MIT */
#include "measure/measure.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/outfile.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "host/cgroup.h"
#include "host/cpus.h"
#include "host/netns.h"
#include "host/remote.h"
#include "measure/folder.h"
#include "measure/hosts.h"
#include "measure/plan.h"
#include "measure/preflight.h"
#include "measure/progress.h"
#include "measure/saturate.h"
#include "measure/slices.h"
#include "measure/slicing.h"
#include "measure/trial.h"
#include "model/record.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A run while it goes on. */
struct session {
    struct run *run;
    FILE *record;
    struct conditions conditions;
    struct step *steps;
    size_t step_count;
    size_t done_before; /* steps that an earlier session has made */
    const struct measure_options *asked;
    struct progress progress;
    double throttled_s; /* by a CPU quota, before it began */
    double start;       /* of the run, with the time between its sessions left out */
};

/* Each server gets the most isolation that this machine allows; what it does not allow is
 * said, since some figures are weaker for it. */
static void choose_isolation(struct session *session)
{
    struct err err;
    struct conditions *conditions = &session->conditions;
    conditions->cpus = cpus_choose();
    conditions->own_cgroup = cgroup_init(&err) == 0;
    if (!conditions->own_cgroup)
        run_add_note(session->run,
                     "no cgroup (%s): the CPU time of processes that have ended is "
                     "counted in steps of 10 ms",
                     err.text);
    for (size_t l = 0; l < session->run->suite.load_count; l++)
        if (session->run->suite.loads[l].idle > 0)
            cgroup_count_memory();
    conditions->address = session->run->address;
    if (conditions->address) {
        conditions->cpus.shared = false; /* the load tool has none of them */
        limits_set(&conditions->limits, "wall=inf", &err); /* nor is it started at once */
        hosts_note(session->run);
        return;
    }
    conditions->own_network = netns_enter_fresh(&err) == 0;
    if (!conditions->own_network)
        run_add_note(session->run,
                     "no network namespace (%s): connections of other programs and of "
                     "earlier trials are on the same network",
                     err.text);
}

/* 1: the trial was made; 0: the user wants to stop; -1: it failed since its files could not be
 * written, so it is not recorded, and a resumed run makes it again. */
static int make_trial(const struct session *session, const struct step *step,
                      struct trial *trial, struct err *err)
{
    *trial = (struct trial){.round = step->round,
                            .server = step->server,
                            .load = step->load,
                            .started_s = clock_now() - session->start};
    int made = trial_run(trial, session->run, &session->conditions);
    trial->ended_s = clock_now() - session->start;
    if (made && trial->verdict == VERDICT_INVALID &&
        outfile_check_room(session->conditions.directory, err) < 0)
        made = -1;
    if (made <= 0)
        trial_free(trial);
    return made;
}

static int run_trial(struct session *session, const struct step *step, struct err *err)
{
    struct trial trial;
    int made = make_trial(session, step, &trial, err);
    if (made <= 0)
        return made;
    run_add_trial(session->run, &trial);
    return record_write_trial(session->record, session->run, &trial, err) < 0 ? -1 : 1;
}

/* There is something to see early: when the trials are made, and after each round. */
static bool ends_stage(const struct session *session, size_t at)
{
    const struct step *step = &session->steps[at], *next = step + 1;
    return at + 1 < session->step_count &&
           (step->trial != next->trial || step->round != next->round);
}

static void show_tables(const struct session *session)
{
    progress_clear(&session->progress);
    session->asked->after_round(session->conditions.directory);
}

/* 1: go on; 0: the user wants to stop; -1: the run's files cannot be written. */
static int run_step(struct session *session, size_t at, struct err *err)
{
    const struct step *step = &session->steps[at];
    progress_begin_step(&session->progress, at);
    int going = step->trial
                    ? run_trial(session, step, err)
                    : slices_run(session->run, session->record, &session->conditions,
                                 step->round, step->load, err);
    if (going > 0)
        progress_end_step(&session->progress);
    return going;
}

/* Before the first round: what the servers need is only known now. */
static int find_slicing(struct session *session, size_t at, struct err *err)
{
    struct run *run = session->run;
    if (run->suite.minutes > 0)
        plan_fit(run, 60 * run->suite.minutes - (clock_now() - session->start));
    progress_begin_planning(&session->progress, at);
    return slicing_find(run, session->record, &session->conditions, err);
}

static int run_steps(struct session *session, struct err *err)
{
    int going = 1;
    for (size_t i = 0; going > 0 && i < session->step_count; i++) {
        if (interrupt_requested())
            return 0;
        if (plan_done(session->run, &session->steps[i]))
            continue;
        if (!session->steps[i].trial && session->run->slicings[0].requests == 0)
            going = find_slicing(session, i, err);
        if (going > 0)
            going = run_step(session, i, err);
        if (going > 0 && ends_stage(session, i))
            show_tables(session);
    }
    return going;
}

static int run_all(struct session *session, struct err *err)
{
    struct run *run = session->run;
    progress_begin(&session->progress, run, session->steps, session->step_count);
    int going = run_steps(session, err);
    progress_clear(&session->progress);
    if (going <= 0)
        return going;
    run->finished = true;
    run->wall_s = clock_now() - session->start;
    run->throttled_s = cgroup_throttled_s() - session->throttled_s;
    return record_write_end(session->record, run, err);
}

static void announce(const struct session *session, const char *folder)
{
    const struct run *run = session->run;
    char *duration =
        status_duration(plan_left(run, session->steps, session->step_count, 0));
    char *again = session->asked->resume
                      ? alloc_format(", %zu of %zu steps done before",
                                     session->done_before, session->step_count)
                      : alloc_copy("");
    char *quoted = quote_shell(folder);
    char *line =
        alloc_format("%s: %d whole trial%s of each server and load, then %d "
                     "rounds of slices%s; about %s; seed %llu; results in %s",
                     run->suite.name, run->trials_each, run->trials_each == 1 ? "" : "s",
                     run->rounds, again, duration, run->seed, quoted);
    utf8_print(stderr, line);
    fputs("\n", stderr);
    free(line);
    free(quoted);
    free(again);
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
            "Rounds were added at %s, when the tables were there to be seen: more than 1 "
            "in 20 tables can then have a false difference. A new run with all rounds "
            "chosen beforehand would tell.",
            now);
    else
        run_add_note(
            run,
            "The run was stopped after %zu trials and %zu slices, and went on at "
            "%s. The time between is not part of what it took.",
            run->trial_count, run->slice_count, now);
    free(now);
    run->finished = false;
    run->wall_s = NAN;
}

/* What comes before the first trial, in the order that users see it. */
static int open_session(struct session *session, const char *folder, struct err *err)
{
    struct run *run = session->run;
    size_t first_note = run->note_count;
    if (measure_limits(&session->conditions.limits, run, err) < 0)
        return -1;
    if (interrupt_catch(err) < 0)
        return -1;
    /* Addresses and environment pads are to differ from run to run. */
    srandom((unsigned)run->seed ^ (unsigned)getpid());
    session->steps = plan_make(run, &session->step_count);
    for (size_t i = 0; i < session->step_count; i++)
        session->done_before += plan_done(run, &session->steps[i]);
    choose_isolation(session);
    /* Only now: a network namespace has sysctls of its own. */
    if (!session->asked->resume)
        hosts_describe(&run->machine, &run->machine_count, &run->suite);
    preflight_run(run, stderr);
    if (session->asked->resume)
        note_resumption(run);
    else
        saturate_find(run, &session->conditions);
    announce(session, folder);
    return begin_record(session, folder, first_note, err);
}

static int close_session(struct session *session, struct err *err)
{
    int failed = 0;
    if (session->record && fclose(session->record) == EOF)
        failed = err_set(err, "cannot write the record: %s", strerror(errno));
    cgroup_end();
    remotes_close();
    free(session->steps);
    return failed;
}

/* How long the run has taken until now, s: the time between its sessions does not count. */
static double elapsed_before(const struct run *run)
{
    double elapsed = 0;
    if (isfinite(run->wall_s)) /* it had finished */
        return run->wall_s;
    for (size_t i = 0; i < run->trial_count; i++)
        elapsed = fmax(elapsed, run->trials[i].ended_s);
    for (size_t i = 0; i < run->slice_count; i++)
        elapsed += fmax(run->slices[i].wall_s, 0);
    return elapsed;
}

int measure_run(struct run *run, const char *folder,
                const struct measure_options *options, struct err *err)
{
    struct err close_err;
    struct session session = {
        .run = run,
        .conditions = {.directory = folder, .progress = &session.progress},
        .asked = options,
        .throttled_s = cgroup_throttled_s(),
        .start = clock_now() - elapsed_before(run),
    };
    int failed = open_session(&session, folder, err);
    if (!failed)
        failed = run_all(&session, err);
    if (close_session(&session, &close_err) < 0 && !failed) {
        *err = close_err;
        failed = -1;
    }
    return failed;
}
