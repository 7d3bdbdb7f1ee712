/* measure.c - a run: every server, every load, every round, and the record of it.
 * SPDX-License-Identifier: MIT */
#include "measure/measure.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/outfile.h"
#include "base/paths.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "host/cgroup.h"
#include "host/cpus.h"
#include "host/machine.h"
#include "host/netns.h"
#include "load/tool.h"
#include "measure/folder.h"
#include "measure/plan.h"
#include "measure/preflight.h"
#include "measure/progress.h"
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
    if (measure_limits(&session->options.limits, run, err) < 0)
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

/* How long the run has taken until now, s: the time between its sessions does not count. */
static double elapsed_before(const struct run *run)
{
    double elapsed = fmax(run->wall_s, 0); /* 0 for NAN, too */
    for (size_t i = 0; i < run->trial_count; i++)
        elapsed = fmax(elapsed, run->trials[i].ended_s);
    return elapsed;
}

int measure_run(struct run *run, const char *folder,
                const struct measure_options *options, struct err *err)
{
    struct err close_err;
    struct session session = {
        .run = run,
        .options = {.directory = folder, .progress = &session.progress},
        .asked = options,
        .start = clock_now() - elapsed_before(run),
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
