/* resume.h - going on with a run that was stopped: may it be, here and now?
 * SPDX-License-Identifier: MIT */
#ifndef ABACUS_RESUME_H
#define ABACUS_RESUME_H

#include "base/err.h"
#include "model/run.h"

/* Reads the run in `folder` and makes it ready to go on, with `rounds` in all (0: as many as
 * it had). Its suite, seed, servers and limits are those of its record. -1 with the reason,
 * which names both values where one has changed: the servers' executables, the machine, its
 * kernel and settings, the compiler and its flags, the load tools; or the run is finished. The
 * run is the caller's in any case (run_free). */
int resume_run(struct run *run, const char *folder, int rounds, struct err *err);

/* How long the run has taken until now, s: the time between its sessions does not count. */
double resume_elapsed(const struct run *run);

#endif
