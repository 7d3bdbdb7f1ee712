/* trial.h - one trial: a fresh server, a load tool, and what both did.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TRIAL_H
#define ABACUS_TRIAL_H

#include "analyse/judge.h"
#include "host/cpus.h"
#include "measure/progress.h"
#include "model/run.h"

#include <stdbool.h>

/* What all trials of a run have in common. */
struct trial_options {
    const char *directory; /* the run's folder; raw/ in it takes what the tools print */
    struct cpus cpus;
    bool own_network;          /* each trial gets a network namespace */
    bool own_cgroup;           /* and the server a cgroup */
    struct limits limits;      /* that trials are judged by */
    struct progress *progress; /* shows that it goes on */
};

/* Runs a trial: fresh network, fresh server, its ready line, a probe for the exact bytes,
 * priming requests, the load tool on another CPU, the probe again, stop. `trial` comes with
 * round, attempt, server and load set; everything else is filled in and owned by it. Whatever goes wrong
 * becomes the trial's reason. False if the user wants to stop: the trial is then void. */
bool trial_run(struct trial *trial, const struct run *run,
               const struct trial_options *options);

#endif
