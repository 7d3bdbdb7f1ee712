/* trial.h - one whole trial: a fresh server, a load tool, and what both did.
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_TRIAL_H
#define ABACUS_TRIAL_H

#include "measure/entrant.h"
#include "model/run.h"

#include <stdbool.h>

/* Runs a whole trial: fresh network, fresh server, its ready line, a probe for the exact bytes,
 * priming requests, the load tool on another CPU, the probe again, stop. `trial` comes with
 * round, server and load set; everything else is filled in and owned by it. Whatever goes wrong
 * becomes the trial's reason. False if the user wants to stop: the trial is then void. */
bool trial_run(struct trial *trial, const struct run *run,
               const struct conditions *conditions);

#endif
